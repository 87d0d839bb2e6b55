"""What proves and what counts: the audit log, its head, whose story an entry belongs to, queue counters, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.models.base import Base, JsonText, UtcDateTime, words

EVERYBODY = 0
"""In place of an expert's id: the count of a whole queue."""

NOBODY_YET = -1
"""In place of an expert's id: the count of what waits for any expert to take it."""


class AuditEntry(Base):
    """One entry of the hash chain. Triggers refuse to change or delete it; `at` is text, kept as it was hashed."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(80))
    verb: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The number and hash of the newest entry, so that a tail that was cut off is missed. One row."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class AuditSubject(Base):
    """Which items an entry is about: an index for stories, worked out from the entries and no part of the chain."""

    __tablename__ = "audit_subject"
    __table_args__ = (Index("ix_audit_subject_item", "item_id", "seq"),)

    seq: Mapped[int] = mapped_column(ForeignKey("audit_entry.seq"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)


class QueueCount(Base):
    """How many items stand in a state: in all, at one expert's desk, or for anybody to take.

    Kept in the transaction that moves an item, so that no page ever counts.
    """

    __tablename__ = "queue_count"

    state: Mapped[CaseState] = mapped_column(words(CaseState, "state"), primary_key=True)
    expert_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, default=EVERYBODY)
    count: Mapped[int] = mapped_column(Integer)


class Setting(Base):
    """A setting made in the console; what is not here has its default."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonText)


class SettingChange(Base):
    """One change of a setting, a topic or a reason: what was, what became, by whom. Never changed afterwards.

    `before` and `after` hold what became another, by name. `UNIQUE(subject, number)` is the real guard against two
    changes made on the same sight of a subject.
    """

    __tablename__ = "setting_change"
    __table_args__ = (UniqueConstraint("subject", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    number: Mapped[int] = mapped_column(Integer)
    before: Mapped[Any] = mapped_column(JsonText)
    after: Mapped[Any] = mapped_column(JsonText)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
