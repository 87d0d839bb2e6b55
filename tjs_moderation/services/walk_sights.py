"""What the whole reading of a thread has seen so far, and what we know that it has not. Parts of the walk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select

from tjs_moderation.models import Item, Post, WalkSight, WalkThread
from tjs_moderation.services.transaction import Work, reading


def keep(work: Work, thread: WalkThread, external_ids: Collection[str]) -> None:
    """Remember what stood on a page that was not the last one."""
    seen = select(WalkSight.external_id).where(
        WalkSight.channel_id == thread.channel_id,
        WalkSight.thread_external_id == thread.external_id,
        WalkSight.external_id.in_(external_ids),
    )
    fresh = set(external_ids) - set(work.session.scalars(seen))
    rows = [
        {"channel_id": thread.channel_id, "thread_external_id": thread.external_id, "external_id": each}
        for each in sorted(fresh)
    ]
    if rows:
        work.session.execute(insert(WalkSight), rows)


def forget(work: Work, channel_id: int, external_id: str) -> None:
    """The reading is over, or begins anew."""
    work.session.execute(
        delete(WalkSight).where(WalkSight.channel_id == channel_id, WalkSight.thread_external_id == external_id),
    )


def missing(thread: WalkThread, last_seen: Collection[str]) -> Sequence[str]:
    """The comments of a post that we knew as its reading began and that stood on none of its pages, oldest first."""
    known = (
        select(Item.external_id)
        .join(Post, Post.id == Item.post_id)
        .where(Post.channel_id == thread.channel_id, Post.external_id == thread.external_id)
        .where(~Item.is_gone, Item.received_at <= thread.begun_at)
        .order_by(Item.id)
    )
    if thread.since_at is not None:
        known = known.where(Item.created_at >= thread.since_at)
    seen = select(WalkSight.external_id).where(
        WalkSight.channel_id == thread.channel_id, WalkSight.thread_external_id == thread.external_id
    )
    with reading() as session:
        found = {*last_seen, *session.scalars(seen)}
        return [each for each in session.scalars(known) if each not in found]
