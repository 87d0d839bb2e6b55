"""Looks at a database that may be absent, locked, damaged, too old or too new, without changing or waiting for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Depth, Finding, bad, ok, warn
from tjs_moderation.settings import Settings

PATIENCE_SECONDS = 3
NAME, SCHEMA = "database", "schema"


@contextmanager
def looked_at(settings: Settings, migrations: str, depth: Depth) -> Iterator[tuple[list[Finding], Session | None]]:
    """What was found of the database, and a session to look further with; None where there is nothing to look at."""
    path = _file_of(settings)
    if path is not None and not path.exists():
        yield [bad(NAME, "database_missing", path=str(path))], None
        return
    engine = _engine(settings, path)
    try:
        with engine.connect() as connection:
            found = [_condition(connection, path, depth), schema_of(connection, migrations)]
        is_usable = all(finding.code not in {"schema_empty", "schema_newer", "schema_older"} for finding in found)
        if not is_usable:
            yield found, None
            return
        with Session(engine) as session:
            yield found, session
    except (SQLAlchemyError, sqlite3.Error) as error:
        yield [_trouble(error, path)], None
    finally:
        engine.dispose()


def schema_of(connection: Connection, migrations: str) -> Finding:
    """Whether the schema is that of this program."""
    script = ScriptDirectory(migrations)
    newest = script.get_current_head() or ""
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads:
        return bad(SCHEMA, "schema_empty")
    known = {revision.revision for revision in script.walk_revisions()}
    if not set(heads) <= known:
        return bad(SCHEMA, "schema_newer", found=", ".join(heads), newest=newest)
    if set(heads) != {newest}:
        return bad(SCHEMA, "schema_older", found=", ".join(heads), newest=newest)
    return ok(SCHEMA, "schema", found=newest)


def _file_of(settings: Settings) -> Path | None:
    if not settings.is_sqlite:
        return None
    name = make_url(settings.database_url).database
    return Path(name) if name else None


def _engine(settings: Settings, path: Path | None) -> Engine:
    if path is not None:
        return create_engine(f"sqlite:///file:{path}?mode=rw&uri=true", connect_args={"timeout": PATIENCE_SECONDS})
    options = f"-c statement_timeout={PATIENCE_SECONDS * 10_000} -c lock_timeout={PATIENCE_SECONDS * 1000}"
    return create_engine(settings.database_url, connect_args={"connect_timeout": PATIENCE_SECONDS, "options": options})


def _condition(connection: Connection, path: Path | None, depth: Depth) -> Finding:
    if path is None:
        version = connection.scalar(text("SHOW server_version"))
        return ok(NAME, "database_postgresql", version=version)
    if depth is Depth.DEEP:
        told = connection.scalar(text("PRAGMA quick_check(1)"))
        if told != "ok":
            return bad(NAME, "database_damaged", path=str(path))
    size = path.stat().st_size // 1024**2
    raw = connection.connection.driver_connection
    try:
        # Whoever writes for longer than our patience keeps everybody from working.
        raw.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]  # sqlite3's own connection
        raw.rollback()  # type: ignore[union-attr]  # the same
    except sqlite3.Error as error:
        if "locked" not in str(error) and "busy" not in str(error):
            raise
        return warn(NAME, "database_busy", path=str(path), seconds=PATIENCE_SECONDS)
    return ok(NAME, "database", path=str(path), megabytes=size)


def _trouble(error: Exception, path: Path | None) -> Finding:
    """What keeps the database shut. The words of the library stay out: they can hold its address."""
    words = str(getattr(error, "orig", error)).lower()
    place = str(path) if path is not None else "PostgreSQL"
    if "locked" in words or "busy" in words:
        return bad(NAME, "database_locked", path=place)
    if "malformed" in words or "not a database" in words or "corrupt" in words:
        return bad(NAME, "database_damaged", path=place)
    if path is not None and ("readonly" in words or "unable to open" in words):
        return bad(NAME, "database_unwritable", path=place)
    if "does not exist" in words:
        return bad(NAME, "database_missing", path=place)
    return bad(NAME, "database_unreachable", path=place, kind=type(getattr(error, "orig", error)).__name__)
