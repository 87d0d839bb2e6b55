"""What is done in the console is told to those whom it concerns, and to nobody else."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import NoticeKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, Notice, User
from tjs_moderation.services import answers, notes, pacing, routing
from tjs_moderation.services.transaction import CONSOLE, transact


def told(kind: NoticeKind) -> list[str]:
    """Who was told of something of this kind, by name."""
    with Session(db.engine) as session:
        found = select(User.name).join(Notice, Notice.person_id == User.id).where(Notice.kind == kind)
        return list(session.scalars(found.order_by(User.name)))


def test_an_answers_way_is_told_to_whom_it_concerns(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    assert told(NoticeKind.ROUTED) == ["Inka"]
    answers.save_draft(house.expert, item.id, "Näin.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    assert told(NoticeKind.TO_APPROVE) == ["Tiina"]
    answers.send_back(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, "Lyhyemmin.")
    assert told(NoticeKind.RETURNED) == ["Inka"]
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    answers.approve(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, item.id)
    assert told(NoticeKind.ANSWERED) == []
    house.wait_and_send()
    assert told(NoticeKind.ANSWERED) == ["Inka"]


def test_who_is_named_in_a_note_is_told(house: House) -> None:
    item = house.receive("c1", "hmm")
    notes.write_note(house.tiedottaja, item.id, "Katsotko, @inka? Minä (@tiina) en tiedä.")
    assert told(NoticeKind.MENTIONED) == ["Inka"]


def test_a_channel_that_stops_is_told_once_to_those_who_depend_on_it(house: House) -> None:
    for _ in range(2):
        with transact(CONSOLE) as work:
            work.leave_no_entry()
            pacing.halt(work, work.session.get_one(Channel, house.channel_id()), "code 190")
    assert told(NoticeKind.CHANNEL_STOPPED) == ["Aatos", "Tiina"]
