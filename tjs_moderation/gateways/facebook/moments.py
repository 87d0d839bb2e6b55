"""Meta's ways of writing a moment."""

from __future__ import annotations

from datetime import UTC, datetime

_FIRST_MILLISECONDS = 100_000_000_000
"""As seconds this would be the year 5138; from here on a number is taken for milliseconds."""


def read_moment(value: object) -> datetime | None:
    """A moment in UTC, from `2021-07-21T21:05:14+0000` or a number of seconds or milliseconds; None if it is none."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            return _from_number(value)
        if isinstance(value, str):
            text = value.strip()
            return _from_number(int(text)) if text.isdecimal() else _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _from_number(number: float) -> datetime:
    seconds = number / 1000 if abs(number) >= _FIRST_MILLISECONDS else number
    return datetime.fromtimestamp(seconds, UTC)


def _in_utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
