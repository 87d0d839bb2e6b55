"""Walks a channel: posts, the comments under each, conversations and their messages. The walk is the truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.domain.ports import Incoming, Page
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import GatewayError, GatewayFailure, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, WalkCursor
from tjs_moderation.services.intake import IntakeCounts, take_in, take_in_posts
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import channel as by_channel
from tjs_moderation.services.transaction import reading, transact, user
from tjs_moderation.services.wiring import ports

MAX_POST_PAGES = 6
"""How many pages of posts a walk looks through: Graph reaches about 600 posts a year."""


@dataclass
class WalkReport:
    """What a walk of one channel brought. `failure` is empty, or why it ended early; what it had read is kept."""

    channel: str
    posts: int = 0
    counts: IntakeCounts = field(default_factory=IntakeCounts)
    failure: str = ""


def ask_for_walk() -> None:
    """Have a worker walk the channels now. Changes nothing here, so it leaves no entry."""
    ports().nudge("walk")


def walk_all() -> list[WalkReport]:
    """Walk every channel that can be read and is not stopped."""
    readable = ports().channels()
    with reading() as session:
        found = session.execute(select(Channel.id, Channel.name).where(Channel.stopped_reason == "")).all()
    return [walk(channel_id, name, readable[name]) for channel_id, name in found if name in readable]


def walk(channel_id: int, name: str, port: ChannelPort) -> WalkReport:
    """Walk one channel to its end, every page its own transaction; a failure ends it and is told in the report."""
    report = WalkReport(name)
    try:
        for post_id in _walk_posts(channel_id, port, report):
            _walk_pages(channel_id, f"comments:{post_id}", report, partial(port.comments, post_id))
        _walk_conversations(channel_id, port, report)
    except GatewayError as error:
        report.failure = f"{error.failure}: {error.detail}" if error.detail else str(error.failure)
        _note_failure(channel_id, error)
    else:
        _note_success(channel_id)
    return report


def _walk_posts(channel_id: int, port: ChannelPort, report: WalkReport) -> list[str]:
    ids: list[str] = []
    cursor: str | None = None
    for _ in range(MAX_POST_PAGES):
        page = port.posts(cursor)
        if page.entries:
            take_in_posts(by_channel(channel_id), channel_id, page.entries)
        ids += [post.external_id for post in page.entries]
        cursor = page.next_cursor
        if cursor is None:
            break
    report.posts = len(ids)
    return ids


def _walk_conversations(channel_id: int, port: ChannelPort, report: WalkReport) -> None:
    cursor: str | None = None
    while True:
        page = port.conversations(cursor)
        for conversation in page.entries:
            subject = f"messages:{conversation.external_id}"
            if _has_changed(channel_id, subject, conversation.updated_at):
                read = partial(port.messages, conversation.external_id)
                _walk_pages(channel_id, subject, report, read, conversation.updated_at)
        cursor = page.next_cursor
        if cursor is None:
            return


def _walk_pages(
    channel_id: int,
    subject: str,
    report: WalkReport,
    read: Callable[[str | None], Page[Incoming]],
    changed_at: datetime | None = None,
) -> None:
    """Read page after page and take each in; where a walk was cut short, the next one goes on from its page."""
    with reading() as session:
        mark = session.get(WalkCursor, (channel_id, subject))
    cursor = mark.cursor if mark is not None else None
    while True:
        page = read(cursor)
        if page.entries:
            report.counts += take_in(by_channel(channel_id), channel_id, page.entries)
        cursor = page.next_cursor
        _mark(channel_id, subject, cursor, changed_at)
        if cursor is None:
            return


def _has_changed(channel_id: int, subject: str, changed_at: datetime | None) -> bool:
    """Whether a conversation has changed since it was walked to its end; one that does not tell is walked again."""
    with reading() as session:
        mark = session.get(WalkCursor, (channel_id, subject))
    if mark is None or not mark.is_complete or mark.changed_at is None or changed_at is None:
        return True
    return changed_at > mark.changed_at


def _mark(channel_id: int, subject: str, cursor: str | None, changed_at: datetime | None) -> None:
    """Remember how far this walk has come. Where it is lost, pages are read again and change nothing."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        mark = work.session.get(WalkCursor, (channel_id, subject))
        if mark is None:
            mark = WalkCursor(channel_id=channel_id, subject=subject)
            work.session.add(mark)
        mark.cursor, mark.is_complete, mark.changed_at = cursor, cursor is None, changed_at


def _note_failure(channel_id: int, error: GatewayError) -> None:
    with transact(by_channel(channel_id)) as work:
        if error.failure is GatewayFailure.STOPPED:
            work.session.get_one(Channel, channel_id).stopped_reason = error.detail or str(error.failure)
        work.record("walk_failed", channel=channel_id, failure=str(error.failure))


def _note_success(channel_id: int) -> None:
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        work.session.get_one(Channel, channel_id).synced_at = work.now


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
        channel.stopped_reason = ""
        work.nudge("walk")
        work.nudge("send")
        work.record("resume_channel", channel=channel_id)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel, and whether there is a connection to it: without one everything on it is done by hand."""

    channel: Channel
    is_connected: bool


def channels() -> Sequence[ChannelState]:
    """All channels, in the order in which they were made."""
    connected = ports().channels()
    found = db.session.scalars(select(Channel).order_by(Channel.id))
    return [ChannelState(channel, channel.name in connected) for channel in found]
