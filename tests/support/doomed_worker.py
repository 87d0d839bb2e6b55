"""A worker that ends itself with SIGKILL at one step of its work, in a process of its own.

The install is told by TJS_INSTANCE_PATH and TJS_DATABASE_URL. The steps are those of an act's way:
`before_claim`, `after_claim`, `after_answer`, `after_commit`, and `never`, which does its work. What is sent meets
whatever fault the simulated page at URL was told to have; a page that is slow gives time to kill it from outside.
"""

from __future__ import annotations

import os
import signal
from datetime import datetime

from tests.support.simulator import APP_SECRET, PAGE_ID, PAGE_TOKEN
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.domain.ports import ActDone, OutwardAct
from tjs_moderation.gateways.facebook import FacebookChannel, FacebookCredentials
from tjs_moderation.services import publishing
from tjs_moderation.settings import read_settings


def die() -> None:
    """As `kill -9` does it: nothing that stands below happens."""
    os.kill(os.getpid(), signal.SIGKILL)


class DoomedChannel(FacebookChannel):
    """The real gateway, whose process ends right before or right after a call."""

    step = "never"

    def perform(self, act: OutwardAct) -> ActDone:
        if self.step == "after_claim":
            die()
        done = super().perform(act)
        if self.step == "after_answer":
            die()
        return done


def work(step: str, now: str, url: str) -> None:
    """Work once, as far as the step lets it."""
    channel = DoomedChannel(FacebookCredentials(PAGE_ID, PAGE_TOKEN, APP_SECRET), graph_url=url)
    channel.step = step
    wiring = Wiring(
        clock=lambda: datetime.fromisoformat(now), channels=lambda: {"facebook": channel}, nudge=lambda *_: None
    )
    with create_app(read_settings(), wiring).app_context():
        if step == "before_claim":
            die()
        publishing.send_due()
        if step == "after_commit":
            die()
