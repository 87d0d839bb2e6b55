"""How busy a channel may be kept: rests that every worker obeys, usage as it was told, and standing still. Parts of
verbs, and short transactions of their own that change nothing which has to be proved.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tjs_moderation.domain.pace import rest_seconds
from tjs_moderation.domain.ports import Usage
from tjs_moderation.domain.vocabulary import NoticeKind, Permission
from tjs_moderation.errors import GatewayError
from tjs_moderation.models import Channel, Pace
from tjs_moderation.services import notices
from tjs_moderation.services.transaction import Work, transact
from tjs_moderation.services.transaction import channel as by_channel


def pace_of(session: Session, channel_id: int) -> Pace:
    """The pace of a channel, begun where it has none yet."""
    pace = session.get(Pace, channel_id)
    if pace is None:
        pace = Pace(channel_id=channel_id, round=0, is_round_over=True, is_round_thorough=False, walk_failure="")
        session.add(pace)
    return pace


def halt(work: Work, channel: Channel, reason: str) -> bool:
    """Stop a channel: nothing is read and nothing leaves until somebody resumes it. True the first time it is said."""
    if channel.stopped_reason:
        return False
    channel.stopped_reason, channel.stopped_at = reason, work.now
    concerned = (Permission.WORK_OUTBOX, Permission.RUN_CHANNELS)
    people = [person for each in concerned for person in notices.holders(work.session, each)]
    notices.tell_all(work, people, NoticeKind.CHANNEL_STOPPED, None, f"channel:{channel.id}:{work.now:%Y%m%dT%H%M%S}")
    return True


def set_going(channel: Channel) -> None:
    """Let a stopped channel go on."""
    channel.stopped_reason, channel.stopped_at = "", None


def keep_quiet(work: Work, channel_id: int, seconds: float) -> datetime:
    """Nobody calls the channel for so long, or as long as was said before; gives until when."""
    pace = pace_of(work.session, channel_id)
    until = work.now + timedelta(seconds=seconds)
    pace.quiet_until = max(until, pace.quiet_until or until)
    return pace.quiet_until


def throttle_seconds(error: GatewayError) -> float:
    """How long a channel that throttles us is left alone: as told, or the usual rest."""
    return error.retry_after_seconds or rest_seconds(100.0, None)


def note_usage(channel_id: int, usage: Usage) -> datetime | None:
    """Keep what the channel tells of its budget; gives until when walks rest, where they have to."""
    walks, acts = (rest_seconds(usage.percent, usage.regain_access_seconds, is_act=is_act) for is_act in (False, True))
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        channel = work.session.get_one(Channel, channel_id)
        channel.usage_percent, channel.usage_at = usage.percent, work.now
        if not walks:
            return None
        pace = pace_of(work.session, channel_id)
        pace.walk_after = work.now + timedelta(seconds=walks)
        if acts:
            keep_quiet(work, channel_id, acts)
    return pace.walk_after


def is_quiet(session: Session, channel_id: int, now: datetime) -> bool:
    """Whether nobody may call the channel now."""
    pace = session.get(Pace, channel_id)
    return pace is not None and pace.quiet_until is not None and pace.quiet_until > now


def rests_until(session: Session, channel_id: int, now: datetime) -> datetime | None:
    """Until when a walk of the channel has to wait; None where it may begin."""
    pace = session.get(Pace, channel_id)
    until = max((at for at in (pace.quiet_until, pace.walk_after) if at), default=None) if pace else None
    return until if until and until > now else None
