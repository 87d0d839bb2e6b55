"""Flask's extensions, unbound; `app.create_app` binds them."""

from __future__ import annotations

from typing import Any

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, event

from tjs_moderation.models.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(key_func=get_remote_address, in_memory_fallback_enabled=True)


def tune_sqlite(engine: Engine) -> None:
    """Make SQLite durable and strict: WAL with synchronous FULL, foreign keys, and transactions that begin as told.

    A writing transaction (`execution_options(is_writing=True)`) takes the write lock at once, so that it never has to
    give up halfway; a reading one never waits.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        is_writing = connection.get_execution_options().get("is_writing")
        # By the driver itself: a tenth of a short transaction would go into asking SQLAlchemy to say one word.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if is_writing else "BEGIN")
