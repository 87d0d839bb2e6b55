"""Returns are sealed, an approved answer waits for its time, and nothing is planned beyond its window."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.answers.conftest import Desk
from tjs_moderation.domain.sending import Sending, When
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, NoticeKind
from tjs_moderation.errors import TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import AnswerReturn, AuditEntry
from tjs_moderation.services import answers, options
from tjs_moderation.services.transaction import CONSOLE, seal_of


def test_every_return_is_kept_with_its_sentence_and_sealed_in_the_log(desk: Desk) -> None:
    house, item = desk.house, desk.ask()
    for why in ("Lyhennä.", "Kerro lähde."):
        answer = desk.submit(item)
        answers.send_back(house.tiedottaja, answer.id, answer.version, why)
    with Session(db.engine) as session:
        returns = session.scalars(select(AnswerReturn).order_by(AnswerReturn.id)).all()
        told = select(AuditEntry.body).where(AuditEntry.verb == "send_back").order_by(AuditEntry.seq)
        sealed = [json.loads(body)["why"] for body in session.scalars(told)]
    assert [each.why for each in returns] == ["Lyhennä.", "Kerro lähde."]
    assert sealed == [seal_of(each.nonce, each.why) for each in returns]
    assert desk.told(house.expert, NoticeKind.RETURNED) == [item.id, item.id]
    assert desk.told(house.tiedottaja, NoticeKind.TO_APPROVE) == [item.id, item.id]


def test_an_answer_approved_in_the_evening_can_wait_for_the_morning(desk: Desk) -> None:
    house, item = desk.house, desk.ask()
    house.clock.advance(hours=12)  # 20.00 in Helsinki
    desk.submit(item)
    act = desk.approve(item, Sending(When.WORKING_TIME))
    assert act.not_before - house.clock.now == timedelta(hours=12)
    house.wait_and_send(hours=11, minutes=59)
    assert house.facebook.asked == []
    house.wait_and_send(minutes=2)
    assert house.answer(item.id).state is AnswerState.PUBLISHED


def test_a_planned_answer_lapses_as_soon_as_the_person_writes_again(desk: Desk) -> None:
    """And not first in the morning, when it was to leave."""
    house, item = desk.house, desk.ask()
    desk.submit(item)
    desk.approve(item, Sending(When.CHOSEN, house.clock.now + timedelta(days=2)))
    house.receive("c2", "Ja entä Ruotsissa?", parent_external_id="c1")
    house.wait_and_send(minutes=1)
    assert house.answer(item.id).state is AnswerState.SUBMITTED
    assert desk.told(house.tiedottaja, NoticeKind.TO_APPROVE) == [item.id, item.id]


def window_ends(desk: Desk, **before: float) -> None:
    """Go to so long before the end of the seven days in which a private message is answered."""
    desk.house.clock.advance(seconds=(timedelta(days=7) - timedelta(**before)).total_seconds())


def test_what_could_leave_only_after_its_window_is_not_planned(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately()
    window_ends(desk, hours=2)
    desk.submit(item)
    with pytest.raises(TransitionError, match="window_closes_first"):
        desk.approve(item, Sending(When.CHOSEN, house.clock.now + timedelta(hours=3)))
    assert house.answer(item.id).state is AnswerState.SUBMITTED
    desk.approve(item)
    house.wait_and_send()
    assert [sent.kind for sent in house.facebook.asked] == [ActKind.PRIVATE_MESSAGE]


def test_where_the_window_closes_within_the_hold_back_it_is_sent_at_once_by_choice_only(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately()
    window_ends(desk, minutes=3)
    desk.submit(item)
    with pytest.raises(TransitionError, match="window_closes_first"):
        desk.approve(item)
    assert desk.approve(item, Sending(When.UNDELAYED)).not_before == house.clock.now
    house.wait_and_send(minutes=2)
    assert house.answer(item.id).state is AnswerState.PUBLISHED


def test_the_hold_back_cannot_be_left_out_for_haste_alone(desk: Desk) -> None:
    options.set_hold_back(CONSOLE, {ActKind.REPLY: 600})
    item = desk.ask()
    desk.submit(item)
    act = desk.approve(item, Sending(When.UNDELAYED))
    assert act.not_before - desk.house.clock.now == timedelta(minutes=10)


def test_a_worker_that_comes_after_the_window_sends_nothing(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately()
    window_ends(desk, minutes=10)
    desk.submit(item)
    desk.approve(item)
    house.wait_and_send(minutes=11)
    assert house.facebook.asked == []
    assert [act.state for act in house.acts(item.id)] == [ActState.REFUSED]
