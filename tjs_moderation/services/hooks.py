"""Takes in the bodies that channels send: kept byte for byte before anything else is done with them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import LargeBinary, bindparam, func, insert, select, update

from tjs_moderation.domain.hints import Hook
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, RawEvent, RefusedHook
from tjs_moderation.models.base import UtcDateTime
from tjs_moderation.services.transaction import CONSOLE, transact
from tjs_moderation.services.wiring import ports

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes. A thousand of Meta's changes are about one and a half million."""

SHOWN_DAYS = 30
"""Of how many days refused bodies are told."""

_KEEP = insert(RawEvent).values(
    channel_id=select(Channel.id).where(Channel.name == bindparam("channel_name")).scalar_subquery(),
    body=bindparam("told", type_=LargeBinary),
    received_at=bindparam("now", type_=UtcDateTime),
    done_count=0,
)

_AS_ONE: dict[str, dict[str, Any]] = {"sqlite": {"is_writing": True}, "postgresql": {"isolation_level": "AUTOCOMMIT"}}
"""How one statement is a transaction at the least cost: PostgreSQL is spared BEGIN and COMMIT, half of the messages."""

_TOGETHER_SECONDS = 10
"""Refusals are written down together: somebody who only makes noise must not keep the database busy."""


def hook_of(channel_name: str) -> Hook | None:
    """The door of a channel; None where it has none."""
    return ports().hooks().get(channel_name)


def keep(channel_name: str, body: bytes) -> None:
    """Keep a body, durably, in one small transaction, and tell a worker.

    No verb: nothing changes here that has to be proved, and a session would cost more than all the rest.
    """
    wired = ports()
    row = {"channel_name": channel_name, "told": body, "now": wired.clock()}
    options = _AS_ONE[db.engine.dialect.name]
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        connection.execute(_KEEP, row)
    wired.nudge("hints")


def count_refusal() -> None:
    """Count a body whose signature was wrong. Of it nothing is kept."""
    waiting: _Refusals = current_app.extensions.setdefault("tjs_refused_hooks", _Refusals())
    count = waiting.add_one(ports().clock())
    if count:
        _write_down(count)


@dataclass(frozen=True, slots=True)
class Refused:
    """How many bodies with a wrong signature came in the last days, at least, and when the last of them did."""

    count: int
    last_at: datetime | None


def refused_lately() -> Refused:
    """What was refused in the last `SHOWN_DAYS` days."""
    first_day = (ports().clock() - timedelta(days=SHOWN_DAYS)).date()
    count, last_at = db.session.execute(
        select(func.coalesce(func.sum(RefusedHook.count), 0), func.max(RefusedHook.last_at)).where(
            RefusedHook.day > first_day
        ),
    ).one()
    return Refused(int(count), last_at)


@dataclass
class _Refusals:
    """The refusals of this process that are not written down yet."""

    count: int = 0
    written_at: datetime | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_one(self, now: datetime) -> int:
        """Count one more; gives how many are to be written down now, 0 where that can wait."""
        with self.lock:
            self.count += 1
            if self.written_at is not None and now - self.written_at < timedelta(seconds=_TOGETHER_SECONDS):
                return 0
            count, self.count, self.written_at = self.count, 0, now
            return count


def _write_down(count: int) -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        today = work.now.date()
        known = work.session.scalar(
            update(RefusedHook)
            .where(RefusedHook.day == today)
            .values(count=RefusedHook.count + count, last_at=work.now)
            .returning(RefusedHook.day),
        )
        if known is None:
            work.session.add(RefusedHook(day=today, count=count, last_at=work.now))
