"""What a measurement is: a figure, where possible the floor of the same sitting, and the goal both are held against.

Every measurement is taken three times; what counts is the median. Figures of another day or machine are not compared.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

RUNS = 3


class Held(Enum):
    """What of a measurement is held against the goal."""

    FIGURE = "figure"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Goal:
    """`limit` is the least (`is_least`) or the most that the figure, or its ratio to the floor, may be."""

    limit: float
    is_least: bool
    held: Held = Held.FIGURE

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.is_least else value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤"
        return f"{sign} {written(self.limit)}{' × pohja' if self.held is Held.RATIO else ''}"


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run found, in the measurement's unit. `memory_mb` is the most a process of the run held."""

    figure: float
    floor: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something to measure. `title` is Finnish; `name` never changes."""

    name: str
    title: str
    unit: str
    goal: Goal | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is measured at once. `take` runs it once, briefly where it is told to, and gives a sample a measurement."""

    measurements: tuple[Measurement, ...]
    take: Callable[[bool], Sequence[Sample]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measurement taken: the medians of its runs. `is_met` is None where there is no goal."""

    measurement: Measurement
    figure: float
    floor: float | None
    ratio: float | None
    memory_mb: float | None
    runs: tuple[float, ...]

    @property
    def is_met(self) -> bool | None:
        goal = self.measurement.goal
        if goal is None:
            return None
        value = self.figure if goal.held is Held.FIGURE else self.ratio
        return value is not None and goal.is_met(value)

    def document(self) -> dict[str, object]:
        """As a JSON object."""
        goal = self.measurement.goal
        return {
            "name": self.measurement.name,
            "title": self.measurement.title,
            "unit": self.measurement.unit,
            "figure": self.figure,
            "floor": self.floor,
            "ratio": self.ratio,
            "memory_mb": self.memory_mb,
            "goal": None if goal is None else str(goal),
            "met": self.is_met,
            "runs": list(self.runs),
        }


def held(sitting: Sitting, *, is_quick: bool) -> list[Outcome]:
    """The medians of three runs, of one where it is to be quick."""
    runs = [sitting.take(is_quick) for _ in range(1 if is_quick else RUNS)]
    return [
        _outcome(measurement, samples)
        for measurement, samples in zip(sitting.measurements, zip(*runs, strict=True), strict=True)
    ]


def _outcome(measurement: Measurement, samples: Sequence[Sample]) -> Outcome:
    """The ratio is the median of the ratios of figure and floor of the same run; of memory, the most counts."""
    return Outcome(
        measurement,
        _median([sample.figure for sample in samples]) or 0.0,
        _median([sample.floor for sample in samples]),
        _median([sample.figure / sample.floor if sample.floor else None for sample in samples]),
        max((round(sample.memory_mb, 1) for sample in samples if sample.memory_mb is not None), default=None),
        tuple(round(sample.figure, 3) for sample in samples),
    )


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 3) if known else None


def machine() -> dict[str, object]:
    """On what was measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"cores": cores, "python": platform.python_version(), "system": platform.system()}


def written(value: float | None) -> str:
    """A number as a Finn writes it: a space between thousands, a comma before decimals; a dash for none."""
    if value is None:
        return "–"
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}" if abs(value) < 1 else f"{value:,.1f}"
    return shown.replace(",", " ").replace(".", ",").removesuffix(",0")


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The lines of a table for the terminal."""
    head = ("mittaus", "luku", "pohja", "suhde", "muisti Mt", "tavoite", "täyttyy")
    rows = [head, *(_row(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _row(outcome: Outcome) -> tuple[str, ...]:
    goal = outcome.measurement.goal
    met = {None: "", True: "kyllä", False: "EI"}[outcome.is_met]
    return (
        f"{outcome.measurement.title} ({outcome.measurement.unit})",
        *(written(value) for value in (outcome.figure, outcome.floor, outcome.ratio, outcome.memory_mb)),
        "" if goal is None else str(goal),
        met,
    )
