"""A copy of everything in the database as lines of text, the same from either database, and consistent while it runs.

The first line says what it is, then comes each table with its rows, and the last line holds the counts and a checksum:
a copy without it was cut off. What can be worked out from the rest (the words to search by) is left out.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Depth, Finding, Health
from tjs_moderation.errors import ConfigurationError
from tjs_moderation.models import AuditHead
from tjs_moderation.services.checkup import books
from tjs_moderation.services.wiring import ports

FORMAT = "tjs-backup-1"
CHUNK = 5000
_LEFT_OUT = ("alembic_version", "search_index", "search_text", "search_due")


def write_backup(engine: Engine, path: Path) -> dict[str, int]:
    """Write a packed copy to `path`, in one step; gives how many rows each table has.

    Raises ConfigurationError where what stands in the database is not whole: such a copy would only replace a better
    one. OSError where the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    last = ""
    try:
        with draft.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            for line in backup_lines(engine):
                packed.write(line.encode())
                last = line
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.chmod(0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    counts: dict[str, int] = json.loads(last)["counts"]
    return counts


def backup_lines(engine: Engine) -> Generator[str, None, None]:
    """The copy, line by line, of one moment however long it takes. Raises ConfigurationError as `write_backup`."""
    digest, counts = hashlib.sha256(), {}
    with snapshot(engine) as connection:
        _check(connection)
        opening = _line(_about(connection))
        digest.update(opening.encode())
        yield opening
        for table in tables_of(connection):
            counts[table.name] = 0
            for line in _table_lines(connection, table):
                digest.update(line.encode())
                yield line
                counts[table.name] += line[0] == "["
    yield _line({"counts": counts, "sha256": digest.hexdigest()})


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, whatever others write meanwhile."""
    # SQLite's readers see a snapshot by themselves.
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection:
        yield connection


def tables_of(connection: Connection) -> list[Table]:
    """The tables that a copy holds, as they are in this database, each after those it points at."""
    known = MetaData()
    known.reflect(connection, only=lambda name, _: not name.startswith(_LEFT_OUT))
    return known.sorted_tables


def _about(connection: Connection) -> dict[str, object]:
    head = connection.execute(select(AuditHead.seq, AuditHead.hash)).one()
    revision = MigrationContext.configure(connection).get_current_revision()
    made_at = ports().clock().isoformat(timespec="seconds")
    told = {"format": FORMAT, "program": version("tjs-moderation"), "schema": revision, "made_at": made_at}
    return {**told, "head": [head.seq, head.hash]}


def _table_lines(connection: Connection, table: Table) -> Iterator[str]:
    yield _line({"table": table.name, "columns": list(table.columns.keys())})
    rows = connection.execution_options(yield_per=CHUNK).execute(select(table).order_by(*table.primary_key))
    for row in rows:
        yield _line([_plain(value) for value in row])


def _plain(value: object) -> object:
    """A value as JSON can hold it; `restoring` reads it back."""
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {"at": (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def _line(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n"


def _check(connection: Connection) -> None:
    faults = [f"{finding.name}: {finding.code}" for finding in faults_of(connection)]
    if faults:
        raise ConfigurationError([f"the database is not whole ({', '.join(faults)}): run `tjs-moderation doctor`"])


def faults_of(connection: Connection) -> Iterable[Finding]:
    """What of the chain and the counters is not whole, and on SQLite, of the file."""
    if connection.dialect.name == "sqlite":
        answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if answer != "ok":
            yield Finding("database", Health.BAD, "database_damaged")
    with Session(bind=connection) as session:
        for look in (books.audit, books.counters):
            for finding in look(session, ports().clock(), Depth.DEEP):
                if finding.health is Health.BAD:
                    yield finding


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0
