"""What `app.create_app` hands to the services: the clock, the judge, the channels, and how to nudge a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import sleep
from typing import Protocol

from flask import current_app

from tjs_moderation.domain.connection import Connector
from tjs_moderation.domain.hints import Hook
from tjs_moderation.domain.mail import Postman
from tjs_moderation.domain.ports import Channel, Clock, HeadOutlet, Judge, LinkLooker, RowReader
from tjs_moderation.settings import Settings


class JudgeMaker(Protocol):
    """Makes the judge that works by a rule set's text; keeps it, since rule sets change seldom."""

    def __call__(self, rules: str) -> Judge:
        """The judge for `rules`. Raises `FaultsError` where the text has faults."""


class Nudge(Protocol):
    """Tells a worker that there is something to do. It may get lost: the row in the database is the truth."""

    def __call__(self, task: str, delay_seconds: float = 0) -> None:
        """Ask for `task` (a name in `jobs.TASKS`) after a delay. Never raises."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world as the services see it.

    `channels`, and `hooks`, the doors by which they send, are keyed by the channel's name and asked anew for each use.
    """

    settings: Settings
    clock: Clock
    judge: JudgeMaker
    open_rows: RowReader
    channels: Callable[[], Mapping[str, Channel]]
    hooks: Callable[[], Mapping[str, Hook]]
    connector: Connector
    nudge: Nudge
    postman: Postman | None = None
    """Takes mails away; None where there is no mail server."""
    head_outlets: Mapping[str, HeadOutlet] = field(default_factory=dict)
    """Where the heads of the audit log are kept outside, by their names."""
    links: LinkLooker | None = None
    """Opens the links of drafts; None where nothing may be opened."""
    rest: Callable[[float], None] = sleep
    """Lets so many seconds pass."""


def ports() -> Ports:
    """The ports of the app in whose context we are."""
    wired: Ports = current_app.extensions["tjs_ports"]
    return wired
