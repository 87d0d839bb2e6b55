"""Counts what a page asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from tjs_moderation.extensions import db

BUDGET = 12
"""The most statements a page may cost, at any amount of data."""

_COST_NOTHING = ("BEGIN", "PRAGMA")


@contextmanager
def queries_of(app: Flask) -> Iterator[list[str]]:
    """The statements that the database of `app` is asked while the context lasts, in order."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_COST_NOTHING):
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
