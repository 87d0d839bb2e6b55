"""The calendar as a file: every line as RFC 5545 wants it, whatever a topic is called."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tjs_moderation.domain.calendar_file import LINE_OCTETS, Deadline, calendar_file

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def entry(title: str) -> list[str]:
    made = calendar_file("TJS", [Deadline("routing-1@tjs", title, DUE, "https://tjs.example/items/1")], NOW)
    assert made.endswith("END:VCALENDAR\r\n")
    return made.split("\r\n")


def test_a_deadline_ends_when_it_is_due() -> None:
    lines = entry("Vastauksen määräaika")
    for line in (
        "DTSTAMP:20261123T060000Z",
        "DTSTART:20261125T133000Z",
        "DTEND:20261125T140000Z",
        "SUMMARY:Vastauksen määräaika",
    ):
        assert line in lines


@given(st.text(max_size=120))
@settings(max_examples=50)
def test_no_title_breaks_the_file(title: str) -> None:
    lines = entry(title)
    assert all(len(line.encode("utf-8", "surrogatepass")) <= LINE_OCTETS for line in lines)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    whole = "\r\n".join(lines).replace("\r\n ", "")
    [summary] = [line for line in whole.split("\r\n") if line.startswith("SUMMARY:")]
    told = summary.removeprefix("SUMMARY:")
    plain = told.replace("\\\\", "\0").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    assert "\n" not in title or "\n" in plain
    assert len(plain) == len(title.replace("\r\n", "\n"))
