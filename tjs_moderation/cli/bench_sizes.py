"""The parts of `bench` that ask what size costs: moving an install, growth as a plot, and capacity on paper."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tjs_moderation.cli.refusal import Refusal


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


@click.command("costs")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--items", type=click.IntRange(100, 5_000_000), default=20_000, show_default=True, help="On how many items."
)
@click.option(
    "--postgres", "postgres_url", metavar="URL", help="An empty PostgreSQL database: the steps are measured there."
)
def costs(file: Path, items: int, postgres_url: str | None) -> None:
    """Measure what each step costs and how much the disk holds of an item, and write it to FILE for `capacity`."""
    from tjs_moderation.bench.costs import costs

    file.write_text(json.dumps(costs(items, postgres_url), indent=2) + "\n")


@click.command("capacity")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--times", type=click.FloatRange(min=0, min_open=True), default=1, help="How many usual days one brings.")
def capacity(file: Path, times: float) -> None:
    """Say from the costs in FILE what one page, a hundred and ten thousand need, and where it jams first."""
    from tjs_moderation.bench.capacity import Costs, report

    try:
        known = Costs.of(json.loads(file.read_text()))
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{file}: these are no costs of `bench costs`") from error
    for line in report(known, times=times):
        click.echo(line)


@click.command("growth")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--items", "sizes", type=click.IntRange(400, 5_000_000), multiple=True, help="A size; may be given again."
)
def growth(file: Path, sizes: tuple[int, ...]) -> None:
    """Measure the desk at several sizes (1,000, 10,000 and 100,000 unless told) and draw it into FILE as SVG."""
    from tjs_moderation.bench.growth import drawing, grown

    costs = grown(sizes or (1_000, 10_000, 100_000), lambda line: click.echo(line, err=True))
    file.write_text(drawing(costs), encoding="utf-8")
    for name, points in costs.items():
        click.echo(f"{name}: " + ", ".join(f"{size} items {value} ms" for size, value in points))
