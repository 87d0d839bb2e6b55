"""What is known before an act leaves: whether its channel would certainly refuse it. A part of verbs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import ActKind, ActState, ItemKind
from tjs_moderation.domain.window import Window, window_of
from tjs_moderation.models import Act, Item

CANNOT_HIDE = "can_hide: false"
GONE = "100/33"
WINDOW_CLOSED = "10/2018278, outside the window for answers"
REPLIED_BEFORE = "10900, a private reply was sent before"

_LEFT_OR_LEAVING = (ActState.PLANNED, ActState.CLAIMED, ActState.UNKNOWN, ActState.DONE, ActState.BY_HAND)


def why_not(session: Session, act: Act, item: Item, now: datetime, *, is_by_person: bool = True) -> str:
    """Why an act would certainly be refused, in the words the channel would use; empty where it may leave."""
    if item.is_gone:
        return GONE
    if act.kind is ActKind.HIDE and item.can_hide is False and not item.is_hidden:
        return CANNOT_HIDE
    if act.kind is not ActKind.PRIVATE_MESSAGE:
        return ""
    if item.kind is ItemKind.COMMENT and _was_replied_to(session, act):
        return REPLIED_BEFORE
    window = window_for(session, item, is_private=True)
    return "" if window is None or window.is_open(now, is_by_person=is_by_person) else WINDOW_CLOSED


def window_for(session: Session, item: Item, *, is_private: bool = False) -> Window | None:
    """The time in which an answer to an item may leave; None where there is no limit."""
    return window_of(item.kind, _heard_at(session, item), is_private=is_private)


def _heard_at(session: Session, item: Item) -> datetime | None:
    """When the person last wrote in the conversation of a message, or wrote the comment."""
    if item.kind is not ItemKind.MESSAGE or not item.conversation_external_id:
        return item.created_at
    same = Item.conversation_external_id == item.conversation_external_id
    heard = select(func.max(Item.sorted_at)).where(Item.channel_id == item.channel_id, same, ~Item.is_own)
    return session.scalar(heard) or item.created_at


def _was_replied_to(session: Session, act: Act) -> bool:
    other = select(Act.id).where(
        Act.channel_id == act.channel_id,
        Act.kind == ActKind.PRIVATE_MESSAGE,
        Act.target_external_id == act.target_external_id,
        Act.id != act.id,
        Act.state.in_(_LEFT_OR_LEAVING),
        ~Act.is_settled,
    )
    return session.scalars(other.limit(1)).first() is not None
