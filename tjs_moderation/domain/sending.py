"""When an approved answer leaves: after the hold-back, when people are at work next, or at a moment somebody chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tjs_moderation.domain.working_time import WorkCalendar
from tjs_moderation.errors import InvalidInputError

FARTHEST = timedelta(days=60)
"""How far ahead a moment may be chosen: beyond that an answer is rather forgotten than planned."""


class When(StrEnum):
    """When an answer is to leave. `UNDELAYED` leaves out the hold-back, where the channel would be shut after it."""

    AT_ONCE = "at_once"
    WORKING_TIME = "working_time"
    CHOSEN = "chosen"
    UNDELAYED = "undelayed"


@dataclass(frozen=True, slots=True)
class Sending:
    """What the approver asked for; `chosen_at` is the moment that goes with `CHOSEN`."""

    when: When = When.AT_ONCE
    chosen_at: datetime | None = None


AT_ONCE = Sending()


def leaves_at(sending: Sending, now: datetime, hold_back_seconds: int, calendar: WorkCalendar) -> datetime:
    """The moment from which on an answer approved `now` may leave; never within the hold-back but for `UNDELAYED`.

    InvalidInputError where the chosen moment is past, or more than `FARTHEST` away.
    """
    free_at = now + timedelta(seconds=hold_back_seconds)
    if sending.when is When.UNDELAYED:
        return now
    if sending.when is When.WORKING_TIME:
        return max(free_at, next(calendar.spells_from(free_at)).opens)
    if sending.when is When.CHOSEN:
        return max(free_at, _checked(sending.chosen_at, now))
    return free_at


def _checked(chosen_at: datetime | None, now: datetime) -> datetime:
    if chosen_at is None or chosen_at <= now:
        raise InvalidInputError("sending_in_the_past")
    if chosen_at > now + FARTHEST:
        raise InvalidInputError("sending_too_far_ahead", days=FARTHEST.days)
    return chosen_at
