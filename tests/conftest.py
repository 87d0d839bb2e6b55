"""The house as the tests get it: an install on either database, with a clock, a judge and a channel of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings
from sqlalchemy.orm import Session

from tests.support.fakes import FakeChannel, MovableClock, WordJudge
from tests.support.house import House
from tests.support.postgres import PostgresServer
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.extensions import db
from tjs_moderation.services.install import prepare
from tjs_moderation.settings import Settings

# The same examples on every machine and every run: what fails here fails everywhere, however slow the machine.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


def settings_for(instance: Path, database_url: str | None = None) -> Settings:
    """Settings of a throwaway install in `instance`."""
    return Settings(
        instance_path=instance,
        database_url=database_url or f"sqlite:///{instance / 'tjs.db'}",
        queue_url=f"sqlite:///{instance / 'queue.db'}",
        secret_key="a key for tests, long enough",
    )


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as a new install has it, to be copied for each test."""
    instance = tmp_path_factory.mktemp("prepared")
    _prepare(settings_for(instance))
    return instance / "tjs.db"


@pytest.fixture(scope="session")
def prepared_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PostgreSQL database as a new install has it, to be cloned for each test."""
    url = postgres_server.create_database()
    _prepare(settings_for(tmp_path_factory.mktemp("prepared"), url))
    return url


def _prepare(settings: Settings) -> None:
    app = create_app(settings, Wiring(judge=WordJudge))
    with app.app_context():
        prepare()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new install's database, first on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("prepared_sqlite"), tmp_path / "tjs.db")
        yield f"sqlite:///{tmp_path / 'tjs.db'}"
        return
    template = request.getfixturevalue("prepared_postgres")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database(template)
    yield url
    server.drop_database(url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def facebook() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: MovableClock, facebook: FakeChannel) -> Iterator[Flask]:
    """The app in its context, on each database."""
    wiring = Wiring(clock=clock, judge=WordJudge, channels=lambda: {"facebook": facebook}, nudge=_no_nudge)
    app = create_app(settings_for(tmp_path, database_url), wiring)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session to look into the database with, beside the app's own."""
    with Session(db.engine) as looking:
        yield looking


@pytest.fixture
def house(app: Flask, clock: MovableClock, facebook: FakeChannel) -> House:
    """The house with its people in it, and short words for what tests do all the time."""
    return House.with_people(app, clock, facebook)


def _no_nudge(task: str, delay_seconds: float = 0) -> None:
    """No worker listens: tests run the tasks themselves."""
