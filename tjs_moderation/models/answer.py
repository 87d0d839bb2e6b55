"""Answers, their revisions, what is typed of them. CHECKs repeat what the state machine in `domain.answer` promises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import AnswerState
from tjs_moderation.models.base import Base, UtcDateTime, words
from tjs_moderation.models.user import User

_APPROVAL = " AND ".join(
    f"approved_{bound} IS NOT NULL" for bound in ("revision", "newest_item_id", "newest_text_version", "by_id", "at")
)


class Answer(Base):
    """An answer to one item. An approval binds one revision and the newest message of the thread it answers."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint(f"state NOT IN ('approved', 'published') OR ({_APPROVAL})", name="approval"),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR approved_revision = revision", name="approved_revision"
        ),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    state: Mapped[AnswerState] = mapped_column(words(AnswerState, "state"))
    revision: Mapped[int] = mapped_column(Integer)
    approved_revision: Mapped[int | None] = mapped_column(Integer)
    approved_newest_item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    approved_newest_text_version: Mapped[int | None] = mapped_column(Integer)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sources: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Where what it says stands, for colleagues; it never leaves the house."""
    approved_by: Mapped[User | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}


_is_open = Answer.state.not_in([AnswerState.PUBLISHED, AnswerState.WITHDRAWN])
Index("uq_answer_open", Answer.item_id, unique=True, sqlite_where=_is_open, postgresql_where=_is_open)
Index("ix_answer_item", Answer.item_id, Answer.id)

_is_published = Answer.state == AnswerState.PUBLISHED
Index("ix_answer_published", Answer.published_at, sqlite_where=_is_published, postgresql_where=_is_published)


class AnswerRevision(Base):
    """One text of an answer and who wrote it. Never changed afterwards."""

    __tablename__ = "answer_revision"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[User] = relationship(lazy="raise")


class AnswerReturn(Base):
    """One return of a revision to its expert, and the sentence why. Never changed afterwards.

    What was returned before every sentence had a seal has neither key nor name (`nonce`, `returned_by_id`).
    """

    __tablename__ = "answer_return"
    __table_args__ = (Index("ix_answer_return_answer", "answer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    revision: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    returned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Draft(Base):
    """What one person has typed of an answer and not yet made a revision of: theirs alone, as it was typed.

    `grew_from` is the revision that stood in the box when they began (0 for none), `saves` how often it was saved: a
    save that grew from another count becomes a draft of its own, so that no text is written over by an older one.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_item", "item_id", "writer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    writer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    grew_from: Mapped[int] = mapped_column(Integer)
    saves: Mapped[int] = mapped_column(Integer)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
