"""Checks of the channels: whether they are let in, what they may do, and when they were last heard of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.connection import EXPIRES_SOON, ends_at, lacking
from tjs_moderation.domain.health import Depth, Finding, Health, bad, by_age, by_amount, ok, unknown, warn
from tjs_moderation.domain.hints import HintState
from tjs_moderation.models import Channel, ChannelConnection, ChannelSecret, Pace, RawEvent, UnworkedHint
from tjs_moderation.services import walk_threads
from tjs_moderation.services.credentials import FACEBOOK, FacebookAccess, facebook_access, unreadable_secrets

WALK_LATE = timedelta(minutes=45)
WALK_STUCK = timedelta(hours=6)
THREAD_KEEPS_FAILING = 3
"""From so many failures in a row on, somebody should look at what cannot be read."""

USAGE_WARN = 80.0
USAGE_BAD = 100.0
USAGE_HOLDS = timedelta(hours=1)


def secrets(session: Session, _: datetime, __: Depth) -> Iterator[Finding]:
    """Whether what is sealed opens."""
    trouble = unreadable_secrets(session)
    if trouble:
        yield bad("secrets", trouble)
    else:
        yield ok("secrets", "secrets", count=session.scalar(select(func.count()).select_from(ChannelSecret)) or 0)


def connections(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """The Facebook channel, as far as it is there."""
    channel = session.scalars(select(Channel).where(Channel.name == FACEBOOK)).one_or_none()
    access = facebook_access(session)
    row = session.get(ChannelConnection, channel.id) if channel is not None else None
    if channel is None or not access.is_on:
        yield _off(access, row)
        return
    yield _standing(channel)
    yield from _token(access, row, now)
    yield from _walk(session, channel, now)
    yield threads(session, channel)
    yield from _events(session, channel, row)
    yield _usage(channel, now)
    stuck = select(func.count()).select_from(UnworkedHint).where(UnworkedHint.state == HintState.STUCK)
    yield by_amount("hints", "hints", session.scalar(stuck) or 0, warn_from=1, bad_from=1000)


def _off(access: FacebookAccess, row: ChannelConnection | None) -> Finding:
    if access.trouble:
        return bad("channel", access.trouble)
    if access.is_from_environment:
        return bad("channel", "channel_half_in_environment")
    return warn("channel", "channel_half_connected") if row is not None else ok("channel", "channel_by_hand")


def _standing(channel: Channel) -> Finding:
    if channel.stopped_reason:
        return bad("channel", "channel_stopped", reason=channel.stopped_reason, at=channel.stopped_at or "–")
    return ok("channel", "channel")


def _token(access: FacebookAccess, row: ChannelConnection | None, now: datetime) -> Iterator[Finding]:
    if access.is_from_environment or row is None:
        yield unknown("token", "token_in_environment")
        yield unknown("permissions", "token_in_environment")
        return
    end = ends_at(row.token_expires_at, row.data_access_expires_at)
    if row.check_failure:
        yield warn("token", "token_unchecked", reason=row.check_failure)
    elif end is not None and end - now < EXPIRES_SOON:
        yield (bad if end <= now else warn)("token", "token_ends", at=end)
    else:
        yield ok("token", "token", at=end or "–")
    missing = lacking(row.permissions)
    if missing:
        yield warn("permissions", "permissions_missing", names=", ".join(missing))
    else:
        yield ok("permissions", "permissions")


def _walk(session: Session, channel: Channel, now: datetime) -> Iterator[Finding]:
    pace = session.get(Pace, channel.id)
    found = by_age("walk", "walk", channel.synced_at, now, warn_after=WALK_LATE, bad_after=WALK_STUCK)
    if channel.synced_at is None:  # it may have been connected a minute ago
        found = warn("walk", "walk_never")
    if pace is not None and pace.walk_failure and not channel.stopped_reason:
        facts = {**found.facts, "reason": pace.walk_failure, "at": found.facts.get("at", "–")}
        found = Finding("walk", Health.BAD if found.health is Health.BAD else Health.WARN, "walk_failed", facts)
    yield found


def threads(session: Session, channel: Channel) -> Finding:
    """What the walk could not read. What fails now and then comes back by itself and is only told."""
    failing = [each.thread for each in walk_threads.troubles(session) if each.thread.channel_id == channel.id]
    if not failing:
        return ok("threads", "threads_none")
    worst = failing[0]
    health = Health.WARN if worst.failures >= THREAD_KEEPS_FAILING else Health.OK
    again = min((thread.retry_at for thread in failing if thread.retry_at), default=None)
    facts = {"count": len(failing), "times": worst.failures, "reason": worst.failure, "at": again or "–"}
    return Finding("threads", health, "threads_some", facts)


def _events(session: Session, channel: Channel, row: ChannelConnection | None) -> Iterator[Finding]:
    last_at = session.scalar(select(func.max(RawEvent.received_at)).where(RawEvent.channel_id == channel.id))
    if last_at is not None:
        yield ok("events", "events", at=last_at)
    elif row is not None and row.subscribed:
        yield warn("events", "events_never")
    else:
        yield ok("events", "events_not_ordered")


def _usage(channel: Channel, now: datetime) -> Finding:
    if channel.usage_percent is None or channel.usage_at is None or now - channel.usage_at > USAGE_HOLDS:
        return ok("usage", "usage_unknown")
    percent = round(channel.usage_percent)
    health = Health.BAD if percent >= USAGE_BAD else Health.WARN if percent >= USAGE_WARN else Health.OK
    return Finding("usage", health, "usage", {"percent": percent, "at": channel.usage_at})
