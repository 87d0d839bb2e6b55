"""Where an item stands. Its state is a function of the facts about it, never set by hand: a recount agrees."""

from __future__ import annotations

from dataclasses import dataclass

from tjs_moderation.domain.vocabulary import ActState, AnswerState, CaseState, Category, DecisionKind, Outcome

IN_TROUBLE = frozenset({ActState.REFUSED, ActState.FAILED, ActState.UNKNOWN})
"""States of an act that a person has to look at."""

ON_ITS_WAY = frozenset({ActState.PLANNED, ActState.CLAIMED, ActState.BY_HAND})
"""States of an act that is not over yet."""

_PROPOSED = {Outcome.REMOVE: CaseState.REMOVAL, Outcome.WEIGH: CaseState.WEIGH}

_URGENCY = {
    Category.THREAT: 3,
    Category.SEXUAL_HARASSMENT: 2,
    Category.IDENTITY_ATTACK: 2,
    Category.PERSONAL_DATA: 2,
    Category.INSULT: 1,
    Category.DEGRADING: 1,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What `place` needs to know of an item.

    `decision` is the one in force (the newest of keep, remove, delete and weigh not taken back), `is_automatic` that
    a rule made it and no person has looked yet; `needs_no_answer` says that a person closed the question without an
    answer; `acts` are the states of the acts that still matter; with `is_erased` there is nothing left to work on.
    """

    outcome: Outcome | None
    is_question: bool = False
    is_own: bool = False
    decision: DecisionKind | None = None
    is_automatic: bool = False
    needs_no_answer: bool = False
    is_routed: bool = False
    answer: AnswerState | None = None
    acts: frozenset[ActState] = frozenset()
    is_erased: bool = False


def place(facts: Facts) -> CaseState:
    """The one queue an item belongs in. Trouble first, then what is under way, then what waits for somebody."""
    if facts.is_own:
        return CaseState.DONE
    if facts.acts & IN_TROUBLE:
        return CaseState.TROUBLE
    if facts.acts & ON_ITS_WAY:
        return CaseState.GOING_OUT
    if facts.is_erased:
        return CaseState.DONE
    if facts.decision in {DecisionKind.REMOVE, DecisionKind.DELETE}:
        return CaseState.REMOVAL if facts.is_automatic else CaseState.DONE
    if facts.answer in {AnswerState.SUBMITTED, AnswerState.APPROVED}:
        return CaseState.APPROVAL
    if facts.is_routed and not facts.needs_no_answer:
        return CaseState.EXPERT
    return _place_unrouted(facts)


def _place_unrouted(facts: Facts) -> CaseState:
    if facts.outcome is None and facts.decision is None:
        return CaseState.ARRIVED
    if facts.decision is DecisionKind.WEIGH:
        return CaseState.WEIGH
    if facts.decision is None and facts.outcome in _PROPOSED:
        return _PROPOSED[facts.outcome]
    is_answered = facts.answer is AnswerState.PUBLISHED or facts.needs_no_answer
    if facts.is_question and not is_answered:
        return CaseState.QUESTION
    return CaseState.DONE if facts.decision or is_answered else CaseState.READ


def urgency(category: Category | None) -> int:
    """How much an item hurts, 0…3: threats come before all else in every queue."""
    return _URGENCY.get(category, 0) if category else 0
