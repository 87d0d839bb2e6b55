"""How posts are shared, commented on and reacted to over time: a row where a count has become another (P8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tjs_moderation.models import PostCount
from tjs_moderation.services.transaction import Work

Counts = Mapping[str, int]


def keep(work: Work, told: Mapping[int, Counts]) -> None:
    """Keep what a channel counts now, by post; only what is another count than the last is written. A part of verbs."""
    known = latest(work.session, told)
    rows = [
        {"post_id": post_id, "kind": kind, "count": count, "seen_at": work.now}
        for post_id, counts in told.items()
        for kind, count in counts.items()
        if known.get(post_id, {}).get(kind, 0) != count
    ]
    if rows:
        work.session.execute(insert(PostCount), rows)


def latest(session: Session, post_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """The newest count of each kind, by post; a kind that was never above 0 is not there. One query."""
    newest = (
        select(func.max(PostCount.id))
        .where(PostCount.post_id.in_(list(post_ids)))
        .group_by(PostCount.post_id, PostCount.kind)
    )
    found: dict[int, dict[str, int]] = {}
    for row in session.scalars(select(PostCount).where(PostCount.id.in_(newest))):
        found.setdefault(row.post_id, {})[row.kind] = row.count
    return found


def history(session: Session, post_id: int, kind: str) -> Sequence[PostCount]:
    """Every count of one kind that a post was told to have, oldest first; each holds until the next."""
    return session.scalars(
        select(PostCount).where(PostCount.post_id == post_id, PostCount.kind == kind).order_by(PostCount.id),
    ).all()
