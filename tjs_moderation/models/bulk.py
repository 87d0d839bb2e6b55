"""One thing done to many items: what, by whom, to which, and what became of each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tjs_moderation.domain.vocabulary import BulkKind, BulkStep
from tjs_moderation.models.base import Base, UtcDateTime, words
from tjs_moderation.models.casework import DecisionReason
from tjs_moderation.models.user import User


class Bulk(Base):
    """A decision or routing of many items, or one such bulk taken back (`undoes_id`), worked item by item.

    `key` is made with the page on which it was confirmed: the same page sent twice is one bulk. `place` is the address
    the items were chosen at. Whoever works it holds it until `leased_until`.
    """

    __tablename__ = "bulk"
    __table_args__ = (
        CheckConstraint("(kind = 'take_back') = (undoes_id IS NOT NULL)", name="take_back"),
        CheckConstraint("kind <> 'remove' OR reason_id IS NOT NULL", name="removal_reason"),
        CheckConstraint("done_count + skipped_count <= item_count", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[BulkKind] = mapped_column(words(BulkKind, "kind"))
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("decision_reason.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    place: Mapped[str] = mapped_column(Text, default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("bulk.id"), unique=True)
    item_count: Mapped[int] = mapped_column(Integer)
    done_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_count: Mapped[int] = mapped_column(Integer, default=0)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[DecisionReason | None] = relationship(lazy="raise")
    by: Mapped[User] = relationship(lazy="raise", foreign_keys=by_id)


_is_under_way = Bulk.finished_at.is_(None)
Index("ix_bulk_under_way", Bulk.id, sqlite_where=_is_under_way, postgresql_where=_is_under_way)


class BulkItem(Base):
    """One item of a bulk, at the version that was seen, and what became of it.

    What was done is `decision_id` or `routing_id`; for what was skipped `why` is the code of the sentence, and `actor`
    and `verb` tell who had done what to the item, as the audit log has it.
    """

    __tablename__ = "bulk_item"
    __table_args__ = (UniqueConstraint("bulk_id", "item_id"),)

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    item_version: Mapped[int | None] = mapped_column(Integer)
    step: Mapped[BulkStep] = mapped_column(words(BulkStep, "step"), default=BulkStep.WAITING)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    routing_id: Mapped[int | None] = mapped_column(ForeignKey("routing.id"))
    why: Mapped[str] = mapped_column(String(60), default="")
    actor: Mapped[str] = mapped_column(String(80), default="")
    verb: Mapped[str] = mapped_column(String(60), default="")
