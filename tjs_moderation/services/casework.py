"""What people decide about items: keep, remove, delete, no answer needed, and taking any of them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind, ItemKind, Permission
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.models import Act, Claim, Decision, DecisionReason, Item, StoredAssessment, User
from tjs_moderation.services import outbox, placing
from tjs_moderation.services.reach import item_to_change, touch
from tjs_moderation.services.transaction import Work, new_nonce, seal_of, transact, user

CLAIM_SECONDS = 300
"""How long an item stays claimed without a word from the one who has it open."""

_REMOVALS = frozenset({DecisionKind.REMOVE, DecisionKind.DELETE})


def decide(
    user_id: int,
    item_id: int,
    version: int,
    kind: DecisionKind,
    reason_code: str | None = None,
    words: str = "",
) -> int:
    """Keep, remove, delete, or close a question without an answer; gives the decision's id.

    Removing hides the item on its channel after the hold-back time, and confirms what a rule has hidden. Deleting is
    the second step: only what a removal in force has hidden already can be deleted. Raises ConflictError where somebody
    was faster, InvalidInputError where a removal lacks its reason, TransitionError where the item is not in a state for
    it.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, version, Permission.DECIDE)
        standing = placing.decisions_in_force(work.session, [item_id])[item_id]
        _check(work.session, item, kind, standing)
        reason = _reason(work.session, kind, reason_code)
        decision = _new_decision(work, item, kind, reason, words)
        outbox.plan_for_decision(work, item, decision)
        _finish(work, item, decision, reason=reason.code if reason else None)
    return decision.id


def take_back(user_id: int, decision_id: int, version: int, words: str = "") -> int:
    """Reverse a decision; gives the id of the event that does so.

    What has not left yet is stopped; what has been hidden is shown again. A deletion that was carried out cannot be
    taken back, and neither can a removal that a deletion stands on (TransitionError).
    """
    with transact(user(user_id)) as work:
        undone = work.session.get(Decision, decision_id)
        if undone is None or undone.kind is DecisionKind.TAKE_BACK:
            raise NotFoundError("decision")
        item = item_to_change(work, user_id, undone.item_id, version, Permission.DECIDE)
        standing = placing.decisions_in_force(work.session, [item.id])[item.id]
        if not standing or standing[-1].id != undone.id:
            raise TransitionError("not_the_last_decision")
        decision = _new_decision(work, item, DecisionKind.TAKE_BACK, None, words, takes_back_id=undone.id)
        outbox.undo(work, item, undone, decision)
        _finish(work, item, decision, takes_back=undone.id, took_back=str(undone.kind))
    return decision.id


def claim(user_id: int, item_id: int) -> str | None:
    """Say that this person has the item open; gives the name of the colleague who has it already, or None.

    A lease is a courtesy: it holds nobody up, is no change to the item and leaves no audit entry.
    """
    with transact(user(user_id)) as work:
        item_to_change(work, user_id, item_id, None, Permission.SEE_DESK)
        work.leave_no_entry()
        lease = work.session.get(Claim, item_id)
        if lease is not None and lease.user_id != user_id and lease.expires_at > work.now:
            return work.session.get_one(User, lease.user_id).name
        expires_at = work.now + timedelta(seconds=CLAIM_SECONDS)
        if lease is None:
            work.session.add(Claim(item_id=item_id, user_id=user_id, expires_at=expires_at))
        else:
            lease.user_id, lease.expires_at = user_id, expires_at
    return None


def _check(session: Session, item: Item, kind: DecisionKind, standing: Sequence[Decision]) -> None:
    """Raises TransitionError where `kind` cannot be decided now."""
    removal = next((decision for decision in reversed(standing) if decision.kind in _REMOVALS), None)
    if kind is DecisionKind.TAKE_BACK or item.is_own:
        raise TransitionError("not_for_this_item")
    if kind is DecisionKind.DELETE:
        _check_deletion(item, removal)
    elif removal is not None and not (removal.is_automatic and kind is DecisionKind.REMOVE):
        raise TransitionError("take_back_first")
    if kind is DecisionKind.REMOVE and item.kind is ItemKind.COMMENT and item.can_hide is False and not item.is_hidden:
        raise TransitionError("channel_cannot_hide")
    if kind is DecisionKind.REMOVE and _has_answer_on_its_way(session, item.id):
        raise TransitionError("answer_on_its_way")


def _check_deletion(item: Item, removal: Decision | None) -> None:
    """Hide before delete: reversible first."""
    if removal is None or removal.kind is not DecisionKind.REMOVE or not item.is_hidden or item.is_gone:
        raise TransitionError("hide_before_delete")


def _has_answer_on_its_way(session: Session, item_id: int) -> bool:
    waiting = [ActState.PLANNED, ActState.CLAIMED, ActState.BY_HAND, ActState.UNKNOWN]
    answering = [ActKind.REPLY, ActKind.PRIVATE_MESSAGE]
    found = select(Act.id).where(Act.item_id == item_id, Act.kind.in_(answering), Act.state.in_(waiting))
    return session.scalars(found.limit(1)).first() is not None


def _reason(session: Session, kind: DecisionKind, code: str | None) -> DecisionReason | None:
    """The reason chosen from the list. A removal needs one; for the rest it may be left out."""
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
    evidence = work.session.scalars(
        select(StoredAssessment)
        .where(StoredAssessment.item_id == item.id)
        .order_by(StoredAssessment.id.desc())
        .limit(1),
    ).one_or_none()
    decision = Decision(
        item_id=item.id,
        item_version=item.version,
        text_version=item.text_version,
        kind=kind,
        reason_id=reason.id if reason else None,
        words=storable(words.strip()),
        nonce=new_nonce(),
        assessment_id=evidence.id if evidence else None,
        rule_set_id=evidence.rule_set_id if evidence else None,
        takes_back_id=takes_back_id,
        decided_by_id=work.actor.user_id,
        decided_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    return decision


def _finish(work: Work, item: Item, decision: Decision, **facts: object) -> None:
    """Move the item on, and leave the entry."""
    placing.settle(work, [item])
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
