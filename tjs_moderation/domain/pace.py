"""How a walk shares its calls: what is read again and how often, what one walk may spend, when it leaves off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CALLS_A_WALK = 400
"""What one walk may spend; the next one goes on where it left off."""

PAGES_AT_A_TURN = 10
"""How many pages of one thread are read before the others have their turn."""

TRIES = 3
"""How often one page is asked for before its thread is left for later."""

BUSY_PERCENT = 60.0
"""From here on a walk spends its calls four times as fast."""

WALKS_REST_PERCENT = 80.0
"""From here on walks rest: what is left belongs to the acts that people decided."""

ACTS_REST_PERCENT = 95.0
"""From here on nothing is asked at all, so that the page is not throttled."""

REST_SECONDS = 600.0
"""How long is rested where the channel does not say for how long."""

_HOW_OFTEN = (
    (timedelta(days=2), timedelta(0)),
    (timedelta(days=14), timedelta(hours=1)),
    (timedelta(days=60), timedelta(days=1)),
)
"""Younger than this: read whole so often. Edits and deletions are found then, new comments at once."""
_SELDOM = timedelta(days=7)


class Reach(StrEnum):
    """How much of a thread is read: all of it, which finds edits and deletions, or only what is new at its end."""

    WHOLE = "whole"
    TIP = "tip"


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of a thread between two readings of it.

    `born_at` is when its post was made; `told_count` and `told_at` are what the channel tells of it now, `read_count`
    and `read_told_at` what it told as the last reading began; `whole_at` is when it was last read whole.
    """

    born_at: datetime | None = None
    whole_at: datetime | None = None
    told_count: int | None = None
    read_count: int | None = None
    told_at: datetime | None = None
    read_told_at: datetime | None = None

    @property
    def has_grown(self) -> bool:
        """Whether the channel tells of more than it did when the thread was last read."""
        return _is_more(self.told_count, self.read_count)

    @property
    def has_changed(self) -> bool:
        """Whether the channel tells of fewer, or of a change that is no growth."""
        has_moved = _is_later(self.told_at, self.read_told_at) and not self.has_grown
        return _is_more(self.read_count, self.told_count) or has_moved


def reading_due(thread: Thread, now: datetime, *, is_thorough: bool = False) -> Reach | None:
    """How much of a thread is to be read now; None where it can wait. A thorough walk reads everything whole."""
    if is_thorough or thread.whole_at is None or thread.has_changed:
        return Reach.WHOLE
    if now - thread.whole_at >= whole_again_after(now - thread.born_at if thread.born_at else timedelta(0)):
        return Reach.WHOLE
    return Reach.TIP if thread.has_grown else None


def whole_again_after(age: timedelta) -> timedelta:
    """How long a thread whose post is so old may go without being read whole."""
    return next((often for younger_than, often in _HOW_OFTEN if age < younger_than), _SELDOM)


def price_of_call(percent: float) -> int:
    """What one call costs of what a walk may spend, by how much of its budget the page has used."""
    return 4 if percent >= BUSY_PERCENT else 1


def rest_seconds(percent: float, told_seconds: float | None, *, is_act: bool = False) -> float:
    """How long to leave the channel alone at this usage; 0 where nothing has to wait."""
    limit = ACTS_REST_PERCENT if is_act else WALKS_REST_PERCENT
    return max(told_seconds or 0.0, REST_SECONDS) if percent >= limit else 0.0


def _is_more(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other
