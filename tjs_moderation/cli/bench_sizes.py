"""The parts of `bench` that ask what size costs: moving an install, growth as a plot, and capacity on paper."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("move")
@click.option("--to", "target", required=True, metavar="URL", help="An empty database, SQLite or PostgreSQL.")
@click.option(
    "--items", type=click.IntRange(1, 5_000_000), default=100_000, show_default=True, help="How many to move."
)
@click.option(
    "--from", "folder", type=click.Path(path_type=Path), help="Keep the install made for it here; take it again."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def move(target: str, items: int, folder: Path | None, as_json: bool) -> None:
    """Move a made-up install into another database, and compare the two. Ends with 1 where they differ."""
    from dataclasses import asdict

    from tjs_moderation.bench.moving import move

    moved = move(items, target, folder)
    if as_json:
        click.echo(json.dumps(asdict(moved) | {"rows_per_second": moved.rows_per_second}, ensure_ascii=False))
    else:
        click.echo(
            f"{moved.items} items, {moved.rows} rows in {moved.seconds:.1f} s ({moved.rows_per_second} rows/s); "
            f"processor time {moved.processor_seconds:.1f} s, memory {moved.memory_mb:.0f} MB"
        )
        for problem in moved.problems:
            click.echo(f"  {problem}")
    if moved.problems:
        raise SystemExit(1)
