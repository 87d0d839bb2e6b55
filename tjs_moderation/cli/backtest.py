"""`tjs-moderation rules backtest`: what a rule set would have made of what is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tjs_moderation.cli.rule_files import read_rule_text, tell_faults
from tjs_moderation.cli.tables import shortened, table
from tjs_moderation.errors import FaultsError

if TYPE_CHECKING:
    from tjs_moderation.domain.backtest import Agreement, Compared, Sight, Tally
    from tjs_moderation.domain.vocabulary import Category

_TOLD_EVERY = 1000


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--days", type=click.IntRange(1, 36_500), default=30, show_default=True, help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def backtest(file: Path, days: int, as_json: bool) -> None:
    """Show what the rule set FILE would have made of what came in lately. Changes nothing."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.domain.backtest import Tally
    from tjs_moderation.services import backtest as service

    text = read_rule_text(file)
    with installed_app():
        try:
            compared = service.backtest(text, days)
        except FaultsError as error:
            tell_faults(file, error.faults)
            sys.exit(2)
        tally = Tally()
        counted = _counted(compared, tally, service.how_many(days))
        if as_json:
            _print_json(counted, tally, days)
        else:
            _print_words(counted, tally, days)


def _counted(compared: Iterable[Compared], tally: Tally, total: int) -> Iterator[Compared]:
    """What changed, as it is found; every item goes into `tally`, and standard error hears how far it is."""
    for one in compared:
        tally.add(one)
        if tally.read % _TOLD_EVERY == 0 or tally.read == total:
            click.echo(f"{tally.read}/{total} luettu, {tally.changed} muuttuisi", err=True)
        if one.is_changed:
            yield one


def _print_json(changed: Iterable[Compared], tally: Tally, days: int) -> None:
    """One document, written as it is found: however much changes, it is never held in memory."""
    click.echo('{"changed":[', nl=False)
    for number, one in enumerate(changed):
        click.echo(("," if number else "") + json.dumps(_document(one), ensure_ascii=False), nl=False)
    rest = {
        "changed_count": tally.changed,
        "days": days,
        "read": tally.read,
        "outcomes": [{"from": old, "to": new, "count": count} for (old, new), count in sorted(tally.outcomes.items())],
        "categories": [
            {"from": old, "to": new, "count": count} for (old, new), count in sorted(tally.categories.items())
        ],
        "people": {"decided": tally.live.decided, "live": _agreement(tally.live), "tried": _agreement(tally.tried)},
    }
    click.echo("]," + json.dumps(rest, ensure_ascii=False).removeprefix("{"))


def _document(one: Compared) -> dict[str, object]:
    return {
        "id": one.item_id,
        "external_id": one.external_id,
        "from": _sight(one.live),
        "to": _sight(one.tried),
        "decision": one.decided,
        "text": shortened(one.text),
    }


def _sight(sight: Sight) -> dict[str, str]:
    told = {"outcome": sight.outcome, "category": sight.category}
    return {**told, "rule": sight.rule, "reason": shortened(sight.sentence, 300)}


def _agreement(agreement: Agreement) -> dict[str, int]:
    return {
        "agreed": agreement.agreed,
        "removed_in_vain": agreement.removed_in_vain,
        "missed": agreement.missed,
        "left_to_people": agreement.left_open,
    }


def _print_words(changed: Iterable[Compared], tally: Tally, days: int) -> None:
    for one in changed:
        click.echo("\n".join(_lines(one)))
    click.echo(f"\nViimeisten {days} päivän viestejä luettiin {tally.read}. Niistä muuttuisi {tally.changed}.\n")
    if tally.read:
        click.echo("\n\n".join(_tables(tally)))


def _lines(one: Compared) -> Iterator[str]:
    from tjs_moderation.domain.backtest import Verdict
    from tjs_moderation.web.words import word

    said = {Verdict.KEPT: "; ihminen säilytti", Verdict.REMOVED: "; ihminen poisti", None: ""}[one.decided]
    old, new = (f"{word(sight.outcome)} ({word(sight.category)})" for sight in (one.live, one.tried))
    yield f"#{one.item_id}  {old} → {new}{said}"
    yield f"    ”{shortened(one.text)}”"
    why = one.tried if one.tried.sentence else one.live
    if why.sentence:
        rule = f"{why.rule}: " if why.rule else ""
        gone = "" if why is one.tried else "ei enää: "
        yield f"    {gone}{rule}{shortened(why.sentence, 300)}"


def _tables(tally: Tally) -> Iterator[str]:
    from tjs_moderation.domain.vocabulary import Category, Outcome
    from tjs_moderation.web.words import word

    yield "Ehdotus: riveillä voimassa olevat säännöt, sarakkeissa kokeiltavat\n" + table(
        [
            ["", *(word(new) for new in Outcome)],
            *([word(old), *(tally.outcomes[old, new] for new in Outcome)] for old in Outcome),
        ],
    )
    seen = [(one, _sums(tally, one)) for one in Category if any(_sums(tally, one))]
    yield table([["Laji", "nyt", "kokeiltavilla"], *([word(one), *sums] for one, sums in seen)])
    if tally.live.decided:
        yield f"Ihmisten päätöksiä samoista teksteistä: {tally.live.decided}\n" + _people(tally)


def _sums(tally: Tally, category: Category) -> tuple[int, int]:
    live = sum(count for (old, _), count in tally.categories.items() if old is category)
    return live, sum(count for (_, new), count in tally.categories.items() if new is category)


def _people(tally: Tally) -> str:
    rows = [
        ("samaa mieltä", tally.live.agreed, tally.tried.agreed),
        ("ehdottaa poistoa, ihminen säilytti", tally.live.removed_in_vain, tally.tried.removed_in_vain),
        ("ehdottaa säilyttämistä, ihminen poisti", tally.live.missed, tally.tried.missed),
        ("jättää ihmisen punnittavaksi", tally.live.left_open, tally.tried.left_open),
    ]
    return table([("", "nyt", "kokeiltavilla"), *rows])
