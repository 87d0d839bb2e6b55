"""By when a question is answered, counted in working time: when it is due, when to remind of it, when to call for help.

Nobody's evening, weekend or holiday is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tjs_moderation.domain.vocabulary import DeadlineStep, TimeUnit
from tjs_moderation.domain.working_time import WorkCalendar

LONGEST = 100
"""The most hours or days that can be given for an answer."""

REMIND_AFTER = 0.75
"""The part of the time after which its owner is reminded of a question: a quarter of it is left then."""


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """How long an answer may take: so many working hours, or working days of the house's length."""

    amount: int
    unit: TimeUnit

    def working(self, calendar: WorkCalendar) -> timedelta:
        """The same as working time."""
        return self.amount * (calendar.office.length if self.unit is TimeUnit.DAYS else timedelta(hours=1))


USUAL_TIME = AnswerTime(2, TimeUnit.DAYS)
"""What holds until the house, or a topic, says otherwise."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moments (UTC) of one question: when its owner is reminded, when it is due, when the tiedottaja is called."""

    remind_at: datetime
    due_at: datetime
    escalate_at: datetime


def deadline(asked_at: datetime, allowed: AnswerTime, calendar: WorkCalendar) -> Deadline:
    """The deadline of a question that was put on a desk at `asked_at`.

    What comes outside office hours counts from the next morning. The tiedottaja is called one working day after it
    was due.
    """
    working = allowed.working(calendar)
    due_at = calendar.after(asked_at, working)
    return Deadline(
        calendar.after(asked_at, working * REMIND_AFTER),
        due_at,
        calendar.after(due_at, calendar.office.length),
    )


def step_at(of: Deadline, now: datetime) -> DeadlineStep:
    """How far a deadline has come at `now`."""
    if now >= of.escalate_at:
        return DeadlineStep.ESCALATED
    if now >= of.due_at:
        return DeadlineStep.OVERDUE
    return DeadlineStep.SOON if now >= of.remind_at else DeadlineStep.AHEAD
