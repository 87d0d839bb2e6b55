"""Rule files as commands read them, and their faults as commands tell them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from tjs_moderation.errors import Fault


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
