"""The plots of one post: what was written under it over time, and how it was reacted to and shared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask_babel import gettext
from markupsafe import Markup

from tjs_moderation.domain import popularity
from tjs_moderation.domain.period import Period, beginning, between
from tjs_moderation.domain.tally import day_of
from tjs_moderation.services.post_counts import CountedPost
from tjs_moderation.web import charts, number_plots, number_sheets
from tjs_moderation.web.channel_words import count_name
from tjs_moderation.web.charts import Column
from tjs_moderation.web.number_sheets import Sheet

DRAWN = {"reactions": "plain", "shares": "unread"}
"""What of a post's counts is drawn, and how it is filled."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with the table behind it; `kinds` are its fills with their names."""

    drawing: Markup
    sheet: Sheet
    kinds: Sequence[tuple[str, str]]


def plots(counted: CountedPost, zone: ZoneInfo) -> list[Plot]:
    """The plots of a post from the first day something was known of it to the last; none where nothing is."""
    period = _life(counted, zone)
    if period is None:
        return []
    found = [_arrivals(counted, period, zone)] if counted.arrived else []
    standing = popularity.standing(counted.changes, zone, period)
    is_received = any(count for counts in standing.values() for count in counts.values())
    return [*found, _popularity(standing, period)] if is_received else found


def _life(counted: CountedPost, zone: ZoneInfo) -> Period | None:
    moments = [at for at, _key in counted.arrived] + [change.seen_at for change in counted.changes]
    if not moments:
        return None
    made = [counted.post.created_at] if counted.post.created_at else []
    first, last = day_of(min(moments + made), zone), day_of(max(moments), zone)
    return between(first, last, last)


def _arrivals(counted: CountedPost, period: Period, zone: ZoneInfo) -> Plot:
    found: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for at, key in counted.arrived:
        found[beginning(day_of(at, zone), period.step)][key] += 1
    sheet = number_sheets.arrivals(found, period)
    return Plot(number_plots.arrivals_plot(found, period), sheet, number_plots.arrival_kinds())


def _popularity(standing: Mapping[date, Mapping[str, int]], period: Period) -> Plot:
    title, names = gettext("Reaktiot ja jaot"), [(fill, count_name(kind)) for kind, fill in DRAWN.items()]
    rows: list[Sequence[str | int]] = [
        (number_sheets.step_name(first, period.step), *counts.values()) for first, counts in standing.items()
    ]
    sheet = Sheet("popularity", title, (number_sheets.span_name(period.step), *(name for _, name in names)), rows)
    data = [_column(first, counts, period) for first, counts in standing.items()]
    told = gettext("Viimeksi: %(last)s.", last=data[-1].name)
    return Plot(charts.columns("popularity", gettext("Reaktiot ja jaot kunkin ajan lopussa"), told, data), sheet, names)


def _column(first: date, counts: Mapping[str, int], period: Period) -> Column:
    parts = ", ".join(f"{count_name(kind)} {count}" for kind, count in counts.items())
    name = f"{number_sheets.step_name(first, period.step)}: {parts}"
    return Column(name, number_sheets.step_label(first, period.step), [(DRAWN[kind], n) for kind, n in counts.items()])
