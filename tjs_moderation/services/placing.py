"""Gathers the facts of items and puts each into the queue where it belongs. A part of verbs, not a verb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.case import Facts, place, urgency
from tjs_moderation.domain.vocabulary import ActState, AnswerState, DecisionKind
from tjs_moderation.models import Act, Answer, Decision, Item, Routing
from tjs_moderation.services.threads import answered_in_conversation
from tjs_moderation.services.transaction import Work

_REMOVALS = frozenset({DecisionKind.REMOVE, DecisionKind.DELETE})
_IN_FORCE = _REMOVALS | {DecisionKind.KEEP, DecisionKind.WEIGH}


def settle(work: Work, items: Iterable[Item]) -> None:
    """Work out anew where `items` stand, after a verb has changed something about them. Six queries for any number."""
    listed = list(items)
    work.session.flush()
    routings = _open_routings(work.session, listed)
    facts = facts_of(work.session, listed, routings)
    for item in listed:
        routing = routings.get(item.id)
        state, hurts = place(facts[item.id]), urgency(item.category)
        expert_id = routing.expert_id if routing else None
        if (item.state, item.expert_id, item.urgency) != (state, expert_id, hurts):
            work.count(item.state, item.expert_id, -1)
            item.state, item.expert_id, item.urgency = state, expert_id, hurts
            work.count(item.state, item.expert_id, +1)


def facts_of(session: Session, items: Sequence[Item], routings: dict[int, Routing]) -> dict[int, Facts]:
    """The facts of each item by its id, as they stand in the database."""
    ids = [item.id for item in items]
    decisions = decisions_in_force(session, ids)
    answers = {
        answer.item_id: answer.state
        for answer in session.scalars(select(Answer).where(Answer.item_id.in_(ids)).order_by(Answer.id))
        if answer.state is not AnswerState.WITHDRAWN
    }
    answered = answered_in_conversation(session, items)
    acts: defaultdict[int, set[ActState]] = defaultdict(set)
    for item_id, state in session.execute(select(Act.item_id, Act.state).where(Act.item_id.in_(ids), ~Act.is_settled)):
        acts[item_id].add(state)
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
            is_routed=item.id in routings,
            answer=answers.get(item.id) or (AnswerState.PUBLISHED if item.id in answered else None),
            acts=frozenset(acts[item.id]),
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
    everything = session.scalars(select(Decision).where(Decision.item_id.in_(item_ids)).order_by(Decision.id)).all()
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


def _open_routings(session: Session, items: Sequence[Item]) -> dict[int, Routing]:
    ids = [item.id for item in items]
    found = session.scalars(select(Routing).where(Routing.item_id.in_(ids), Routing.ended_at.is_(None)))
    return {routing.item_id: routing for routing in found}
