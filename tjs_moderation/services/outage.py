"""What the database says when nothing is wrong with what was asked of it: it is away, or there is no room left."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class Outage(StrEnum):
    """Why nothing can be read or kept for now. Both end without us."""

    AWAY = "away"
    FULL = "full"


_FULL_ON_SQLITE = frozenset({sqlite3.SQLITE_FULL})
_AWAY_ON_SQLITE = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
)
_PRIMARY_CODE = 0xFF
"""SQLite's extended codes say in their lowest byte what they are a kind of."""

_FULL_ON_POSTGRES = frozenset({"53100"})
_AWAY_ON_POSTGRES = ("08", "53", "57P", "58")
"""Classes of SQLSTATE: the connection, resources, a shutdown, the system around it."""


def outage_of(error: BaseException) -> Outage | None:
    """Which of the two an error is; None where it is anything else, and so a defect."""
    if isinstance(error, PoolTimeoutError):
        return Outage.AWAY
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _on_sqlite(error.orig)
    return _on_postgres(error, getattr(error.orig, "sqlstate", None))


def _on_sqlite(error: sqlite3.Error) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in _FULL_ON_SQLITE:
        return Outage.FULL
    return Outage.AWAY if code in _AWAY_ON_SQLITE else None


def _on_postgres(error: DBAPIError, state: str | None) -> Outage | None:
    if state in _FULL_ON_POSTGRES:
        return Outage.FULL
    if state is None:  # it never came to a statement, or its answer never came
        return Outage.AWAY if error.connection_invalidated or type(error.orig).__name__ == "OperationalError" else None
    return Outage.AWAY if state.startswith(_AWAY_ON_POSTGRES) else None
