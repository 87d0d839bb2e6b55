"""How posts are shared, commented on and reacted to over time: a row where a count has become another (P8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.popularity import Change
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Post, PostCount, User
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.tallying import arrival_key
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


@dataclass(frozen=True, slots=True)
class CountedPost:
    """A post with every change of its counts, oldest first; each holds until the next of its kind.

    `arrived` is what was written under it by others: when, and under which key it is counted (`tallying.arrival_key`).
    """

    post: Post
    changes: Sequence[Change]
    arrived: Sequence[tuple[datetime, str]]


def post_of_item(person: User, item_id: int) -> CountedPost:
    """The post under which an item stands. NotFoundError where there is none, or the person may not see the item.

    Three queries.
    """
    found = select(Post).join(Item, Item.post_id == Post.id).where(Item.id == item_id, visible_to(person))
    post = db.session.scalars(found).one_or_none()
    if post is None:
        raise NotFoundError("post")
    return CountedPost(post, changes(db.session(), post.id), _arrived(db.session(), post.id))


def _arrived(session: Session, post_id: int) -> list[tuple[datetime, str]]:
    rows = session.execute(select(Item.sorted_at, Item.outcome, Item.is_own).where(Item.post_id == post_id)).all()
    keys = ((at, arrival_key(outcome, is_own=is_own)) for at, outcome, is_own in rows)
    return [(at, key) for at, key in keys if key]


def changes(session: Session, post_id: int) -> Sequence[Change]:
    """Every change of what a post was told to have, oldest first."""
    rows = session.execute(
        select(PostCount.kind, PostCount.count, PostCount.seen_at)
        .where(PostCount.post_id == post_id)
        .order_by(PostCount.id)
    )
    return [Change(*row) for row in rows]
