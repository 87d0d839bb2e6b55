"""Installs of a size, made once and measured as often as wanted, and the pages and statements that are their floors."""

from __future__ import annotations

import atexit
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from statistics import quantiles
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

from flask import Flask, request
from sqlalchemy import Connection, Engine, and_, create_engine, select, text, tuple_
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tjs_moderation.app import create_app
from tjs_moderation.bench.stock import OFFICER, fill
from tjs_moderation.domain.vocabulary import CaseState, SignInStage
from tjs_moderation.extensions import db, tune_sqlite
from tjs_moderation.models import Author, Item, ItemText, User
from tjs_moderation.services import install, user_sessions
from tjs_moderation.services.desk import PAGE_SIZE
from tjs_moderation.services.recounting import recount_days
from tjs_moderation.settings import Settings

_PAGE = """<!doctype html><title>floor</title><ol>{% for row in rows %}
<li><a href="/items/{{ row.id }}">{{ row.name }}</a> <time>{{ row.sorted_at }}</time><p>{{ row.text }}</p></li>
{% endfor %}</ol>"""


@dataclass
class Yard:
    """An install with so many made-up items, in a folder of its own or on the empty database at `database_url`.

    It is made when it is first asked for, and gone with the process; a `folder` that is named is kept, and an install
    that is there already is measured as it is.
    """

    items: int
    database_url: str | None = None
    folder: Path | None = None

    @cached_property
    def app(self) -> Flask:
        """The install's app, filled."""
        if self.folder is None:
            self.folder = Path(mkdtemp(prefix="tjs-bench-"))
            atexit.register(rmtree, self.folder, ignore_errors=True)
        settings = Settings(
            instance_path=self.folder,
            database_url=self.database_url or f"sqlite:///{self.folder / 'tjs.db'}",
            queue_url=f"sqlite:///{self.folder / 'queue.db'}",
            secret_key="a key for one measurement, thrown away",  # noqa: S106  # opens nothing
            # A line for each page would drown the table in what scrolls by.
            log_level="warning",
        )
        app = create_app(settings)
        with app.app_context():
            install.prepare()
            with Session(db.engine) as session:
                is_empty = session.scalar(select(Item.id).limit(1)) is None
            if is_empty:
                fill(db.engine, self.items, datetime.now(UTC))
                recount_days()
        return app

    @cached_property
    def officer(self) -> User:
        """Who looks at the pages."""
        with self.app.app_context(), Session(db.engine) as session:
            return session.scalars(select(User).where(User.email == OFFICER)).one()

    @cached_property
    def cookie(self) -> str:
        """The cookie of somebody who has signed in as the officer."""
        with self.app.app_context():
            key = user_sessions.begin(self.officer.id, SignInStage.IN)
        with self.app.test_client() as client:
            with client.session_transaction() as told:
                told["_user_id"] = key
            client.get("/me")  # which keeps the token of the forms in the session, once for all pages
            kept = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        if kept is None:
            raise AssertionError("the session has no cookie")
        return f"{kept.key}={kept.value}"

    @cached_property
    def bare(self) -> Engine:
        """An engine of its own to the same database, tuned like the app's."""
        with self.app.app_context():
            engine = create_engine(db.engine.url)
        if engine.dialect.name == "sqlite":
            tune_sqlite(engine)
        return engine

    @property
    def is_postgres(self) -> bool:
        return self.bare.dialect.name == "postgresql"

    def page(self, path: str) -> None:
        """Fetch a page through the whole of the app, signed in. AssertionError where it is not there."""
        fetch(self.app, path, self.cookie)

    @cached_property
    def floor(self) -> Flask:
        """The barest program that shows a page of a queue: one statement by key, one template."""
        app = Flask("floor")
        page = app.jinja_env.from_string(_PAGE)

        @app.get("/queues/<state>")
        def show(state: str) -> str:
            key = request.args.get("key", "")
            with self.bare.connect() as connection:
                rows = connection.execute(_keyset(CaseState(state), int(key) if key else None)).all()
            return page.render(rows=rows)

        return app


def _keyset(state: CaseState, after: int | None) -> Any:
    here = (Item.urgency, Item.sorted_at, Item.id)
    statement = (
        select(Item.id, Item.sorted_at, ItemText.text, Author.name)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .outerjoin(Author, Author.id == Item.author_id)
        .where(Item.state == state)
    )
    if after is not None:
        before = select(*here).where(Item.id == after)
        statement = statement.where(tuple_(*here) < before.scalar_subquery())
    return statement.order_by(*(column.desc() for column in here)).limit(PAGE_SIZE + 1)


def fetch(app: Flask, path: str, cookie: str = "") -> None:
    """One GET through the whole of an app; AssertionError where it does not answer 200."""
    headers = Headers({"Cookie": cookie} if cookie else {})
    environ = EnvironBuilder(path=path, headers=headers).get_environ()
    answer, status, _ = run_wsgi_app(app.wsgi_app, {**environ, "wsgi.input": io.BytesIO()})
    b"".join(answer)
    if not status.startswith("200"):
        raise AssertionError(f"{path} was answered {status}")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    started = perf_counter()
    work()
    return 1_000 * (perf_counter() - started)


def p95(times: Sequence[float]) -> float:
    """What 95 of a hundred are faster than."""
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


def in_turns(works: Sequence[Iterable[Callable[[], object]]]) -> list[list[float]]:
    """Milliseconds of each of several rows of work, one of each in turn: what disturbs the one disturbs the other."""
    taken: list[list[float]] = [[] for _ in works]
    for together in zip(*works, strict=True):
        for times, work in zip(taken, together, strict=True):
            times.append(timed(work))
    return taken


def one_row_commits(engine: Engine) -> Callable[[], None]:
    """What keeps one row durably, in a table of its own: the least a decision could cost."""
    _make_floor(engine)

    def keep() -> None:
        with _writing(engine) as connection:
            connection.execute(_ONE_ROW, {"body": "päätös"})

    return keep


def batch_of_rows(engine: Engine, bodies: Sequence[str]) -> Callable[[], None]:
    """What keeps rows in one batch, in a table of its own: the least taking them in could cost."""
    _make_floor(engine)
    rows = [{"body": body} for body in bodies]

    def keep() -> None:
        with _writing(engine) as connection:
            connection.execute(_ONE_ROW, rows)

    return keep


_ONE_ROW = text("INSERT INTO bench_floor (body) VALUES (:body)")
_FLOOR = "CREATE TABLE IF NOT EXISTS bench_floor (id {} PRIMARY KEY, body TEXT)"
_SERIAL = {"sqlite": "INTEGER", "postgresql": "SERIAL"}


def _make_floor(engine: Engine) -> None:
    with _writing(engine) as connection:
        connection.execute(text(_FLOOR.format(_SERIAL[engine.dialect.name])))


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        yield connection
