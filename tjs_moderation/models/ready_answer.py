"""What helps to write an answer: ready answers, earlier ones by the words of their questions, links looked at."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import LinkState
from tjs_moderation.models.answer import Answer
from tjs_moderation.models.base import Base, UtcDateTime, words
from tjs_moderation.models.user import Topic, User


class ReadyAnswer(Base):
    """A text to begin an answer with. Its blanks, `{nimi}`, are filled in when it is used.

    One without a topic is for every question. What was and what became of it stands in `setting_change`. After its
    best-before day it is offered last, and its owner is asked to look at it.
    """

    __tablename__ = "ready_answer"
    __table_args__ = (Index("ix_ready_answer_topic", "topic_id", "is_active"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    sources: Mapped[str] = mapped_column(Text, default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    best_before: Mapped[date | None] = mapped_column(Date)
    from_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    topic: Mapped[Topic | None] = relationship(lazy="raise")
    owner: Mapped[User] = relationship(lazy="raise")


class EarlierAnswer(Base):
    """An answer that was approved or published, to be found by the base forms of its question (`words`, spaced).

    `is_private`: it was given to one person alone, and is shown only to those who may see the question.
    """

    __tablename__ = "earlier_answer"

    answer_id: Mapped[int] = mapped_column(ForeignKey(Answer.id), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    is_private: Mapped[bool] = mapped_column(Boolean)
    words: Mapped[str] = mapped_column(Text)
    length: Mapped[int] = mapped_column(Integer)


class EarlierWord(Base):
    """Which earlier answers a base form leads to."""

    __tablename__ = "earlier_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class CheckedLink(Base):
    """A link of a draft, told by the SHA-256 of its address, and what became of opening it.

    It is due while `seen_at` is not after `asked_at`.
    """

    __tablename__ = "checked_link"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[LinkState] = mapped_column(words(LinkState, "state"), default=LinkState.DUE)
    detail: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
