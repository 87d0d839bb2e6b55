"""The plots of the numbers page, each with what it says in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from markupsafe import Markup

from tjs_moderation.domain.period import Period, Step
from tjs_moderation.domain.tally import WAITS, Measure
from tjs_moderation.services.numbers import Figures, Judged
from tjs_moderation.web import charts, number_sheets
from tjs_moderation.web.charts import Column
from tjs_moderation.web.number_sheets import KINDS, Sheet
from tjs_moderation.web.words import word

BARS_SHOWN = 12
FEWEST, OFTEN = 5, 0.5
"""A rule that people overruled more often than this, of so many decisions at least, is pointed at."""

Bar = tuple[str, str, Sequence[tuple[str, int]], int]
"""A bar as templates draw it: its label, what it comes to in words, its numbers by kind, and their sum."""


Arrivals = Mapping[date, Counter[str]]
"""How much was written, by the beginning of each step and what was proposed of it."""


def arrivals_plot(arrivals: Arrivals, period: Period) -> Markup:
    """How much was written in each step, by what was proposed of it."""
    data = []
    for first in period.beginnings():
        counts = arrivals.get(first, Counter())
        values = [(kind, counts[kind]) for kind in KINDS]
        parts = ", ".join(f"{number_sheets.kind_name(kind)} {count}" for kind, count in values if count)
        name = f"{number_sheets.step_name(first, period.step)}: {parts or 0}"
        data.append(Column(name, number_sheets.step_label(first, period.step), values))
    return charts.columns("arrivals", gettext("Saapuneet viestit ja mitä niistä ehdotettiin"), _told(data), data)


def arrival_kinds() -> list[tuple[str, str]]:
    """What arrivals are told apart by, each with its name."""
    return [(kind, number_sheets.kind_name(kind)) for kind in KINDS]


def cadence_plot(weeks: Mapping[date, int]) -> Markup:
    """How many posts were made in each week."""
    data = [
        Column(
            f"{number_sheets.step_name(monday, Step.WEEK)}: {count}",
            number_sheets.step_label(monday, Step.WEEK),
            [("plain", count)],
        )
        for monday, count in weeks.items()
    ]
    return charts.columns("cadence", gettext("Julkaisuja viikossa"), _told(data), data)


def _told(data: Sequence[Column]) -> str:
    """What a plot says, in words."""
    total, most = sum(column.total for column in data), max(data, key=lambda column: column.total)
    if not total:
        return str(gettext("Ei mitään tänä aikana."))
    return str(gettext("Yhteensä %(total)s. Eniten: %(most)s.", total=total, most=most.name))


def half_within(figures: Figures, measure: Measure) -> str | None:
    """The step of waiting within which half had what they waited for; None where nothing was counted."""
    counts, reached = figures.totals[measure], 0
    for step, _longest in WAITS:
        reached += counts[step]
        if counts.total() and 2 * reached >= counts.total():
            return step
    return None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long people waited for one thing: a sentence (empty where nobody did), and a bar for each step."""

    name: str
    title: str
    sentence: str
    bars: Sequence[Bar]


def waits(figures: Figures) -> list[Waits]:
    """How long people waited for a decision, and for an answer."""
    titles = {
        Measure.FIRST_DECISION: gettext("Saapumisesta ensimmäiseen päätökseen"),
        Measure.ANSWER: gettext("Saapumisesta julkaistuun vastaukseen"),
    }
    found = []
    for measure, title in titles.items():
        counts, sentence = figures.totals[measure], number_sheets.half_sentence(half_within(figures, measure))
        bars = [
            (number_sheets.wait_name(step), str(counts[step]), [("plain", counts[step])], counts[step])
            for step, _longest in WAITS
        ]
        found.append(Waits(str(measure), title, sentence, bars))
    return found


@dataclass(frozen=True, slots=True)
class Judgements:
    """What became of proposals: a table, bars of those that could be overruled; for each row its way and its blame."""

    sheet: Sheet
    bars: Sequence[Bar]
    ways: Sequence[str]
    are_overruled: Sequence[bool]


def judgements(sheet: Sheet, judged: Sequence[Judged], ways: Mapping[str, str], *, is_of_rules: bool) -> Judgements:
    """What became of proposals, as it is shown; `ways` lead to rules by their names."""
    bars = []
    for row, each in zip(sheet.rows, judged, strict=True):
        if each.followed is not None:
            label = gettext("%(about)s: ehdotus %(outcome)s", about=row[0], outcome=word(each.outcome))
            values = [("keep", each.followed), ("remove", each.overruled)]
            bars.append((label, f"{each.followed} / {each.total}", values, each.total))
    overruled = [is_of_rules and is_overruled_often(each) for each in judged]
    return Judgements(sheet, bars[:BARS_SHOWN], [ways.get(each.about, "") for each in judged], overruled)


def is_overruled_often(judged: Judged) -> bool:
    """Whether people did the opposite so often that the rule should be looked at."""
    return judged.total >= FEWEST and judged.overruled > OFTEN * judged.total
