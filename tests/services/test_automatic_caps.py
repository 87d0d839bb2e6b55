"""How often, and at which hours, rules hide by themselves: no number of workers exceeds a cap."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.automation import INSULT, decisions, step, take_back_last
from tests.services.test_casework import at_once
from tests.support.fakes import MONDAY_MORNING
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import (
    AutomaticStep,
    CaseState,
    Hours,
)
from tjs_moderation.services import automatic, options
from tjs_moderation.services.transaction import CONSOLE


def test_where_the_days_cap_is_used_up_a_person_decides_and_the_story_says_why(night_house: House) -> None:
    options.set_automatic(CONSOLE, cap_per_day=2)
    for number in range(3):
        night_house.receive(f"c{number}", INSULT)
    states = [night_house.item(f"c{number}").state for number in range(3)]
    assert states == [CaseState.GOING_OUT, CaseState.GOING_OUT, CaseState.REMOVAL]
    assert night_house.trail(night_house.item("c2").id)[-1] == ("rule_set:2", "leave_to_people")
    assert step("c2") is AutomaticStep.CAP
    jobs.assess()
    assert night_house.item("c2").state is CaseState.REMOVAL


def test_a_rules_own_cap_binds_that_rule_alone(night_house: House) -> None:
    for number in range(4):
        night_house.receive(f"c{number}", INSULT)
    night_house.receive("other", f"{INSULT} toinen")
    assert step("c3") is AutomaticStep.RULE_CAP
    assert [decision.rule for decision in decisions()] == ["solvaus"] * 3 + ["toinen"]


def test_what_was_taken_back_still_counts_against_the_cap(night_house: House) -> None:
    options.set_automatic(CONSOLE, cap_per_day=1)
    night_house.receive("c1", INSULT)
    take_back_last(night_house)
    night_house.receive("c2", INSULT)
    assert step("c2") is AutomaticStep.CAP


def test_a_new_day_begins_at_local_midnight(night_house: House) -> None:
    options.set_automatic(CONSOLE, cap_per_day=1)
    night_house.clock.now = MONDAY_MORNING.replace(hour=21, minute=59)  # 23.59 in Helsinki
    night_house.receive("c1", INSULT)
    night_house.receive("c2", INSULT)
    night_house.clock.advance(minutes=2)
    night_house.receive("c3", INSULT)
    assert [step(name) for name in ("c1", "c2", "c3")] == [AutomaticStep.DONE, AutomaticStep.CAP, AutomaticStep.DONE]


@pytest.mark.parametrize(
    ("hours", "local_hour", "is_hidden"),
    [
        (Hours.ALWAYS, 3, True),
        (Hours.ALWAYS, 12, True),
        (Hours.OUTSIDE, 3, True),
        (Hours.OUTSIDE, 12, False),
        (Hours.WORKING, 3, False),
        (Hours.WORKING, 12, True),
    ],
)
def test_it_happens_at_the_hours_that_were_chosen(
    night_house: House, hours: Hours, local_hour: int, is_hidden: bool
) -> None:
    options.set_automatic(CONSOLE, hours=hours)
    night_house.clock.now = MONDAY_MORNING + timedelta(days=1, hours=local_hour - 8)
    night_house.receive("c1", INSULT)
    assert bool(decisions()) is is_hidden


def test_two_workers_never_exceed_the_cap(night_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    options.set_automatic(CONSOLE, cap_per_day=3)
    with monkeypatch.context() as patched:
        patched.setattr(automatic, "consider_due", lambda: 0)
        for number in range(8):
            night_house.receive(f"c{number}", f"{INSULT} toinen")
    at_once(night_house, *[automatic.consider_due] * 4)
    automatic.consider_due()
    assert len(decisions()) == 3
    steps = [step(f"c{number}") for number in range(8)]
    assert (steps.count(AutomaticStep.DONE), steps.count(AutomaticStep.CAP)) == (3, 5)
    check_books()
