"""A stretch of days to be looked at, and the days, weeks or months it is drawn in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

USUAL_DAYS = (30, 90, 365)
LONGEST_DAYS = 3_660

_MOST_DAYS, _MOST_WEEKS = 92, 110
"""Up to how many columns a plot has: more days are drawn as weeks, more weeks as months."""


class Step(StrEnum):
    """How long a column of a plot is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """From the day `since` to the day `until`, both included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def step(self) -> Step:
        """In what it is drawn, so that its columns can be told apart."""
        if self.days <= _MOST_DAYS:
            return Step.DAY
        return Step.WEEK if self.days <= 7 * _MOST_WEEKS else Step.MONTH

    def beginnings(self, step: Step | None = None) -> Sequence[date]:
        """The first day of each step, in order; the first and the last may reach beyond the period."""
        return list(dict.fromkeys(beginning(day, step or self.step) for day in self._all()))

    def _all(self) -> Iterator[date]:
        return (self.since + timedelta(days=ahead) for ahead in range(self.days))


def beginning(day: date, step: Step) -> date:
    """The first day of the step a day belongs to; weeks begin on Monday (ISO 8601)."""
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step is Step.MONTH else day


def lasting(days: int, today: date) -> Period:
    """The last so many days, today included; one day at least, `LONGEST_DAYS` at most."""
    return Period(today - timedelta(days=min(max(days, 1), LONGEST_DAYS) - 1), today)


def between(since: date, until: date, today: date) -> Period | None:
    """From one day to another, today at the latest; None where that is no time, or more than `LONGEST_DAYS`."""
    period = Period(since, min(until, today))
    return period if 1 <= period.days <= LONGEST_DAYS else None
