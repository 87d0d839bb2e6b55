"""What rules hide by themselves: off by default, never deleted, within caps, and always for a person to look over."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.services.automation import (
    INSULT,
    BlindSureJudge,
    DoubtingJudge,
    OddJudge,
    confirm,
    decisions,
    step,
    take_back_last,
    wire,
)
from tests.support.fakes import WordJudge
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import (
    ActKind,
    ActState,
    AutomaticStep,
    CaseState,
    DecisionKind,
    Hours,
    ItemKind,
)
from tjs_moderation.errors import GatewayError, GatewayFailure, InvalidInputError, NotAllowedError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Decision, DecisionReason
from tjs_moderation.services import automatic, casework, options, routing
from tjs_moderation.services.transaction import CONSOLE, user


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
