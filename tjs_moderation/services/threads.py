"""What belongs to one thread: a private conversation, or a comment with all that stands under it. Parts of verbs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.answer import Binding
from tjs_moderation.domain.vocabulary import AnswerState, ItemKind
from tjs_moderation.models import Answer, Item

_Answered, _Newest = aliased(Item), aliased(Item)


def is_conversation(item: Item) -> bool:
    """Whether an item is a private message that its channel has put into a conversation."""
    return item.kind is ItemKind.MESSAGE and bool(item.conversation_external_id)


def same_thread(item: Item) -> ColumnElement[bool]:
    """The items of the thread of `item`, ours among them, as a condition."""
    if is_conversation(item):
        is_same = Item.conversation_external_id == item.conversation_external_id
        return and_(Item.channel_id == item.channel_id, is_same)
    root = item.parent_id or item.id
    return or_(Item.id == root, Item.parent_id == root)


def newest_of_thread(session: Session, item: Item) -> Item:
    """The newest thing the person has said in the thread of `item`."""
    same_person = Item.author_id.is_(None) if item.author_id is None else Item.author_id == item.author_id
    newest = session.scalars(
        select(Item)
        .where(same_thread(item), same_person, ~Item.is_own)
        .order_by(Item.sorted_at.desc(), Item.id.desc())
        .limit(1),
    ).one_or_none()
    return newest or item


def binding_now(session: Session, answer: Answer, item: Item) -> Binding:
    """What an approval given at this moment would be bound to."""
    newest = newest_of_thread(session, item)
    return Binding(answer.revision, newest.id, newest.text_version)


def answered_with(session: Session, answer: Answer, item: Item) -> list[Item]:
    """The other messages of a conversation that one answer answers: they stood there when it was approved. Locked."""
    if not is_conversation(item):
        return []
    newest = session.get_one(Item, answer.approved_newest_item_id)
    stood_there = or_(Item.sorted_at < newest.sorted_at, and_(Item.sorted_at == newest.sorted_at, Item.id <= newest.id))
    others = select(Item).where(same_thread(item), Item.author_id == item.author_id, ~Item.is_own, Item.id != item.id)
    others = others.where(stood_there, Item.received_at <= answer.approved_at)
    return list(session.scalars(others.order_by(Item.id).with_for_update(of=Item)))


def answered_in_conversation(session: Session, items: Sequence[Item]) -> set[int]:
    """The ids of those of `items` that an answer published in their conversation has answered. One query, or none."""
    messages = [item.id for item in items if is_conversation(item) and not item.is_own]
    if not messages:
        return set()
    stood_there = or_(
        Item.sorted_at < _Newest.sorted_at, and_(Item.sorted_at == _Newest.sorted_at, Item.id <= _Newest.id)
    )
    is_same = and_(
        _Answered.channel_id == Item.channel_id,
        _Answered.conversation_external_id == Item.conversation_external_id,
        _Answered.author_id == Item.author_id,
    )
    found = (
        select(Item.id)
        .join(_Answered, is_same)
        .join(Answer, and_(Answer.item_id == _Answered.id, Answer.state == AnswerState.PUBLISHED))
        .join(_Newest, _Newest.id == Answer.approved_newest_item_id)
        .where(Item.id.in_(messages), stood_there, Item.received_at <= Answer.approved_at)
    )
    return set(session.scalars(found))
