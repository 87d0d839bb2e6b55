"""`bench`: every goal of speed and memory, its figure, and the floor measured in the same sitting."""

from __future__ import annotations

import json

import click


@click.command("bench")
@click.option("--quick", "is_quick", is_flag=True, help="Small sizes: shows that everything runs, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def bench(is_quick: bool, as_json: bool) -> None:
    """Measure the program on this machine: medians of three runs. Takes some minutes, or with --quick a moment."""
    from tjs_moderation.bench.frame import held, machine, table
    from tjs_moderation.bench.goals import NOT_MEASURED, SITTINGS

    outcomes = []
    for sitting in SITTINGS:
        click.echo(f"{sitting.measurements[0].title} …", err=True)
        outcomes += held(sitting, is_quick=is_quick)
    if as_json:
        document = {
            "machine": machine(),
            "quick": is_quick,
            "measurements": [outcome.document() for outcome in outcomes],
            "not_measured": list(NOT_MEASURED),
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in table(outcomes):
        click.echo(line)
    click.echo("\nEi mitattu vielä:")
    for goal in NOT_MEASURED:
        click.echo(f"  {goal}")
