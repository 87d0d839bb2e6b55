"""When people are at work: Finnish working days within the house's office hours, in local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from holidays import HolidayBase, country_holidays

from tjs_moderation.domain.vocabulary import Hours

WEEK = range(7)
"""The days of a week as `datetime.weekday` numbers them: 0 is Monday."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From when until when somebody is at their desk, and on which `days` of the week; never on a Finnish holiday."""

    opens: time = time(8)
    closes: time = time(16)
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})


USUAL_HOURS = OfficeHours()
"""What holds until the house says otherwise: Monday to Friday from 8 to 16."""


def is_working_time(local: datetime, office: OfficeHours = USUAL_HOURS) -> bool:
    """Whether somebody is at their desk at this local time: on an office day that is no holiday, within the hours."""
    is_working_day = local.weekday() in office.days and local.date() not in _finnish_holidays()
    return is_working_day and office.opens <= local.time() < office.closes


def is_within(hours: Hours, local: datetime, office: OfficeHours = USUAL_HOURS) -> bool:
    """Whether `hours` take in this local time."""
    return hours is Hours.ALWAYS or is_working_time(local, office) is (hours is Hours.WORKING)


@cache
def _finnish_holidays() -> HolidayBase:
    return country_holidays("FI")
