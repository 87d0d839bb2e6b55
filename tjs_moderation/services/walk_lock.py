"""One walk of a channel at a time. The lock dies with its process, so that the next walk goes on at once."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from tjs_moderation.extensions import db
from tjs_moderation.services.wiring import ports

_WALKS = 8_413_001
"""Tells our advisory locks in PostgreSQL apart from anybody else's."""


@contextmanager
def walk_lock(channel_id: int, *, is_waiting: bool = False) -> Iterator[bool]:
    """Hold the lock of a channel's walk; gives False where another walk holds it, unless `is_waiting` for its end.

    PostgreSQL keeps it with a connection of its own that is in no transaction; for SQLite it is a file in the instance
    folder.
    """
    if db.engine.dialect.name == "postgresql":
        with _held_by_connection(channel_id, is_waiting) as is_ours:
            yield is_ours
    else:
        with _held_by_file(channel_id, is_waiting) as is_ours:
            yield is_ours


@contextmanager
def _held_by_file(channel_id: int, is_waiting: bool) -> Iterator[bool]:
    path = ports().settings.instance_path / f"walk-{channel_id}.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if is_waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _held_by_connection(channel_id: int, is_waiting: bool) -> Iterator[bool]:
    names = {"walks": _WALKS, "channel": channel_id}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_waiting:
            connection.execute(text("SELECT pg_advisory_lock(:walks, :channel)"), names)
            is_ours = True
        else:
            is_ours = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:walks, :channel)"), names))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:walks, :channel)"), names)
