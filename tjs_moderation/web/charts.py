"""Plots as SVG, from numbers alone: columns over time, and bars to stand beside words. No clock, request or database.

Widths are shares of the drawing's own, heights are pixels: letters stay as large on a phone as on a wide screen. Kinds
are told apart by pattern and by place as well as by colour; colours come from a style sheet (`.chart__ground--…`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

TOP, PLOT_HEIGHT, FOOT = 12, 160, 24
BAR_HEIGHT, AXIS_WIDTH = 16, 44

_GAP = 0.22
_LABELS = 4
_LEAST_TOP = 4
_ROUND = (10, 15, 20, 30, 40, 60, 80, 100)
"""What the top of a plot may be in tenths of the greatest power of ten in it."""

_SIGNS = {
    "keep": Markup(""),
    "weigh": Markup('<path class="chart__sign--weigh" d="M-1 1l2-2M0 6l6-6M5 7l2-2" />'),
    "remove": Markup('<path class="chart__sign--remove" d="M0 0l6 6M6 0l-6 6" />'),
    "unread": Markup('<path class="chart__sign--unread" d="M3 3h.1" />'),
    "plain": Markup(""),
}
"""What each kind is drawn with on its ground, in six pixels square; the first and the last are one colour all over."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` is told when it is pointed at, `label` stands below it; `values` are numbers by kind."""

    name: str
    label: str
    values: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        """How high it is."""
        return sum(value for _, value in self.values)


def patterns() -> Markup:
    """What all plots of a page are filled with; to stand on it once."""
    drawn = Markup("").join(
        Markup(
            '<pattern id="fill-{kind}" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<rect class="chart__ground--{kind}" width="6" height="6" />{signs}</pattern>'
        ).format(kind=kind, signs=signs)
        for kind, signs in _SIGNS.items()
    )
    return Markup('<svg class="chart__patterns" width="0" height="0" aria-hidden="true"><defs>{}</defs></svg>').format(
        drawn
    )


def columns(name: str, title: str, description: str, data: Sequence[Column]) -> Markup:
    """Columns in their order, their kinds upon each other. Every `name` on a page needs to be another."""
    top = scale(max((column.total for column in data), default=0))
    drawn = Markup("").join([*_grid(), *_stacks(data, top), *_labels(data)])
    return Markup(
        '<div class="chart__frame">{axis}<svg class="chart__plot" width="100%" height="{height}" role="img" '
        'aria-labelledby="{name}-title {name}-told"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-told">{description}</desc>{drawn}</svg></div>'
    ).format(
        axis=_axis(top),
        height=TOP + PLOT_HEIGHT + FOOT,
        name=name,
        title=title,
        description=description,
        drawn=drawn,
    )


def bar(values: Sequence[tuple[str, int]], longest: int) -> Markup:
    """One bar, its kinds beside each other, as long as it is among those of which one is the `longest`.

    It says nothing by itself: its label and its numbers stand beside it as words.
    """
    reached, parts = 0.0, []
    for kind, value in values:
        share = 100 * value / max(longest, 1)
        if value:
            parts.append(_rect(kind, reached, 0, share, BAR_HEIGHT))
        reached += share
    return Markup('<svg class="chart__bar" width="100%" height="{}" aria-hidden="true">{}</svg>').format(
        BAR_HEIGHT, Markup("").join(parts)
    )


def swatch(kind: str) -> Markup:
    """A small piece of a kind, for a legend."""
    return Markup('<svg class="chart__swatch" width="16" height="16" aria-hidden="true">{}</svg>').format(
        _rect(kind, 0, 0, 100, 16)
    )


def scale(most: int) -> int:
    """The number at the top of a plot: a round one not below `most`; 4 at least."""
    if most <= _LEAST_TOP:
        return _LEAST_TOP
    unit = int("1" + "0" * (len(str(most)) - 1))
    return next(unit * step // 10 for step in _ROUND if unit * step // 10 >= most)


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    """`x` and `width` in hundredths of the drawing, `y` and `height` in pixels."""
    return Markup(
        '<rect class="chart__edge--{kind}" fill="url(#fill-{kind})" '
        'x="{x:g}%" y="{y:g}" width="{w:g}%" height="{h:g}" />'
    ).format(kind=kind, x=round(x, 3), y=round(y, 1), w=round(width, 3), h=round(height, 1))


def _height_of(share: float) -> float:
    return round(TOP + PLOT_HEIGHT * (1 - share), 1)


def _axis(top: int) -> Markup:
    """The numbers beside a plot; half of the top only where that is a whole number."""
    marks = [(1.0, top), (0.0, 0)] + ([(0.5, top // 2)] if top % 2 == 0 else [])
    words = Markup("").join(
        Markup('<text class="chart__text" x="{}" y="{:g}" text-anchor="end">{}</text>').format(
            AXIS_WIDTH - 6, _height_of(share) + 4, number
        )
        for share, number in marks
    )
    return Markup('<svg class="chart__axis" width="{}" height="{}" aria-hidden="true">{}</svg>').format(
        AXIS_WIDTH, TOP + PLOT_HEIGHT + FOOT, words
    )


def _grid() -> Iterator[Markup]:
    for share in (1.0, 0.5, 0.0):
        y = _height_of(share)
        yield Markup('<line class="chart__grid" x1="0" x2="100%" y1="{y:g}" y2="{y:g}" />').format(y=y)


def _stacks(data: Sequence[Column], top: int) -> Iterator[Markup]:
    wide = 100 / max(len(data), 1)
    for place, column in enumerate(data):
        reached, parts = 0.0, []
        for kind, value in column.values:
            reached += value / top
            if value:
                box = (_height_of(reached), wide * (1 - _GAP), PLOT_HEIGHT * value / top)
                parts.append(_rect(kind, wide * (place + _GAP / 2), *box))
        if parts:
            yield Markup("<g><title>{}</title>{}</g>").format(column.name, Markup("").join(parts))


def _labels(data: Sequence[Column]) -> Iterator[Markup]:
    """A few, so that they do not run into each other on a phone."""
    last = len(data) - 1
    for place in sorted({round(last * part / (_LABELS - 1)) for part in range(_LABELS)} if data else ()):
        anchor, at = "middle", 100 * (place + 0.5) / len(data)
        if last > _LABELS:
            anchor, at = {0: ("start", 0.0), last: ("end", 100.0)}.get(place, (anchor, at))
        yield Markup('<text class="chart__text" x="{:g}%" y="{}" text-anchor="{}">{}</text>').format(
            round(at, 2), TOP + PLOT_HEIGHT + 18, anchor, data[place].label
        )
