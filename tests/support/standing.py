"""An app and a PostgreSQL that stand as long as the test process does: every test finds both as if they were new.

Making an app compiles every address, and its first requests every page and every statement; a test whose app were its
own would do little else.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine import make_url

from tests.support.postgres import PostgresServer
from tjs_moderation.app import Wiring, create_app, fit
from tjs_moderation.extensions import db, limiter
from tjs_moderation.settings import Settings

MOST_GROWTH_BYTES = 16 * 1024 * 1024
"""What a database may have grown by before it is copied anew: rows that were deleted still lie in it."""


class StandingPostgres:
    """A database as the one at `prepared_url` is: its rows are put back, or all is copied where need be."""

    _SHAPE = """
        SELECT pg_database_size(current_database()),
            (SELECT (count(*), max(xmin::text::bigint)) FROM pg_class WHERE oid >= 16384),
            (SELECT (count(*), max(xmin::text::bigint)) FROM pg_attribute WHERE attrelid >= 16384),
            (SELECT (count(*), max(xmin::text::bigint)) FROM pg_trigger),
            (SELECT (count(*), max(xmin::text::bigint)) FROM pg_constraint WHERE oid >= 16384)
    """
    _LEFT_OPEN = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle'
            AND pid <> pg_backend_pid()
    """

    def __init__(self, server: PostgresServer, prepared_url: str) -> None:
        self._server, self.prepared_url = server, prepared_url
        self.url = server.create_database(prepared_url)
        self._look()

    def renew(self) -> None:
        size, *shape = self._shape()
        if shape != self._kept_shape or size > self._kept_size + MOST_GROWTH_BYTES:
            self._connection.close()
            self._server.drop_database(self.url)
            self._server.create_database(self.prepared_url, self.url)
            self._look()
        else:
            self._put_back()

    def close(self) -> None:
        self._connection.close()

    def _look(self) -> None:
        """Remember what is here now."""
        self._connection = self._server.connect(self.url)
        self._kept_size, *self._kept_shape = self._shape()
        tables = [
            name for (name,) in self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        self._rows = {name: rows for name in tables if (rows := self._rows_of(name))}
        sequences = self._connection.execute(
            "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"
        )
        self._emptying = (
            sql.SQL("; ")
            .join(
                [sql.SQL("SET session_replication_role = replica")]  # neither triggers nor foreign keys
                + [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in tables]
                + [sql.SQL("SELECT setval({}, {}, {})").format(*row) for row in sequences]
            )
            .as_string(self._connection)
        )

    def _shape(self) -> tuple[Any, ...]:
        """How large the database is, and what tells whether anybody has changed more than rows."""
        row = self._connection.execute(self._SHAPE).fetchone()
        assert row is not None
        return row

    def _rows_of(self, table: str) -> bytes:
        with self._connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            return b"".join(map(bytes, copy))

    def _put_back(self) -> None:
        self._connection.execute(self._LEFT_OPEN)
        with self._connection.transaction():
            self._connection.execute(self._emptying)
            for name, rows in self._rows.items():
                with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                    copy.write(rows)


class StandingApp:
    """One app, on whichever database of one kind a test has."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        self._config, self._extensions = dict(self._app.config), dict(self._app.extensions)
        with self._app.app_context():
            self._engine = db.engine
        if settings.is_sqlite:
            event.listen(self._engine, "do_connect", self._choose_file)
            event.listen(self._engine, "connect", _write_through_nothing)

    def as_new(self, settings: Settings, wiring: Wiring) -> Flask:
        """The app with these settings and this wiring."""
        self._settings = settings
        if settings.is_sqlite:
            self._engine.dispose()
        self._app.config.clear()
        self._app.config.update(self._config)
        self._app.extensions.clear()
        self._app.extensions.update(self._extensions)
        fit(self._app, settings, wiring)
        with self._app.app_context():
            limiter.reset()
        return self._app

    def close(self) -> None:
        self._engine.dispose()

    def _choose_file(self, _dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        """The engine, and with it every statement that it has compiled, stays; the file is each test's own."""
        arguments[0] = make_url(self._settings.database_url).database


class StandingApps:
    """A standing app for each kind of database."""

    def __init__(self) -> None:
        self._apps: dict[str, StandingApp] = {}

    def as_new(self, settings: Settings, wiring: Wiring) -> Flask:
        """An app as `create_app` makes it. Its addresses and extensions are not to be added to."""
        kind = "sqlite" if settings.is_sqlite else settings.database_url
        if kind not in self._apps:
            self._apps[kind] = StandingApp(settings)
        return self._apps[kind].as_new(settings, wiring)

    def close(self) -> None:
        for app in self._apps.values():
            app.close()


def _write_through_nothing(connection: Any, _: object) -> None:
    """No machine is switched off in these tests, so nobody needs to wait for a disk."""
    connection.execute("PRAGMA synchronous=OFF")
