"""Capacity on paper: what measured costs come to at other sizes, where it jams first, and what it takes then.

A comment passes four steps: its webhook is answered, it is assessed, people look at it and decide, and whatever was
done is entered in the audit log, one entry after the other: there all the others stand in one row. Sizes are told by
how many comments are kept, all of which came within three years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tjs_moderation.bench.queueing import DAY, OFFICE, peak_rate, play, servers_for

DAYS, MONTHS = 3 * 365, 36
BUSIEST = 0.7
"""No step is to be busier than this in the fullest hour: beyond it, waits grow faster than the load."""

PAGES_LOOKED_AT = 3
"""How many pages people open for each decision; our assumption."""

CORES = 2
"""Of the one machine that is asked about."""

STEPS = (WEBHOOK, ASSESS, DECISION, LOG) = ("webhook", "assess", "decision", "log")


@dataclass(frozen=True, slots=True)
class Costs:
    """What `bench costs` measured.

    `seconds` by step (`page` is one page of a queue, `log` how long an entry keeps the others waiting), `per_item` how
    many decisions and entries an item comes to, `sizes` bytes an item by database and table, `verified` entries a
    second.
    """

    seconds: Mapping[str, float]
    per_item: Mapping[str, float]
    sizes: Mapping[str, Mapping[str, float]]
    verified: float

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Costs:
        """Out of the document that `bench costs` writes. KeyError where it is none."""
        return cls(document["seconds"], document["per_item"], document["sizes"], document["verified"])


@dataclass(frozen=True, slots=True)
class Install:
    """So many pages and comments, with so many web processes, workers and audit chains."""

    pages: int
    comments: int
    web: int = 2
    workers: int = 2
    chains: int = 1

    @property
    def per_day(self) -> float:
        """How many comments a usual day brings."""
        return self.comments / DAYS

    def servers(self, step: str) -> int:
        """How many serve at a step."""
        return {ASSESS: self.workers, LOG: self.chains}.get(step, self.web)


@dataclass(frozen=True, slots=True)
class Step:
    """How a step fares in its fullest hour. `needed`: how many servers keep it below `BUSIEST`.

    `p95` is None where more comes than can be served: the row grows as long as that lasts.
    """

    name: str
    per_second: float
    servers: int
    utilisation: float
    p95: float | None
    needed: int


INSTALLS = (Install(1, 1_000_000), Install(100, 10_000_000), Install(10_000, 10_000_000_000))


def steps(install: Install, costs: Costs, times: float = 1.0) -> list[Step]:
    """Every step of an install, on days that bring so many times what a usual one does."""
    return [_step(name, install, costs, times) for name in STEPS]


def bottleneck(found: Sequence[Step]) -> Step:
    """Where it jams first: the busiest step."""
    return max(found, key=lambda step: step.utilisation)


def enlarged(install: Install, costs: Costs, times: float = 1.0) -> Install:
    """The same install with as many of everything as such days need."""
    needed = {name: _needed(name, install, costs, times) for name in STEPS}
    web = needed[WEBHOOK] + needed[DECISION]
    return replace(
        install,
        web=max(install.web, web),
        workers=max(install.workers, needed[ASSESS]),
        chains=max(install.chains, min(needed[LOG], install.pages)),
    )


def kept_bytes(install: Install, costs: Costs, database: str) -> float:
    """What an install's comments and all that hangs from them take on the disk."""
    return install.comments * sum(costs.sizes[database].values())


def verifying_seconds(install: Install, costs: Costs) -> float:
    """How long one process walks the whole audit log, in whichever number of chains."""
    return install.comments * _entries(costs) / costs.verified


def held_by_one_machine(costs: Costs) -> float:
    """How many comments kept bring so much a day that the cores are `BUSIEST` in an hour fullest for every step."""
    million = Install(1, 1_000_000)
    busy = 0.0
    for name in (WEBHOOK, ASSESS, DECISION):
        per_item, hours, seconds = _load(name, costs)
        busy += peak_rate(million.per_day * per_item, hours) * seconds
    return million.comments * BUSIEST * CORES / busy


def _step(name: str, install: Install, costs: Costs, times: float) -> Step:
    per_item, hours, seconds = _load(name, costs)
    per_day, servers = install.per_day * times * per_item, install.servers(name)
    # An entry goes to the chain of its channel, free or not; everything else to whoever is free.
    rows, each = (servers, 1) if name == LOG else (1, servers)
    found = play(per_day / rows, hours, seconds, each)
    p95 = found.p95 if found.utilisation < 1 else None
    needed = _needed(name, install, costs, times)
    return Step(name, peak_rate(per_day, hours), servers, found.utilisation, p95, needed)


def _needed(name: str, install: Install, costs: Costs, times: float) -> int:
    per_item, hours, seconds = _load(name, costs)
    return servers_for(install.per_day * times * per_item, hours, seconds, BUSIEST)


def _load(name: str, costs: Costs) -> tuple[float, Sequence[float], float]:
    """How often an item passes a step, by which hours of the day, and how long that takes."""
    seconds, decided = costs.seconds, costs.per_item["decisions"]
    if name == DECISION:
        return decided, OFFICE, seconds[DECISION] + PAGES_LOOKED_AT * seconds["page"]
    if name == LOG:
        by_hand = costs.per_item["entries_by_hand"]
        hours = [2 * at / sum(DAY) + by_hand * office / sum(OFFICE) for at, office in zip(DAY, OFFICE, strict=True)]
        return _entries(costs), hours, seconds[LOG]
    return 1.0, DAY, seconds[name]


def _entries(costs: Costs) -> float:
    """An item comes in alone and is assessed alone, at worst: two entries before people do anything."""
    return 2 + costs.per_item["entries_by_hand"]


def report(costs: Costs, installs: Sequence[Install] = INSTALLS, times: float = 1.0) -> Iterator[str]:
    """What one machine holds, and the lines of a table for each install: as it is, and with what it needs."""
    most = held_by_one_machine(costs) / times
    told = f"{most / 1e6:,.0f} million comments kept"
    yield f"One machine with {CORES} cores: {BUSIEST:.0%} busy in the fullest hour at {told}"
    yield ""
    for install in installs:
        first = steps(install, costs, times)
        yield f"Pages {install.pages:,}, comments kept {install.comments:,}, {install.per_day * times:,.0f} a day"
        for database in costs.sizes:
            size = kept_bytes(install, costs, database)
            yield f"  {database}: {_told_bytes(size)}, {_told_bytes(size / MONTHS)} a month"
        yield f"  verifying the log: {_told_seconds(verifying_seconds(install, costs))}"
        yield from _lines(first)
        larger = enlarged(install, costs, times)
        if larger != install:
            yield f"  with {larger.web} web processes, {larger.workers} workers, {larger.chains} chains:"
            yield from _lines(steps(larger, costs, times))
        yield ""


def _lines(found: Sequence[Step]) -> Iterator[str]:
    jam = bottleneck(found)
    yield "  step        peak/s  servers         busy  p95 wait  needed"
    for step in found:
        p95 = "grows" if step.p95 is None else _told_seconds(step.p95)
        mark = "  <- first bottleneck" if step == jam else ""
        share, rate = f"{100 * step.utilisation:,.2f} %", f"{step.per_second:,.2f}"
        yield f"  {step.name:<9}{rate:>9}{step.servers:9}{share:>13}{p95:>10}{step.needed:8}{mark}"


def _told_bytes(size: float) -> str:
    return f"{size / 1e12:,.1f} TB" if size >= 1e12 else f"{size / 1e9:,.1f} GB"


def _told_seconds(seconds: float) -> str:
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{1_000 * seconds:,.3g} ms"
