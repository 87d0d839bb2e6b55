"""Works the bodies that channels sent, oldest first, and tries again what could not be worked when it is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from sqlalchemy import ColumnElement, and_, select

from tjs_moderation.domain.hints import Hint, HintKind, HintState, HintTrouble, Hook
from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.domain.retrying import MAX_ATTEMPTS, backoff_seconds
from tjs_moderation.errors import ConflictError, GatewayError, GatewayFailure
from tjs_moderation.models import Channel, RawEvent, UnworkedHint
from tjs_moderation.services.hint_turns import Turn, turn_at
from tjs_moderation.services.hint_work import HintWork, Unworked
from tjs_moderation.services.transaction import Work, reading, transact
from tjs_moderation.services.transaction import channel as by_channel
from tjs_moderation.services.wiring import ports

CHUNK = 200
"""How many hints are worked before it is written down how far a body has been worked."""

BODIES = 50
"""How many bodies a worker works before it gives the turn back."""

_MISSING = Hint("", HintKind.STRANGE, trouble=HintTrouble.UNKNOWN_SHAPE)
_LASTING = frozenset({GatewayFailure.THROTTLED, GatewayFailure.STOPPED})
_PASSING = _LASTING | {GatewayFailure.TRANSIENT}


def work_hints() -> int:
    """Work what has come in and what is due to be tried again; gives how many bodies were taken up.

    Safe with any number of workers, and after one was killed at any point: of each channel one works at a time, and
    what was worked but not written down is worked again, which changes nothing.
    """
    taken = 0
    for channel_id, name in _busy_channels():
        hook = ports().hooks().get(name)
        if hook is not None:
            with turn_at(channel_id) as turn:
                if turn is not None:
                    taken += _work_channel(_Desk(turn, hook, ports().channels().get(name), _silence(channel_id)))
    return taken


@dataclass(slots=True)
class _Desk:
    """A channel whose hints are being worked: the turn, the door they came by, and the way to look things up."""

    turn: Turn
    hook: Hook
    port: ChannelPort | None
    silence: GatewayError | None

    @property
    def channel_id(self) -> int:
        return self.turn.channel_id

    def work(self, hints: Mapping[int, Hint]) -> dict[int, Unworked]:
        """Work some hints; gives those that could not be. A defect keeps none but its own hint from being worked."""
        work = HintWork(self.channel_id, self.port, hints, self.silence)
        try:
            work.run()
        except ConflictError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever one hint brings about must not keep the others out
            if len(hints) == 1:
                return {place: Unworked(HintTrouble.DEFECT, type(error).__name__) for place in hints}
            return {key: no for place, hint in hints.items() for key, no in self.work({place: hint}).items()}
        self.silence = work.silence
        return work.unworked


def _busy_channels() -> Sequence[tuple[int, str]]:
    now = ports().clock()
    fresh = select(RawEvent.channel_id).where(RawEvent.worked_at.is_(None))
    due = select(RawEvent.channel_id).join(UnworkedHint, UnworkedHint.raw_event_id == RawEvent.id).where(_due(now))
    busy = select(Channel.id, Channel.name).where(Channel.id.in_(fresh) | Channel.id.in_(due)).order_by(Channel.id)
    with reading() as session:
        return [(channel_id, name) for channel_id, name in session.execute(busy)]


def _silence(channel_id: int) -> GatewayError | None:
    """Why a channel is to be left alone, if it is."""
    with reading() as session:
        reason = session.get_one(Channel, channel_id).stopped_reason
    return GatewayError(GatewayFailure.STOPPED, reason) if reason else None


def _work_channel(desk: _Desk) -> int:
    with reading() as session:
        fresh = select(RawEvent.id).where(RawEvent.channel_id == desk.channel_id, RawEvent.worked_at.is_(None))
        bodies = list(session.scalars(fresh.order_by(RawEvent.id).limit(BODIES)))
    for raw_event_id in bodies:
        _work_body(desk, raw_event_id)
    return len(bodies) + _try_again(desk)


def _work_body(desk: _Desk, raw_event_id: int) -> None:
    with reading() as session:
        event = session.get_one(RawEvent, raw_event_id)
    hints, done = desk.hook.read(event.body), event.done_count
    is_over = False
    while not is_over:
        chunk = dict(enumerate(hints[done : done + CHUNK], start=done))
        unworked = desk.work(chunk)
        done += len(chunk)
        is_over = done >= len(hints)
        with transact(by_channel(desk.channel_id)) as work:
            work.leave_no_entry()
            desk.turn.go_on(work)
            kept = work.session.get_one(RawEvent, raw_event_id)
            kept.hint_count, kept.done_count = len(hints), done
            kept.worked_at = work.now if is_over else None
            for place, no in unworked.items():
                row = UnworkedHint(raw_event_id=raw_event_id, position=place, what=chunk[place].what, attempts=0)
                _write_down(work, row, no)
                work.session.add(row)


def _try_again(desk: _Desk) -> int:
    """Work the hints again whose time has come; gives in how many bodies they are."""
    due = (
        select(UnworkedHint.id, UnworkedHint.raw_event_id, UnworkedHint.position)
        .join(RawEvent, RawEvent.id == UnworkedHint.raw_event_id)
        .where(RawEvent.channel_id == desk.channel_id, _due(ports().clock()))
        .order_by(UnworkedHint.not_before, UnworkedHint.id)
        .limit(CHUNK)
    )
    places: defaultdict[int, dict[int, int]] = defaultdict(dict)
    with reading() as session:
        for row_id, raw_event_id, position in session.execute(due):
            places[raw_event_id][position] = row_id
    for raw_event_id, rows in places.items():
        _try_body_again(desk, raw_event_id, rows)
    return len(places)


def _try_body_again(desk: _Desk, raw_event_id: int, rows: Mapping[int, int]) -> None:
    with reading() as session:
        hints = desk.hook.read(session.get_one(RawEvent, raw_event_id).body)
    unworked = desk.work({place: hints[place] if place < len(hints) else _MISSING for place in rows})
    with transact(by_channel(desk.channel_id)) as work:
        work.leave_no_entry()
        desk.turn.go_on(work)
        for place, row_id in rows.items():
            row = work.session.get(UnworkedHint, row_id, with_for_update=True)
            if row is None or row.state is not HintState.WAITING:
                continue
            if place in unworked:
                _write_down(work, row, unworked[place])
            else:
                work.session.delete(row)


def _write_down(work: Work, row: UnworkedHint, no: Unworked) -> None:
    """Say why a hint could not be worked, and whether it is tried again by itself."""
    row.trouble, row.detail, row.noted_at = no.trouble, no.detail, work.now
    # A channel that stands still or asks us to wait says nothing of this hint: that is no attempt.
    row.attempts += no.failure not in _LASTING
    is_waiting = no.failure in _PASSING and row.attempts < MAX_ATTEMPTS
    row.state = HintState.WAITING if is_waiting else HintState.STUCK
    # Jitter only spreads load; nothing secret depends on it.
    seconds = backoff_seconds(max(row.attempts, 1), random(), no.retry_after_seconds)  # noqa: S311
    row.not_before = work.now + timedelta(seconds=seconds)
    if is_waiting:
        work.nudge("hints", seconds)


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(UnworkedHint.state == HintState.WAITING, UnworkedHint.not_before <= now)
