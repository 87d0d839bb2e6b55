"""The tables of the numbers page: what stands behind its plots, and what is exported of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from flask_babel import format_date, get_locale, gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.period import Period, Step
from tjs_moderation.domain.tally import UNREAD, WAITS, Measure
from tjs_moderation.domain.vocabulary import Category, Outcome
from tjs_moderation.services.numbers import CountedPost, Figures, Judged, Load
from tjs_moderation.web.channel_words import count_name
from tjs_moderation.web.moments import day_name
from tjs_moderation.web.words import word

KINDS = (*(str(outcome) for outcome in Outcome), UNREAD)
"""What arrivals are told apart by, from the ground up."""

COUNTED = ("shares", "comments", "reactions")
EXCERPT = 80

_WAITS = {
    "15m": _("enintään 15 min"),
    "1h": _("15 min – 1 h"),
    "4h": _("1–4 h"),
    "12h": _("4–12 h"),
    "1d": _("12 h – 1 vrk"),
    "3d": _("1–3 vrk"),
    "7d": _("3–7 vrk"),
    "longer": _("yli viikko"),
}


_BOUNDS = {
    "15m": _("15 min"),
    "1h": _("1 h"),
    "4h": _("4 h"),
    "12h": _("12 h"),
    "1d": _("1 vrk"),
    "3d": _("3 vrk"),
    "7d": _("7 vrk"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its `name` in addresses, its title, the heads of its columns; its rows, each named by its first cell."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str | int]]


def kind_name(kind: str) -> str:
    """What a kind of arrival is called."""
    return gettext("arvioimatta") if kind == UNREAD else word(Outcome(kind))


def wait_name(step: str) -> str:
    """What a step of waiting is called."""
    return str(_WAITS[step])


def bound_name(step: str) -> str:
    """The longest wait of a step, in short."""
    return str(_BOUNDS.get(step, _WAITS["longer"]))


def half_sentence(step: str | None) -> str:
    """How long half of them waited at most; empty where nobody waited."""
    if step is None:
        return ""
    if step not in _BOUNDS:
        return str(gettext("Yli puolet odotti kauemmin kuin viikon."))
    return str(gettext("Puolet odotti enintään %(time)s.", time=_BOUNDS[step]))


def step_name(first: date, step: Step) -> str:
    """A day, week or month by its whole name."""
    if step is Step.DAY:
        return day_name(first)
    if step is Step.MONTH:
        return str(format_date(first, "LLLL y"))
    last = format_date(first + timedelta(days=6), "medium")
    return str(gettext("viikko %(week)s, %(first)s – %(last)s", week=_week(first), first=short(first), last=last))


def span_name(step: Step) -> str:
    """What a column of such steps is headed by."""
    return str({Step.DAY: gettext("Päivä"), Step.WEEK: gettext("Viikko"), Step.MONTH: gettext("Kuukausi")}[step])


def step_label(first: date, step: Step) -> str:
    """The same as short as it can be said."""
    if step is Step.MONTH:
        return str(format_date(first, "M/y"))
    return short(first) if step is Step.DAY else str(gettext("vko %(week)s", week=_week(first)))


def short(day: date) -> str:
    """Day and month."""
    return str(format_skeleton("Md", day, locale=get_locale()))


def _week(first: date) -> int:
    return first.isocalendar().week


def arrivals(found: Mapping[date, Counter[str]], period: Period) -> Sheet:
    """How much was written in each step, by what was proposed of it."""
    rows: list[Sequence[str | int]] = []
    for first in period.beginnings():
        counts = [found.get(first, Counter())[kind] for kind in KINDS]
        rows.append((step_name(first, period.step), *counts, sum(counts)))
    head = (span_name(period.step), *map(kind_name, KINDS), gettext("yhteensä"))
    return Sheet("arrivals", gettext("Saapuneet"), head, rows)


def waits(figures: Figures) -> Sheet:
    """How long it took to decide and to answer."""
    decided, answered = figures.totals[Measure.FIRST_DECISION], figures.totals[Measure.ANSWER]
    rows = [(wait_name(step), decided[step], answered[step]) for step, _longest in WAITS]
    head = (gettext("Odotti saapumisesta"), gettext("Ensimmäinen päätös"), gettext("Julkaistu vastaus"))
    return Sheet("waits", gettext("Odotusajat"), head, rows)


def categories(judged: Sequence[Judged]) -> Sheet:
    """What became of proposals, by category."""
    rows = [(word(Category(each.about)), *_judged_cells(each)) for each in judged]
    return Sheet("categories", gettext("Ehdotukset luokittain"), _judged_head(gettext("Luokka")), rows)


def rules(judged: Sequence[Judged]) -> Sheet:
    """What became of proposals, by the rule that made them."""
    rows = [(each.about, *_judged_cells(each)) for each in judged]
    return Sheet("rules", gettext("Ehdotukset säännöittäin"), _judged_head(gettext("Sääntö")), rows)


def _judged_head(first: str) -> Sequence[str]:
    kept, removed = gettext("Ihminen säilytti"), gettext("Ihminen poisti")
    return first, gettext("Ehdotus"), kept, removed, gettext("Samaa mieltä, %")


def _judged_cells(judged: Judged) -> Sequence[str | int]:
    share = "" if judged.followed is None else round(100 * judged.followed / judged.total)
    return word(judged.outcome), judged.decided[Verdict.KEPT], judged.decided[Verdict.REMOVED], share


def topics(figures: Figures, names: Mapping[str, str]) -> Sheet:
    """What people wrote about."""
    counted = figures.totals[Measure.TOPIC].most_common()
    rows = [(names.get(slug, slug), count) for slug, count in counted]
    return Sheet("topics", gettext("Aiheet"), (gettext("Aihe"), gettext("Viestejä")), rows)


def cadence(weeks: Mapping[date, int]) -> Sheet:
    """How many posts were made in each week."""
    rows = [(step_name(monday, Step.WEEK), count) for monday, count in weeks.items()]
    return Sheet("cadence", gettext("Julkaisut viikoittain"), (gettext("Viikko"), gettext("Julkaisuja")), rows)


def posts(found: Sequence[CountedPost]) -> Sheet:
    """The newest posts, and what their channel counts of each now."""
    head = (gettext("Julkaisu"), gettext("Päivä"), *map(count_name, COUNTED))
    rows: list[Sequence[str | int]] = [
        (post_name(each), _made_on(each), *(each.counts.get(kind, 0) for kind in COUNTED)) for each in found
    ]
    return Sheet("posts", gettext("Julkaisujen jaot ja reaktiot"), head, rows)


def post_name(counted: CountedPost) -> str:
    """The beginning of a post's text, or what its channel calls it."""
    told = " ".join(counted.post.text.split()) or counted.post.external_id
    return told if len(told) <= EXCERPT else f"{told[: EXCERPT - 1]}…"


def _made_on(counted: CountedPost) -> str:
    return str(format_date(counted.post.created_at, "short")) if counted.post.created_at else ""


def loads(found: Sequence[Load]) -> Sheet:
    """Who did how much."""
    head = (
        *(gettext("Nimi"), gettext("Päätöksiä"), gettext("Julkaistuja vastauksia")),
        *(gettext("Sai kysymyksiä"), gettext("Odottaa nyt")),
    )
    rows = [(each.name, each.decided, each.answered, each.routed, each.waiting) for each in found]
    return Sheet("loads", gettext("Työn jakautuminen"), head, rows)
