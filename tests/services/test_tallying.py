"""What the verbs leave in the counts of days, and that a recount agrees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.health import Depth
from tjs_moderation.domain.tally import Measure
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import DayTally
from tjs_moderation.services import answers, casework, recounting, routing
from tjs_moderation.services.checkup import days
from tjs_moderation.services.recounting import begin_counting, recount_days

RUDE = "Olet idiootti."


def counted(measure: Measure) -> dict[tuple[date, str], int]:
    """What is kept under one measure, after seeing that all of it is what a recount finds."""
    with Session(db.engine) as session:
        kept = recounting.kept(session)
        assert kept == recounting.recount(session)
        return {(day, key): count for (what, day, key), count in kept.items() if what is measure}


def keys(measure: Measure) -> dict[str, int]:
    return {key: count for (_, key), count in counted(measure).items()}


def test_what_arrives_is_counted_by_its_day_and_proposal(house: House) -> None:
    house.bring("c1", RUDE)
    assert keys(Measure.ARRIVED) == {"unread": 1}
    jobs.assess()
    house.receive("c2", "Kiitos luennosta!")
    house.bring("c3", "Me itse", is_own=True)
    assert keys(Measure.ARRIVED) == {"remove": 1, "keep": 1}


def test_an_edited_text_is_unread_again_and_counted_once(house: House) -> None:
    house.receive("c1", RUDE)
    house.bring("c1", "Kiitos luennosta!")
    assert keys(Measure.ARRIVED) == {"unread": 1}
    jobs.assess()
    assert keys(Measure.ARRIVED) == {"keep": 1}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 20, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 21, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_days_are_those_of_helsinki_also_where_the_clock_is_changed(house: House, moment: datetime, day: date) -> None:
    house.bring("c1", "Hei!", created_at=moment)
    assert counted(Measure.ARRIVED) == {(day, "unread"): 1}


def test_a_decision_is_held_against_what_was_proposed_until_it_is_taken_back(house: House) -> None:
    item = house.receive("c1", RUDE)
    decided = casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    [key] = keys(Measure.BY_CATEGORY)
    assert key.startswith("remove:kept:")
    assert sum(keys(Measure.BY_RULE).values()) <= 1
    casework.take_back(house.tiedottaja, decided, house.item("c1").version)
    assert keys(Measure.BY_CATEGORY) == keys(Measure.BY_RULE) == {}
    assert keys(Measure.DECIDED) == {str(house.tiedottaja): 2}


def test_only_the_first_decision_ends_the_wait_for_one(house: House) -> None:
    item = house.receive("c1", RUDE)
    house.clock.advance(hours=3)
    decided = casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    house.clock.advance(days=2)
    casework.take_back(house.tiedottaja, decided, house.item("c1").version)
    casework.decide(house.tiedottaja, item.id, house.item("c1").version, DecisionKind.REMOVE, "insulting")
    assert keys(Measure.FIRST_DECISION) == {"4h": 1}


def test_an_answer_counts_for_who_wrote_it_when_it_is_published(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    answers.save_draft(house.expert, item.id, "Näin.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    answers.approve(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, item.id)
    assert keys(Measure.ANSWER) == {}
    house.wait_and_send()
    assert keys(Measure.ANSWERED) == keys(Measure.ROUTED) == {str(house.expert): 1}
    assert keys(Measure.ANSWER) == {"15m": 1}


@pytest.mark.parametrize("repair", [begin_counting, recount_days])
def test_what_was_never_counted_or_was_lost_is_counted_anew(
    house: House, session: Session, repair: Callable[[], object]
) -> None:
    item = house.receive("c1", RUDE)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    before = recounting.kept(session)
    session.execute(delete(DayTally))
    session.commit()
    repair()
    assert before == recounting.kept(session)
    assert before


def test_a_deep_look_finds_counts_that_differ_and_the_command_mends_them(house: House, session: Session) -> None:
    house.receive("c1", RUDE)
    session.execute(update(DayTally).values(count=7))
    session.commit()
    look = partial(days.tallies, session, house.clock.now)
    assert [found.code for found in look(Depth.LOOK)] == ["tallies_unread"]
    assert [found.code for found in look(Depth.DEEP)] == ["tallies_differ"]
    session.rollback()
    recount_days()
    assert [found.code for found in look(Depth.DEEP)] == ["tallies"]
