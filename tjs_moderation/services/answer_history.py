"""An answer's versions and returns, in the order in which they came about. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, AnswerReturn, AnswerRevision, Item, User
from tjs_moderation.services.desk import names_of
from tjs_moderation.services.reach import visible_to


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """An answer with all of its revisions and returns, oldest first, and the names of the people in them."""

    answer: Answer
    revisions: Sequence[AnswerRevision]
    returns: Sequence[AnswerReturn]
    names: Mapping[int, str]


def history_of(person: User, answer_id: int) -> AnswerHistory:
    """The history of one answer. NotFoundError where there is none, or this person may not see its item."""
    rows = db.session.execute(
        select(Answer, AnswerRevision)
        .join(Item, Item.id == Answer.item_id)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .where(Answer.id == answer_id, visible_to(person))
        .order_by(AnswerRevision.number),
    ).all()
    if not rows:
        raise NotFoundError("answer")
    returns = returns_of(rows[0][0].item_id, answer_id)
    revisions = [revision for _, revision in rows]
    people = {revision.written_by_id for revision in revisions} | {each.returned_by_id or 0 for each in returns}
    return AnswerHistory(rows[0][0], revisions, returns, names_of(people))


def returns_of(item_id: int, answer_id: int | None = None) -> Sequence[AnswerReturn]:
    """The returns of the answers to an item, or of one of them, oldest first."""
    found = select(AnswerReturn).join(Answer, Answer.id == AnswerReturn.answer_id).where(Answer.item_id == item_id)
    if answer_id is not None:
        found = found.where(Answer.id == answer_id)
    return db.session.scalars(found.order_by(AnswerReturn.id)).all()
