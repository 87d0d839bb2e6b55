"""Puts a copy back into an empty database, of the same kind or the other, and believes nothing before it has looked."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import Connection, Table, func, insert, inspect, select, text

from tjs_moderation.domain.vocabulary import ActState
from tjs_moderation.errors import ConfigurationError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Item
from tjs_moderation.services import forgetting, install, notices, placing, user_sessions
from tjs_moderation.services.backup import CHUNK, FORMAT, count_rows, faults_of, tables_of
from tjs_moderation.services.erasure_register import read_register
from tjs_moderation.services.transaction import CONSOLE, transact

Row = dict[str, object]

_UNSENT = (ActState.PLANNED, ActState.CLAIMED)


def restore(lines: Iterable[str]) -> dict[str, int]:
    """Fill this install's empty database from a copy and bring it up to date; gives how many rows each table has.

    What had been planned to be sent is looked at on the channel before it is sent: it may have been, since. Whoever was
    forgotten after the copy was made is forgotten again, by the register of this install. Raises ConfigurationError
    where the database is not empty, that register cannot be read, or the copy is cut off, damaged or of a newer
    program; nothing is in the database then.
    """
    register = read_register()
    copy = _Copy(iter(lines))
    about = copy.begin()
    _check_empty()
    _check_schema(str(about.get("schema")))
    upgrade(directory=current_app.extensions["migrate"].directory, revision=str(about["schema"]))
    with _writing() as connection:
        tables = tables_of(connection)
        _fill(connection, copy, tables)
        _check_whole(connection, copy.counts, tables)
    install.prepare()
    _look_before_sending(str(about.get("made_at")))
    forgetting.forget_again(register)
    return copy.counts


def read_backup(path: Path) -> Generator[str, None, None]:
    """The lines of a packed copy. Raises ConfigurationError where it is none."""
    try:
        with gzip.open(path, "rt", encoding="ascii", newline="\n") as packed:
            yield from packed
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ConfigurationError([f"{path}: this is no whole backup ({error})"]) from error


@dataclass(slots=True)
class _Copy:
    """The lines of a copy, checked while they are read."""

    lines: Iterator[str]
    digest: Any = field(default_factory=hashlib.sha256)
    counts: dict[str, int] = field(default_factory=dict)

    def begin(self) -> dict[str, Any]:
        """What the first line says."""
        about = self._next()
        if not isinstance(about, dict) or about.get("format") != FORMAT:
            raise ConfigurationError([f"this is no backup of this program ({FORMAT} is expected)"])
        return about

    def tables(self) -> Iterator[tuple[str, list[str], Iterator[list[object]]]]:
        """Each table: its name, its columns, its rows. Ends once the last line has been found right."""
        heading = self._next()
        while "table" in heading:
            held: list[Any] = []
            yield heading["table"], heading["columns"], self._rows(heading["table"], held)
            heading = held[0]

    def _rows(self, name: str, held: list[Any]) -> Iterator[list[object]]:
        self.counts[name] = 0
        while isinstance(content := self._next(), list):
            self.counts[name] += 1
            yield [_value(each) for each in content]
        held.append(content)

    def _next(self) -> Any:
        line = next(self.lines, "")
        before = self.digest.hexdigest()
        self.digest.update(line.encode())
        try:
            content = json.loads(line)
        except ValueError as error:
            raise ConfigurationError(["the backup is cut off or damaged"]) from error
        if isinstance(content, dict) and "sha256" in content and content != {"counts": self.counts, "sha256": before}:
            raise ConfigurationError(["the backup was changed or damaged: its checksum does not fit"])
        return content


def _value(plain: object) -> object:
    if not isinstance(plain, dict):
        return plain
    [(kind, told)] = plain.items()
    if kind == "bytes":
        return base64.b64decode(told)
    return datetime.fromisoformat(told) if kind == "at" else date.fromisoformat(told)


def _check_empty() -> None:
    with db.engine.connect() as connection:
        for name in ("audit_entry", "item", "user_account"):
            if inspect(connection).has_table(name) and connection.scalar(text(f"SELECT count(*) FROM {name}")):  # noqa: S608  # our own names
                raise ConfigurationError(["the database is not empty: restore into a new one, and keep the old one"])


def _check_schema(revision: str) -> None:
    known = {each.revision for each in ScriptDirectory(current_app.extensions["migrate"].directory).walk_revisions()}
    if revision not in known:
        raise ConfigurationError([f"the backup is of a newer program (schema {revision}): update the program first"])


@contextmanager
def _writing() -> Iterator[Connection]:
    with db.engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        yield connection


def _fill(connection: Connection, copy: _Copy, tables: Sequence[Table]) -> None:
    known = {table.name: table for table in tables}
    for table in reversed(known.values()):
        if count_rows(connection, table):  # what the migrations themselves put there
            connection.execute(table.delete())
    for name, columns, rows in copy.tables():
        if name not in known or set(columns) != set(known[name].columns.keys()):
            raise ConfigurationError([f"the backup holds a table that is not known: {name}"])
        _fill_table(connection, known[name], columns, rows)


def _fill_table(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    named = (dict(zip(columns, row, strict=True)) for row in rows)
    ordered = _in_order(named, own) if own else named
    if connection.dialect.name == "postgresql":
        _copy_in(connection, table, columns, ordered)
        if "id" in table.columns:
            _count_on(connection, table)
        return
    while batch := list(islice(ordered, CHUNK)):
        connection.execute(insert(table), batch)


def _copy_in(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """By COPY: inserts by the thousand took the whole move half as much processor time again."""
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]  # by dialect
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), named)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])


def _in_order(rows: Iterable[Row], own: Sequence[str]) -> Iterator[Row]:
    """The rows of a table that points at itself, each after those it points at."""
    there: set[object] = {None}
    late: list[Row] = []

    def is_ready(row: Row) -> bool:
        return all(row[name] in there for name in own)

    for row in rows:
        if is_ready(row):
            there.add(row["id"])
            yield row
        else:
            late.append(row)
    while late:
        ready = [row for row in late if is_ready(row)]
        if not ready:
            raise ConfigurationError(["the backup holds rows that point at nothing"])
        there.update(row["id"] for row in ready)
        yield from ready
        late = [row for row in late if row["id"] not in there]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give new rows numbers after those that came with the copy."""
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
    newest = connection.scalar(select(func.max(table.c.id)))
    if sequence and newest is not None:
        connection.execute(select(func.setval(sequence, newest)))


def _check_whole(connection: Connection, counts: dict[str, int], tables: Sequence[Table]) -> None:
    for table in tables:
        if count_rows(connection, table) != counts.get(table.name, 0):
            raise ConfigurationError([f"{table.name} holds another number of rows than the backup"])
    faults = [f"{finding.name}: {finding.code}" for finding in faults_of(connection)]
    if faults:
        raise ConfigurationError([f"what was restored is not whole ({', '.join(faults)})"])


def _look_before_sending(made_at: str) -> None:
    """An act that waited when the copy was made may have happened since: it is looked at before it is sent."""
    with transact(CONSOLE) as work:
        acts = work.session.scalars(select(Act).where(Act.state.in_(_UNSENT))).all()
        for act in acts:
            act.state, act.leased_until, act.lease_key = ActState.UNKNOWN, None, None
        items = work.session.scalars(select(Item).where(Item.id.in_({act.item_id for act in acts}))).all()
        placing.settle(work, items)
        user_sessions.end_everybody(work.session)
        notices.stop_mails(work.session)
        work.record("restore", items=[item.id for item in items], made_at=made_at)
