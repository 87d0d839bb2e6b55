"""The newest of several of a kind, for queries that read what they belong to. A part of reads."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select

from tjs_moderation.models import Answer, AnswerReturn, Item, StoredAssessment


def newest_assessment() -> ScalarSelect[int]:
    """The id of the newest thought about `Item`, for a query that reads items."""
    return (
        select(StoredAssessment.id)
        .where(StoredAssessment.item_id == Item.id)
        .order_by(StoredAssessment.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )


def why_returned() -> ScalarSelect[str]:
    """The sentence of the newest return of `Answer`, for a query that reads answers."""
    return (
        select(AnswerReturn.why)
        .where(AnswerReturn.answer_id == Answer.id)
        .order_by(AnswerReturn.id.desc())
        .limit(1)
        .correlate(Answer)
        .scalar_subquery()
    )
