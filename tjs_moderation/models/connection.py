"""How a channel is reached: what is known of its connection, and its secrets, sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tjs_moderation.models.base import Base, JsonText, UtcDateTime


class ChannelConnection(Base):
    """A connection made in the console, as far as it has come; nothing in it is secret.

    `app_id`, `page_id`: empty until they are known. `pages`: those the token opens, as `[id, name]`, to choose from.
    `permissions`, `token_kind`, `…_expires_at` (None: never): as the channel itself told at `checked_at`;
    `check_failure` is empty, or why it would not tell. `subscribed`: the webhook fields the page sends.
    `webhook_seen_at`: when the channel last proved that it reaches us. `connected_at` is None until it is all done.
    """

    __tablename__ = "channel_connection"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    app_id: Mapped[str] = mapped_column(String(100), default="")
    app_name: Mapped[str] = mapped_column(String(200), default="")
    page_id: Mapped[str] = mapped_column(String(100), default="")
    page_name: Mapped[str] = mapped_column(String(200), default="")
    token_kind: Mapped[str] = mapped_column(String(20), default="")
    token_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    data_access_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    permissions: Mapped[Any] = mapped_column(JsonText, default=list)
    pages: Mapped[Any] = mapped_column(JsonText, default=list)
    subscribed: Mapped[Any] = mapped_column(JsonText, default=list)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_failure: Mapped[str] = mapped_column(Text, default="")
    webhook_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    connected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChannelSecret(Base):
    """One secret of a channel, sealed with a key that is not in this database (`services/vault`)."""

    __tablename__ = "channel_secret"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    put_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkerBeat(Base):
    """When a worker on a machine last worked: silence means that nothing is being done."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
