"""`tjs-moderation rules`: work with rule sets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tjs_moderation.cli.backtest import backtest
from tjs_moderation.cli.refusal import Refusal
from tjs_moderation.cli.rule_files import read_rule_text, tell_faults
from tjs_moderation.cli.rules_at_work import automatic, json_option, shadows
from tjs_moderation.errors import FaultsError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from tjs_moderation.models import RuleSet

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def rules() -> None:
    """Check a rule set, see what it would have done, put it in force."""


for command in (backtest, shadows, automatic):
    rules.add_command(command)


@rules.command()
@file_argument
def check(file: Path) -> None:
    """Say what is wrong with a rule set, each fault with its line and a hint. Exit 1 when something is."""
    from tjs_moderation.domain.rulebook import parse_rule_set

    try:
        rule_set = parse_rule_set(read_rule_text(file))
    except FaultsError as error:
        tell_faults(file, error.faults)
        sys.exit(1)
    click.echo(
        f"Kunnossa: {len(rule_set.rules)} sääntöä, {len(rule_set.lists)} sanalistaa, {len(rule_set.topics)} aihetta.",
    )


@rules.command()
@file_argument
@click.option("--why", required=True, help="Why: a sentence that stays with the version.")
def publish(file: Path, why: str) -> None:
    """Put a rule set in force. What has been decided stays; what comes in from now on is judged by it."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.rules import publish_rules
    from tjs_moderation.services.transaction import CONSOLE
    from tjs_moderation.web.sentences import sentence

    text = read_rule_text(file)
    with installed_app():
        try:
            number = publish_rules(CONSOLE, text, why)
        except FaultsError as error:
            tell_faults(file, error.faults)
            sys.exit(2)
        except InvalidInputError as error:
            raise Refusal(sentence(error)) from error
    click.echo(f"Säännöt, versio {number}, ovat voimassa.")


@rules.command()
@click.argument("number", type=click.IntRange(min=1), required=False)
def show(number: int | None) -> None:
    """Print the rule set in force, or the version NUMBER, as the text it was published as."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.rules import live_rules, rules_by_number

    with installed_app():
        try:
            found = live_rules() if number is None else rules_by_number(number)
        except NotFoundError as error:
            raise Refusal(f"Sääntöjen versiota {number} ei ole.") from error
    click.echo(found.text, nl=not found.text.endswith("\n"))


@rules.command()
@json_option
def history(as_json: bool) -> None:
    """List every version, the newest first: when, by whom, why."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.rules import versions
    from tjs_moderation.services.wiring import ports

    with installed_app():
        listed = versions()
        zone = ports().settings.zone
    if as_json:
        click.echo(json.dumps({"versions": [_version(found, who) for found, who in listed]}, ensure_ascii=False))
        return
    for found, who in listed:
        at = found.published_at.astimezone(zone).strftime("%-d.%-m.%Y %H.%M")
        live = " (voimassa)" if found.is_live else ""
        click.echo(f"{found.number}{live}\t{at}\t{who or 'konsoli'}\t{found.why}")


def _version(found: RuleSet, who: str | None) -> dict[str, object]:
    return {
        "number": found.number,
        "is_live": found.is_live,
        "published_at": found.published_at.isoformat(),
        "published_by": who,
        "why": found.why,
        "sha256": found.text_hash,
    }
