"""`search`: the index that the console finds by."""

from __future__ import annotations

import click


@click.group("search")
def search() -> None:
    """The search index."""


@search.command("reindex")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 5_000), help="Items at a time.")
def reindex(batch: int) -> None:
    """Index every item anew, the first taken in first. Can be stopped and begun again at any time."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import search_index

    done = 0
    with installed_app():
        for done in search_index.reindex(batch):
            click.echo(f"{done} …", err=True)
    click.echo(f"{done} items are indexed.")
