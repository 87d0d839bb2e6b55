"""When an outward act is tried again."""

from __future__ import annotations

MAX_ATTEMPTS = 8
"""After this many tries an act has failed and a person looks at it."""

_FIRST_SECONDS = 30.0
_LONGEST_SECONDS = 3600.0


def backoff_seconds(attempts: int, jitter: float, told_seconds: float | None = None) -> float:
    """Seconds to wait after `attempts` tries (1 or more).

    30 s, doubling to at most an hour, less up to a fifth by `jitter` (0…1) so that many acts do not come back at once;
    never sooner than the other side told us to.
    """
    wait = min(_FIRST_SECONDS * 2.0 ** (attempts - 1), _LONGEST_SECONDS) * (1 - 0.2 * jitter)
    return max(wait, told_seconds or 0.0)
