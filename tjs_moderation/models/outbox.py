"""The outbox: every outward act is a row here before anything leaves the house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.vocabulary import ActKind, ActState
from tjs_moderation.models.base import Base, UtcDateTime, words


class Act(Base):
    """One act on a channel. `key` makes it the same act however often it is tried.

    It may not leave before `not_before`; a worker that has claimed it holds it until `leased_until`. `is_settled` says
    that a person has seen to an act that was refused, failed or stayed unknown, so that it troubles nobody any more.
    """

    __tablename__ = "act"
    __table_args__ = (
        CheckConstraint("(state = 'claimed') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("kind NOT IN ('reply', 'private_message') OR answer_id IS NOT NULL", name="answer"),
        CheckConstraint(
            "state NOT IN ('done', 'refused', 'failed', 'stopped') OR finished_at IS NOT NULL", name="finished"
        ),
        Index("ix_act_item", "item_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[ActKind] = mapped_column(words(ActKind, "kind"))
    state: Mapped[ActState] = mapped_column(words(ActState, "state"))
    target_external_id: Mapped[str] = mapped_column(String(200))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"))
    answer_revision: Mapped[int | None] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_key: Mapped[str | None] = mapped_column(String(32))
    result_external_id: Mapped[str | None] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")
    is_settled: Mapped[bool] = mapped_column(default=False)
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_is_waiting = Act.state.in_([ActState.PLANNED, ActState.CLAIMED, ActState.UNKNOWN])
Index("ix_act_waiting", Act.not_before, Act.id, sqlite_where=_is_waiting, postgresql_where=_is_waiting)
