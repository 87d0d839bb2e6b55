"""Complaints about removals: somebody else than the one who removed it looks a second time."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import AppealOutcome, DecisionKind, Permission
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.models import Appeal
from tjs_moderation.models.privacy import is_undecided
from tjs_moderation.services import placing
from tjs_moderation.services.deciding import lift_removal
from tjs_moderation.services.reach import conflict, item_to_change
from tjs_moderation.services.transaction import new_nonce, seal_of, transact, user

LIMIT = 5_000
"""The longest complaint or reason, in characters."""


def file_appeal(user_id: int, item_id: int, words: str) -> int:
    """Write down that somebody complains of a removal in force, and what they say; gives the appeal's id.

    Raises InvalidInputError where the words are missing, TransitionError where nothing is removed or a complaint is
    open already.
    """
    words = _words(words, "appeal_needs_words")
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.DECIDE)
        removal = placing.removal_in_force(work.session, item.id)
        if removal is None or item.erased_at is not None:
            raise TransitionError("appeal_of_nothing")
        if open_appeal(work.session, item.id) is not None:
            raise TransitionError("appeal_open")
        appeal = Appeal(
            item_id=item.id,
            decision_id=removal.id,
            decider_id=removal.decided_by_id,
            words=words,
            nonce=new_nonce(),
            filed_by_id=user_id,
            filed_at=work.now,
            why_nonce=new_nonce(),
        )
        work.session.add(appeal)
        work.session.flush()
        work.record(
            "file_appeal",
            items=[item.id],
            appeal=appeal.id,
            decision=removal.id,
            words=seal_of(appeal.nonce, words),
        )
    return appeal.id


def decide_appeal(user_id: int, appeal_id: int, version: int, outcome: AppealOutcome, why: str) -> None:
    """Say what the second look came to, and why. Restored means shown again, by the outbox, without a hold-back.

    Raises NotAllowedError for whoever removed it themselves, InvalidInputError where the reason is missing,
    ConflictError where the item has changed, and TransitionError where it is decided or cannot be shown again.
    """
    why = _words(why, "appeal_needs_why")
    with transact(user(user_id)) as work:
        appeal = work.session.get(Appeal, appeal_id)
        if appeal is None:
            raise NotFoundError("appeal")
        item = item_to_change(work, user_id, appeal.item_id, version, Permission.DECIDE)
        work.session.refresh(appeal, with_for_update=True)
        if not appeal.is_open:
            raise conflict(work.session, item.id, "appeal_decided")
        if user_id in _deciders(work.session, appeal):
            raise NotAllowedError("appeal_of_own_decision")
        appeal.outcome, appeal.why = outcome, why
        appeal.decided_by_id, appeal.decided_at = user_id, work.now
        told = {"appeal": appeal.id, "outcome": str(outcome), "why": seal_of(appeal.why_nonce, why)}
        if outcome is AppealOutcome.RESTORED:
            lift_removal(work, item, why, **told)
        else:
            work.record("uphold_appeal", items=[item.id], **told)


def appeals_of(session: Session, item_id: int) -> Sequence[Appeal]:
    """The complaints about an item, oldest first."""
    return session.scalars(select(Appeal).where(Appeal.item_id == item_id).order_by(Appeal.id)).all()


def open_appeal(session: Session, item_id: int) -> Appeal | None:
    """The complaint of an item that waits for its second look."""
    return session.scalars(select(Appeal).where(Appeal.item_id == item_id, is_undecided)).one_or_none()


def _deciders(session: Session, appeal: Appeal) -> set[int]:
    """Whoever has removed it: none of them looks at it a second time."""
    standing = placing.decisions_in_force(session, [appeal.item_id])[appeal.item_id]
    removals = {DecisionKind.REMOVE, DecisionKind.DELETE}
    made = {decision.decided_by_id for decision in standing if decision.kind in removals}
    return {each for each in made | {appeal.decider_id} if each is not None}


def _words(written: str, code: str) -> str:
    written = storable(written.strip())
    if not written:
        raise InvalidInputError(code)
    if len(written) > LIMIT:
        raise InvalidInputError("too_long", limit=LIMIT, length=len(written))
    return written
