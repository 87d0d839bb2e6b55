"""The threads of a channel as the walk keeps them: what is told of them, whose turn it is, how far each was read.

Parts of the walk, each a short transaction of its own that changes nothing which has to be proved.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.pace import Reach, Thread, reading_due
from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost
from tjs_moderation.domain.retrying import backoff_seconds
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.models import Post, WalkThread
from tjs_moderation.services import walk_sights
from tjs_moderation.services.pacing import pace_of
from tjs_moderation.services.transaction import Work, reading, transact
from tjs_moderation.services.transaction import channel as by_channel

POSTS = "posts"
COMMENTS = "comments"
MESSAGES = "messages"
CONVERSATIONS = "conversations"

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_PATIENCE = {GatewayFailure.PERMISSION: 3600.0, GatewayFailure.REFUSED: 3600.0}
"""Seconds a thread waits at least after a no that will not pass by itself."""


def begin_round(channel_id: int, *, is_thorough: bool) -> tuple[int, bool]:
    """The number of the round to walk, and whether it is thorough: the one that was not finished, or a new one.

    A thorough walk goes on only with a round that was thorough from its beginning; such a round any walk goes on with.
    """
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        pace = pace_of(work.session, channel_id)
        if pace.is_round_over or (is_thorough and not pace.is_round_thorough):
            pace.round, pace.is_round_over, pace.is_round_thorough = pace.round + 1, False, is_thorough
        return pace.round, pace.is_round_thorough


def end_round(channel_id: int) -> None:
    """Every thread has had its turn."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        pace_of(work.session, channel_id).is_round_over = True


def tell_posts(channel_id: int, posts: Sequence[IncomingPost]) -> None:
    """Keep what the channel tells of the threads under its posts."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        known = _known(work.session, channel_id, COMMENTS, [post.external_id for post in posts])
        for post in posts:
            thread = known.get(post.external_id) or _begin(work, channel_id, COMMENTS, post.external_id)
            known[post.external_id] = thread
            thread.born_at, thread.told_at, thread.is_gone = post.created_at, post.updated_at, False
            thread.told_count = post.counts.get(COMMENTS, thread.told_count)


def tell_conversations(channel_id: int, conversations: Sequence[IncomingConversation]) -> int:
    """Keep what the channel tells of its private conversations; says how many have changed since they were read."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        known = _known(work.session, channel_id, MESSAGES, [each.external_id for each in conversations])
        changed = 0
        for each in conversations:
            thread = known.get(each.external_id) or _begin(work, channel_id, MESSAGES, each.external_id)
            known[each.external_id] = thread
            thread.told_at, thread.is_gone = each.updated_at, False
            changed += _is_message_thread_due(thread)
    return changed


def due(channel_id: int, round_: int, now: datetime, *, is_thorough: bool) -> list[tuple[str, str]]:
    """The threads to read in this round, as (kind, id), in their order.

    Never read ones first and the newest posts of them before the older; then what has grown; then by how long ago they
    had their turn. So an old busy post keeps no new one waiting.
    """
    with reading() as session:
        threads = session.scalars(
            select(WalkThread).where(
                WalkThread.channel_id == channel_id, WalkThread.kind.in_([COMMENTS, MESSAGES]), ~WalkThread.is_gone
            ),
        ).all()
    waiting = [each for each in threads if _is_due(each, round_, now, is_thorough=is_thorough)]
    return [(each.kind, each.external_id) for each in sorted(waiting, key=_order)]


def begin_reading(channel_id: int, kind: str, external_id: str, *, is_thorough: bool) -> WalkThread:
    """The thread to read on; where no reading of it is under way, a new one is begun."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        thread = work.session.get_one(WalkThread, (channel_id, kind, external_id))
        if thread.is_complete:
            reach = reading_due(_facts(thread), work.now, is_thorough=is_thorough) if kind == COMMENTS else None
            baseline = pace_of(work.session, channel_id).baseline_at
            thread.is_whole = reach is not Reach.TIP
            tip = max(filter(None, (baseline, thread.known_to)), default=None)
            thread.since_at = baseline if thread.is_whole else tip
            thread.is_complete, thread.cursor, thread.seen_to = False, None, None
            thread.begun_at = work.now
            thread.read_count, thread.read_told_at = thread.told_count, thread.told_at
            walk_sights.forget(work, channel_id, external_id)
    return thread


def begin_again(thread: WalkThread) -> WalkThread:
    """Go back to the start of a reading: the page it was to go on from is no longer known to the channel."""
    with transact(by_channel(thread.channel_id)) as work:
        work.leave_no_entry()
        kept = work.session.get_one(WalkThread, (thread.channel_id, thread.kind, thread.external_id))
        kept.cursor = None
    return kept


def note_page(thread: WalkThread, entries: Sequence[Incoming], cursor: str | None, round_: int) -> WalkThread:
    """Keep how far a reading has come; without a cursor it has come to its end.

    Where that is lost, pages are read again and change nothing.
    """
    with transact(by_channel(thread.channel_id)) as work:
        work.leave_no_entry()
        kept = work.session.get_one(WalkThread, (thread.channel_id, thread.kind, thread.external_id))
        told = [entry.created_at for entry in entries if entry.created_at]
        kept.seen_to = max([*told, *filter(None, [kept.seen_to])], default=None)
        kept.cursor, kept.read_at, kept.read_round = cursor, work.now, round_
        kept.failures, kept.failure, kept.retry_at = 0, "", None
        if cursor is None:
            _finish(work, kept)
        elif kept.kind == COMMENTS and kept.is_whole:
            walk_sights.keep(work, kept, {entry.external_id for entry in entries})
    return kept


def note_listing(channel_id: int, kind: str, *, is_complete: bool) -> None:
    """Keep whether a list of threads was read to where it had to be."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        listing = work.session.get(WalkThread, (channel_id, kind, "")) or _begin(work, channel_id, kind, "")
        listing.is_complete, listing.read_at = is_complete, work.now
        if is_complete:
            listing.failures, listing.failure, listing.retry_at = 0, "", None


def is_listed_whole(channel_id: int, kind: str) -> bool:
    """Whether a list of threads was read to its end the last time."""
    with reading() as session:
        listing = session.get(WalkThread, (channel_id, kind, ""))
    return listing is not None and listing.is_complete and listing.read_at is not None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A thread that could not be read the last time; `post_text` is empty where it is not a post's, or not known."""

    thread: WalkThread
    post_text: str


def troubles(session: Session) -> Sequence[Trouble]:
    """What could not be read the last time on any channel, what failed most often first. One query.

    What is gone from its channel is not among them: it is not tried again.
    """
    failing = (
        select(WalkThread, Post.text)
        .outerjoin(Post, (Post.channel_id == WalkThread.channel_id) & (Post.external_id == WalkThread.external_id))
        .where(WalkThread.failures > 0, ~WalkThread.is_gone)
        .order_by(WalkThread.failures.desc(), WalkThread.kind, WalkThread.external_id)
    )
    return [Trouble(thread, text or "") for thread, text in session.execute(failing)]


def note_failure(channel_id: int, kind: str, external_id: str, error: GatewayError, round_: int) -> None:
    """A thread could not be read: it is tried again later, ever less often, and the others go on."""
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        thread = work.session.get(WalkThread, (channel_id, kind, external_id))
        thread = thread or _begin(work, channel_id, kind, external_id)
        thread.failures += 1
        thread.failure = error.detail or str(error.failure)
        thread.read_at, thread.read_round = work.now, round_
        # Jitter only spreads load; nothing secret depends on it.
        wait = backoff_seconds(thread.failures, random(), _PATIENCE.get(error.failure))  # noqa: S311
        thread.retry_at = work.now + timedelta(seconds=wait)
        thread.is_gone = error.failure is GatewayFailure.GONE


def _finish(work: Work, thread: WalkThread) -> None:
    thread.is_complete = True
    thread.known_to = max(filter(None, (thread.known_to, thread.seen_to)), default=None)
    if thread.is_whole:
        thread.whole_at = work.now
    walk_sights.forget(work, thread.channel_id, thread.external_id)


def _begin(work: Work, channel_id: int, kind: str, external_id: str) -> WalkThread:
    thread = WalkThread(channel_id=channel_id, kind=kind, external_id=external_id)
    thread.is_complete, thread.is_whole, thread.is_gone = True, True, False
    thread.read_round, thread.failures, thread.failure = 0, 0, ""
    work.session.add(thread)
    return thread


def _known(session: Session, channel_id: int, kind: str, external_ids: Collection[str]) -> dict[str, WalkThread]:
    found = session.scalars(
        select(WalkThread).where(
            WalkThread.channel_id == channel_id, WalkThread.kind == kind, WalkThread.external_id.in_(external_ids)
        ),
    )
    return {thread.external_id: thread for thread in found}


def _is_due(thread: WalkThread, round_: int, now: datetime, *, is_thorough: bool) -> bool:
    if thread.retry_at and thread.retry_at > now and not is_thorough:
        return False
    if not thread.is_complete:
        return True
    if thread.kind == MESSAGES:
        return _is_message_thread_due(thread)
    had_its_turn = thread.read_round >= round_ and not _facts(thread).has_grown
    return not had_its_turn and reading_due(_facts(thread), now, is_thorough=is_thorough) is not None


def _is_message_thread_due(thread: WalkThread) -> bool:
    """Whether a conversation has changed since it was read; one that does not tell is read again."""
    if not thread.is_complete or thread.read_at is None or None in (thread.told_at, thread.read_told_at):
        return True
    return thread.told_at is not None and thread.read_told_at is not None and thread.told_at > thread.read_told_at


def _order(thread: WalkThread) -> tuple[bool, bool, datetime, float]:
    age = -(thread.born_at or thread.told_at or _LONG_AGO).timestamp()
    return thread.read_at is not None, not _facts(thread).has_grown, thread.read_at or _LONG_AGO, age


def _facts(thread: WalkThread) -> Thread:
    return Thread(
        born_at=thread.born_at,
        whole_at=thread.whole_at,
        told_count=thread.told_count,
        read_count=thread.read_count,
        told_at=thread.told_at,
        read_told_at=thread.read_told_at,
    )
