"""Works the bodies that channels sent, oldest first, and tries again what could not be worked when it is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from sqlalchemy import ColumnElement, and_, select, update

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
"""How many hints are worked together, of one body or of many, before it is written down how far that came."""

BODIES = 200
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some hints of a body, one after the other, the first at the place `first`; the whole body has `total`."""

    raw_event_id: int
    total: int
    first: int
    hints: Sequence[Hint]

    @property
    def end(self) -> int:
        return self.first + len(self.hints)


def _work_channel(desk: _Desk) -> int:
    with reading() as session:
        fresh = select(RawEvent.id).where(RawEvent.channel_id == desk.channel_id, RawEvent.worked_at.is_(None))
        bodies = list(session.scalars(fresh.order_by(RawEvent.id).limit(BODIES)))
    for heap in _heaps(_pieces(desk.hook, bodies)):
        _work_heap(desk, heap)
    return len(bodies) + _try_again(desk)


def _pieces(hook: Hook, bodies: Iterable[int]) -> Iterator[_Piece]:
    """What is left of each body, never two bodies in memory at once: one can be as large as a thousand others."""
    for raw_event_id in bodies:
        with reading() as session:
            event = session.get_one(RawEvent, raw_event_id)
        hints, done = hook.read(event.body), event.done_count
        for first in range(done, len(hints), CHUNK) or (done,):
            yield _Piece(raw_event_id, len(hints), first, hints[first : first + CHUNK])


def _heaps(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that are worked together: a body tells of one thing mostly, and each by itself would cost like a heap.

    What is told of twice is worked in the order in which it was told: the second begins a heap of its own.
    """
    heap: list[_Piece] = []
    count, names = 0, set[str]()
    for piece in pieces:
        told = {hint.external_id for hint in piece.hints if hint.external_id}
        if heap and (count + len(piece.hints) > CHUNK or names & told):
            yield heap
            heap, count, names = [], 0, set()
        heap.append(piece)
        count += len(piece.hints)
        names |= told
    if heap:
        yield heap


def _work_heap(desk: _Desk, heap: Sequence[_Piece]) -> None:
    places = [(piece, place) for piece in heap for place in range(len(piece.hints))]
    unworked = desk.work({number: piece.hints[place] for number, (piece, place) in enumerate(places)})
    with transact(by_channel(desk.channel_id)) as work:
        work.leave_no_entry()
        desk.turn.go_on(work)
        work.session.execute(update(RawEvent), [_progress(piece, work.now) for piece in heap])
        for number, no in unworked.items():
            piece, place = places[number]
            what = piece.hints[place].what
            row = UnworkedHint(raw_event_id=piece.raw_event_id, position=piece.first + place, what=what, attempts=0)
            _write_down(work, row, no)
            work.session.add(row)


def _progress(piece: _Piece, now: datetime) -> dict[str, object]:
    """How far a body has been worked, as its row tells it."""
    worked_at = now if piece.end >= piece.total else None
    return {"id": piece.raw_event_id, "hint_count": piece.total, "done_count": piece.end, "worked_at": worked_at}


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
