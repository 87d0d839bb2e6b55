"""A calendar as a file (iCalendar, RFC 5545): written by hand, since we need a dozen of its lines and read none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LINE_OCTETS = 75
"""The longest line, in octets without its end (RFC 5545, 3.1)."""

SHOWN_AS = timedelta(minutes=30)
"""How long before a deadline its entry begins: a calendar shows nothing of what takes no time."""

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Deadline:
    """One entry. `id` stays the same while its words and its moment may change."""

    id: str
    title: str
    due_at: datetime
    url: str


def calendar_file(name: str, deadlines: Iterable[Deadline], now: datetime) -> str:
    """The calendar called `name`, as made at `now`."""
    return "".join(f"{folded}\r\n" for line in _lines(name, deadlines, now) for folded in _fold(line))


def _lines(name: str, deadlines: Iterable[Deadline], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//TJS//moderation//FI", "CALSCALE:GREGORIAN")
    yield from (f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}")
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for each in deadlines:
        yield from ("BEGIN:VEVENT", f"UID:{_text(each.id)}", f"DTSTAMP:{_moment(now)}")
        yield from (f"DTSTART:{_moment(each.due_at - SHOWN_AS)}", f"DTEND:{_moment(each.due_at)}")
        yield from (f"SUMMARY:{_text(each.title)}", f"URL:{each.url}", f"DESCRIPTION:{_text(each.url)}")
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _text(words: str) -> str:
    seen = "".join(mark if mark.isprintable() or mark == "\n" else " " for mark in words.replace("\r\n", "\n"))
    return seen.translate(_ESCAPES)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _fold(line: str) -> Iterator[str]:
    """A line in parts of at most `LINE_OCTETS` that cut no character; all but the first begin with a space."""
    part, octets = "", 0
    for mark in line:
        size = len(mark.encode())
        if octets + size > LINE_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + mark, octets + size
    yield part
