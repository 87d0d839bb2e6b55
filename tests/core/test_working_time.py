from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tjs_moderation.domain.vocabulary import Hours
from tjs_moderation.domain.working_time import is_within, is_working_time

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
