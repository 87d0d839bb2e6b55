"""What deciding about an item consists of, and taking that back. Parts of verbs: of one item, and of many as one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, load_only

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import ActKind, ActState, CaseState, DecisionKind, ItemKind
from tjs_moderation.errors import InvalidInputError, TransitionError
from tjs_moderation.models import Act, Decision, DecisionReason, Item, StoredAssessment
from tjs_moderation.services import asking, outbox, placing
from tjs_moderation.services.reach import touch
from tjs_moderation.services.tallying import PROPOSED
from tjs_moderation.services.transaction import Work, new_nonce, seal_of

_REMOVALS = frozenset({DecisionKind.REMOVE, DecisionKind.DELETE})
_ENDS_WEIGHING = _REMOVALS | {DecisionKind.KEEP}
_IN_OTHER_HANDS = frozenset({CaseState.EXPERT, CaseState.APPROVAL, CaseState.GOING_OUT, CaseState.TROUBLE})

_EVIDENCE = (
    select(StoredAssessment)
    .options(load_only(*PROPOSED, StoredAssessment.rule_set_id))
    .where(StoredAssessment.item_id == bindparam("item"))
    .order_by(StoredAssessment.id.desc())
    .limit(1)
)


def decide_on(
    work: Work, item: Item, kind: DecisionKind, reason_code: str | None, words: str, **facts: object
) -> Decision:
    """Decide about an item that is locked, and leave the entry with `facts` in it.

    Raises InvalidInputError where a removal lacks its reason, TransitionError where the item is not in a state for it.
    """
    standing = placing.decisions_in_force(work.session, [item.id])[item.id]
    is_answered = kind is DecisionKind.REMOVE and bool(answers_on_their_way(work.session, [item.id]))
    refusal = why_not(item, kind, standing, is_being_answered=is_answered)
    if refusal:
        raise TransitionError(refusal)
    reason = reason_for(work.session, kind, reason_code)
    decision = _new_decision(work, item, kind, reason, words)
    outbox.plan_for_decision(work, item, decision)
    if kind in _ENDS_WEIGHING:
        facts = {**facts, "withdrew_opinion": asking.withdraw_open(work, item.id)}
    _finish(work, item, decision, [*standing, decision], reason=reason.code if reason else None, **facts)
    return decision


def take_back_on(work: Work, item: Item, undone: Decision, words: str, **facts: object) -> Decision:
    """Reverse a decision of an item that is locked, and leave the entry with `facts` in it.

    Raises TransitionError where another decision stands on it, or what it did cannot be undone.
    """
    standing = placing.decisions_in_force(work.session, [item.id])[item.id]
    if not standing or standing[-1].id != undone.id:
        raise TransitionError("not_the_last_decision")
    decision = _reverse(work, item, undone, words)
    _finish(work, item, decision, standing[:-1], takes_back=undone.id, took_back=str(undone.kind), **facts)
    return decision


def lift_removal(work: Work, item: Item, words: str, **facts: object) -> None:
    """Reverse every removal in force of an item that is locked, newest first, and leave one entry with `facts` in it.

    A person's removal may stand on a rule's. Raises TransitionError where nothing is removed, or cannot be undone.
    """
    standing = placing.decisions_in_force(work.session, [item.id])[item.id]
    removals = [decision for decision in reversed(standing) if decision.kind in _REMOVALS]
    if not removals:
        raise TransitionError("appeal_of_nothing")
    for undone in removals[:-1]:
        _reverse(work, item, undone, words)
        # Each decision is made on a sight of the item of its own.
        touch(item, work.now)
        work.session.flush()
    decision = _reverse(work, item, removals[-1], words)
    took = [undone.id for undone in removals]
    left = [decision for decision in standing if decision not in removals]
    _finish(work, item, decision, left, takes_back=took[-1], took_back=str(removals[-1].kind), removals=took, **facts)


def _reverse(work: Work, item: Item, undone: Decision, words: str) -> Decision:
    decision = _new_decision(work, item, DecisionKind.TAKE_BACK, None, words, takes_back_id=undone.id)
    outbox.undo(work, item, undone, decision)
    return decision


def why_not(item: Item, kind: DecisionKind, standing: Sequence[Decision], *, is_being_answered: bool = False) -> str:
    """The code of why `kind` cannot be decided now; empty where it can.

    `standing` are the item's decisions in force, oldest first; `is_being_answered` matters for a removal alone.
    """
    removal = next((decision for decision in reversed(standing) if decision.kind in _REMOVALS), None)
    if kind is DecisionKind.TAKE_BACK or item.is_own:
        return "not_for_this_item"
    if kind is DecisionKind.DELETE:
        return _why_not_deleted(item, removal)
    if removal is not None and not (removal.is_automatic and kind is DecisionKind.REMOVE):
        return "take_back_first"
    if kind is DecisionKind.REMOVE and item.kind is ItemKind.COMMENT and item.can_hide is False and not item.is_hidden:
        return "channel_cannot_hide"
    if kind is DecisionKind.REMOVE and is_being_answered:
        return "answer_on_its_way"
    if kind is DecisionKind.WEIGH and item.state in _IN_OTHER_HANDS:
        return "not_to_be_weighed_now"
    if kind is DecisionKind.WEIGH and item.state is CaseState.WEIGH:
        return "weighed_already"
    return ""


def _why_not_deleted(item: Item, removal: Decision | None) -> str:
    """Hide before delete: reversible first."""
    is_removed = removal is not None and removal.kind is DecisionKind.REMOVE
    return "" if is_removed and item.is_hidden and not item.is_gone else "hide_before_delete"


def answers_on_their_way(session: Session, item_ids: Sequence[int]) -> set[int]:
    """Those of these items to which an answer is leaving, or may have left."""
    waiting = [ActState.PLANNED, ActState.CLAIMED, ActState.BY_HAND, ActState.UNKNOWN]
    answering = [ActKind.REPLY, ActKind.PRIVATE_MESSAGE]
    found = select(Act.item_id).where(Act.item_id.in_(item_ids), Act.kind.in_(answering), Act.state.in_(waiting))
    return set(session.scalars(found))


def reason_for(session: Session, kind: DecisionKind, code: str | None) -> DecisionReason | None:
    """The reason chosen from the list. A removal needs one (InvalidInputError); for the rest it may be left out."""
    if not code:
        if kind in _REMOVALS:
            raise InvalidInputError("removal_needs_reason")
        return None
    found = session.scalars(select(DecisionReason).where(DecisionReason.code == storable(code))).one_or_none()
    if found is None or not found.is_active or found.for_removal is not (kind in _REMOVALS):
        raise InvalidInputError("unknown_reason")
    return found


def _new_decision(
    work: Work,
    item: Item,
    kind: DecisionKind,
    reason: DecisionReason | None,
    words: str,
    takes_back_id: int | None = None,
) -> Decision:
    evidence = work.session.scalars(_EVIDENCE, {"item": item.id}).one_or_none()
    decision = Decision(
        item_id=item.id,
        item_version=item.version,
        text_version=item.text_version,
        kind=kind,
        reason_id=reason.id if reason else None,
        words=storable(words.strip()),
        nonce=new_nonce(),
        assessment=evidence,
        rule_set_id=evidence.rule_set_id if evidence else None,
        takes_back_id=takes_back_id,
        decided_by_id=work.actor.user_id,
        decided_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    return decision


def _finish(work: Work, item: Item, decision: Decision, standing: Sequence[Decision], **facts: object) -> None:
    """Move the item on, of which `standing` are in force now, and leave the entry."""
    placing.settle(work, [item], {item.id: standing})
    touch(item, work.now)
    work.record(
        decision.kind,
        items=[item.id],
        decision=decision.id,
        text_version=decision.text_version,
        assessment=decision.assessment_id,
        rule_set=decision.rule_set_id,
        words=seal_of(decision.nonce, decision.words),
        **{name: value for name, value in facts.items() if value is not None},
    )
