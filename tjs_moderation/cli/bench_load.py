"""The part of `bench` that puts the whole house under load."""

from __future__ import annotations

import json

import click


@click.command("load")
@click.option("--seconds", type=click.FloatRange(min=1), default=600, show_default=True, help="For how long.")
@click.option("--rate", type=click.FloatRange(min=1), default=200, show_default=True, help="Webhooks a second.")
@click.option("--people", type=click.IntRange(0, 250), default=20, show_default=True, help="How many work meanwhile.")
@click.option(
    "--items", type=click.IntRange(1, 5_000_000), default=10_000, show_default=True, help="How many are there already."
)
@click.option("--postgres", "postgres_url", metavar="URL", help="An empty PostgreSQL database to do it on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load(seconds: float, rate: float, people: int, items: int, postgres_url: str | None, as_json: bool) -> None:
    """Webhooks beside people who sign in, read, open and decide, on the real web server and worker.

    Ends with 1 where something acknowledged was lost, or somebody met with an error.
    """
    from tjs_moderation.bench.frame import held, machine, table
    from tjs_moderation.bench.load import Size, sitting

    told = sitting(Size(seconds, rate, people, items), postgres_url)
    outcomes = held(told, is_quick=True)
    if as_json:
        found = {"machine": machine(), "measurements": [outcome.document() for outcome in outcomes]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for line in table(outcomes):
            click.echo(line)
    figures = {outcome.measurement.name: outcome.figure for outcome in outcomes}
    if figures["load_lost"] or figures["load_unworked"] or figures["load_errors"]:
        raise SystemExit(1)
