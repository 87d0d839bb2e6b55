"""Runs the migrations on the app's own engine, one migrator at a time."""

from __future__ import annotations

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from tjs_moderation.extensions import db
from tjs_moderation.models import Base

MIGRATION_LOCK = 7_315_116
"""The key of PostgreSQL's advisory lock that holds back a second migrator. SQLite's write lock does the same."""


def render(kind: str, thing: object, _: object) -> str | Literal[False]:
    """Our own column types are written as the plain ones beneath, so that a migration never needs our code."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


def is_of_models(name: str | None, kind: str, _: object) -> bool:
    """The full-text index (`search_index…`) is the migrations' own: no model tells of it, and nobody has to miss it."""
    return not (kind in {"table", "column", "index"} and (name or "").startswith("search_index"))


def run(connection: Connection) -> None:
    """Run what is missing, all of it in one transaction."""
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render,
        include_name=is_of_models,
        # Alembic takes SQLite for one that cannot: each step would be a transaction, with room for a second migrator.
        transactional_ddl=True,
        **options,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()
        check_keys(connection)


def leave_keys_alone(connection: Connection) -> None:
    """Let SQLite make a table anew that others point at (its own advice); what it then points at is checked at the end.

    The switch works outside of a transaction only, so it is set before there is one.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")


def check_keys(connection: Connection) -> None:
    """Raise RuntimeError where a row points at nothing; the whole migration is rolled back then."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"rows that point at nothing after migrating: {dangling[:5]}")


def mind_keys_again(connection: Connection) -> None:
    """Turn SQLite's foreign keys on again for whoever gets this connection next."""
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


with db.engine.connect().execution_options(is_writing=True) as migrating:
    leave_keys_alone(migrating)
    try:
        run(migrating)
    finally:
        mind_keys_again(migrating)
