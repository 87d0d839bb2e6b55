"""How cost grows with what an install holds: a few costs at several sizes, and a drawing of them (SVG)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, repeat
from math import ceil, floor, log10
from statistics import median
from time import process_time

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.bench.desk import queries
from tjs_moderation.bench.frame import written
from tjs_moderation.bench.yard import Yard
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Item
from tjs_moderation.services import casework, search
from tjs_moderation.services.search import Wanted

TIMES, WARMING = 60, 12

PAGE, SEARCH, DECISION = "jonosivu", "haku sanoilla", "päätös"

Costs = Mapping[str, Sequence[tuple[int, float]]]
"""By what is measured: sizes in items, ascending, and the median of processor time in milliseconds."""


def grown(sizes: Sequence[int], told: Callable[[str], None]) -> dict[str, list[tuple[int, float]]]:
    """Measure installs of these sizes on SQLite, one call of each in turn: what disturbs the one disturbs the others.

    Processor time, for neighbours disturb it least.
    """
    yards = [Yard(size) for size in sorted(sizes)]
    for yard in yards:
        told(f"{yard.items} …")
        yard.page("/me")
    return {name: list(zip(sorted(sizes), _in_turns(yards, calls), strict=True)) for name, calls in _CALLS.items()}


def _in_turns(yards: Sequence[Yard], calls: Callable[[Yard], Iterable[Callable[[], object]]]) -> list[float]:
    """The median of each yard in milliseconds, once all are warm."""
    taken: list[list[float]] = [[] for _ in yards]
    for together in islice(zip(*map(calls, yards), strict=False), WARMING + TIMES):
        for times, yard, call in zip(taken, yards, together, strict=True):
            with yard.app.app_context():
                begun = process_time()
                call()
                times.append(1_000 * (process_time() - begun))
    return [round(median(times[WARMING:]), 2) for times in taken]


def _pages(yard: Yard) -> Iterator[Callable[[], object]]:
    return repeat(partial(yard.page, f"/queues/{CaseState.READ}"))


def _searches(yard: Yard) -> Iterator[Callable[[], object]]:
    return (partial(search.find, yard.officer, Wanted(words)) for words in queries(yard.items))


def _decisions(yard: Yard) -> Iterator[Callable[[], object]]:
    with yard.app.app_context(), Session(db.engine) as session:
        waiting = select(Item.id, Item.version).where(Item.state == CaseState.READ).order_by(Item.id.desc())
        items = session.execute(waiting.limit(WARMING + TIMES)).all()
    decide = partial(casework.decide, yard.officer.id, kind=DecisionKind.KEEP)
    return (partial(decide, item.id, item.version) for item in items)


_CALLS: Mapping[str, Callable[[Yard], Iterator[Callable[[], object]]]] = {
    PAGE: _pages,
    SEARCH: _searches,
    DECISION: _decisions,
}

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 720, 360, 64, 150, 40, 48
_MARKS = {PAGE: ("#0b5cad", ""), SEARCH: ("#a03b00", "6 4"), DECISION: ("#2f6b2f", "2 3")}
"""Colours that hold against white, and dashes, so that lines are told apart without colours."""


def drawing(costs: Costs) -> str:
    """The costs as a plot, every value written beside its point."""
    scales = _Scales.of(costs)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="13">',
        "<style>text { font-family: sans-serif }</style>",
        "<title>Kuinka kustannus kasvaa asioiden määrän mukana</title>",
        f"<desc>{_told(costs)}</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" />',
        f'<text x="{LEFT}" y="20">Prosessoriaika, ms (mediaani)</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">asioita</text>',
        *_grid(scales),
    ]
    for name, points in costs.items():
        lines += _line(name, [(scales.x(size), scales.y(value), value) for size, value in points])
    return "\n".join([*lines, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Scales:
    """Where a size and a cost stand: sizes by their powers of ten, costs from nothing to a round `top`."""

    sizes: Sequence[int]
    top: float

    @classmethod
    def of(cls, costs: Costs) -> _Scales:
        most = max(value for points in costs.values() for _, value in points)
        unit = 10.0 ** floor(log10(most))
        return cls(sorted({size for points in costs.values() for size, _ in points}), unit * ceil(most / unit))

    def x(self, size: float) -> float:
        least, most = log10(self.sizes[0]), log10(max(self.sizes[-1], 2 * self.sizes[0]))
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (log10(size) - least) / (most - least), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * value / self.top, 1)


def _grid(scales: _Scales) -> Iterator[str]:
    for quarter in range(5):
        cost = scales.top * quarter / 4
        yield f'<path d="M{LEFT} {scales.y(cost)}H{WIDTH - RIGHT}" stroke="#ccc" />'
        yield f'<text x="{LEFT - 8}" y="{scales.y(cost) + 4}" text-anchor="end">{written(cost)}</text>'
    for size in scales.sizes:
        x = scales.x(size)
        yield f'<path d="M{x} {TOP}V{HEIGHT - FOOT}" stroke="#eee" />'
        yield f'<text x="{x}" y="{HEIGHT - FOOT + 18}" text-anchor="middle">{written(size)}</text>'


def _line(name: str, points: Sequence[tuple[float, float, float]]) -> Iterator[str]:
    colour, dashes = _MARKS[name]
    path = "L".join(f"{x} {y}" for x, y, _ in points)
    yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}" />'
    for x, y, value in points:
        yield f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}" />'
        yield f'<text x="{x}" y="{y - 8}" text-anchor="middle" fill="{colour}">{written(value)}</text>'
    x, y, _ = points[-1]
    yield f'<text x="{x + 22}" y="{y + 4}" fill="{colour}">{name}</text>'


def _told(costs: Costs) -> str:
    return ". ".join(
        f"{name}: " + ", ".join(f"{written(size)} asiaa {written(value)} ms" for size, value in points)
        for name, points in costs.items()
    )
