"""When people are at work: Finnish working days within the house's office hours, in local time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from tjs_moderation.domain.vocabulary import Hours

WEEK = range(7)
"""The days of a week as `datetime.weekday` numbers them: 0 is Monday."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From when until when somebody is at their desk, and on which `days` of the week; never on a Finnish holiday."""

    opens: time = time(8)
    closes: time = time(16)
    days: frozenset[int] = frozenset({0, 1, 2, 3, 4})

    @property
    def length(self) -> timedelta:
        """How long a working day is."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


USUAL_HOURS = OfficeHours()
"""What holds until the house says otherwise: Monday to Friday from 8 to 16."""


@dataclass(frozen=True, slots=True)
class Spell:
    """The time between two moments (UTC) in which people are at work: from the first on, up to the second."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of a house, as moments. Counts real hours, so a change of the clock makes none longer."""

    zone: ZoneInfo
    office: OfficeHours = USUAL_HOURS

    def spell(self, day: date) -> Spell | None:
        """The office hours of one day; None where it is no working day."""
        if not is_working_day(day, self.office):
            return None
        opens, closes = (datetime.combine(day, at, self.zone) for at in (self.office.opens, self.office.closes))
        return Spell(opens.astimezone(UTC), closes.astimezone(UTC))

    def spells_from(self, moment: datetime) -> Iterator[Spell]:
        """The working days that are not over at `moment`, one after the other without end."""
        day = self.day_of(moment)
        while True:
            spell = self.spell(day)
            if spell is not None and spell.closes > moment:
                yield spell
            day += _DAY

    def after(self, moment: datetime, working: timedelta) -> datetime:
        """The moment (UTC) at which so much working time has passed since `moment`.

        Where that is the end of a working day it is that end, and not the beginning of the next.
        """
        spells = self.spells_from(moment)
        spell, left = next(spells), working
        begins = max(spell.opens, moment.astimezone(UTC))
        while spell.closes - begins < left:
            left -= spell.closes - begins
            spell = next(spells)
            begins = spell.opens
        return begins + left

    def last_day_over(self, moment: datetime) -> Spell:
        """The newest working day that was over at `moment`."""
        day = self.day_of(moment)
        while True:
            spell = self.spell(day)
            if spell is not None and spell.closes <= moment:
                return spell
            day -= _DAY

    def day_of(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self.zone).date()


def is_working_day(day: date, office: OfficeHours = USUAL_HOURS) -> bool:
    """Whether people come to work on this day: an office day that is no Finnish holiday."""
    return day.weekday() in office.days and day not in _finnish_holidays()


def is_working_time(local: datetime, office: OfficeHours = USUAL_HOURS) -> bool:
    """Whether somebody is at their desk at this local time: on an office day that is no holiday, within the hours."""
    return is_working_day(local.date(), office) and office.opens <= local.time() < office.closes


def is_within(hours: Hours, local: datetime, office: OfficeHours = USUAL_HOURS) -> bool:
    """Whether `hours` take in this local time."""
    return hours is Hours.ALWAYS or is_working_time(local, office) is (hours is Hours.WORKING)


@cache
def _finnish_holidays() -> HolidayBase:
    """Public holidays, and the eves of Christmas and Midsummer, on which offices are shut, too."""
    return country_holidays("FI")
