"""A complaint about a removal gets a second look by somebody else, and what was restored is shown again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import ActKind, AppealOutcome, DecisionKind, Role
from tjs_moderation.errors import ConflictError, InvalidInputError, NotAllowedError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Appeal, Decision, DecisionReason, Item, StoredAssessment, User
from tjs_moderation.services import appeals, audit, casework, outbox, people, placing, second_looks
from tjs_moderation.services.reach import touch
from tjs_moderation.services.transaction import CONSOLE, new_nonce, rule_set, transact

COMPLAINT = "En solvannut ketään."


@pytest.fixture
def second(house: House) -> int:
    """Another tiedottaja."""
    return people.add_user(CONSOLE, "Toini", "toini@tjs.example", Role.TIEDOTTAJA, (), "pitkä lause toimii hyvin")[0]


def removed(house: House) -> Item:
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send()
    return house.item("c1")


def appeal(appeal_id: int) -> Appeal:
    with Session(db.engine) as session:
        return session.get_one(Appeal, appeal_id)


def test_whoever_removed_it_does_not_look_at_it_a_second_time(house: House, second: int) -> None:
    item = removed(house)
    appeal_id = appeals.file_appeal(house.tiedottaja, item.id, COMPLAINT)
    with pytest.raises(NotAllowedError, match="appeal_of_own_decision"):
        appeals.decide_appeal(house.tiedottaja, appeal_id, item.version, AppealOutcome.UPHELD, "Pysyy.")
    appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.UPHELD, "Solvasi silti.")
    decided = appeal(appeal_id)
    assert (decided.outcome, decided.decided_by_id, decided.decider_id) == (
        AppealOutcome.UPHELD,
        second,
        house.tiedottaja,
    )
    assert house.trail(item.id)[-2:] == [
        (f"user:{house.tiedottaja}", "file_appeal"),
        (f"user:{second}", "uphold_appeal"),
    ]
    assert house.item("c1").is_hidden


def test_restored_means_shown_again_on_the_channel(house: House, second: int) -> None:
    item = removed(house)
    appeal_id = appeals.file_appeal(house.tiedottaja, item.id, COMPLAINT)
    appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.RESTORED, "Puhui itsestään.")
    house.wait_and_send()
    shown = house.item("c1")
    assert (shown.is_hidden, house.facebook.hidden) == (False, set())
    assert house.acts(item.id)[-1].kind is ActKind.UNHIDE
    assert (f"user:{second}", "take_back") in house.trail(item.id)
    check_books()
    assert audit.verify().is_whole


def test_a_rules_removal_that_a_person_confirmed_is_restored_whole(house: House, second: int) -> None:
    item = house.receive("c1", "Olet idiootti.")
    hide_by_rule(item.id)
    casework.decide(house.tiedottaja, item.id, house.item("c1").version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send()
    item = house.item("c1")
    appeal_id = appeals.file_appeal(house.tiedottaja, item.id, COMPLAINT)
    appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.RESTORED, "Ei ollut solvaus.")
    with Session(db.engine) as session:
        assert placing.removal_in_force(session, item.id) is None
    check_books()


def hide_by_rule(item_id: int) -> None:
    """As an automatic act leaves it, with its act yet to be sent."""
    with transact(rule_set(1)) as work:
        item = work.session.get_one(Item, item_id)
        thought = work.session.scalars(select(StoredAssessment).where(StoredAssessment.item_id == item_id)).one()
        reason = work.session.scalars(select(DecisionReason).where(DecisionReason.code == "insulting")).one()
        decision = Decision(
            item_id=item_id,
            item_version=item.version,
            text_version=1,
            kind=DecisionKind.REMOVE,
            reason_id=reason.id,
            nonce=new_nonce(),
            assessment_id=thought.id,
            rule_set_id=thought.rule_set_id,
            rule="solvaus",
            decided_at=work.now,
        )
        work.session.add(decision)
        work.session.flush()
        outbox.plan_for_decision(work, item, decision)
        placing.settle(work, [item])
        touch(item, work.now)
        work.record("remove_automatically", items=[item_id], decision=decision.id)


def test_there_is_one_complaint_at_a_time_of_a_removal_in_force_and_with_words(house: House, second: int) -> None:
    kept = house.receive("c9", "Hyvää päivää.")
    with pytest.raises(TransitionError, match="appeal_of_nothing"):
        appeals.file_appeal(second, kept.id, COMPLAINT)
    item = removed(house)
    with pytest.raises(InvalidInputError, match="appeal_needs_words"):
        appeals.file_appeal(second, item.id, " ")
    appeal_id = appeals.file_appeal(second, item.id, COMPLAINT)
    with pytest.raises(TransitionError, match="appeal_open"):
        appeals.file_appeal(second, item.id, COMPLAINT)
    with pytest.raises(InvalidInputError, match="appeal_needs_why"):
        appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.UPHELD, "")
    with pytest.raises(ConflictError):
        appeals.decide_appeal(second, appeal_id, item.version - 1, AppealOutcome.UPHELD, "Pysyy.")
    appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.UPHELD, "Pysyy.")
    with pytest.raises(ConflictError):
        appeals.decide_appeal(second, appeal_id, item.version, AppealOutcome.UPHELD, "Pysyy.")
    assert appeals.file_appeal(second, item.id, "Vieläkin.") != appeal_id


def test_a_complaint_waits_for_those_who_did_not_remove_it(house: House, second: int) -> None:
    item = removed(house)
    appeals.file_appeal(house.tiedottaja, item.id, COMPLAINT)
    with Session(db.engine, expire_on_commit=False) as session:
        found = {one: session.get_one(User, one) for one in (house.tiedottaja, second, house.expert)}
    waits = {one: [item.id for _, item in second_looks.waiting_for(person).appeals] for one, person in found.items()}
    assert waits == {house.tiedottaja: [], second: [item.id], house.expert: []}
