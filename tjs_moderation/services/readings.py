"""Stored texts as the judge gets them, each with what is known around it. A part of verbs and of reads."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.ports import Context, Reading
from tjs_moderation.models import Author, Item, ItemText, Post, User
from tjs_moderation.services.standing import IS_REMOVED
from tjs_moderation.services.wiring import ports

HISTORY_LIMIT = 20_000
"""So many items of the people of one batch are counted, the newest; more than that make no difference to any rule."""

_HOUR = timedelta(hours=1)
_Parent, _ParentText = aliased(Item), aliased(ItemText)


@dataclass(frozen=True, slots=True)
class ToRead:
    """An item as it was read: what is thought of it holds for this version of its text only."""

    item: Item
    text_version: int
    reading: Reading


def select_texts() -> Select[Item, str, str, str, Post]:
    """Items with their current text, the author's name, the text they answer, and the post; to be narrowed down."""
    return (
        select(Item, ItemText.text, Author.name, _ParentText.text, Post)
        .join(ItemText, (ItemText.item_id == Item.id) & (ItemText.number == Item.text_version))
        .outerjoin(Author, Author.id == Item.author_id)
        .outerjoin(_Parent, _Parent.id == Item.parent_id)
        .outerjoin(_ParentText, (_ParentText.item_id == _Parent.id) & (_ParentText.number == _Parent.text_version))
        .outerjoin(Post, Post.id == Item.post_id)
    )


def to_read(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ToRead]:
    """The readings of `rows`, which begin with the columns of `select_texts`. Two queries."""
    staff = tuple(session.scalars(select(User.name).where(User.is_active).order_by(User.name)))
    histories = _histories(session, {row[0].author_id for row in rows if row[0].author_id})
    zone = ports().settings.zone
    return [
        ToRead(
            item,
            item.text_version,
            Reading(
                id=str(item.id),
                text=text,
                author=author,
                parent_text=parent_text,
                context=_context(item, post, histories.get(item.author_id or 0, ()), zone),
                staff=staff,
            ),
        )
        for item, text, author, parent_text, post in (row[:5] for row in rows)
    ]


_Past = tuple[datetime, int, bool]
"""Something an author sent: when, its id, and whether a removal of it is in force."""


def _histories(session: Session, author_ids: set[int]) -> dict[int, Sequence[_Past]]:
    """What these authors have sent, oldest first, by the author's id."""
    found = session.execute(
        select(Item.author_id, Item.sorted_at, Item.id, IS_REMOVED)
        .where(Item.author_id.in_(author_ids))
        .order_by(Item.sorted_at.desc(), Item.id.desc())
        .limit(HISTORY_LIMIT),
    )
    histories: dict[int, list[_Past]] = {}
    for author_id, at, item_id, removed in found:
        histories.setdefault(author_id or 0, []).append((at, item_id, bool(removed)))
    return {author_id: past[::-1] for author_id, past in histories.items()}


def _context(item: Item, post: Post | None, history: Sequence[_Past], zone: tzinfo) -> Context:
    before = history[: bisect_left(history, (item.sorted_at, item.id), key=itemgetter(0, 1))]
    in_hour = sum(at > item.sorted_at - _HOUR for at, *_ in before)
    return Context(
        author_items=len(before) if history else None,
        author_removed=sum(removed for *_, removed in before) if history else None,
        author_in_hour=in_hour + 1 if history else None,
        post_text=post.text or None if post else None,
        post_written_at=post.created_at.astimezone(zone) if post and post.created_at else None,
        written_at=item.created_at.astimezone(zone) if item.created_at else None,
        kind=item.kind,
    )
