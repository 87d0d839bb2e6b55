"""When people are at work: Finnish working days, in local time."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache

from holidays import HolidayBase, country_holidays

from tjs_moderation.domain.vocabulary import Hours

OPENS = time(8)
CLOSES = time(16)
_SATURDAY = 5


def is_working_time(local: datetime) -> bool:
    """Whether somebody is at their desk at this local time: Monday to Friday from 8 to 16, not on a holiday."""
    is_working_day = local.weekday() < _SATURDAY and local.date() not in _finnish_holidays()
    return is_working_day and OPENS <= local.time() < CLOSES


def is_within(hours: Hours, local: datetime) -> bool:
    """Whether `hours` take in this local time."""
    return hours is Hours.ALWAYS or is_working_time(local) is (hours is Hours.WORKING)


@cache
def _finnish_holidays() -> HolidayBase:
    return country_holidays("FI")
