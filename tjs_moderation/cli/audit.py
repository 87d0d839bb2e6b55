"""`audit`: is the log whole, and what is its head."""

from __future__ import annotations

import json

import click

_REASONS = {
    "missing": "an entry is missing",
    "out_of_order": "an entry stands in the wrong place",
    "does_not_follow": "an entry does not follow from the one before it",
    "changed": "an entry was changed",
    "head_differs": "the newest entry is not the one the head names",
}


@click.group("audit")
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(as_json: bool) -> None:
    """Check the whole chain. Ends with 1 where it is broken."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import audit as log

    with installed_app():
        verdict = log.verify()
    if as_json:
        found = {"ok": verdict.is_whole, "entries": verdict.entries}
        click.echo(json.dumps({**found, "first_bad": verdict.first_bad, "reason": verdict.reason or None}))
    elif verdict.is_whole:
        click.echo(f"The chain is whole: {verdict.entries} entries.")
    else:
        click.echo(f"The chain is broken at entry {verdict.first_bad}: {_REASONS[verdict.reason]}.")
    if not verdict.is_whole:
        raise SystemExit(1)


@audit.command("head")
def head() -> None:
    """Print the number and the hash of the newest entry."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import audit as log

    with installed_app():
        seq, digest = log.head()
    click.echo(f"{seq} {digest}")
