"""Not more calls a second than the inbox allows: two a second for a page (Meta, Messenger rate limits)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

INBOX_CALLS_PER_SECOND = 2.0


class Pace:
    """Lets calls through at an even pace, whatever thread they come from; `wait` holds a call up until its time."""

    def __init__(
        self,
        calls_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_seconds = 1 / calls_per_second
        self._clock, self._sleep = clock, sleep
        self._next_at = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when this call may leave."""
        with self._lock:
            now = self._clock()
            leaves_at = max(now, self._next_at)
            self._next_at = leaves_at + self._gap_seconds
        if leaves_at > now:
            self._sleep(leaves_at - now)
