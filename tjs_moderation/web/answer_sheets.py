"""Questions and answers on the numbers page: tables by week and by topic, and the plots that stand before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from tjs_moderation.domain.period import Step
from tjs_moderation.domain.tally import NO_TOPIC, Punctuality, Stage
from tjs_moderation.services.answer_numbers import AnswerCounts, Answered
from tjs_moderation.web import charts, number_sheets
from tjs_moderation.web.charts import Column
from tjs_moderation.web.number_plots import Bar
from tjs_moderation.web.number_sheets import Sheet

KINDS = {"keep": Punctuality.IN_TIME, "remove": Punctuality.LATE, "plain": Punctuality.FREE}
"""How each sort of answer is drawn."""

_PUNCTUAL = {
    Punctuality.IN_TIME: _("ajoissa"),
    Punctuality.LATE: _("myöhässä"),
    Punctuality.FREE: _("ilman määräaikaa"),
}
_STAGES = {
    Stage.READING: _("Asiantuntija avasi"),
    Stage.DRAFT: _("Luonnos"),
    Stage.APPROVAL: _("Hyväksyntä"),
    Stage.PUBLISHING: _("Vastauksen julkaisu"),
}


def answer_kinds() -> list[tuple[str, str]]:
    """How answers are told apart in the plot, each with its name."""
    return [(kind, str(_PUNCTUAL[how])) for kind, how in KINDS.items()]


def by_week(figures: AnswerCounts) -> Sheet:
    """How questions were answered, week by week."""
    rows = [(number_sheets.step_name(monday, Step.WEEK), *_cells(each)) for monday, each in figures.weeks.items()]
    return Sheet("answers", gettext("Vastaukset viikoittain"), _head(gettext("Viikko")), rows)


def by_topic(figures: AnswerCounts, names: Mapping[str, str]) -> Sheet:
    """What people ask about, and how that was answered; what is asked most first."""
    most = sorted(figures.topics.items(), key=lambda each: (-each[1].asked, -each[1].published, each[0]))
    rows = [(_topic_name(slug, names), *_cells(each)) for slug, each in most]
    return Sheet("questions", gettext("Kysymykset aiheittain"), _head(gettext("Aihe")), rows)


def plot(figures: AnswerCounts) -> Markup:
    """How many answers were published in each week, in time or not."""
    data = []
    for monday, each in figures.weeks.items():
        values = [(kind, each.punctual[how]) for kind, how in KINDS.items()]
        told = ", ".join(f"{_PUNCTUAL[KINDS[kind]]} {count}" for kind, count in values if count) or "0"
        name = f"{number_sheets.step_name(monday, Step.WEEK)}: {told}"
        data.append(Column(name, number_sheets.step_label(monday, Step.WEEK), values))
    told = gettext("Vastauksia yhteensä %(count)s.", count=figures.total.published)
    return charts.columns("answers", gettext("Julkaistut vastaukset ja määräajat"), told, data)


def asked_bars(figures: AnswerCounts, names: Mapping[str, str]) -> Sequence[Bar]:
    """What people ask about: answered and not, what is asked most first."""
    most = sorted(figures.topics.items(), key=lambda each: (-each[1].asked, each[0]))
    bars: list[Bar] = []
    for slug, each in most:
        replied = min(each.replied, each.asked)
        values = [("keep", replied), ("unread", each.asked - replied)]
        if each.asked:
            bars.append((_topic_name(slug, names), f"{replied} / {each.asked}", values, each.asked))
    return bars


def sentences(figures: AnswerCounts) -> list[str]:
    """The period in words: the answered share, punctuality, and how far half had come by when."""
    total, told = figures.total, []
    if total.share is not None:
        facts = {"replied": min(total.replied, total.asked), "asked": total.asked, "share": total.share}
        told.append(gettext("Kysymyksiä %(asked)s, joista vastattu %(replied)s (%(share)s %%).", **facts))
    dated = total.published - total.punctual[Punctuality.FREE]
    if dated:
        in_time = total.punctual[Punctuality.IN_TIME]
        told.append(gettext("Määräajassa julkaistiin %(in_time)s / %(dated)s.", in_time=in_time, dated=dated))
    return told


def _head(first: str) -> Sequence[str]:
    asked = (gettext("Kysymyksiä"), gettext("Vastattu"), gettext("Vastattu, %"), gettext("Julkaistu"))
    late = (gettext("Ajoissa"), gettext("Myöhässä"))
    return first, *asked, *late, *(gettext("%(stage)s, puolet enintään", stage=name) for name in _STAGES.values())


def _cells(each: Answered) -> Sequence[str | int]:
    share = "" if each.share is None else each.share
    in_time, late = each.punctual[Punctuality.IN_TIME], each.punctual[Punctuality.LATE]
    return each.asked, each.replied, share, each.published, in_time, late, *(_half(each, stage) for stage in Stage)


def _half(each: Answered, stage: Stage) -> str:
    step = each.half(stage)
    return number_sheets.bound_name(step) if step else ""


def _topic_name(slug: str, names: Mapping[str, str]) -> str:
    return gettext("ei aihetta") if slug == NO_TOPIC else names.get(slug, slug)
