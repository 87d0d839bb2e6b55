"""What was done for members of the public: their data erased, their complaints looked at a second time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import AppealOutcome
from tjs_moderation.models.base import Base, UtcDateTime
from tjs_moderation.models.base import words as in_words
from tjs_moderation.models.channel import Author
from tjs_moderation.models.user import User


class Erasure(Base):
    """A person's data erased: when, by whom (None: a command), and why. Of what was erased it says only how much.

    `item_count` are the person's comments and messages, `quote_count` the other places where their words or name stood.
    `scrubbed_at`: when the files beside the tables (the index, the database file's free space) held nothing any more.
    """

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    words: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    item_count: Mapped[int] = mapped_column(Integer)
    quote_count: Mapped[int] = mapped_column(Integer)
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scrubbed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    author: Mapped[Author] = relationship(lazy="raise")
    erased_by: Mapped[User | None] = relationship(lazy="raise")


class Appeal(Base):
    """A complaint about a removal, and what somebody else than its decider made of it. At most one is open for an item.

    `decider_id` is whoever made the removal (None: a rule did, and nobody had confirmed it).
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)", name="decided"
        ),
        CheckConstraint("decided_by_id IS NULL OR decider_id IS NULL OR decided_by_id <> decider_id", name="second"),
        Index("ix_appeal_item", "item_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(32))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[AppealOutcome | None] = mapped_column(in_words(AppealOutcome, "outcome"))
    why: Mapped[str] = mapped_column(Text, default="")
    why_nonce: Mapped[str] = mapped_column(String(32))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its second look."""
        return self.decided_at is None


is_undecided = Appeal.decided_at.is_(None)
"""The complaints that wait for their second look."""

Index("uq_appeal_open", Appeal.item_id, unique=True, sqlite_where=is_undecided, postgresql_where=is_undecided)
