"""What has been kept long enough goes by itself, kind by kind, and no sooner; by a clock that is moved."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.retention import LEAST_DAYS, MOST_DAYS, USUAL_DAYS, Kept, is_possible, least_days
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, ItemKind
from tjs_moderation.errors import InvalidInputError, NotAllowedError
from tjs_moderation.extensions import db
from tjs_moderation.models import AnswerRevision, AuditEntry, Author, ItemText, RawEvent
from tjs_moderation.services import answers, audit, casework, hooks, keeping, retention
from tjs_moderation.services.transaction import CONSOLE, user

WORDS = "Sanoja, joiden aika tulee täyteen."


def text_of(item_id: int) -> str:
    with Session(db.engine) as session:
        return session.get_one(ItemText, (item_id, 1)).text


def closed(house: House, kind: Kept) -> int:
    """An item of a kind that nobody has anything more to do with; gives its id."""
    told = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"} if kind is Kept.MESSAGES else {}
    item = house.receive("c1", f"idiootti {WORDS}" if kind is Kept.REMOVED else WORDS, **told)
    if kind is Kept.REMOVED:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
        house.wait_and_send()
    return item.id


@pytest.mark.parametrize("kind", [Kept.COMMENTS, Kept.REMOVED, Kept.MESSAGES])
def test_an_item_goes_when_its_time_is_over_and_no_sooner(house: House, kind: Kept) -> None:
    item_id = closed(house, kind)
    house.clock.advance(days=USUAL_DAYS[kind] - 1)
    assert retention.let_go() == {}
    assert WORDS in text_of(item_id)
    house.clock.advance(days=2)
    retention.let_go()
    assert text_of(item_id) == ""
    again = house.receive("c1", WORDS, author_name="Taas Tässä")
    assert (text_of(item_id), again.state) == ("", CaseState.DONE)
    with Session(db.engine) as session:
        entry = session.scalars(select(AuditEntry.body).where(AuditEntry.verb == "erase_by_age")).one()
        assert session.get_one(Author, again.author_id).name == ""
    assert json.loads(entry) == {"count": 1, "items": [item_id], "kind": str(kind)}
    check_books()
    assert audit.verify().is_whole


def test_a_worker_does_it_each_night_or_the_day_after_a_night_it_was_down(house: House) -> None:
    jobs.run("retention")
    item_id = closed(house, Kept.COMMENTS)
    house.clock.advance(days=USUAL_DAYS[Kept.COMMENTS] + 1)
    house.clock.now = house.clock.now.replace(hour=1)
    jobs.run("retention")
    assert text_of(item_id) == ""
    house.clock.advance(hours=1)
    assert not retention.keep_up()
    house.clock.advance(hours=23)
    assert retention.keep_up()
    house.clock.advance(hours=36)
    assert not retention.keep_up()
    house.clock.advance(hours=8)
    assert retention.keep_up()


def test_what_is_still_worked_on_stays_however_old_it_is(house: House) -> None:
    weighed, asked = house.receive("c1", f"hmm {WORDS}"), house.receive("c2", f"{WORDS} Mitä on ewc?")
    house.clock.advance(days=MOST_DAYS)
    assert retention.let_go() == {}
    assert WORDS in text_of(weighed.id)
    assert WORDS in text_of(asked.id)


def test_a_worked_on_item_is_kept_from_its_last_change_on(house: House) -> None:
    item = house.receive("c1", WORDS)
    house.clock.advance(days=USUAL_DAYS[Kept.COMMENTS] - 1)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    house.clock.advance(days=2)
    assert retention.let_go() == {}


def test_drafts_raw_events_and_files_of_imports_go_by_their_own_times(house: House) -> None:
    item = house.receive("c1", "Miten ewc perustetaan?")
    for text in (f"Ensin: {WORDS}", "Sitten näin."):
        answer = house.answer(item.id).version if text.startswith("Sitten") else None
        answers.save_draft(house.tiedottaja, item.id, text, answer)
    drafted = house.answer(item.id)
    answers.submit(house.tiedottaja, drafted.id, drafted.version)
    answers.approve(house.tiedottaja, drafted.id, house.answer(item.id).version, item.id)
    house.wait_and_send()
    hooks.keep("facebook", b'{"entry": []}')
    jobs.work_hints()
    with Session(db.engine) as session:
        session.execute(update(RawEvent).values(worked_at=house.clock.now))
        session.commit()
    house.clock.advance(days=USUAL_DAYS[Kept.RAW_EVENTS] + 1)
    assert retention.let_go() == {Kept.RAW_EVENTS: 1}
    house.clock.advance(days=USUAL_DAYS[Kept.DRAFTS])
    assert retention.let_go() == {Kept.DRAFTS: 1}
    with Session(db.engine) as session:
        assert list(session.scalars(select(AnswerRevision.text).order_by(AnswerRevision.number))) == [
            "",
            "Sitten näin.",
        ]


def test_the_house_says_how_long_and_only_within_reason(house: House) -> None:
    assert keeping.retention(db.session()) == dict(USUAL_DAYS)
    db.session.rollback()
    keeping.set_retention(user(house.operator), {Kept.COMMENTS: 7})
    assert keeping.retention(db.session())[Kept.COMMENTS] == 7
    item_id = closed(house, Kept.COMMENTS)
    house.clock.advance(days=8)
    assert retention.let_go() == {Kept.COMMENTS: 1}
    assert text_of(item_id) == ""
    with pytest.raises(InvalidInputError, match="retention_range"):
        keeping.set_retention(CONSOLE, {Kept.REMOVED: 10})
    with pytest.raises(NotAllowedError):
        keeping.set_retention(user(house.expert), {Kept.COMMENTS: 8})


@pytest.mark.parametrize("kind", list(Kept))
def test_each_usual_time_is_possible_and_no_time_is_endless(kind: Kept) -> None:
    assert is_possible(kind, USUAL_DAYS[kind])
    assert not is_possible(kind, MOST_DAYS + 1)
    assert not is_possible(kind, least_days(kind) - 1)
    assert set(LEAST_DAYS) <= set(Kept)
