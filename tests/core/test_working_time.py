from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from tjs_moderation.domain.vocabulary import Hours
from tjs_moderation.domain.working_time import OfficeHours, is_within, is_working_time

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("at", "is_at_work"),
    [
        ("2026-11-23 07:59", False),
        ("2026-11-23 08:00", True),
        ("2026-11-23 15:59", True),
        ("2026-11-23 16:00", False),
        ("2026-11-21 12:00", False),
        ("2026-11-22 12:00", False),
        ("2026-12-06 12:00", False),
        ("2025-12-25 12:00", False),
        ("2026-01-06 12:00", False),
        ("2026-04-06 12:00", False),
        ("2027-05-06 12:00", False),
    ],
)
def test_people_are_at_work_on_finnish_working_days_from_eight_to_four(at: str, is_at_work: bool) -> None:
    local = datetime.fromisoformat(at).replace(tzinfo=HELSINKI)
    assert is_working_time(local) is is_at_work
    assert is_within(Hours.ALWAYS, local)
    assert is_within(Hours.WORKING, local) is is_at_work
    assert is_within(Hours.OUTSIDE, local) is not is_at_work


@pytest.mark.parametrize(
    ("at", "is_at_work"),
    [
        ("2026-11-28 09:59", False),
        ("2026-11-28 10:00", True),
        ("2026-11-28 14:30", False),
        ("2026-11-23 12:00", False),
        ("2026-12-26 12:00", False),
    ],
)
def test_a_house_with_hours_of_its_own_works_by_them_but_never_on_a_holiday(at: str, is_at_work: bool) -> None:
    saturdays = OfficeHours(time(10), time(14, 30), frozenset({5}))
    local = datetime.fromisoformat(at).replace(tzinfo=HELSINKI)
    assert is_working_time(local, saturdays) is is_at_work
    assert is_within(Hours.OUTSIDE, local, saturdays) is not is_at_work
