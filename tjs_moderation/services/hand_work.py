"""What a person has to do on a channel by hand, as the pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from tjs_moderation.domain.vocabulary import ActState
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, AnswerRevision, Item, ItemText
from tjs_moderation.services.desk import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class HandWork:
    """An act for a person to do: the act, its item, the words it is about and the words to put there."""

    act: Act
    item: Item
    item_text: str
    answer_text: str | None


def by_hand(after_id: int = 0, limit: int = PAGE_SIZE) -> Sequence[HandWork]:
    """The acts that wait to be done by hand, oldest first, those after the act `after_id`."""
    found = db.session.execute(
        select(Act, Item, ItemText.text, AnswerRevision.text)
        .join(Item, Item.id == Act.item_id)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .outerjoin(
            AnswerRevision,
            and_(AnswerRevision.answer_id == Act.answer_id, AnswerRevision.number == Act.answer_revision),
        )
        .where(Act.state == ActState.BY_HAND, Act.id > after_id)
        .options(joinedload(Item.author), joinedload(Item.post), joinedload(Item.channel))
        .order_by(Act.id)
        .limit(limit),
    )
    return [HandWork(*row) for row in found]
