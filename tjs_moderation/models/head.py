"""The signed heads of the audit log, and how far each place outside has been told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.models.base import Base, UtcDateTime


class SignedHead(Base):
    """Where the log stood, signed; `line` is the head as it is sent, `key` the public key it was signed with."""

    __tablename__ = "signed_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(ForeignKey("audit_entry.seq"))
    key: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeadTelling(Base):
    """How far a place outside has been told: the newest head it has, or why it could not be told last time."""

    __tablename__ = "head_telling"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    head_id: Mapped[int | None] = mapped_column(ForeignKey("signed_head.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    failure: Mapped[str] = mapped_column(String(200))
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
