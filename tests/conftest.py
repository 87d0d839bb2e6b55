"""The house as the tests get it: an install on either database, with a clock, a judge and a channel of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from sqlalchemy.orm import Session

from tests.support.fakes import FakeChannel, MovableClock, WordJudge
from tests.support.house import House, add_people
from tests.support.postgres import PostgresServer
from tests.support.standing import StandingApps, StandingPostgres
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.extensions import db
from tjs_moderation.services import people
from tjs_moderation.services.install import prepare
from tjs_moderation.settings import Settings, SignInSettings

# A hash that takes its time protects nobody here. What the real one costs is seen to in services/test_people.py.
people._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# The same examples on every machine and every run: what fails here fails everywhere, however slow the machine.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


YEARS_SECONDS = 10**9

UNHURRIED = SignInSettings(YEARS_SECONDS, YEARS_SECONDS, YEARS_SECONDS, factor_roles=frozenset())
"""A password alone, and for good: tests move clocks by days. What the usual limits are worth: tests/security."""


def settings_for(instance: Path, database_url: str | None = None) -> Settings:
    """Settings of a throwaway install in `instance`."""
    return Settings(
        instance_path=instance,
        database_url=database_url or f"sqlite:///{instance / 'tjs.db'}",
        queue_url=f"sqlite:///{instance / 'queue.db'}",
        secret_key="a key for tests, long enough",
        sign_in=UNHURRIED,
    )


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as a new install has it, to be copied for each test."""
    instance = tmp_path_factory.mktemp("prepared")
    _do(settings_for(instance), prepare)
    return instance / "tjs.db"


@pytest.fixture(scope="session")
def peopled_sqlite(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as the house has it, to be copied for each test."""
    instance = tmp_path_factory.mktemp("peopled")
    shutil.copy(prepared_sqlite, instance)
    _do(settings_for(instance), add_people)
    return instance / "tjs.db"


@pytest.fixture(scope="session")
def prepared_postgres(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StandingPostgres]:
    """A PostgreSQL database that each test finds as a new install has it."""
    url = postgres_server.create_database()
    _do(settings_for(tmp_path_factory.mktemp("prepared"), url), prepare)
    with closing(StandingPostgres(postgres_server, url)) as database:
        yield database


@pytest.fixture(scope="session")
def peopled_postgres(
    postgres_server: PostgresServer, prepared_postgres: StandingPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StandingPostgres]:
    """A PostgreSQL database that each test finds as the house has it."""
    url = postgres_server.create_database(prepared_postgres.prepared_url)
    _do(settings_for(tmp_path_factory.mktemp("peopled"), url), add_people)
    with closing(StandingPostgres(postgres_server, url)) as database:
        yield database


def _do(settings: Settings, what: Callable[[], object]) -> None:
    app = create_app(settings, Wiring(clock=MovableClock(), judge=WordJudge))
    with app.app_context():
        what()
        db.engine.dispose()


@pytest.fixture(scope="session")
def standing_apps() -> Iterator[StandingApps]:
    """Apps that each test finds as if they were new."""
    with closing(StandingApps()) as apps:
        yield apps


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new install's database, first on SQLite and then on PostgreSQL; with people where there is to be a house."""
    name = f"{'peopled' if 'house' in request.fixturenames else 'prepared'}_{request.param}"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue(name), tmp_path)
        return f"sqlite:///{tmp_path / 'tjs.db'}"
    standing: StandingPostgres = request.getfixturevalue(name)
    standing.renew()
    return standing.url


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def facebook() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, clock: MovableClock, facebook: FakeChannel, standing_apps: StandingApps
) -> Iterator[Flask]:
    """The app in its context, on each database."""
    wiring = Wiring(clock=clock, judge=WordJudge, channels=lambda: {"facebook": facebook}, nudge=_no_nudge)
    app = standing_apps.as_new(settings_for(tmp_path, database_url), wiring)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session to look into the database with, beside the app's own."""
    with Session(db.engine) as looking:
        yield looking


@pytest.fixture
def house(app: Flask, clock: MovableClock, facebook: FakeChannel) -> House:
    """The house with its people in it, and short words for what tests do all the time."""
    return House.with_its_people(app, clock, facebook)


def _no_nudge(task: str, delay_seconds: float = 0) -> None:
    """No worker listens: tests run the tasks themselves."""
