"""The opinion that is open for an item, as other verbs use it. Parts of verbs."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tjs_moderation.models import Opinion
from tjs_moderation.models.casework import is_awaited
from tjs_moderation.services.transaction import Work

_OPEN = select(Opinion).where(Opinion.item_id == bindparam("item"), is_awaited).with_for_update(of=Opinion)


def open_opinion(session: Session, item_id: int) -> Opinion | None:
    """The opinion of an item that still waits for the one who was asked, locked; None where there is none."""
    return session.scalars(_OPEN, {"item": item_id}).one_or_none()


def withdraw_open(work: Work, item_id: int) -> int | None:
    """Ask no longer what somebody thinks of an item: it has been decided. Gives the id of what was open."""
    opinion = open_opinion(work.session, item_id)
    if opinion is None:
        return None
    opinion.withdrawn_at = work.now
    return opinion.id
