"""`tjs-moderation rules`: work with rule sets."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from tjs_moderation.errors import Fault


@click.group()
def rules() -> None:
    """Check a rule set, or see what it would have done."""


@rules.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with a rule set, each fault with its line and a hint. Exit 1 when something is."""
    from tjs_moderation.domain.rulebook import parse_rule_set
    from tjs_moderation.errors import FaultsError

    try:
        rule_set = parse_rule_set(read_rule_text(file))
    except FaultsError as error:
        tell_faults(file, error.faults)
        sys.exit(1)
    click.echo(
        f"Kunnossa: {len(rule_set.rules)} sääntöä, {len(rule_set.lists)} sanalistaa, {len(rule_set.topics)} aihetta.",
    )


def read_rule_text(file: Path) -> str:
    """The text of a rule file. Ends the program with 2 and one clear line where it cannot be read."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        click.echo(f"{file}: tiedostoa ei voi lukea ({error.strerror}).", err=True)
    except UnicodeDecodeError as error:
        click.echo(f"{file}: tiedosto ei ole UTF-8-tekstiä (tavu {error.start}). Tallenna se UTF-8-muodossa.", err=True)
    sys.exit(2)


def tell_faults(file: Path, faults: Iterable[Fault]) -> None:
    """Every fault on standard error, one a line: where, what, how to mend it."""
    for fault in faults:
        click.echo(f"{file}:{fault.line}: {fault.message}{' ' + fault.hint if fault.hint else ''}", err=True)
