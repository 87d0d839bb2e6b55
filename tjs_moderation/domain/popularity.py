"""How much a post is shared, commented on and reacted to, told from the changes of its counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tjs_moderation.domain.period import Period, beginning

SHARES, COMMENTS, REACTIONS = "shares", "comments", "reactions"

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """From `seen_at` on there were `count` of one kind, until the next change of it."""

    kind: str
    count: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One count as it is now, and by how much it has changed; None where nothing was known of the post then."""

    kind: str
    count: int
    in_day: int | None
    in_week: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day on which something changed: by kind the count as the day ended, and by how much that was another."""

    day: date
    counts: Mapping[str, tuple[int, int]]


def figures(changes: Sequence[Change], now: datetime) -> list[Figure]:
    """What is counted now, each kind once in the order of its first change. `changes` are oldest first."""
    newest = {change.kind: change.count for change in changes}
    begun_at = min((change.seen_at for change in changes), default=now)

    def since(kind: str, ago: timedelta) -> int | None:
        before = [each.count for each in changes if each.kind == kind and each.seen_at <= now - ago]
        return newest[kind] - (before[-1] if before else 0) if begun_at <= now - ago else None

    return [Figure(kind, count, since(kind, DAY), since(kind, WEEK)) for kind, count in newest.items()]


def standing(changes: Iterable[Change], zone: ZoneInfo, period: Period) -> dict[date, dict[str, int]]:
    """How many reactions and shares there were at the end of each step of a period. `changes` are oldest first.

    Where a channel has not told all reactions together, they are those of each kind.
    """
    told: dict[str, int] = {}
    ends: dict[date, dict[str, int]] = {}
    for change in changes:
        told[change.kind] = change.count
        ends[beginning(change.seen_at.astimezone(zone).date(), period.step)] = _summed(told)
    found, now = {}, {REACTIONS: 0, SHARES: 0}
    for first in period.beginnings():
        now = ends.get(first, now)
        found[first] = now
    return found


def _summed(told: Mapping[str, int]) -> dict[str, int]:
    each = sum(count for kind, count in told.items() if kind not in {SHARES, COMMENTS, REACTIONS})
    return {REACTIONS: told.get(REACTIONS, each), SHARES: told.get(SHARES, 0)}


def days(changes: Iterable[Change], zone: ZoneInfo) -> list[Day]:
    """The days on which something was counted anew, newest first. `changes` are oldest first."""
    told: dict[str, int] = {}
    found: dict[date, dict[str, tuple[int, int]]] = {}
    for change in changes:
        of_day = found.setdefault(change.seen_at.astimezone(zone).date(), {})
        _, so_far = of_day.get(change.kind, (0, 0))
        of_day[change.kind] = change.count, so_far + change.count - told.get(change.kind, 0)
        told[change.kind] = change.count
    return [Day(day, counts) for day, counts in reversed(found.items())]
