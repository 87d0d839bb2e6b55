"""The simulated Facebook page over real HTTP on loopback. A conftest that imports `simulator` has it as a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tjs_moderation.gateways.facebook import FacebookChannel, FacebookCredentials
from tjs_moderation.simulator import BackgroundServer, PageState, create_simulator
from tjs_moderation.simulator.access import Access
from tjs_moderation.simulator.faults import FaultPlan
from tjs_moderation.simulator.ledger import Ledger
from tjs_moderation.simulator.postman import Postman

PAGE_ID = "1000"
PAGE_TOKEN = "simulated-page-token"
USER_TOKEN = "simulated-user-token"
APP_SECRET = "simulated-app-secret"


@dataclass(frozen=True)
class RunningSimulator:
    """A simulator that answers at `url`. `state` is the page, `ledger` what it was asked to do, `access` who may."""

    url: str
    state: PageState
    faults: FaultPlan
    ledger: Ledger
    access: Access
    postman: Postman
    page_id: str = PAGE_ID
    page_token: str = PAGE_TOKEN
    user_token: str = USER_TOKEN
    app_secret: str = APP_SECRET

    def fail(self, fault: str, *, method: str = "", path_regex: str = "", times: int = 1, **details: object) -> None:
        """Let the next `times` calls that match meet this fault."""
        self.faults.order(fault, method=method, path_regex=path_regex, times=times, details=details)

    def advance(self, seconds: float) -> None:
        """Let time pass on the page."""
        self.state.clock.advance(seconds)

    def channel(
        self, *, token: str = PAGE_TOKEN, app_secret: str = APP_SECRET, version: str = "v26.0"
    ) -> FacebookChannel:
        """The gateway under test, connected to this simulator."""
        credentials = FacebookCredentials(self.page_id, token, app_secret)
        return FacebookChannel(
            credentials,
            graph_url=self.url,
            api_version=version,
            timeout_seconds=(2.0, 2.0),
            inbox_calls_per_second=1000.0,
        )


@contextmanager
def running_simulator(state: PageState | None = None) -> Iterator[RunningSimulator]:
    """A simulator of this page, or of an empty one, for as long as the `with` lasts."""
    page = state or PageState(PAGE_ID)
    app = create_simulator(page, app_secret=APP_SECRET, page_token=PAGE_TOKEN, user_token=USER_TOKEN)
    held = app.extensions["simulator"]
    with BackgroundServer(app) as server:
        yield RunningSimulator(server.url, page, held.faults, held.ledger, held.access, held.postman)


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    """An empty simulated page of the test's own."""
    with running_simulator() as running:
        yield running
