"""Waiting in a row: customers come by a day's rhythm, so many servers work first come, first served. Pure and seeded.

Service takes a random time (exponential: the worst that is usual) or always the same. Times in seconds, rates per
second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import takewhile
from math import ceil
from random import Random

HOUR = 3600.0

DAY = (3, 2, 1, 1, 1, 2, 5, 10, 13, 14, 13, 13, 14, 13, 13, 14, 15, 17, 20, 24, 26, 24, 16, 8)
"""How the comments of a day fall on its hours, most of them at eight in the evening: our assumption."""

OFFICE = (0, 0, 0, 0, 0, 0, 0, 0, 6, 8, 8, 6, 8, 8, 7, 5, 0, 0, 0, 0, 0, 0, 0, 0)
"""How what people do falls on the hours: office hours."""

ENOUGH = 50_000
"""How many customers tell enough: of a greater load only the last stretch before the end of the peak is played."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What a played load came to. `waits` are those of who came in the fullest hour, ascending; empty if nobody did."""

    utilisation: float
    waits: Sequence[float]

    @property
    def mean(self) -> float:
        return sum(self.waits) / len(self.waits) if self.waits else 0.0

    @property
    def p95(self) -> float:
        """What 95 of a hundred waited at most."""
        return self.waits[ceil(0.95 * len(self.waits)) - 1] if self.waits else 0.0


def waits(arrivals: Iterable[float], service: Callable[[], float], servers: int) -> Iterator[float]:
    """How long each customer waits who comes at these ascending moments."""
    free_at = [0.0] * servers
    heapify(free_at)
    for at in arrivals:
        begins = max(at, free_at[0])
        heapreplace(free_at, begins + service())
        yield begins - at


def steady(rate: float, customers: int, chance: Random) -> Iterator[float]:
    """Moments at which so many customers come, at random, at one rate."""
    at = 0.0
    for _ in range(customers):
        at += chance.expovariate(rate)
        yield at


def of_a_day(per_day: float, hours: Sequence[float], chance: Random, begin: float = 0.0) -> Iterator[float]:
    """Moments of a day from `begin` on (seconds since midnight) at which customers come by its rhythm."""
    whole = sum(hours)
    at = begin
    while True:
        hour = int(at // HOUR)
        if hour >= len(hours):
            return
        rate = per_day * hours[hour] / whole / HOUR
        at += chance.expovariate(rate) if rate else HOUR
        if at >= (hour + 1) * HOUR:  # an hour without memory: the next one is drawn anew
            at = (hour + 1) * HOUR
        else:
            yield at


def peak_rate(per_day: float, hours: Sequence[float]) -> float:
    """How many come in a second of the fullest hour."""
    return per_day * max(hours) / sum(hours) / HOUR


def play(per_day: float, hours: Sequence[float], seconds: float, servers: int, seed: int = 1) -> Waits:
    """Play a day, and tell how busy the servers are in its fullest hour and how long those wait who come then."""
    chance = Random(seed)  # noqa: S311  # nothing is kept secret with it
    rate, fullest = peak_rate(per_day, hours), hours.index(max(hours))
    end = (fullest + 1) * HOUR
    begin = max(0.0, end - ENOUGH / rate) if per_day > ENOUGH else 0.0
    coming = list(takewhile(lambda at: at < end, of_a_day(per_day, hours, chance, begin)))
    waited = waits(coming, lambda: chance.expovariate(1 / seconds), servers)
    told = [wait for at, wait in zip(coming, waited, strict=True) if at >= fullest * HOUR]
    return Waits(rate * seconds / servers, sorted(told))


def servers_for(per_day: float, hours: Sequence[float], seconds: float, busiest: float) -> int:
    """How many servers are busy no more than `busiest` (0 to 1) in the fullest hour."""
    return max(1, ceil(round(peak_rate(per_day, hours) * seconds / busiest, 6)))
