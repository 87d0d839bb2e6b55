"""A made-up install moved into another database by the command people give, timed and compared row for row."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.app import create_app
from tjs_moderation.bench.yard import Yard
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, QueueCount
from tjs_moderation.services import audit
from tjs_moderation.services.backup import count_rows, faults_of, tables_of
from tjs_moderation.services.recounting import Tallied, kept, recount
from tjs_moderation.settings import environment_without_tjs, read_settings

EXPECTED = {"audit_entry": 1}
"""What the move itself adds: the entry that says that there was one."""


@dataclass(frozen=True, slots=True)
class Books:
    """What an install is compared by. `counters` are those of the queues, `days` those of the numbers page."""

    rows: Mapping[str, int]
    chain: tuple[int, str]
    counters: frozenset[tuple[object, ...]]
    days: Tallied


@dataclass(frozen=True, slots=True)
class Moved:
    """How long the command took by the clock and by its processor time, the most it held, and what differs since."""

    items: int
    rows: int
    seconds: float
    processor_seconds: float
    memory_mb: float
    problems: list[str] = field(default_factory=list)

    @property
    def rows_per_second(self) -> int:
        return int(self.rows / self.seconds)


def move(items: int, target: str, folder: Path | None = None) -> Moved:
    """Make an SQLite install of so many items (or take the one in `folder`), and move it to the empty one at `target`.

    Raises CalledProcessError where the command refuses.
    """
    yard = Yard(items, folder=folder)
    app = yard.app
    with app.app_context():
        before = _books(yard.app)
        db.session.remove()
        db.engine.dispose()
    there = app.extensions["tjs_ports"].settings.instance_path
    seconds, processor_seconds, memory_mb = _give_command(there, target)
    problems = []
    with _app_at(there, target) as moved:
        after = _books(moved)
        problems += _differences(before, after) + _faults(before)
    return Moved(items, sum(before.rows.values()), seconds, processor_seconds, memory_mb, problems)


def _give_command(instance: Path, target: str) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "tjs_moderation.cli", "move", "--to", target]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = perf_counter()
    environment = environment_without_tjs() | {"TJS_INSTANCE_PATH": str(instance)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own interpreter
    seconds = perf_counter() - started
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime
    return seconds, processor, now.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


@contextmanager
def _app_at(instance: Path, url: str) -> Iterator[Flask]:
    told = {"TJS_INSTANCE_PATH": str(instance), "TJS_DATABASE_URL": url, "TJS_SECRET_KEY": "for one measurement alone"}
    app = create_app(read_settings(told))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _books(app: Flask) -> Books:
    with app.app_context(), db.engine.connect() as connection, Session(bind=connection) as session:
        counters = session.execute(select(QueueCount.state, QueueCount.expert_id, QueueCount.count))
        return Books(
            {table.name: count_rows(connection, table) for table in tables_of(connection)},
            audit.head(),
            frozenset(tuple(row) for row in counters),
            kept(session),
        )


def _differences(before: Books, after: Books) -> list[str]:
    problems = [
        f"{name}: {count} rows became {after.rows.get(name)}"
        for name, count in before.rows.items()
        if after.rows.get(name) != count + EXPECTED.get(name, 0)
    ]
    if before.counters != after.counters:
        problems.append("the counters of the queues differ")
    if before.days != after.days:
        problems.append("the counts of the days differ")
    return problems


def _faults(before: Books) -> list[str]:
    """What is not whole where it was moved to: the chain, which goes on from the old head, and all counters."""
    with db.engine.connect() as connection, Session(bind=connection) as session:
        problems = [f"{finding.name}: {finding.code}" for finding in faults_of(connection)]
        seq, told = before.chain
        if session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq)) != told:
            problems.append("the head of the log is another")
        if kept(session) != recount(session):
            problems.append("a recount of the days differs")
    return problems
