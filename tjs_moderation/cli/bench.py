"""`bench`: every goal of speed and memory, its figure, and the floor measured in the same sitting."""

from __future__ import annotations

import json

import click

from tjs_moderation.cli import bench_load, bench_sizes


@click.group("bench", invoke_without_command=True)
@click.option("--quick", "is_quick", is_flag=True, help="Small sizes: shows that everything runs, not how fast.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--items", type=click.IntRange(1, 5_000_000), help="So many items on the desk, entries in the log.")
@click.option(
    "--postgres", "postgres_url", metavar="URL", help="An empty PostgreSQL database to measure the desk on as well."
)
@click.option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Only the measurements whose name begins so, and those taken with them; may be told more than once.",
)
@click.option(
    "--soak", "soak_seed", type=int, metavar="SEED", help="Only the soak: a page where everything goes wrong."
)
@click.option(
    "--faults",
    "faults_seed",
    type=int,
    metavar="SEED",
    help="Only the faults: web server and worker killed in 1,000 rounds (40 with --quick).",
)
def bench(
    is_quick: bool,
    as_json: bool,
    items: int | None,
    postgres_url: str | None,
    only: tuple[str, ...],
    soak_seed: int | None,
    faults_seed: int | None,
) -> None:
    """Measure the program on this machine: medians of three runs. Takes half an hour, or with --quick a moment.

    An install with a million items is made for it: 4 gigabytes in the folder for temporary files, gone at the end.
    """
    if click.get_current_context().invoked_subcommand:
        return
    if soak_seed is not None:
        _soak(soak_seed, is_quick=is_quick, as_json=as_json)
        return
    if faults_seed is not None:
        _faults(faults_seed, postgres_url, is_quick=is_quick, as_json=as_json)
        return
    from tjs_moderation.bench.frame import held, machine, table
    from tjs_moderation.bench.goals import FEW, MANY, not_measured, sittings

    outcomes, missing = [], not_measured(postgres_url)
    for sitting in sittings(items or (FEW if is_quick else MANY), postgres_url):
        if only and not any(each.name.startswith(only) for each in sitting.measurements):
            continue
        click.echo(f"{sitting.measurements[0].title} …", err=True)
        outcomes += held(sitting, is_quick=is_quick)
    if as_json:
        document = {
            "machine": machine(),
            "quick": is_quick,
            "measurements": [outcome.document() for outcome in outcomes],
            "not_measured": list(missing),
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for line in table(outcomes):
        click.echo(line)
    click.echo("\nEi mitattu vielä:")
    for goal in missing:
        click.echo(f"  {goal}")


def _soak(seed: int, *, is_quick: bool, as_json: bool) -> None:
    """Play the soak once. Ends with 1 where something was missed or done twice."""
    from dataclasses import asdict

    from tjs_moderation.bench.soak import SMALL, Size, soak

    outcome = soak(seed, SMALL if is_quick else Size())
    if as_json:
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    else:
        click.echo(
            f"{outcome.comments} comments and {outcome.acts} acts in {outcome.walks} walks, {outcome.calls} calls, "
            f"{sum(outcome.faults.values())} faults, {outcome.seconds:.0f} s"
        )
        for problem in outcome.problems:
            click.echo(f"  {problem}")
    if outcome.problems:
        raise SystemExit(1)


def _faults(seed: int, postgres_url: str | None, *, is_quick: bool, as_json: bool) -> None:
    """Play the faults once. Ends with 1 where something was lost, doubled or miscounted."""
    from dataclasses import asdict

    from tjs_moderation.bench.faults import FEW_ROUNDS, ROUNDS, play

    outcome = play(seed, FEW_ROUNDS if is_quick else ROUNDS, postgres_url)
    if as_json:
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
    else:
        told = ", ".join(f"{count} {name}" for name, count in sorted(outcome.acknowledged.items()))
        click.echo(
            f"{outcome.rounds} rounds, {sum(outcome.deaths.values())} deaths; acknowledged {told}; "
            f"{outcome.unanswered} requests without an answer; {outcome.items} items, {outcome.acts} acts, "
            f"{outcome.entries} entries; {outcome.seconds:.0f} s"
        )
        for problem in outcome.problems:
            click.echo(f"  {problem}")
    if outcome.problems:
        raise SystemExit(1)


bench.add_command(bench_load.load)
for part in (bench_sizes.move, bench_sizes.costs, bench_sizes.capacity, bench_sizes.growth):
    bench.add_command(part)
