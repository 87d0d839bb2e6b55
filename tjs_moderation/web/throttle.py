"""How often something may be tried and fail, counted where all web processes see it (where there is a Redis)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from werkzeug.exceptions import TooManyRequests

from tjs_moderation.extensions import limiter


@dataclass(frozen=True, slots=True)
class Budget:
    """So many failures `per` time, e.g. `10 per hour`, for each `who`."""

    name: str
    limit: str

    def check(self, *who: str) -> None:
        """Raises TooManyRequests, with the seconds to wait, where the budget is used up."""
        item, counting = parse(self.limit), _counting()
        if not counting.test(item, self.name, *who):
            again_at = counting.get_window_stats(item, self.name, *who).reset_time
            raise TooManyRequests(retry_after=max(1, round(again_at - time.time())))

    def spend(self, *who: str) -> None:
        """Count one failure."""
        _counting().hit(parse(self.limit), self.name, *who)


_ALONE = FixedWindowRateLimiter(MemoryStorage())


def _counting() -> RateLimiter:
    """What counts: each process by itself where the Redis is away, for people must get in all the same."""
    usual = limiter.limiter
    return usual if usual.storage.check() else _ALONE
