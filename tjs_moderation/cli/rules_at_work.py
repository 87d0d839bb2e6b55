"""`tjs-moderation rules shadows` and `rules automatic`: what rules do beside proposing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tjs_moderation.cli.refusal import Refusal
from tjs_moderation.cli.tables import table
from tjs_moderation.domain.vocabulary import Hours

if TYPE_CHECKING:
    from tjs_moderation.services.options import Automation
    from tjs_moderation.services.shadows import Shadow

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

_HOURS = {
    Hours.ALWAYS: "aina",
    Hours.WORKING: "vain työaikana",
    Hours.OUTSIDE: "vain työajan ulkopuolella",
}


@click.command()
@click.option("--days", type=click.IntRange(1, 36_500), default=30, show_default=True, help="How far to look back.")
@json_option
def shadows(days: int, as_json: bool) -> None:
    """Tell how often each shadow rule was heard, and what people decided about those items."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.shadows import shadows as heard_shadows

    with installed_app():
        found = heard_shadows(days)
    if as_json:
        click.echo(json.dumps({"days": days, "shadows": [_document(one) for one in found]}, ensure_ascii=False))
    elif not found:
        click.echo(f"Yksikään varjosääntö ei ole osunut viimeisten {days} päivän viesteihin.")
    else:
        click.echo(_told(found))


def _document(shadow: Shadow) -> dict[str, object]:
    from tjs_moderation.domain.backtest import Verdict

    return {
        "rule": shadow.rule,
        "heard": shadow.heard,
        "would_change": shadow.changes,
        "would": dict(shadow.would),
        "people": {str(verdict): shadow.decided[verdict] for verdict in Verdict},
        "examples": shadow.examples,
    }


def _told(found: Sequence[Shadow]) -> str:
    from tjs_moderation.domain.backtest import Verdict

    head = ("sääntö", "osumia", "muuttaisi", "ihminen poisti", "ihminen säilytti", "esimerkkejä")
    rows = [
        (
            one.rule,
            one.heard,
            one.changes,
            one.decided[Verdict.REMOVED],
            one.decided[Verdict.KEPT],
            " ".join(f"#{item_id}" for item_id in one.examples[:5]),
        )
        for one in found
    ]
    return table([head, *rows])


@click.command()
@click.option("--on/--off", "is_on", default=None, help="Whether rules may hide comments by themselves.")
@click.option("--cap", type=int, help="How many a day at most, all rules together.")
@click.option("--hours", type=click.Choice([hours.value for hours in Hours]), help="At which hours.")
@json_option
def automatic(is_on: bool | None, cap: int | None, hours: str | None, as_json: bool) -> None:
    """Say what rules may hide by themselves, or change it. Without options prints what is set."""
    from tjs_moderation.cli.context import installed_app

    with installed_app():
        found = _changed(is_on, cap, Hours(hours) if hours else None)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    is_set = "käytössä" if found.is_on else "pois käytöstä"
    click.echo(f"Automaattinen piilottaminen: {is_set}. Enintään {found.cap_per_day} päivässä, {_HOURS[found.hours]}.")


def _changed(is_on: bool | None, cap: int | None, hours: Hours | None) -> Automation:
    from tjs_moderation.errors import InvalidInputError
    from tjs_moderation.extensions import db
    from tjs_moderation.services import options
    from tjs_moderation.services.transaction import CONSOLE
    from tjs_moderation.web.sentences import sentence

    if (is_on, cap, hours) == (None, None, None):
        return options.automation(db.session())
    try:
        return options.set_automatic(CONSOLE, is_on, cap, hours)
    except InvalidInputError as error:
        raise Refusal(sentence(error)) from error
