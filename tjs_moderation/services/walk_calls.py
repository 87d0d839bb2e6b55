"""The calls of one walk: asked again where they fail for the moment, and counted, so that a walk knows when to stop."""

from __future__ import annotations

from collections.abc import Callable
from random import random
from typing import TypeVar

from tjs_moderation.domain.pace import TRIES, price_of_call, rest_seconds
from tjs_moderation.domain.ports import ChannelReader
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.services.wiring import ports

T = TypeVar("T")

_FIRST_WAIT_SECONDS = 0.5


class SpentError(Exception):
    """The walk has spent its calls, or the channel's budget is nearly used up: the next walk goes on."""


class Calls:
    """Makes the calls of one walk. `worth` is what it may spend (None: no limit), `made` how many it has made."""

    def __init__(self, port: ChannelReader, worth: int | None) -> None:
        self.made = 0
        self._port, self._left = port, worth

    def ask(self, call: Callable[[], T]) -> T:
        """One call, and once or twice more where it fails for the moment. Raises GatewayError, SpentError."""
        for attempt in range(1, TRIES):
            self._spend()
            try:
                return call()
            except GatewayError as error:
                if error.failure is not GatewayFailure.TRANSIENT:
                    raise
            # Jitter only spreads load; nothing secret depends on it.
            ports().rest(_FIRST_WAIT_SECONDS * 2.0 ** (attempt - 1) * (0.5 + random()))  # noqa: S311
        self._spend()
        return call()

    def _spend(self) -> None:
        usage = self._port.usage
        # What was told before this walk is old: only an answer of today makes it rest.
        if self.made and rest_seconds(usage.percent, usage.regain_access_seconds):
            raise SpentError
        if self._left is not None:
            self._left -= price_of_call(usage.percent)
            if self._left < 0:
                raise SpentError
        self.made += 1
