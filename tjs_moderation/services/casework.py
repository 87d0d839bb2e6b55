"""What people decide about items: keep, remove, weigh, delete, no answer needed, and taking any of them back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from tjs_moderation.domain.vocabulary import DecisionKind, Permission
from tjs_moderation.errors import NotFoundError
from tjs_moderation.models import Claim, Decision, Routing, User
from tjs_moderation.services.deciding import decide_on, take_back_on
from tjs_moderation.services.reach import item_to_change
from tjs_moderation.services.transaction import transact, user

CLAIM_SECONDS = 300
"""How long an item stays claimed without a word from the one who has it open."""


def decide(
    user_id: int,
    item_id: int,
    version: int,
    kind: DecisionKind,
    reason_code: str | None = None,
    words: str = "",
) -> int:
    """Keep, remove, weigh, delete, or close a question without an answer; gives the decision's id.

    Removing hides the item on its channel after the hold-back time, and confirms what a rule has hidden. Deleting is
    the second step: only what a removal in force has hidden already can be deleted. Raises ConflictError where somebody
    was faster, InvalidInputError where a removal lacks its reason, TransitionError where the item is not in a state for
    it.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, version, Permission.DECIDE)
        decision = decide_on(work, item, kind, reason_code, words)
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
        decision = take_back_on(work, item, undone, words)
    return decision.id


def see(user_id: int, item_id: int) -> None:
    """The one on whose desk an item lies has opened it. Kept once, for the house's figures alone; leaves no entry."""
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        work.session.execute(
            update(Routing)
            .where(Routing.item_id == item_id, Routing.expert_id == user_id)
            .where(Routing.ended_at.is_(None), Routing.read_at.is_(None))
            .values(read_at=work.now)
            .execution_options(synchronize_session=False),
        )


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
