"""When an approved answer leaves, by table: the core alone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tjs_moderation.domain.sending import Sending, When, leaves_at
from tjs_moderation.domain.working_time import WorkCalendar
from tjs_moderation.errors import InvalidInputError

CALENDAR = WorkCalendar(ZoneInfo("Europe/Helsinki"))
HELD = 300


def at(told: str) -> datetime:
    """A moment of Helsinki's own time."""
    return datetime.fromisoformat(told).replace(tzinfo=CALENDAR.zone)


@pytest.mark.parametrize(
    ("now", "sending", "leaves"),
    [
        ("2026-11-16 20:00", Sending(), "2026-11-16 20:05"),
        ("2026-11-16 10:00", Sending(When.WORKING_TIME), "2026-11-16 10:05"),
        ("2026-11-16 07:57", Sending(When.WORKING_TIME), "2026-11-16 08:02"),
        ("2026-11-16 20:00", Sending(When.WORKING_TIME), "2026-11-17 08:00"),
        ("2026-11-16 15:58", Sending(When.WORKING_TIME), "2026-11-17 08:00"),
        ("2026-11-20 17:00", Sending(When.WORKING_TIME), "2026-11-23 08:00"),  # over a weekend
        ("2026-12-23 18:00", Sending(When.WORKING_TIME), "2026-12-28 08:00"),  # over Christmas
        ("2026-03-27 17:00", Sending(When.WORKING_TIME), "2026-03-30 08:00"),  # into summer time
        ("2026-11-16 10:00", Sending(When.CHOSEN, at("2026-11-18 12:30")), "2026-11-18 12:30"),
        ("2026-11-16 10:00", Sending(When.CHOSEN, at("2026-11-16 10:01")), "2026-11-16 10:05"),
        ("2026-11-16 10:00", Sending(When.UNDELAYED), "2026-11-16 10:00"),
    ],
)
def test_an_answer_leaves_when_it_was_asked_to_and_not_within_the_hold_back(
    now: str, sending: Sending, leaves: str
) -> None:
    assert leaves_at(sending, at(now).astimezone(UTC), HELD, CALENDAR) == at(leaves)


@pytest.mark.parametrize("chosen", [None, "2026-11-16 09:59", "2026-11-16 10:00", "2027-02-01 10:00"])
def test_a_moment_that_is_past_or_far_away_is_none(chosen: str | None) -> None:
    sending = Sending(When.CHOSEN, at(chosen) if chosen else None)
    with pytest.raises(InvalidInputError, match="sending_"):
        leaves_at(sending, at("2026-11-16 10:00"), HELD, CALENDAR)
