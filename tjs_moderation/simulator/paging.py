"""Pages of a list: cursors that stay true while the list changes, limits, and the absolute address of the next page.

The traps of the real thing are kept: the last page still carries cursors and only lacks `next`, an empty result is a
bare `{"data": []}`, posts are paged by time, and the address of the next page carries the token.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from tjs_moderation.simulator.problems import bad_parameter

MAX_LIMIT = 100
_DEFAULT_LIMIT = 25

Position = tuple[int, int]
"""Where something stands in time order: seconds since 1970, then the order of arrival in the simulator."""


class Placed(Protocol):
    """Something with a moment and an order of arrival."""

    @property
    def placed_at(self) -> datetime: ...

    @property
    def sequence(self) -> int: ...


T = TypeVar("T", bound=Placed)
Render = Callable[[T], object]
Link = Callable[[Mapping[str, str]], str]
"""Gives the absolute address of the same call with these parameters changed."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part of a list is asked for."""

    limit: int = _DEFAULT_LIMIT
    after: Position | None = None
    before: Position | None = None
    since: datetime | None = None
    until: datetime | None = None


def read_page_request(parameters: Mapping[str, str]) -> PageRequest:
    """From the parameters of a call. Raises GraphProblemError 100 for a limit above 100 or a broken cursor or time."""
    limit = parameters.get("limit", str(_DEFAULT_LIMIT))
    if not limit.isdecimal() or int(limit) > MAX_LIMIT:
        raise bad_parameter(f"Param limit must be a number from 0 to {MAX_LIMIT}")
    token = parameters.get("__paging_token")
    return PageRequest(
        int(limit),
        _read_cursor(parameters.get("after") or token),
        _read_cursor(parameters.get("before")),
        _read_time("since", parameters.get("since")),
        None if token else _read_time("until", parameters.get("until")),
    )


def position_of(thing: Placed) -> Position:
    """Where the thing stands in time order."""
    return int(thing.placed_at.timestamp()), thing.sequence


def cut(things: Sequence[T], request: PageRequest, *, newest_first: bool) -> tuple[list[T], bool]:
    """The asked part of a list given oldest first, and whether there is more after it."""
    wanted = [each for each in things if _is_in_time(each, request)]
    if newest_first:
        wanted.reverse()
    if request.after is not None:
        wanted = [each for each in wanted if _is_beyond(each, request.after, newest_first)]
    if request.before is not None:
        wanted = [each for each in wanted if _is_beyond(each, request.before, not newest_first)][-request.limit :]
    return wanted[: request.limit], len(wanted) > request.limit > 0


def cursor_page(
    part: Sequence[T], has_more: bool, request: PageRequest, render: Render[T], link: Link
) -> dict[str, object]:
    """An answer paged by cursor."""
    if not part:
        return {"data": []}
    first, last = cursor_of(part[0]), cursor_of(part[-1])
    paging: dict[str, object] = {"cursors": {"before": first, "after": last}}
    if has_more:
        paging["next"] = link({"limit": str(request.limit), "after": last})
    if request.after is not None:
        paging["previous"] = link({"limit": str(request.limit), "before": first})
    return {"data": [render(each) for each in part], "paging": paging}


def time_page(
    part: Sequence[T], has_more: bool, request: PageRequest, render: Render[T], link: Link
) -> dict[str, object]:
    """An answer paged by time, as posts are: the next address carries `until`, `since` and `__paging_token`."""
    if not part:
        return {"data": []}
    paging: dict[str, object] = {"previous": link(_time_step(part[0], request) | {"__previous": "1"})}
    if has_more:
        paging["next"] = link(_time_step(part[-1], request))
    return {"data": [render(each) for each in part], "paging": paging}


def cursor_of(thing: Placed) -> str:
    """An opaque cursor; like Meta's it writes the padding of base64 as `ZD`."""
    seconds, sequence = position_of(thing)
    return base64.urlsafe_b64encode(f"{seconds:012d}:{sequence:010d}".encode()).decode().replace("=", "ZD")


def _time_step(thing: Placed, request: PageRequest) -> dict[str, str]:
    return {
        "limit": str(request.limit),
        "until": str(int(thing.placed_at.timestamp())),
        "since": "" if request.since is None else str(int(request.since.timestamp())),
        "__paging_token": f"enc_{cursor_of(thing)}",
    }


def _is_in_time(thing: Placed, request: PageRequest) -> bool:
    is_early = request.since is not None and thing.placed_at < request.since
    is_late = request.until is not None and thing.placed_at > request.until
    return not is_early and not is_late


def _is_beyond(thing: Placed, position: Position, newest_first: bool) -> bool:
    return position_of(thing) < position if newest_first else position_of(thing) > position


def _read_cursor(text: str | None) -> Position | None:
    if not text:
        return None
    try:
        decoded = base64.urlsafe_b64decode(text.removeprefix("enc_").removesuffix("ZD") + "=").decode()
        seconds, sequence = decoded.split(":")
        return int(seconds), int(sequence)
    except (ValueError, binascii.Error) as error:
        raise bad_parameter("Invalid cursor") from error


def _read_time(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdecimal() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise bad_parameter(f"Param {name} is not a time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
