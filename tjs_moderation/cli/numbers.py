"""`numbers`: the counts of days that the numbers page shows."""

from __future__ import annotations

import click


@click.group("numbers")
def numbers() -> None:
    """What is counted day by day."""


@numbers.command("recount")
def recount() -> None:
    """Count every day anew from what happened, as after a change of the time zone. Nothing can be decided meanwhile."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services.recounting import recount_days

    with installed_app():
        count = recount_days()
    click.echo(f"{count} counts are made anew.")
