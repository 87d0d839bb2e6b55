"""What channels send us by themselves: the bodies as they came, what could not be worked, what is known to be gone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.hints import HintState, HintTrouble
from tjs_moderation.models.base import Base, UtcDateTime, words


class RawEvent(Base):
    """One body that a channel sent, byte for byte. Of its hints the first `done_count` have been worked.

    `hint_count` is None until it has been read for the first time, `worked_at` until every hint has been taken up.
    """

    __tablename__ = "raw_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hint_count: Mapped[int | None] = mapped_column(Integer)
    done_count: Mapped[int] = mapped_column(Integer, default=0)
    worked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_is_fresh = RawEvent.worked_at.is_(None)
Index("ix_raw_event_fresh", RawEvent.id, sqlite_where=_is_fresh, postgresql_where=_is_fresh)


class UnworkedHint(Base):
    """A hint that could not be worked, at its place in its body: why, and when it is tried again by itself.

    `what` is the channel's name for it; `detail` what the channel said, without personal data.
    """

    __tablename__ = "unworked_hint"
    __table_args__ = (
        UniqueConstraint("raw_event_id", "position"),
        Index("ix_unworked_hint_state", "state", "id"),
        Index("ix_unworked_hint_due", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    raw_event_id: Mapped[int] = mapped_column(ForeignKey("raw_event.id"))
    position: Mapped[int] = mapped_column(Integer)
    what: Mapped[str] = mapped_column(String(200))
    state: Mapped[HintState] = mapped_column(words(HintState, "state"))
    trouble: Mapped[HintTrouble] = mapped_column(words(HintTrouble, "trouble"))
    detail: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GoneMark(Base):
    """Something the channel says is no more, whether we knew it or not: what comes late is then known to be gone."""

    __tablename__ = "gone_mark"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class HintTurn(Base):
    """Whose turn it is to work a channel's hints: one worker at a time, so that no older look wins over a newer."""

    __tablename__ = "hint_turn"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    lease_key: Mapped[str] = mapped_column(String(32))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)


class RefusedHook(Base):
    """How many bodies with a wrong signature came on a day (UTC), and when the last of them did."""

    __tablename__ = "refused_hook"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
