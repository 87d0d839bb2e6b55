"""Which of a database's errors are the world's doing, and which are ours."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tjs_moderation.services.outage import Outage, outage_of


def of_sqlite(code: int) -> DBAPIError:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), Outage.FULL),
        (of_sqlite(sqlite3.SQLITE_BUSY), Outage.AWAY),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), Outage.AWAY),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), Outage.AWAY),
        (of_sqlite(sqlite3.SQLITE_ERROR), None),
        (OperationalError("SELECT 1", {}, errors.DiskFull()), Outage.FULL),
        (OperationalError("SELECT 1", {}, errors.AdminShutdown()), Outage.AWAY),
        (OperationalError("SELECT 1", {}, errors.TooManyConnections()), Outage.AWAY),
        (OperationalError("SELECT 1", {}, psycopg.OperationalError("connection failed")), Outage.AWAY),
        (DBAPIError("SELECT 1", {}, errors.UndefinedTable()), None),
        (DBAPIError("SELECT 1", {}, psycopg.DataError("no such thing")), None),
        (PoolTimeoutError("all in use"), Outage.AWAY),
        (ValueError("of something else"), None),
    ],
)
def test_what_a_database_says_is_told_apart(error: Exception, outage: Outage | None) -> None:
    assert outage_of(error) is outage
