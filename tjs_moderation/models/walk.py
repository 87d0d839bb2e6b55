"""How a channel is walked: how far, thread by thread, how busy it may be kept, and what its posts were counted for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.models.base import Base, UtcDateTime


class Pace(Base):
    """How a channel is walked and how busy it may be kept: one row a channel, obeyed by every worker.

    Nothing older than `baseline_at` is taken in (None: everything). Nobody calls before `quiet_until`, nobody walks
    before `walk_after`. A round reads every thread that is due once, or every thread whole where it
    `is_round_thorough`; `round` is its number, and it goes on over several walks until `is_round_over`. `walk_failure`
    is empty, or why the last walk ended early.
    """

    __tablename__ = "pace"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    baseline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    walk_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    round: Mapped[int] = mapped_column(Integer, default=0)
    is_round_over: Mapped[bool] = mapped_column(Boolean, default=True)
    is_round_thorough: Mapped[bool] = mapped_column(Boolean, default=False)
    walk_failure: Mapped[str] = mapped_column(Text, default="")


class WalkThread(Base):
    """How far the walk of one thread has come: `kind` is `posts`, `comments`, `conversations` or `messages`.

    While a reading is under way `is_complete` is False, `cursor` is the page it goes on from, `since_at` from when on
    it reads (None: from the beginning), `begun_at` when it began, `seen_to` the newest it has seen, and `is_whole` says
    that it reads everything. Between readings: `known_to` is the newest that was read, `read_at` when the thread last
    had its turn and in which `read_round`, `whole_at` when it was last read whole. `told_…` is what the channel tells
    of the thread now, `read_count` and `read_told_at` what it told as the last reading began; `born_at` is when its
    post was made. A thread that failed so many times in a row waits until `retry_at`.
    """

    __tablename__ = "walk_thread"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    is_complete: Mapped[bool] = mapped_column(Boolean, default=True)
    is_whole: Mapped[bool] = mapped_column(Boolean, default=True)
    cursor: Mapped[str | None] = mapped_column(Text)
    since_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    known_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_round: Mapped[int] = mapped_column(Integer, default=0)
    whole_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    born_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_count: Mapped[int | None] = mapped_column(Integer)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_count: Mapped[int | None] = mapped_column(Integer)
    read_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failure: Mapped[str] = mapped_column(Text, default="")
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_gone: Mapped[bool] = mapped_column(Boolean, default=False)


class WalkSight(Base):
    """What a reading of more than one page has seen so far: what is missing at its end has vanished. Gone with it."""

    __tablename__ = "walk_sight"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    thread_external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)


class PostCount(Base):
    """How many shares, comments, reactions and reactions of one kind a post had from `seen_at` on: a row a change."""

    __tablename__ = "post_count"
    __table_args__ = (Index("ix_post_count_post", "post_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[str] = mapped_column(String(20))
    count: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
