from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.conftest import UNHURRIED
from tests.support.fakes import MovableClock
from tests.support.standing import StandingApps
from tests.web.client import PageClient
from tests.web.judge import PlainJudge
from tests.web.office import Office
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db, limiter
from tjs_moderation.services import install, people
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.settings import Settings

PASSWORD = "pitkä lause on hyvä"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

EMAILS = {
    Role.TIEDOTTAJA: "tiina@esimerkki.fi",
    Role.ASIANTUNTIJA: "paivi@esimerkki.fi",
    Role.ATK_SUUNNITTELIJA: "arto@esimerkki.fi",
}
NAMES = {
    Role.TIEDOTTAJA: "Tiina Tiedottaja",
    Role.ASIANTUNTIJA: "Päivi Salo",
    Role.ATK_SUUNNITTELIJA: "Arto Laine",
}


class Clock(MovableClock):
    """A clock that stands still at `NOW` until it is moved."""

    def __init__(self) -> None:
        super().__init__(NOW)


def make_app(
    folder: Path, clock: Clock, make: Callable[[Settings, Wiring], Flask] = create_app, *, is_demo: bool = False
) -> Flask:
    settings = Settings(
        instance_path=folder,
        database_url=f"sqlite:///{folder / 'tjs.db'}",
        queue_url=f"sqlite:///{folder / 'queue.db'}",
        secret_key="only for the tests of the pages",
        is_demo=is_demo,
        sign_in=UNHURRIED,
    )
    wiring = Wiring(
        clock=clock, judge=lambda rules: PlainJudge(), channels=dict, nudge=lambda task, delay_seconds=0: None
    )
    return make(settings, wiring)


@pytest.fixture(scope="session")
def prepared_install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an install with one person of each role, to be copied by each test that changes something."""
    folder = tmp_path_factory.mktemp("prepared")
    app = make_app(folder, Clock())
    with app.app_context():
        install.prepare()
        for role, email in EMAILS.items():
            topics = ["patkatyot"] if role is Role.ASIANTUNTIJA else []
            people.add_user(CONSOLE, NAMES[role], email, role, topics, PASSWORD)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own_install(prepared_install: Path, tmp_path: Path) -> Path:
    """The test's own copy of the prepared install."""
    return shutil.copytree(prepared_install, tmp_path / "install")


@pytest.fixture
def own_app(own_install: Path, clock: Clock) -> Iterator[Flask]:
    """An app made for the test alone, to be added to."""
    app = make_app(own_install, clock)
    yield app
    with app.app_context():
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(
    request: pytest.FixtureRequest, own_install: Path, clock: Clock, standing_apps: StandingApps
) -> Iterator[Flask]:
    """An app on an install of its own."""
    if request.node.get_closest_marker("browser"):  # what a browser asks for may outlive its test
        yield request.getfixturevalue("own_app")
        return
    app = make_app(own_install, clock, standing_apps.as_new)
    yield app
    with app.app_context():
        db.session.remove()


@pytest.fixture
def anybody(app: Flask) -> PageClient:
    """A person who is not signed in."""
    return PageClient(app.test_client())


def signed_in(app: Flask, role: Role) -> PageClient:
    """A person of this role who has signed in."""
    person = PageClient(app.test_client())
    person.come_in(EMAILS[role], PASSWORD)
    return person


@pytest.fixture
def tiedottaja(app: Flask) -> PageClient:
    return signed_in(app, Role.TIEDOTTAJA)


@pytest.fixture
def asiantuntija(app: Flask) -> PageClient:
    return signed_in(app, Role.ASIANTUNTIJA)


@pytest.fixture
def atk_suunnittelija(app: Flask) -> PageClient:
    return signed_in(app, Role.ATK_SUUNNITTELIJA)


@pytest.fixture
def office(app: Flask, clock: Clock) -> Office:
    """The house behind the pages, to furnish it with cases."""
    return Office(app, clock, PASSWORD)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The console, served on a free port of the loopback address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()
