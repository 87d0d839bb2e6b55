"""The channels: which there are, walking them now, from when on they are walked, and trying a stopped one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, WalkThread
from tjs_moderation.services import pacing, walk_threads
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import Actor, Work, transact, user
from tjs_moderation.services.walk_threads import Trouble
from tjs_moderation.services.wiring import ports


def ask_for_walk() -> None:
    """Have a worker walk the channels now. Changes nothing here, so it leaves no entry."""
    ports().nudge("walk")


def set_baseline(actor: Actor, name: str, baseline_at: datetime | None) -> None:
    """From when on a channel is taken in: what is older stays outside. None takes everything.

    What was taken in before stays. NotFoundError where there is no channel of this name.
    """
    with transact(actor) as work:
        channel = work.session.scalars(select(Channel).where(Channel.name == name)).one_or_none()
        if channel is None:
            raise NotFoundError("channel")
        begin_at(work, channel.id, baseline_at)
        work.record("set_baseline", channel=channel.id, baseline_at=baseline_at.isoformat() if baseline_at else None)


def begin_at(work: Work, channel_id: int, baseline_at: datetime | None) -> None:
    """Note from when on a channel is taken in. Every thread is read whole once more, from that moment on."""
    pacing.pace_of(work.session, channel_id).baseline_at = baseline_at
    read_again = update(WalkThread).where(WalkThread.channel_id == channel_id)
    work.session.execute(read_again.values(whole_at=None, is_complete=True, read_at=None, read_told_at=None))


def resume(user_id: int, channel_id: int) -> None:
    """Try a stopped channel again: it is walked, and what waits for it leaves.

    TransitionError where it is not stopped.
    """
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.RUN_CHANNELS)
        channel = work.session.get(Channel, channel_id, with_for_update=True)
        if channel is None:
            raise NotFoundError("channel")
        if not channel.stopped_reason:
            raise TransitionError("channel_not_stopped")
        pacing.set_going(channel)
        work.nudge("walk")
        work.nudge("send")
        work.record("resume_channel", channel=channel_id)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel, whether there is a connection to it (without one everything is done by hand), what cannot be read."""

    channel: Channel
    is_connected: bool
    troubles: Sequence[Trouble] = ()


def channels() -> Sequence[ChannelState]:
    """All channels, in the order in which they were made."""
    connected = ports().channels()
    failing: dict[int, list[Trouble]] = {}
    for trouble in walk_threads.troubles(db.session()):
        failing.setdefault(trouble.thread.channel_id, []).append(trouble)
    return [
        ChannelState(channel, channel.name in connected, failing.get(channel.id, ()))
        for channel in db.session.scalars(select(Channel).order_by(Channel.id))
    ]
