"""Checks of the work that goes on in the background: the queue, the workers, what waits too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.case import IN_TROUBLE
from tjs_moderation.domain.health import Depth, Finding, Health, bad, by_age, by_amount, ok, warn
from tjs_moderation.domain.vocabulary import ActState
from tjs_moderation.models import Act, Channel, Item, WorkerBeat
from tjs_moderation.models.item import is_unread
from tjs_moderation.services import mailing

WORKER_LATE = timedelta(minutes=3)
WORKER_GONE = timedelta(minutes=10)
ACT_LATE = timedelta(minutes=10)
ACT_STUCK = timedelta(hours=1)
MAIL_LATE = timedelta(minutes=15)
MAILS_TOLD = timedelta(days=7)
BACKLOG_WARN = 2_000
BACKLOG_BAD = 20_000
COUNTED_UP_TO = 100_000


def queue() -> Iterator[Finding]:
    """Whether the queue answers. Without it everything goes on, but only once a minute."""
    try:
        waiting = current_app.extensions["tjs_queue"].pending_count()
    except Exception as error:  # noqa: BLE001  # whatever the queue's library raises, the answer is no
        yield bad("queue", "queue_unreachable", kind=type(error).__name__)
    else:
        yield ok("queue", "queue", count=waiting)


def worker(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """When a worker was last seen working."""
    seen_at = session.scalar(select(func.max(WorkerBeat.seen_at)))
    yield by_age("worker", "worker", seen_at, now, warn_after=WORKER_LATE, bad_after=WORKER_GONE)


def backlog(session: Session, _: datetime, __: Depth) -> Iterator[Finding]:
    """How much nobody has assessed yet."""
    waiting = select(Item.id).where(is_unread).limit(COUNTED_UP_TO).subquery()
    count = session.scalar(select(func.count()).select_from(waiting)) or 0
    yield by_amount("backlog", "backlog", count, warn_from=BACKLOG_WARN, bad_from=BACKLOG_BAD)


def waiting_act(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """Since when the oldest act that should have left has been waiting; those of a stopped channel wait rightly."""
    due = session.scalar(
        select(func.min(Act.not_before))
        .join(Channel, Channel.id == Act.channel_id)
        .where(Act.state == ActState.PLANNED, Act.not_before <= now, Channel.stopped_reason == ""),
    )
    if due is None:
        yield ok("waiting_act", "waiting_act_none")
        return
    found = by_age("waiting_act", "waiting_act", due, now, warn_after=ACT_LATE, bad_after=ACT_STUCK)
    yield found if found.health is not Health.OK else ok("waiting_act", "waiting_act_none")


def mails(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """Whether mails leave: one given up in the last week, or one that has waited for long, is told with its reason."""
    found = mailing.standing(session, now - MAILS_TOLD)
    late = found.waits_since is not None and found.waits_since + MAIL_LATE <= now
    if found.failed:
        yield warn("mails", "mails_failed", count=found.failed, failure=found.failure or "–")
    elif late:
        yield warn("mails", "mails_late", at=found.waits_since, failure=found.failure or "–")
    else:
        yield ok("mails", "mails")


def acts_in_trouble(session: Session, _: datetime, __: Depth) -> Iterator[Finding]:
    """How many acts went wrong and wait for somebody to look."""
    statement = select(func.count()).select_from(Act).where(Act.state.in_(IN_TROUBLE), ~Act.is_settled)
    count = session.scalar(statement) or 0
    yield by_amount("acts_in_trouble", "acts_in_trouble", count, warn_from=1, bad_from=50)
