"""Brings the page's news to whoever subscribed: signed, retried, and late, double or lost where a fault says so."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import requests

from tjs_moderation.simulator.faults import Fault, FaultPlan
from tjs_moderation.simulator.moments import MovableClock
from tjs_moderation.simulator.news import Value, in_old_shape

LARGEST_BATCH = 1000
BATCH_SECONDS = 1.0
RETRY_SECONDS = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""After each failure; the last one for ever after. Meta goes on for 36 hours."""
GIVE_UP_SECONDS = 36 * 3600.0
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where an app wants its news, and of which fields."""

    callback_url: str
    fields: tuple[str, ...]


@dataclass(order=True, slots=True)
class _Letter:
    due_at: float
    number: int
    body: bytes = field(compare=False)
    first_tried_at: float | None = field(default=None, compare=False)
    attempts: int = field(default=0, compare=False)


class Postman:
    """Queues news and delivers it in a thread of its own. Nothing is queued before somebody has subscribed."""

    def __init__(self, page_id: str, app_secret: str, clock: MovableClock, faults: FaultPlan) -> None:
        self.subscription: Subscription | None = None
        self.sent: list[bytes] = []
        self.lost = 0
        self._page_id, self._secret, self._clock, self._faults = page_id, app_secret, clock, faults
        self._letters: list[_Letter] = []
        self._batch: list[tuple[str, Value]] = []
        self._held: list[bytes] = []
        self._numbers = count(1)
        self._changed = threading.Condition()
        self._under_way = 0
        self._thread: threading.Thread | None = None

    def tell(self, field_name: str, value: Value, name: str) -> None:
        """Queue one thing that happened: a field of the feed or, for `messages`, a messaging event."""
        if self.subscription is None or field_name not in self.subscription.fields:
            return
        fault = self._faults.draw("NEWS", name)
        with self._changed:
            self._queue(field_name, value, fault)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._deliver_for_ever, daemon=True)
                self._thread.start()

    @property
    def waiting(self) -> int:
        """How many bodies have not arrived yet."""
        with self._changed:
            return len(self._letters) + len(self._held) + bool(self._batch) + self._under_way

    def wait_until_empty(self, seconds: float = 10.0) -> bool:
        """Wait until everything has arrived; False where that takes longer."""
        end = time.monotonic() + seconds
        while self.waiting:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def _queue(self, field_name: str, value: Value, fault: Fault) -> None:
        match fault.name:
            case "lost_news":
                self.lost += 1
            case "batched_news":
                self._batch.append((field_name, value))
                if len(self._batch) >= LARGEST_BATCH:
                    self._close_batch()
            case "reordered_news":
                self._held.append(self._body([(field_name, value)]))
                self._put(b"", BATCH_SECONDS)
            case _:
                changed = _changed(value, fault) if field_name == "feed" else value
                body = self._body([(field_name, changed)])
                for _ in range(2 if fault.name == "doubled_news" else 1):
                    self._put(body, fault.number("seconds", 2.0) if fault.name == "late_news" else 0.0)
                self._let_held_go()

    def _let_held_go(self) -> None:
        for body in self._held:
            self._put(body, 0.05)
        self._held.clear()

    def _close_batch(self) -> None:
        if self._batch:
            self._put(self._body(self._batch), 0.0)
            self._batch = []

    def _put(self, body: bytes, seconds: float) -> None:
        heapq.heappush(self._letters, _Letter(time.monotonic() + seconds, next(self._numbers), body))

    def _body(self, told: list[tuple[str, Value]]) -> bytes:
        entry: dict[str, Any] = {"id": self._page_id, "time": int(self._clock.now().timestamp())}
        changes = [{"field": name, "value": value} for name, value in told if name == "feed"]
        events = [value for name, value in told if name != "feed"]
        entry |= ({"changes": changes} if changes else {}) | ({"messaging": events} if events else {})
        return json.dumps({"object": "page", "entry": [entry]}).replace("/", r"\/").encode()

    def _deliver_for_ever(self) -> None:
        session = requests.Session()
        while True:
            letter = self._next_letter()
            is_done = self._deliver(session, letter)
            with self._changed:
                self._under_way = 0
                if not is_done:
                    heapq.heappush(self._letters, letter)

    def _next_letter(self) -> _Letter:
        """Wait for what is due. An empty body is only an alarm clock for what is held back."""
        with self._changed:
            while True:
                wait = self._letters[0].due_at - time.monotonic() if self._letters else BATCH_SECONDS
                if self._letters and wait <= 0:
                    letter = heapq.heappop(self._letters)
                    if letter.body:
                        self._under_way = 1
                        return letter
                    self._let_held_go()
                    continue
                if not self._changed.wait(min(wait, BATCH_SECONDS)):
                    self._close_batch()

    def _deliver(self, session: requests.Session, letter: _Letter) -> bool:
        """Try once; True where it arrived or is given up."""
        subscription, now = self.subscription, time.monotonic()
        if subscription is None:
            return True
        letter.first_tried_at = letter.first_tried_at or now
        try:
            answer = session.post(
                subscription.callback_url,
                data=letter.body,
                headers={"Content-Type": "application/json", "X-Hub-Signature-256": self._signature(letter.body)},
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            has_arrived = answer.status_code == 200
        except requests.RequestException:
            has_arrived = False
        if has_arrived:
            self.sent.append(letter.body)
            return True
        letter.due_at = time.monotonic() + RETRY_SECONDS[min(letter.attempts, len(RETRY_SECONDS) - 1)]
        letter.attempts += 1
        is_given_up = now - letter.first_tried_at > GIVE_UP_SECONDS
        self.lost += is_given_up
        return is_given_up

    def _signature(self, body: bytes) -> str:
        return "sha256=" + hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()


def _changed(value: Value, fault: Fault) -> Value:
    if fault.name == "old_shape_news":
        return in_old_shape(value)
    if fault.name == "nameless_news":
        return {name: each for name, each in value.items() if name != "from"}
    return value
