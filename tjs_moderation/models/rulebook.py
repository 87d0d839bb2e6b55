"""Drafts of rules on trial, and the page's rules in words as the public reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.models.base import Base, JsonText, UtcDateTime


class RuleTrial(Base):
    """A draft of the rules that a worker tries on what came in lately: how far it is, and what came of it.

    `report` holds counts and the numbers of items, never what anybody wrote. Rows are let go of after some days.
    """

    __tablename__ = "rule_trial"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    began_from: Mapped[int] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text, default="")
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_read: Mapped[int] = mapped_column(Integer)
    is_cut: Mapped[bool] = mapped_column(Boolean)
    read_count: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[Any] = mapped_column(JsonText, nullable=True)


class PageRules(Base):
    """One published version of the page's rules in words: a text in each language, never changed afterwards."""

    __tablename__ = "page_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    texts: Mapped[Any] = mapped_column(JsonText)
    why: Mapped[str] = mapped_column(Text)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
