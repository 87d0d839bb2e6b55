"""The numbers page: plots of a period with a table behind each, and every table as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tjs_moderation.domain import period as periods
from tjs_moderation.domain.period import USUAL_DAYS, Period
from tjs_moderation.domain.tally import Measure, day_of
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import NotAllowedError, NotFoundError
from tjs_moderation.services import numbers
from tjs_moderation.services.answer_numbers import AnswerCounts
from tjs_moderation.services.listing import topic_names
from tjs_moderation.services.numbers import CountedPost, Figures, Judged
from tjs_moderation.services.rejects import harmless
from tjs_moderation.services.rules import live_rules
from tjs_moderation.services.wiring import ports
from tjs_moderation.web import answer_sheets, charts, number_plots, number_sheets
from tjs_moderation.web.access import may, permission
from tjs_moderation.web.number_plots import Judgements, judgements
from tjs_moderation.web.number_sheets import Sheet
from tjs_moderation.web.rule_versions import rules_named_in

blueprint = Blueprint("numbers", __name__, url_prefix="/numbers")


@dataclass(frozen=True, slots=True)
class Asked:
    """The period of an address, what the form shows, and whether the address named none that can be."""

    period: Period
    days: int | None
    is_odd: bool

    @property
    def address(self) -> Mapping[str, str]:
        """What an address of the same period holds."""
        if self.days is not None:
            return {"days": str(self.days)}
        return {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}


def asked() -> Asked:
    """The period that the address names: `days` up to today, or from `since` to `until`; thirty days for none."""
    today = day_of(ports().clock(), ports().settings.zone)
    since, until = (_day(request.args.get(name, "")) for name in ("since", "until"))
    if since is not None:
        named = periods.between(since, until or today, today)
        return Asked(named, None, False) if named else Asked(periods.lasting(USUAL_DAYS[0], today), USUAL_DAYS[0], True)
    days = request.args.get("days", type=int)
    is_odd = bool(request.args.get("since") or request.args.get("until")) or (days is None and "days" in request.args)
    wanted = periods.lasting(USUAL_DAYS[0] if days is None else days, today)
    return Asked(wanted, wanted.days, is_odd)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@blueprint.get("")
@permission(Permission.SEE_NUMBERS)
def show() -> str:
    """Everything that is counted, over the period of the address."""
    wanted = asked()
    figures = numbers.figures(wanted.period)
    weeks, posts = numbers.posts_by_week(wanted.period), numbers.newest_posts(wanted.period)
    names = topic_names()
    return render_template(
        "numbers/show.html",
        asked=wanted,
        usual=USUAL_DAYS,
        silence=numbers.silence(),
        arrivals=number_sheets.arrivals(figures.arrivals, wanted.period),
        arrivals_plot=number_plots.arrivals_plot(figures.arrivals, wanted.period),
        waits=number_sheets.waits(figures),
        wait_plots=number_plots.waits(figures),
        judgements=_all_judgements(figures),
        topics=number_sheets.topics(figures, names),
        **_questions(figures.answers, names),
        cadence=number_sheets.cadence(weeks),
        cadence_plot=number_plots.cadence_plot(weeks),
        posts=number_sheets.posts(posts),
        post_ways=_post_ways(posts),
        loads=number_sheets.loads(numbers.loads(figures)) if may(Permission.SEE_LOADS) else None,
    )


def _questions(answered: AnswerCounts, names: Mapping[str, str]) -> Mapping[str, object]:
    """What the page tells of questions and answers."""
    return {
        "answers": answer_sheets.by_week(answered),
        "answers_plot": answer_sheets.plot(answered),
        "answer_sentences": answer_sheets.sentences(answered),
        "questions": answer_sheets.by_topic(answered, names),
        "question_bars": answer_sheets.asked_bars(answered, names),
    }


_SHEETS: Mapping[str, Callable[[Period], Sheet]] = {
    "arrivals": lambda period: number_sheets.arrivals(numbers.figures(period).arrivals, period),
    "waits": lambda period: number_sheets.waits(numbers.figures(period)),
    "categories": lambda period: number_sheets.categories(numbers.figures(period).judged(Measure.BY_CATEGORY)),
    "rules": lambda period: number_sheets.rules(numbers.figures(period).judged(Measure.BY_RULE)),
    "topics": lambda period: number_sheets.topics(numbers.figures(period), topic_names()),
    "answers": lambda period: answer_sheets.by_week(numbers.figures(period).answers),
    "questions": lambda period: answer_sheets.by_topic(numbers.figures(period).answers, topic_names()),
    "cadence": lambda period: number_sheets.cadence(numbers.posts_by_week(period)),
    "posts": lambda period: number_sheets.posts(numbers.newest_posts(period)),
    "loads": lambda period: number_sheets.loads(numbers.loads(numbers.figures(period))),
}


@blueprint.get("/<sheet>.csv")
@permission(Permission.SEE_NUMBERS)
def export(sheet: str) -> ResponseReturnValue:
    """One table for a spreadsheet."""
    if sheet not in _SHEETS:
        raise NotFoundError("sheet")
    if sheet == "loads" and not may(Permission.SEE_LOADS):
        raise NotAllowedError(Permission.SEE_LOADS)
    period = asked().period
    response = make_response(_as_csv(_SHEETS[sheet](period)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"{sheet}-{period.since.isoformat()}-{period.until.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _as_csv(sheet: Sheet) -> bytes:
    """As a Finnish spreadsheet opens it; no cell can be taken for a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";")
    for row in (sheet.head, *sheet.rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _all_judgements(figures: Figures) -> list[Judgements]:
    """By category, then by rule; none where nothing was decided."""
    by_category, by_rule = figures.judged(Measure.BY_CATEGORY), figures.judged(Measure.BY_RULE)
    found = []
    if by_category:
        found.append(judgements(number_sheets.categories(by_category), by_category, {}, is_of_rules=False))
    if by_rule:
        found.append(judgements(number_sheets.rules(by_rule), by_rule, _rule_ways(by_rule), is_of_rules=True))
    return found


def _rule_ways(judged: Sequence[Judged]) -> Mapping[str, str]:
    """The way to each rule in the rule set in force, for those who may edit rules; none to a rule that is gone."""
    if not judged or not may(Permission.EDIT_RULES):
        return {}
    live = live_rules()
    named = rules_named_in(live.text)
    return {
        each.about: url_for("rule_versions.show", number=live.number, _anchor=f"rule-{each.about}")
        for each in judged
        if each.about in named
    }


def _post_ways(posts: Sequence[CountedPost]) -> list[str]:
    """The way to the page of each post, by a comment under it, for those who see every item."""
    is_open = may(Permission.SEE_ALL_ITEMS)
    return [url_for("items.post", item_id=each.item_id) if is_open and each.item_id else "" for each in posts]


blueprint.add_app_template_global(number_plots.arrival_kinds)
blueprint.add_app_template_global(answer_sheets.answer_kinds)
blueprint.add_app_template_global(charts.bar, "chart_bar")
blueprint.add_app_template_global(charts.swatch, "chart_swatch")
blueprint.add_app_template_global(charts.patterns, "chart_patterns")
