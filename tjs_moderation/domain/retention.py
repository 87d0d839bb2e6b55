"""For how long what is kept, kind by kind. The reasons of the defaults stand in `docs/privacy.md`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Kept(StrEnum):
    """A kind of what is kept.

    `COMMENTS`: comments that stay on their channel; `REMOVED`: removed comments with their evidence; `MESSAGES`:
    private messages; `DRAFTS`: what was written of an answer and not published; `RAW_EVENTS`: what channels sent, as
    it came; `LOGS`: the rejected rows and file names of imports.
    """

    COMMENTS = "comments"
    REMOVED = "removed"
    MESSAGES = "messages"
    DRAFTS = "drafts"
    RAW_EVENTS = "raw_events"
    LOGS = "logs"


USUAL_DAYS: Mapping[Kept, int] = MappingProxyType(
    {
        Kept.COMMENTS: 730,
        Kept.REMOVED: 1095,
        Kept.MESSAGES: 365,
        Kept.DRAFTS: 90,
        Kept.RAW_EVENTS: 30,
        Kept.LOGS: 90,
    }
)
"""Days, from when the thing was last worked on."""

LEAST_DAYS: Mapping[Kept, int] = MappingProxyType({Kept.REMOVED: 180, Kept.RAW_EVENTS: 2})
"""The least that can be set, where it is more than a day: a complaint may come within six months (DSA Article 20), and
Meta tries for 36 hours to bring an event."""

MOST_DAYS = 3650


def least_days(kind: Kept) -> int:
    """The least number of days that a kind can be kept."""
    return LEAST_DAYS.get(kind, 1)


def is_possible(kind: Kept, days: int) -> bool:
    """Whether a kind can be kept for so many days."""
    return least_days(kind) <= days <= MOST_DAYS


def over_since(kind: Kept, days: Mapping[Kept, int], now: datetime) -> datetime:
    """Whatever of a kind was last worked on before this moment is to be erased."""
    return now - timedelta(days=days[kind])
