"""Where items come from: channels, their posts, the people who wrote, and the files that were taken in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.domain.vocabulary import ChannelKind
from tjs_moderation.models.base import Base, UtcDateTime, words


class Channel(Base):
    """One place the organisation answers for. `stopped_reason` is empty while the channel works.

    `usage_percent` is how much of the calls it allows us it said were used up, at `usage_at`.
    """

    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[ChannelKind] = mapped_column(words(ChannelKind, "kind"))
    external_id: Mapped[str | None] = mapped_column(String(100))
    stopped_reason: Mapped[str] = mapped_column(Text, default="")
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    usage_percent: Mapped[float | None] = mapped_column(Float)
    usage_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Post(Base):
    """A post of ours that comments hang from. One we only know by its id has no text yet."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"), Index("ix_post_created", "created_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    permalink: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Author(Base):
    """A member of the public, as far as a channel tells who they are.

    `sealed_key` is the person's own key (`services/person_keys`): the commitments to their texts are made under it, and
    once it is destroyed nobody can open them. With `erased_at` nothing here says any more who it was.
    """

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("channel_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    external_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300), default="")
    sealed_key: Mapped[str | None] = mapped_column(String(120))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRun(Base):
    """One file on its way in: how far it is, what came of it, and why it ended if it ended badly."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    format: Mapped[str] = mapped_column(String(20))
    stored_path: Mapped[str] = mapped_column(Text)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    done_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    read_count: Mapped[int] = mapped_column(Integer, default=0)
    new_count: Mapped[int] = mapped_column(Integer, default=0)
    changed_count: Mapped[int] = mapped_column(Integer, default=0)
    duplicate_count: Mapped[int] = mapped_column(Integer, default=0)
    rejected_count: Mapped[int] = mapped_column(Integer, default=0)
    rejects_path: Mapped[str | None] = mapped_column(Text)
    failure: Mapped[str] = mapped_column(Text, default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
