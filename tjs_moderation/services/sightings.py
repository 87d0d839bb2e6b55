"""What a channel says has happened there without us: somebody hid a comment, showed it again, or it is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select
from sqlalchemy.orm import aliased

from tjs_moderation.domain.vocabulary import ActKind, ActState
from tjs_moderation.models import Act, GoneMark, Item, Post
from tjs_moderation.services.reach import touch
from tjs_moderation.services.transaction import channel as by_channel
from tjs_moderation.services.transaction import reading, transact

BATCH = 200
"""How many items change in one transaction."""

_HIDING = frozenset({ActKind.HIDE, ActKind.UNHIDE})
_DELETING = frozenset({ActKind.DELETE})
_Parent = aliased(Item)


def hear_of_visibility(channel_id: int, told: Mapping[str, bool]) -> None:
    """Write down which of the items are hidden on the channel and which are not, where that is news.

    What the console is doing itself at this moment is left to the outbox, which will hear how it went.
    """
    for is_hidden, verb in ((True, "hear_of_hiding"), (False, "hear_of_showing")):
        ids = [external_id for external_id, is_now_hidden in told.items() if is_now_hidden is is_hidden]
        if ids:
            _note(
                channel_id,
                and_(Item.external_id.in_(ids), Item.is_hidden.is_not(is_hidden), _is_not_ours(_HIDING)),
                verb,
            )


def hear_of_removal(channel_id: int, external_ids: Iterable[str]) -> None:
    """Write down that these comments, messages or posts are gone, and with them what hangs from them.

    It is remembered of what we do not know, too: it may come late.
    """
    gone = sorted(set(external_ids))
    if gone:
        _mark_gone(channel_id, gone)
        _bury(channel_id, gone)


def bury_late(channel_id: int, external_ids: Sequence[str]) -> None:
    """Of items that have just come in: those are gone which, or whose parent or post, were said to be gone before."""
    names = GoneMark.external_id.in_([Item.external_id, Item.parent_external_id, Post.external_id])
    is_marked = exists().where(GoneMark.channel_id == channel_id, names)
    is_under_gone = exists().where(_Parent.id == Item.parent_id, _Parent.is_gone)
    late = select(Item.external_id).outerjoin(Post, Post.id == Item.post_id)
    late = late.where(Item.channel_id == channel_id, Item.external_id.in_(external_ids))
    with reading() as session:
        found = list(session.scalars(late.where(~Item.is_gone, or_(is_marked, is_under_gone))))
    if found:
        _bury(channel_id, found)


def _mark_gone(channel_id: int, external_ids: Sequence[str]) -> None:
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        known = set(
            work.session.scalars(
                select(GoneMark.external_id).where(
                    GoneMark.channel_id == channel_id, GoneMark.external_id.in_(external_ids)
                ),
            ),
        )
        fresh = [
            {"channel_id": channel_id, "external_id": name, "told_at": work.now}
            for name in external_ids
            if name not in known
        ]
        if fresh:
            work.session.execute(insert(GoneMark), fresh)


def _bury(channel_id: int, external_ids: Sequence[str]) -> None:
    """Let items be gone, level by level: what hangs from them goes with them."""
    level = list(external_ids)
    while level:
        of_posts = select(Post.id).where(Post.channel_id == channel_id, Post.external_id.in_(level))
        is_under = or_(Item.external_id.in_(level), Item.parent_external_id.in_(level), Item.post_id.in_(of_posts))
        gone = _note(channel_id, and_(is_under, ~Item.is_gone, _is_not_ours(_DELETING)), "hear_of_removal")
        level = [external_id for external_id in gone if external_id not in level]


def _note(channel_id: int, condition: ColumnElement[bool], verb: str) -> list[str]:
    """Change the items for which `condition` holds and, once changed, holds no more; gives their external ids."""
    told: list[str] = []
    while True:
        with transact(by_channel(channel_id)) as work:
            items = work.session.scalars(
                select(Item)
                .where(Item.channel_id == channel_id, condition)
                .order_by(Item.id)
                .limit(BATCH)
                .with_for_update(),
            ).all()
            for item in items:
                if verb == "hear_of_removal":
                    item.is_gone = True
                else:
                    item.is_hidden = verb == "hear_of_hiding"
                touch(item, work.now)
            if items:
                work.record(verb, items=[item.id for item in items], channel=channel_id)
        told += [item.external_id for item in items]
        if len(items) < BATCH:
            return told


def _is_not_ours(kinds: frozenset[ActKind]) -> ColumnElement[bool]:
    """No act of these kinds is leaving, or may have left: then it is our own doing that comes back."""
    under_way = Act.state.in_([ActState.CLAIMED, ActState.UNKNOWN]) & Act.kind.in_(kinds)
    return ~exists().where(Act.item_id == Item.id, under_way)
