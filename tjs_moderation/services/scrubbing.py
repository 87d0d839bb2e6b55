"""Wipes what a database keeps beside its rows after something was erased: the index's old words, the file's free space.

No verb: it changes nothing that anybody could read. It is done by a worker, or by the command that erased.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tjs_moderation.extensions import db
from tjs_moderation.models import Erasure
from tjs_moderation.services import search_index
from tjs_moderation.services.transaction import CONSOLE, reading, transact

log = structlog.get_logger()


def scrub_due() -> bool:
    """Scrub where something was erased since the last time; says whether it was done.

    A database that is busy is left for the next time.
    """
    with reading() as session:
        due = list(session.scalars(select(Erasure.id).where(Erasure.scrubbed_at.is_(None))))
    if not due or not scrub():
        return False
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.execute(update(Erasure).where(Erasure.id.in_(due)).values(scrubbed_at=work.now))
    return True


def scrub() -> bool:
    """Bring the search index up to date and write the database's file anew; False where somebody else was at it."""
    while search_index.index_due():
        pass
    # What the caller has read keeps a transaction open, and the file would wait for its own process.
    db.session.rollback()
    try:
        return _wipe_file() if db.engine.dialect.name == "sqlite" else _wipe_tables()
    except (sqlite3.OperationalError, OperationalError) as error:
        log.warning("scrubbing_put_off", kind=type(error).__name__)
        return False


def _wipe_file() -> bool:
    """Write the file anew.

    FTS5 keeps the words of deleted rows until its parts are merged; SQLite keeps deleted rows in the file's free space
    until it is written anew, and the log of writes until it is cut.
    """
    # By the driver itself: SQLAlchemy begins a transaction, and within one no file is written anew.
    with closing(db.engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("INSERT INTO search_index(search_index) VALUES ('optimize')")
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(is_busy, *_)] = cursor.fetchall()
        return not is_busy


def _wipe_tables() -> bool:
    """Let the rows that nobody can see any more go."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
    return True
