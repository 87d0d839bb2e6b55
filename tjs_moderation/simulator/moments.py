"""The simulator's time: a clock one can move, Meta's way of writing a moment, and moments told from the start."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_STEP = re.compile(r"(\d+)([wdhms])")
_RELATIVE = re.compile(r"-(?:\d+[wdhms])+")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class MovableClock:
    """Runs like its source (UTC), and can be moved forwards or backwards."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or (lambda: datetime.now(UTC))
        self._offset = timedelta()

    def now(self) -> datetime:
        """The moment, in UTC and in whole seconds: the Graph API knows no finer ones."""
        return (self._source() + self._offset).replace(microsecond=0)

    def advance(self, seconds: float) -> None:
        """Move by so many seconds; a negative number moves back."""
        self._offset += timedelta(seconds=seconds)


def graph_time(moment: datetime) -> str:
    """`2021-07-21T21:05:14+0000`: the Graph API writes the zone without a colon."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def read_moment(text: str, now: datetime) -> datetime:
    """A moment told as ISO 8601 with a zone, or as time before `now`: `-3d4h`, `-45m`. Raises ValueError."""
    if _RELATIVE.fullmatch(text):
        steps = {_UNITS[unit]: int(count) for count, unit in _STEP.findall(text)}
        return now - timedelta(**steps)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the moment {text!r} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
