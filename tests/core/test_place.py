"""Where an item stands: a total function of its facts, with a few laws that hold whatever the facts are."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.case import IN_TROUBLE, ON_ITS_WAY, Facts, place, urgency
from tjs_moderation.domain.vocabulary import ActState, AnswerState, CaseState, Category, DecisionKind, Outcome

IN_FORCE = (None, DecisionKind.KEEP, DecisionKind.REMOVE, DecisionKind.DELETE, DecisionKind.WEIGH)
WAITING = frozenset(CaseState) - {CaseState.DONE, CaseState.TROUBLE, CaseState.GOING_OUT}

FACTS = st.builds(
    Facts,
    outcome=st.sampled_from([None, *Outcome]),
    is_question=st.booleans(),
    is_own=st.booleans(),
    decision=st.sampled_from(IN_FORCE),
    needs_no_answer=st.booleans(),
    is_routed=st.booleans(),
    answer=st.sampled_from([None, *AnswerState]),
    acts=st.frozensets(st.sampled_from(ActState)),
)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(None), CaseState.ARRIVED),
        (Facts(Outcome.REMOVE), CaseState.REMOVAL),
        (Facts(Outcome.WEIGH), CaseState.WEIGH),
        (Facts(Outcome.KEEP), CaseState.READ),
        (Facts(Outcome.KEEP, is_question=True), CaseState.QUESTION),
        (Facts(Outcome.WEIGH, is_question=True), CaseState.WEIGH),
        (Facts(Outcome.WEIGH, is_question=True, decision=DecisionKind.KEEP), CaseState.QUESTION),
        (Facts(Outcome.WEIGH, decision=DecisionKind.KEEP), CaseState.DONE),
        (Facts(Outcome.REMOVE, decision=DecisionKind.WEIGH), CaseState.WEIGH),
        (Facts(Outcome.KEEP, is_question=True, decision=DecisionKind.WEIGH), CaseState.WEIGH),
        (Facts(Outcome.KEEP, is_question=True, decision=DecisionKind.WEIGH, is_routed=True), CaseState.EXPERT),
        (Facts(Outcome.KEEP, is_question=True, needs_no_answer=True), CaseState.DONE),
        (Facts(Outcome.KEEP, is_question=True, is_routed=True), CaseState.EXPERT),
        (Facts(Outcome.KEEP, is_question=True, is_routed=True, answer=AnswerState.DRAFT), CaseState.EXPERT),
        (Facts(Outcome.KEEP, is_question=True, is_routed=True, answer=AnswerState.RETURNED), CaseState.EXPERT),
        (Facts(Outcome.KEEP, is_question=True, is_routed=True, answer=AnswerState.SUBMITTED), CaseState.APPROVAL),
        (Facts(Outcome.KEEP, is_question=True, answer=AnswerState.PUBLISHED), CaseState.DONE),
        (Facts(Outcome.REMOVE, decision=DecisionKind.REMOVE, acts=frozenset({ActState.PLANNED})), CaseState.GOING_OUT),
        (Facts(Outcome.REMOVE, decision=DecisionKind.REMOVE, acts=frozenset({ActState.DONE})), CaseState.DONE),
        (Facts(Outcome.REMOVE, decision=DecisionKind.REMOVE, acts=frozenset({ActState.FAILED})), CaseState.TROUBLE),
        (Facts(Outcome.REMOVE, is_own=True), CaseState.DONE),
    ],
)
def test_an_item_stands_where_its_facts_put_it(facts: Facts, state: CaseState) -> None:
    assert place(facts) is state


@given(FACTS)
def test_every_item_stands_somewhere(facts: Facts) -> None:
    assert isinstance(place(facts), CaseState)


@given(FACTS, st.sampled_from(sorted(IN_TROUBLE)))
def test_trouble_is_seen_before_all_else(facts: Facts, state: ActState) -> None:
    assert place(replace(facts, is_own=False, acts=facts.acts | {state})) is CaseState.TROUBLE


@given(FACTS, st.sampled_from(sorted(ON_ITS_WAY)))
def test_what_is_on_its_way_waits_in_no_other_queue(facts: Facts, state: ActState) -> None:
    acts = (facts.acts - IN_TROUBLE) | {state}
    assert place(replace(facts, is_own=False, acts=acts)) is CaseState.GOING_OUT


@given(FACTS, st.sampled_from([DecisionKind.REMOVE, DecisionKind.DELETE]))
def test_what_has_been_removed_waits_for_nobody(facts: Facts, decision: DecisionKind) -> None:
    assert place(replace(facts, decision=decision)) not in WAITING


@given(FACTS)
def test_our_own_writing_is_never_work(facts: Facts) -> None:
    assert place(replace(facts, is_own=True)) is CaseState.DONE


@given(FACTS)
def test_acts_that_are_over_make_no_difference(facts: Facts) -> None:
    over = frozenset(ActState) - IN_TROUBLE - ON_ITS_WAY
    assert place(facts) is place(replace(facts, acts=facts.acts - over))


@given(FACTS)
def test_nobody_loses_sight_of_a_question_that_was_not_answered_or_closed(facts: Facts) -> None:
    open_question = replace(facts, is_own=False, is_question=True, needs_no_answer=False)
    is_answered = facts.answer is AnswerState.PUBLISHED
    is_removed = facts.decision in {DecisionKind.REMOVE, DecisionKind.DELETE}
    if not is_answered and not is_removed:
        assert place(open_question) is not CaseState.DONE


def test_every_queue_can_be_reached() -> None:
    everything = product(
        (None, *Outcome),
        (False, True),
        (None, DecisionKind.KEEP),
        (False, True),
        (None, *AnswerState),
        (None, *ActState),
    )
    reached = {
        place(
            Facts(
                outcome,
                is_question=is_question,
                decision=decision,
                is_routed=is_routed,
                answer=answer,
                acts=frozenset({act} if act else ()),
            )
        )
        for outcome, is_question, decision, is_routed, answer, act in everything
    }
    assert reached == set(CaseState)


def test_threats_hurt_most_and_what_may_stay_does_not_hurt() -> None:
    assert urgency(Category.THREAT) == max(map(urgency, Category))
    kept = (Category.CRITICISM, Category.HARSH_CRITICISM, Category.PRAISE, Category.QUESTION, Category.NEUTRAL)
    assert {urgency(category) for category in (*kept, None)} == {0}
