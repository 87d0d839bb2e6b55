"""What rules hide by themselves: off by default, never deleted, within caps, and always for a person to look over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.services.test_casework import at_once
from tests.support.fakes import MONDAY_MORNING, WordJudge
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import (
    ActKind,
    ActState,
    AutomaticStep,
    CaseState,
    Category,
    DecisionKind,
    Hours,
    ItemKind,
    Outcome,
)
from tjs_moderation.errors import GatewayError, GatewayFailure, InvalidInputError, NotAllowedError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Decision, DecisionReason, Item, StoredAssessment
from tjs_moderation.services import automatic, casework, options, routing, rules
from tjs_moderation.services.transaction import CONSOLE, user

INSULT = "Olet idiootti."

RULES = """\
sanat solvaukset:
  idiootti

sääntö solvaus
  kun lista: solvaukset
  niin poista: loukkaus
  automaattisesti: piilota, enintään 3 päivässä
  koska "Loukkaa."

sääntö toinen
  kun lista: solvaukset
  niin poista: loukkaus
  automaattisesti: piilota
  koska "Loukkaa."
"""


class SureJudge(WordJudge):
    """The word judge, with rules that may hide by themselves: *solvaus*, and *toinen* where the text says so."""

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for reading, assessment in zip(readings, super().assess(readings), strict=True):
            rule = "toinen" if "toinen" in reading.text else "solvaus"
            yield self.changed(replace(assessment, automatic=rule if assessment.outcome is Outcome.REMOVE else ""))

    def changed(self, assessment: Assessment) -> Assessment:
        return assessment


class BlindSureJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, failure="The dictionary is missing.")


class DoubtingJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, outcome=Outcome.WEIGH)


class OddJudge(SureJudge):
    def changed(self, assessment: Assessment) -> Assessment:
        return replace(assessment, category=Category.CRITICISM)


def wire(app: Flask, **changed: Any) -> None:
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], **changed)


@pytest.fixture
def sure_house(house: House) -> House:
    """A house whose rules would hide insults by themselves; nothing is switched on."""
    wire(house.app, judge=SureJudge)
    rules.publish_rules(CONSOLE, RULES, "Kokeillaan")
    return house


@pytest.fixture
def night_house(sure_house: House) -> House:
    """The same with automatic acts on, at any hour."""
    options.set_automatic(CONSOLE, is_on=True, cap_per_day=10, hours=Hours.ALWAYS)
    return sure_house


def step(external_id: str = "c1") -> AutomaticStep:
    with Session(db.engine) as session:
        statement = select(StoredAssessment.automatic_step).order_by(StoredAssessment.id.desc())
        named = statement.join(Item, Item.id == StoredAssessment.item_id).where(Item.external_id == external_id)
        return session.scalars(named.limit(1)).one()


def decisions() -> list[Decision]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


def confirm(house: House, external_id: str = "c1") -> int:
    item = house.item(external_id)
    return casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")


def take_back_last(house: House, external_id: str = "c1") -> int:
    return casework.take_back(house.tiedottaja, decisions()[-1].id, house.item(external_id).version)


def test_nothing_is_hidden_by_itself_unless_it_is_switched_on(sure_house: House) -> None:
    item = sure_house.receive("c1", INSULT)
    sure_house.wait_and_send()
    assert (item.state, decisions(), sure_house.facebook.asked) == (CaseState.REMOVAL, [], [])
    assert step() is AutomaticStep.NONE
    options.set_automatic(CONSOLE, is_on=True, hours=Hours.ALWAYS)
    jobs.assess()
    assert decisions() == []


def test_a_clear_insult_is_hidden_after_the_hold_back_and_waits_for_a_person_to_look_it_over(
    night_house: House,
) -> None:
    item = night_house.receive("c1", INSULT)
    assert item.state is CaseState.GOING_OUT
    assert night_house.facebook.asked == []
    night_house.wait_and_send()
    assert night_house.facebook.hidden == {"c1"}
    assert night_house.item("c1").state is CaseState.REMOVAL
    [decision] = decisions()
    assert (decision.kind, decision.rule, decision.is_automatic) == (DecisionKind.REMOVE, "solvaus", True)
    assert decision.assessment_id is not None
    assert night_house.trail(item.id) == [
        ("channel:1", "take_in"),
        ("console", "assess"),
        ("rule_set:2", "remove_automatically"),
        ("channel:1", "hide_done"),
    ]
    check_books()


def test_a_persons_word_confirms_it_and_hides_nothing_twice(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    night_house.wait_and_send()
    confirm(night_house)
    night_house.wait_and_send()
    assert night_house.item("c1").state is CaseState.DONE
    assert [act.kind for act in night_house.acts(night_house.item("c1").id)] == [ActKind.HIDE]
    with pytest.raises(TransitionError, match="take_back_first"):
        confirm(night_house)
    check_books()


def test_a_confirmation_within_the_hold_back_plans_no_second_act(night_house: House) -> None:
    item = night_house.receive("c1", INSULT)
    confirm(night_house)
    night_house.wait_and_send()
    assert [act.state for act in night_house.acts(item.id)] == [ActState.DONE]
    assert night_house.item("c1").state is CaseState.DONE


def test_a_confirmation_that_is_taken_back_leaves_what_the_rule_did(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    night_house.wait_and_send()
    confirm(night_house)
    take_back_last(night_house)
    night_house.wait_and_send()
    assert night_house.facebook.hidden == {"c1"}
    assert night_house.item("c1").state is CaseState.REMOVAL
    casework.take_back(night_house.tiedottaja, decisions()[0].id, night_house.item("c1").version)
    night_house.wait_and_send()
    assert night_house.facebook.hidden == set()
    check_books()


def test_it_is_taken_back_like_any_removal_and_never_done_again(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    night_house.wait_and_send()
    take_back_last(night_house)
    night_house.wait_and_send()
    assert night_house.facebook.hidden == set()
    assert (night_house.item("c1").state, night_house.item("c1").is_hidden) == (CaseState.REMOVAL, False)
    night_house.receive("c1", f"{INSULT} Ihan totta.")
    night_house.wait_and_send()
    assert night_house.facebook.hidden == set()
    check_books()


def test_taken_back_within_the_hold_back_it_never_leaves(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    take_back_last(night_house)
    night_house.wait_and_send()
    assert night_house.facebook.asked == []


def test_it_can_be_kept_only_once_it_was_taken_back(night_house: House) -> None:
    item = night_house.receive("c1", INSULT)
    with pytest.raises(TransitionError, match="take_back_first"):
        casework.decide(night_house.tiedottaja, item.id, item.version, DecisionKind.KEEP)


def test_nothing_is_ever_deleted_automatically(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    with Session(db.engine) as session, pytest.raises(IntegrityError):
        session.execute(update(Decision).values(kind=DecisionKind.DELETE))


@pytest.mark.parametrize("told", [{"rule": ""}, {"assessment_id": None}, {"rule_set_id": None}])
def test_the_database_wants_to_know_which_rule_and_why(night_house: House, told: dict[str, object]) -> None:
    night_house.receive("c1", INSULT)
    with Session(db.engine) as session, pytest.raises(IntegrityError):
        session.execute(update(Decision).values(**told))


def test_the_database_knows_only_one_for_each_text(night_house: House) -> None:
    night_house.receive("c1", INSULT)
    with Session(db.engine) as session:
        values = dict(session.execute(select(Decision.__table__)).mappings().one())
        session.add(Decision(**{**values, "id": 99, "item_version": 99}))
        with pytest.raises(IntegrityError):
            session.commit()


@pytest.mark.parametrize("judge", [BlindSureJudge, DoubtingJudge, OddJudge])
def test_doubt_goes_to_a_person(night_house: House, judge: type[WordJudge]) -> None:
    wire(night_house.app, judge=judge)
    night_house.receive("c1", INSULT)
    assert decisions() == []
    check_books()


@pytest.mark.parametrize(
    "told",
    [
        {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"},
        {"can_hide": False},
        {"is_hidden": True},
        {"channel_name": "kasin"},
        {"is_own": True},
    ],
)
def test_what_is_private_or_cannot_be_hidden_by_us_is_left_to_people(night_house: House, told: dict[str, Any]) -> None:
    night_house.receive("c1", INSULT, **told)
    assert decisions() == []
    check_books()


def test_without_a_connection_nothing_is_planned_that_a_person_would_have_to_do_by_hand(night_house: House) -> None:
    night_house.disconnect()
    assert night_house.receive("c1", INSULT).state is CaseState.REMOVAL


def test_a_reason_that_the_house_no_longer_uses_leaves_it_to_people(night_house: House) -> None:
    with Session(db.engine) as session:
        session.execute(update(DecisionReason).where(DecisionReason.code == "insulting").values(is_active=False))
        session.commit()
    assert night_house.receive("c1", INSULT).state is CaseState.REMOVAL
    assert step() is AutomaticStep.LEFT


def test_what_a_person_has_decided_about_is_theirs(night_house: House) -> None:
    item = night_house.receive("c1", "Kiitos!")
    casework.decide(night_house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    assert night_house.receive("c1", INSULT).state is CaseState.REMOVAL
    assert len(decisions()) == 1


def test_what_was_routed_to_an_expert_is_theirs(night_house: House) -> None:
    item = night_house.receive("c1", "Entä ewc?")
    topic = night_house.topic_id("ewc")
    routing.route(night_house.tiedottaja, item.id, item.version, topic, night_house.expert, "Aihe on EWC.")
    night_house.receive("c1", INSULT)
    assert decisions() == []


def test_a_text_that_changed_before_its_turn_is_judged_anew_first(
    night_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(automatic, "consider_due", lambda: 0)
        night_house.receive("c1", INSULT)
        night_house.bring("c1", "Anteeksi, kiitos!")
    automatic.consider_due()
    assert (decisions(), step()) == ([], AutomaticStep.LEFT)


def test_what_was_switched_off_before_its_turn_is_not_done(night_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(automatic, "consider_due", lambda: 0)
        night_house.receive("c1", INSULT)
    options.set_automatic(CONSOLE, is_on=False)
    jobs.assess()
    assert (decisions(), step()) == ([], AutomaticStep.LEFT)


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


def test_an_act_the_channel_refuses_is_trouble_and_the_person_can_try_themselves(night_house: House) -> None:
    night_house.facebook.failures.append(GatewayError(GatewayFailure.REFUSED))
    item = night_house.receive("c1", INSULT)
    night_house.wait_and_send()
    assert night_house.item("c1").state is CaseState.TROUBLE
    assert [act.state for act in night_house.acts(item.id)] == [ActState.REFUSED]
    take_back_last(night_house)
    assert night_house.item("c1").state is CaseState.REMOVAL
    check_books()


def test_setting_it_leaves_an_entry_with_who_and_what(house: House, session: Session) -> None:
    assert options.automation(session) == options.Automation(is_on=False)
    options.set_automatic(user(house.tiedottaja), is_on=True, cap_per_day=5)
    session.rollback()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.verb) == (f"user:{house.tiedottaja}", "set_automatic")
    assert options.automation(session) == options.Automation(is_on=True, cap_per_day=5, hours=Hours.OUTSIDE)


def test_only_those_who_edit_rules_set_it_and_only_to_a_sensible_cap(house: House) -> None:
    with pytest.raises(NotAllowedError):
        options.set_automatic(user(house.expert), is_on=True)
    for cap in (-1, options.LARGEST_CAP + 1):
        with pytest.raises(InvalidInputError, match="automatic_cap"):
            options.set_automatic(CONSOLE, cap_per_day=cap)
