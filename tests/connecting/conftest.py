"""An install whose channel is connected in the console, to a simulated page."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import Context
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import settings_for
from tests.support.fakes import MovableClock, WordJudge
from tests.support.house import PASSWORD, House
from tests.support.simulator import RunningSimulator, simulator
from tests.support.standing import StandingApps
from tests.web.client import Form, Page, PageClient
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.extensions import db, limiter
from tjs_moderation.settings import FacebookSettings

__all__ = ["simulator"]

BASE_URL = "https://moderointi.esimerkki.fi"


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    clock: MovableClock,
    simulator: RunningSimulator,
    standing_apps: StandingApps,
) -> Iterator[Flask]:
    """The app as it is really wired, on each database, with Meta's address that of the simulator."""
    facebook = FacebookSettings(graph_url=simulator.url)
    settings = settings_for(tmp_path, database_url).with_changes(facebook=facebook, base_url=BASE_URL)
    nobody = lambda task, delay_seconds=0: None  # noqa: E731  # no worker listens
    is_served = request.node.get_closest_marker("browser")  # what a browser asks for may outlive its test
    make = create_app if is_served else standing_apps.as_new
    app = make(settings, Wiring(clock=clock, judge=WordJudge, nudge=nobody))
    app.config["SESSION_COOKIE_SECURE"] = False
    app.config["SESSION_COOKIE_NAME"] = "tjs"
    with app.app_context():
        yield app
        limiter.reset()
        db.session.remove()
        if is_served:
            db.engine.dispose()


class Visitor(PageClient):
    """A person with a browser: their requests know nothing of the app's context in which the test itself stands."""

    def get(self, path: str, status: int = 200) -> Page:
        return Context().run(super().get, path, status)

    def submit(self, form: Form, status: int = 200, button: str | None = None, **filled: str) -> Page:
        return Context().run(partial(super().submit, form, status, button, **filled))


@pytest.fixture
def operator(app: Flask, house: House) -> PageClient:
    """The atk-suunnittelija with a browser."""
    client = Visitor(app.test_client())
    client.come_in("aatos@tjs.example", PASSWORD)
    return client


@pytest.fixture
def officer(app: Flask, house: House) -> PageClient:
    """The tiedottaja with a browser."""
    client = Visitor(app.test_client())
    client.come_in("tiina@tjs.example", PASSWORD)
    return client
