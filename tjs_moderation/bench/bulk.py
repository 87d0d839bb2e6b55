"""Rows into tables by the hundred thousand: SQLite's executemany, PostgreSQL's COPY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine

Row = tuple[Any, ...]

COLUMNS: Mapping[str, Sequence[str]] = {
    "post": ("id", "channel_id", "external_id", "text", "created_at"),
    "post_count": ("id", "post_id", "kind", "count", "seen_at"),
    "author": ("id", "channel_id", "external_id", "name"),
    "item": (
        *("id", "version", "channel_id", "external_id", "kind", "post_id", "parent_id", "parent_external_id"),
        *("conversation_external_id", "author_id", "is_own", "is_hidden", "is_gone", "can_hide", "attachments"),
        *("created_at", "received_at", "sorted_at", "changed_at", "text_version", "state", "urgency", "outcome"),
        *("category", "is_question", "expert_id"),
    ),
    "item_text": ("item_id", "number", "text", "nonce", "raw", "seen_at"),
    "assessment": (
        *("id", "item_id", "text_version", "rule_set_id", "model_version", "outcome", "category", "scores", "reasons"),
        *("is_question", "question_score", "topics", "language", "failure", "created_at"),
    ),
    "decision": (
        *("id", "item_id", "item_version", "text_version", "kind", "reason_id", "words", "nonce", "assessment_id"),
        *("rule_set_id", "decided_by_id", "decided_at"),
    ),
    "routing": (
        *("id", "item_id", "topic_id", "expert_id", "why", "routed_by_id", "routed_at", "ended_at", "ended_why"),
    ),
    "answer": (
        *("id", "version", "item_id", "state", "revision", "approved_revision"),
        *("approved_newest_item_id", "approved_newest_text_version", "approved_by_id", "approved_at", "published_at"),
        "created_at",
    ),
    "answer_revision": ("answer_id", "number", "text", "nonce", "written_by_id", "written_at"),
    "act": (
        *("id", "key", "channel_id", "item_id", "kind", "state", "target_external_id", "decision_id", "answer_id"),
        *("answer_revision", "attempts", "not_before", "result_external_id", "detail", "is_settled", "planned_by_id"),
        *("planned_at", "finished_at"),
    ),
    "audit_entry": ("seq", "at", "actor", "verb", "body", "previous", "hash"),
    "audit_subject": ("seq", "item_id"),
    "search_text": ("place", "item_id", "words"),
    "earlier_answer": ("answer_id", "item_id", "is_private", "words", "length"),
    "earlier_word": ("word", "answer_id"),
}
"""The tables that are filled, in an order in which nothing points at what is not there yet, and their columns."""

_COUNTED_BY_ITSELF = ("post", "post_count", "author", "item", "assessment", "decision", "routing", "answer", "act")


_WITHOUT_ZONE = len("2026-11-23 06:00:00.000000")


class Heap:
    """Rows that wait to be written, by table."""

    def __init__(self) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, *values: object) -> None:
        """One row of `table`, its values in the order of `COLUMNS`."""
        self.rows[table].append(values)


class Writer(Protocol):
    """What writes heaps into a database, all within one transaction."""

    def write(self, heap: Heap) -> None:
        """Write the rows of a heap, and empty it."""


@contextmanager
def writing(engine: Engine) -> Iterator[Writer]:
    """A writer for the database behind `engine`; commits on leaving. Nobody else may use the database meanwhile."""
    writer: Writer
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            for pragma in ("synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute("BEGIN IMMEDIATE")
            writer = _SqliteWriter(cursor)
        else:
            writer = _PostgresWriter(cursor)
        yield writer
        _finish(cursor, engine.dialect.name)
        connection.commit()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("ANALYZE")
            connection.commit()
    finally:
        # With what it was tuned to; the next user gets a fresh one.
        connection.invalidate()


def _finish(cursor: Any, dialect: str) -> None:
    """Take the marks away that the triggers set: everything is indexed; and let ids be counted on from here."""
    cursor.execute("DELETE FROM search_due")
    if dialect == "postgresql":
        for table in _COUNTED_BY_ITSELF:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608  # names of our own
            )


class _SqliteWriter:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def write(self, heap: Heap) -> None:
        for table, columns in COLUMNS.items():
            rows = heap.rows.pop(table, [])
            places = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {table} ({_named(columns)}) VALUES ({places})"  # noqa: S608  # names of our own
            self._cursor.executemany(insert, ([_as_text(value) for value in row] for row in rows))


def _as_text(value: object) -> object:
    """A moment (in UTC) as SQLAlchemy keeps it on SQLite; everything else as it is."""
    return value.isoformat(" ", "microseconds")[:_WITHOUT_ZONE] if type(value) is datetime else value


class _PostgresWriter:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def write(self, heap: Heap) -> None:
        for table, columns in COLUMNS.items():
            rows = heap.rows.pop(table, [])
            if rows:
                with self._cursor.copy(f"COPY {table} ({_named(columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
