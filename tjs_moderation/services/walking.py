"""Walks a channel: posts, the comments under each, conversations and their messages. The walk is the truth."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from tjs_moderation.domain.pace import CALLS_A_WALK, PAGES_AT_A_TURN
from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.domain.ports import Incoming, Page
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.models import Channel, Pace, WalkThread
from tjs_moderation.services import pacing, sightings, walk_sights, walk_threads
from tjs_moderation.services.intake import IntakeCounts, take_in, take_in_posts
from tjs_moderation.services.transaction import channel as by_channel
from tjs_moderation.services.transaction import reading, transact
from tjs_moderation.services.walk_calls import Calls, SpentError
from tjs_moderation.services.walk_lock import walk_lock
from tjs_moderation.services.walk_threads import COMMENTS, CONVERSATIONS, MESSAGES, POSTS
from tjs_moderation.services.wiring import ports

MAX_POST_PAGES = 6
"""How many pages of posts a walk looks through: Graph reaches about 600 posts a year."""

FAILURES_IN_A_ROW = 2
"""So many threads in a row that could not be read for the moment: the channel is down, not they."""

VANISHED_AT_ONCE = 25
"""How many that are missing from a thread are asked for one by one; the rest at its next reading."""

_ENDS_THE_WALK = frozenset({GatewayFailure.STOPPED, GatewayFailure.THROTTLED})


@dataclass
class WalkReport:
    """What a walk of one channel brought.

    `failure` is empty, or why it ended early; `troubles` are the threads that could not be read; `is_cut`: there was
    more to read than one walk may, and the next one goes on. What had been read is kept in every case.
    """

    channel: str
    posts: int = 0
    counts: IntakeCounts = field(default_factory=IntakeCounts)
    gone: int = 0
    calls: int = 0
    is_cut: bool = False
    failure: str = ""
    troubles: list[str] = field(default_factory=list)


def walk_all(*, is_thorough: bool = False, calls: int = CALLS_A_WALK) -> list[WalkReport]:
    """Walk every channel that can be read and is not stopped; one that another worker is walking is left to it.

    It makes about so many `calls` and leaves the rest to the next walk. A thorough walk waits for the other one, reads
    every thread whole, and has no limit but the channel's own.
    """
    readable = ports().channels()
    with reading() as session:
        found = session.execute(select(Channel.id, Channel.name).where(Channel.stopped_reason == "")).all()
    reports = []
    for channel_id, name in found:
        if name in readable:
            with walk_lock(channel_id, is_waiting=is_thorough) as is_ours:
                if is_ours:
                    port, worth = readable[name], None if is_thorough else calls
                    reports.append(_walk(channel_id, name, port, worth))
    return reports


def _walk(channel_id: int, name: str, port: ChannelPort, worth: int | None) -> WalkReport:
    """Walk one channel, every page its own transaction; what cannot be read is told in the report."""
    report = WalkReport(name)
    with reading() as session:
        until = pacing.rests_until(session, channel_id, ports().clock())
    if until is not None:
        report.failure = f"the channel is left alone until {until.isoformat(timespec='minutes')}"
        return report
    return _Walk(channel_id, port, report, worth).run()


class _Walk:
    """One walk of one channel: its turns, what it may still spend, and what it could not read."""

    def __init__(self, channel_id: int, port: ChannelPort, report: WalkReport, worth: int | None) -> None:
        self.channel_id, self.port, self.report = channel_id, port, report
        self.calls = Calls(port, worth)
        self.failures_in_a_row = 0
        self.forbidden: set[str] = set()
        self.round, self.is_thorough = walk_threads.begin_round(channel_id, is_thorough=worth is None)
        with reading() as session:
            pace = session.get_one(Pace, channel_id)
        self.baseline_at = pace.baseline_at
        self.was_listed_whole = walk_threads.is_listed_whole(channel_id, CONVERSATIONS) and not self.is_thorough

    def run(self) -> WalkReport:
        """Walk as far as it goes."""
        try:
            self._list(POSTS, self._list_posts)
            self._list(CONVERSATIONS, self._list_conversations)
            self._take_turns()
        except SpentError:
            self.report.is_cut = True
            self._note_end(None)
        except GatewayError as error:
            self.report.failure = _told(error)
            self._note_end(error)
        else:
            self._note_end(None)
        pacing.note_usage(self.channel_id, self.port.usage)
        self.report.calls = self.calls.made
        return self.report

    def _list(self, kind: str, read: Callable[[], None]) -> None:
        """Read a list of threads. Where that cannot be done, those that are known are read nevertheless."""
        try:
            walk_threads.note_listing(self.channel_id, kind, is_complete=False)
            read()
        except GatewayError as error:
            self._note_failure(kind, "", error)
        else:
            walk_threads.note_listing(self.channel_id, kind, is_complete=True)

    def _list_posts(self) -> None:
        cursor: str | None = None
        for _ in range(MAX_POST_PAGES):
            page = self.calls.ask(partial(self.port.posts, cursor))
            if page.entries:
                take_in_posts(by_channel(self.channel_id), self.channel_id, page.entries)
                walk_threads.tell_posts(self.channel_id, page.entries)
            self.report.posts += len(page.entries)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _list_conversations(self) -> None:
        """The last changed come first: where nothing has changed on a page, nothing has on the next ones."""
        cursor: str | None = None
        while True:
            page = self.calls.ask(partial(self.port.conversations, cursor))
            wanted = [each for each in page.entries if not _is_before(each.updated_at, self.baseline_at)]
            changed = walk_threads.tell_conversations(self.channel_id, wanted)
            is_known_ground = bool(page.entries) and not changed and self.was_listed_whole
            cursor = page.next_cursor
            if cursor is None or is_known_ground or len(wanted) < len(page.entries):
                return

    def _take_turns(self) -> None:
        """Every thread in turn, a few pages each, until all have been read."""
        due = walk_threads.due(self.channel_id, self.round, ports().clock(), is_thorough=self.is_thorough)
        waiting = deque(due)
        while waiting:
            kind, external_id = waiting.popleft()
            if kind not in self.forbidden and not self._turn(kind, external_id):
                waiting.append((kind, external_id))
        walk_threads.end_round(self.channel_id)

    def _turn(self, kind: str, external_id: str) -> bool:
        """Read some pages of a thread; True where it has been read to its end, or cannot be read now."""
        try:
            thread = walk_threads.begin_reading(self.channel_id, kind, external_id, is_thorough=self.is_thorough)
            thread = self._go_on(thread)
            for _ in range(PAGES_AT_A_TURN - 1):
                if thread.is_complete:
                    break
                thread = self._take_in(thread, self.calls.ask(partial(self._read, thread)))
        except GatewayError as error:
            self._note_failure(kind, external_id, error)
            return True
        self.failures_in_a_row = 0
        return thread.is_complete

    def _go_on(self, thread: WalkThread) -> WalkThread:
        """Read the first page of a turn; where the channel no longer knows the stored cursor, that of the thread."""
        try:
            page = self.calls.ask(partial(self._read, thread))
        except GatewayError as error:
            if thread.cursor is None or error.failure is not GatewayFailure.BAD_REQUEST:
                raise
            thread = walk_threads.begin_again(thread)
            page = self.calls.ask(partial(self._read, thread))
        return self._take_in(thread, page)

    def _read(self, thread: WalkThread) -> Page[Incoming]:
        if thread.kind == MESSAGES:
            return self.port.messages(thread.external_id, thread.cursor)
        return self.port.comments(thread.external_id, thread.cursor, thread.since_at)

    def _take_in(self, thread: WalkThread, page: Page[Incoming]) -> WalkThread:
        wanted = [entry for entry in page.entries if not _is_before(entry.created_at, thread.since_at)]
        if wanted:
            told = {entry.external_id: entry.is_hidden for entry in wanted if entry.is_hidden is not None}
            sightings.hear_of_visibility(self.channel_id, told)
            self.report.counts += take_in(by_channel(self.channel_id), self.channel_id, wanted, is_live=True)
        cursor = page.next_cursor
        if thread.kind == MESSAGES and any(_is_before(each.created_at, thread.known_to) for each in page.entries):
            # Newest first: from here on all of it is known.
            cursor = None
        if cursor is None and thread.kind == COMMENTS and thread.is_whole:
            self._look_for_vanished(thread, {entry.external_id for entry in wanted})
        return walk_threads.note_page(thread, wanted, cursor, self.round)

    def _look_for_vanished(self, thread: WalkThread, last_seen: set[str]) -> None:
        """What is known and was nowhere in a thread that was read whole is asked for by itself before it is gone."""
        missing = walk_sights.missing(thread, last_seen)[:VANISHED_AT_ONCE]
        gone = [each for each in missing if self.calls.ask(partial(self.port.is_gone, each))]
        sightings.hear_of_removal(self.channel_id, gone)
        self.report.gone += len(gone)

    def _note_failure(self, kind: str, external_id: str, error: GatewayError) -> None:
        """Leave one thread for later and go on with the others, unless the no concerns the whole channel."""
        if error.failure in _ENDS_THE_WALK:
            raise error
        walk_threads.note_failure(self.channel_id, kind, external_id, error, self.round)
        self.report.troubles.append(" ".join(part for part in (kind, external_id, _told(error)) if part))
        if error.failure is GatewayFailure.PERMISSION:
            self.forbidden.add(kind)
        if error.failure is GatewayFailure.GONE and kind == COMMENTS:
            sightings.hear_of_removal(self.channel_id, [external_id])
        if error.failure is GatewayFailure.TRANSIENT:
            self.failures_in_a_row += 1
            if self.failures_in_a_row >= FAILURES_IN_A_ROW:
                raise error

    def _note_end(self, error: GatewayError | None) -> None:
        """Keep how the walk ended; why it ended early goes into the log where it is news."""
        with transact(by_channel(self.channel_id)) as work:
            channel, pace = work.session.get_one(Channel, self.channel_id), work.session.get_one(Pace, self.channel_id)
            if error is None:
                channel.synced_at = work.now
            elif error.failure is GatewayFailure.STOPPED:
                pacing.halt(work, channel, _told(error))
            elif error.failure is GatewayFailure.THROTTLED:
                pacing.keep_quiet(work, self.channel_id, pacing.throttle_seconds(error))
            is_news = error is not None and pace.walk_failure != str(error.failure)
            pace.walk_failure = str(error.failure) if error else ""
            if is_news and error:
                work.record("walk_failed", channel=self.channel_id, failure=str(error.failure))
            else:
                work.leave_no_entry()


def _told(error: GatewayError) -> str:
    return error.detail or str(error.failure)


def _is_before(moment: datetime | None, limit: datetime | None) -> bool:
    return moment is not None and limit is not None and moment < limit
