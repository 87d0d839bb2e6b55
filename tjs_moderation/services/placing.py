"""Gathers the facts of items and puts each into the queue where it belongs. A part of verbs, not a verb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.case import Facts, place, urgency
from tjs_moderation.domain.vocabulary import ActState, AnswerState, DecisionKind
from tjs_moderation.models import Act, Answer, Decision, Item, Routing
from tjs_moderation.services.threads import answered_in_conversation
from tjs_moderation.services.transaction import Work

_REMOVALS = frozenset({DecisionKind.REMOVE, DecisionKind.DELETE})
_IN_FORCE = _REMOVALS | {DecisionKind.KEEP, DecisionKind.WEIGH}

_SURROUNDINGS = (
    select(Item.id, Routing.id, Routing.expert_id, Answer.state, Act.state)
    .outerjoin(Routing, and_(Routing.item_id == Item.id, Routing.ended_at.is_(None)))
    .outerjoin(Answer, and_(Answer.item_id == Item.id, Answer.state != AnswerState.WITHDRAWN))
    .outerjoin(Act, and_(Act.item_id == Item.id, ~Act.is_settled))
    .where(Item.id.in_(bindparam("ids", expanding=True)))
    .order_by(Answer.id)
)
_DECISIONS = select(Decision).where(Decision.item_id.in_(bindparam("ids", expanding=True))).order_by(Decision.id)

Standing = Mapping[int, Sequence[Decision]]
"""The decisions of items that have not been taken back, oldest first, by the item's id."""


def settle(work: Work, items: Iterable[Item], standing: Standing | None = None) -> None:
    """Work out anew where `items` stand, after a verb has changed something about them. Three queries, however many.

    `standing` are their decisions in force by now, where the verb knows them: what holds the lock need not read again.
    """
    listed = list(items)
    work.session.flush()
    around = surroundings(work.session, listed)
    facts = facts_of(work.session, listed, around, standing)
    for item in listed:
        state, hurts = place(facts[item.id]), urgency(item.category)
        expert_id = around[item.id].expert_id
        if (item.state, item.expert_id, item.urgency) != (state, expert_id, hurts):
            work.count(item.state, item.expert_id, -1)
            item.state, item.expert_id, item.urgency = state, expert_id, hurts
            work.count(item.state, item.expert_id, +1)


@dataclass(slots=True)
class Surroundings:
    """What is open around an item: its routing and whose desk it lies on, its answer, the states of its acts."""

    is_routed: bool = False
    expert_id: int | None = None
    answer: AnswerState | None = None
    acts: set[ActState] = field(default_factory=set)


def surroundings(session: Session, items: Sequence[Item]) -> dict[int, Surroundings]:
    """What is open around each item, by its id. One query: an item has few of each."""
    found = {item.id: Surroundings() for item in items}
    for item_id, routing_id, expert_id, answer, act in session.execute(_SURROUNDINGS, {"ids": list(found)}):
        around = found[item_id]
        around.is_routed, around.expert_id, around.answer = routing_id is not None, expert_id, answer
        around.acts |= {act} - {None}
    return found


def facts_of(
    session: Session, items: Sequence[Item], around: Mapping[int, Surroundings], decisions: Standing | None = None
) -> dict[int, Facts]:
    """The facts of each item by its id, as they stand in the database; `decisions` in force, where they are known."""
    if decisions is None:
        decisions = decisions_in_force(session, [item.id for item in items])
    answered = answered_in_conversation(session, items)
    standing = {item.id: in_force(item, decisions[item.id]) for item in items}
    return {
        item.id: Facts(
            outcome=item.outcome,
            is_question=item.is_question,
            is_own=item.is_own,
            decision=decision.kind if (decision := standing[item.id]) else None,
            is_automatic=decision is not None and decision.is_automatic,
            needs_no_answer=any(
                d.kind is DecisionKind.NO_ANSWER and d.text_version == item.text_version for d in decisions[item.id]
            ),
            is_routed=around[item.id].is_routed,
            answer=around[item.id].answer or (AnswerState.PUBLISHED if item.id in answered else None),
            acts=frozenset(around[item.id].acts),
            is_erased=item.erased_at is not None,
        )
        for item in items
    }


def in_force(item: Item, decisions: Sequence[Decision]) -> Decision | None:
    """The newest decision that still holds. Only a removal outlives its text: an edited one is looked at again."""
    for decision in reversed(decisions):
        is_said_of_this_text = decision.text_version == item.text_version
        if decision.kind in _IN_FORCE and (is_said_of_this_text or decision.kind in _REMOVALS):
            return decision
    return None


def decisions_in_force(session: Session, item_ids: Sequence[int]) -> defaultdict[int, list[Decision]]:
    """The decisions of each item that have not been taken back, oldest first."""
    everything = session.scalars(_DECISIONS, {"ids": item_ids}).all()
    taken_back = {decision.takes_back_id for decision in everything}
    standing: defaultdict[int, list[Decision]] = defaultdict(list)
    for decision in everything:
        if decision.kind is not DecisionKind.TAKE_BACK and decision.id not in taken_back:
            standing[decision.item_id].append(decision)
    return standing


def removal_in_force(session: Session, item_id: int) -> Decision | None:
    """The newest removal or deletion of an item that has not been taken back."""
    standing = decisions_in_force(session, [item_id])[item_id]
    return next((decision for decision in reversed(standing) if decision.kind in _REMOVALS), None)
