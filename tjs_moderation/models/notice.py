"""Notices: what a person is told of, in the console and by mail, and the key to their calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.vocabulary import MailState, NoticeKind
from tjs_moderation.models.base import Base, UtcDateTime, words


class Notice(Base):
    """One thing one person is told of, once: `key` makes it the same thing however often it is told.

    It holds no words of anybody: what it says is made of its kind, its item and its key when it is shown. Its mail is a
    row of an outbox: it may not leave before `not_before`, and a worker that has claimed it holds it until
    `leased_until`.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "key"),
        CheckConstraint("(mail = 'claimed') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("mail != 'sent' OR sent_at IS NOT NULL", name="sent"),
        Index("ix_notice_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[NoticeKind] = mapped_column(words(NoticeKind, "kind"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    key: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The colleague whose deed this tells of; None where it was nobody's."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail: Mapped[MailState] = mapped_column(words(MailState, "mail"))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_key: Mapped[str | None] = mapped_column(String(32))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(200), default="")


_is_unread = Notice.read_at.is_(None)
Index("ix_notice_unread", Notice.person_id, sqlite_where=_is_unread, postgresql_where=_is_unread)
_is_to_be_mailed = Notice.mail.in_([MailState.DUE, MailState.CLAIMED])
Index("ix_notice_mail", Notice.not_before, Notice.id, sqlite_where=_is_to_be_mailed, postgresql_where=_is_to_be_mailed)
_is_for_the_morning = Notice.mail == MailState.SUMMARY
Index("ix_notice_morning", Notice.person_id, sqlite_where=_is_for_the_morning, postgresql_where=_is_for_the_morning)


class CalendarFeed(Base):
    """The key to one person's calendar of deadlines. Only the SHA-256 of its token is kept."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
