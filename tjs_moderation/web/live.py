"""What colleagues do, told to open pages as it happens: by a stream that ends soon, or to whoever asks now and then.

An open stream holds a thread of the server. So there are few at once, each is short, and the browser comes back by
itself with the number of what it heard last; who gets no seat asks instead.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from threading import Lock

from flask import Blueprint, Response, copy_current_request_context, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import live
from tjs_moderation.services.live import Deed
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import by_itself, me, permission
from tjs_moderation.web.forms import number_asked
from tjs_moderation.web.sentences import ACTORS, verb_words

blueprint = Blueprint("live", __name__, url_prefix="/live")

MOST_STREAMS = 4
"""So many streams one process holds open; the server has this many threads more than pages need."""

STREAM_SECONDS = 25
TICK_SECONDS = 1
HEARTBEAT_TICKS = 5
RETRY_MILLISECONDS = 1500

Look = Callable[[int | None], tuple[int, list[str]]]
"""A look at what came after an entry: where the log stands, and the lines that tell it."""

HEADERS = {"X-Accel-Buffering": "no"}
"""Asks a proxy in front to pass on each line as it comes."""


class Seats:
    """How many streams are open. A seat that nobody gave back is free again once its stream must be over."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._taken: dict[int, float] = {}
        self._next = 0
        self._lock = Lock()

    def take(self) -> int | None:
        """A seat, None where all are taken."""
        now = time.monotonic()
        with self._lock:
            self._taken = {seat: until for seat, until in self._taken.items() if until > now}
            if len(self._taken) >= self._most:
                return None
            self._next += 1
            self._taken[self._next] = now + self._seconds
            return self._next

    def leave(self, seat: int) -> None:
        """Give a seat back."""
        with self._lock:
            self._taken.pop(seat, None)


@blueprint.record_once
def _set_out_seats(state: BlueprintSetupState) -> None:
    state.app.extensions["tjs_seats"] = Seats(MOST_STREAMS, 2 * STREAM_SECONDS)


@blueprint.get("")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
@by_itself
def look() -> ResponseReturnValue:
    """What was done after the entry `after`: `{"last", "events"}`; without it, only where the log stands."""
    found = live.news(me(), number_asked("after"))
    return {"last": found.last, "events": [_event(deed, me().id) for deed in found.deeds]}


@blueprint.get("/stream")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
@by_itself
def stream() -> ResponseReturnValue:
    """The same as server-sent events, for a while; 204, after which a browser comes no more, where no seat is free."""
    seats: Seats = current_app.extensions["tjs_seats"]
    seat = seats.take()
    if seat is None:
        return Response(status=204, mimetype="text/event-stream")
    person = me()

    @copy_current_request_context
    def look(after: int | None) -> tuple[int, list[str]]:
        found = live.news(person, after)
        return found.last, [_line(deed, person.id) for deed in found.deeds]

    lines = _lines(look, _heard_last(), ports().rest)
    answer = Response(lines, mimetype="text/event-stream", headers=HEADERS)
    answer.call_on_close(lambda: seats.leave(seat))
    return answer


def _heard_last() -> int | None:
    """The entry the browser knows: what it heard last on this page's stream, or what the page itself knew."""
    heard = request.headers.get("Last-Event-ID", "")
    return int(heard) if heard.isascii() and heard.isdigit() and len(heard) < 10 else number_asked("after")


def _lines(look: Look, after: int | None, rest: Callable[[float], None]) -> Iterator[str]:
    """The stream. Between two looks it holds neither a context nor a connection."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    for tick in range(STREAM_SECONDS // TICK_SECONDS):
        last, lines = look(after)
        yield from lines
        if last != after:
            after = last
            yield f"id: {after}\n\n"
        elif tick % HEARTBEAT_TICKS == 0:
            yield ":\n\n"
        rest(TICK_SECONDS)


def _line(deed: Deed, own_id: int) -> str:
    return f"id: {deed.seq}\ndata: {json.dumps(_event(deed, own_id))}\n\n"


def _event(deed: Deed, own_id: int) -> dict[str, object]:
    """What a page needs to grey a card: the item, a sentence, where it stands, whether oneself did it."""
    who = deed.who if deed.who_id is not None else str(ACTORS.get(deed.who, deed.who))
    told = f"{who} {verb_words(deed.verb)}"
    return {"item": deed.item_id, "told": told, "state": deed.state, "mine": deed.who_id == own_id}
