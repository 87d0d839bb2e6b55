"""Faults: on order, for the calls that match, and at random, by a seed and a rate.

A fault answers before the call is carried out, changes its answer, or swallows it after the deed
was done (`lost_answer`).
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tjs_moderation.simulator.problems import GraphProblemError

REFUSALS: Mapping[str, Mapping[str, object]] = {
    "throttle": {"status": 400, "code": 32, "message": "(#32) Page request limit reached"},
    "expired_token": {
        "status": 401,
        "code": 190,
        "error_subcode": 463,
        "message": "Error validating access token: Session has expired",
    },
    "blocked": {
        "status": 400,
        "code": 368,
        "message": "The action attempted has been deemed abusive or is otherwise disallowed",
    },
    "temporary": {
        "status": 400,
        "code": 2,
        "is_transient": True,
        "message": "An unexpected error has occurred. Please retry your request later.",
    },
    "localised": {
        "status": 400,
        "code": 2,
        "is_transient": True,
        "message": "Odottamaton virhe. Yritä pyyntöä myöhemmin uudelleen.",
    },
    "error_with_200": {"status": 200, "code": 2, "is_transient": True, "message": "Service temporarily unavailable"},
    "lasting": {"status": 500, "code": 1, "is_transient": False, "message": "An unknown error occurred"},
}
"""Faults that are an error answer of the Graph API; the keys of `details` may replace theirs."""

FOR_READS = (
    "500",
    "html",
    "throttle",
    "temporary",
    "localised",
    "error_with_200",
    "delay",
    "dropped",
    "missing_from",
    "empty_page_with_next",
)
FOR_WRITES = ("500", "html", "throttle", "temporary", "localised", "delay", "dropped", "lost_answer", "success_false")
FOR_NEWS = (
    "lost_news",
    "doubled_news",
    "late_news",
    "reordered_news",
    "batched_news",
    "old_shape_news",
    "nameless_news",
)
"""Faults of webhooks, drawn by the method NEWS and names such as `feed/comment/add` for a path."""
NAMES = frozenset({*FOR_READS, *FOR_WRITES, *FOR_NEWS, *REFUSALS, "flat", "slow_answer"})
_FITTING = {"GET": FOR_READS, "NEWS": FOR_NEWS}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call.

    `details` go with it: `seconds` for delay, slow_answer and late news, `minutes` for throttle, an error's own fields.
    """

    name: str
    details: Mapping[str, object] = field(default_factory=dict)

    def refusal(self) -> GraphProblemError | None:
        """The error answer this fault is, if it is one."""
        if self.name not in REFUSALS:
            return None
        fields = {**REFUSALS[self.name], **self.details}
        fields.pop("minutes", None)
        status = fields.pop("status")
        problem = GraphProblemError(str(fields["message"]), 0, status=int(str(status)))
        problem.fields.update(fields)
        return problem

    def number(self, name: str, default: float) -> float:
        """A number from the details."""
        return float(str(self.details.get(name, default)))


NO_FAULT = Fault("")


@dataclass(slots=True)
class _Order:
    fault: Fault
    method: str
    path: re.Pattern[str]
    left: int

    def matches(self, method: str, path: str) -> bool:
        return self.left > 0 and self.method in ("", method) and self.path.search(path) is not None


class FaultPlan:
    """Which call meets which fault. Ordered faults come first, in the order in which they were ordered.

    `usage_percent` is how much of its budget the page has used, as the headers of every answer tell; `met` counts which
    faults calls and news have met so far.
    """

    def __init__(self) -> None:
        self.usage_percent = 1
        self.met: Counter[str] = Counter()
        self._orders: list[_Order] = []
        self._random = random.Random(0)
        self._rate = 0.0
        self._names: frozenset[str] = NAMES
        self._lock = threading.Lock()

    def order(
        self,
        name: str,
        *,
        method: str = "",
        path_regex: str = "",
        times: int = 1,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Let the next `times` calls that match meet this fault. Raises ValueError for a fault or a pattern unknown."""
        if name not in NAMES:
            raise ValueError(f"no such fault: {name}; there are {', '.join(sorted(NAMES))}")
        try:
            path = re.compile(path_regex)
        except re.error as error:
            raise ValueError(f"path_regex: {error}") from error
        with self._lock:
            self._orders.append(_Order(Fault(name, dict(details or {})), method.upper(), path, times))

    def at_random(self, seed: int, rate: float, names: frozenset[str] | None = None) -> None:
        """Let each call meet a fault with this probability, 0…1; the same seed gives the same faults."""
        with self._lock:
            self._random, self._rate, self._names = random.Random(seed), rate, NAMES if names is None else names

    def is_waiting(self, name: str) -> bool:
        """Whether a fault of this name was ordered that no call has met yet."""
        with self._lock:
            return any(order.fault.name == name and order.left > 0 for order in self._orders)

    def clear(self) -> None:
        """From now on everything goes well."""
        with self._lock:
            self._orders.clear()
            self._rate = 0.0

    def draw(self, method: str, path: str) -> Fault:
        """The fault this call meets, or NO_FAULT."""
        with self._lock:
            fault = self._ordered(method, path) or self._by_chance(method) or NO_FAULT
            if fault.name:
                self.met[fault.name] += 1
        return fault

    def _ordered(self, method: str, path: str) -> Fault | None:
        for order in self._orders:
            if order.matches(method, path):
                order.left -= 1
                return order.fault
        return None

    def _by_chance(self, method: str) -> Fault | None:
        if self._rate and self._random.random() < self._rate:
            fitting = [name for name in _FITTING.get(method, FOR_WRITES) if name in self._names]
            return Fault(self._random.choice(fitting)) if fitting else None
        return None
