"""Whether we post often enough: not daily, but at least once a week (P9)."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_SILENCE = timedelta(days=7)


def silent_days(newest_at: datetime | None, now: datetime) -> int | None:
    """How many whole days have passed since the newest post, where a week or more have; else None.

    Where no post is known of, nothing is known of the cadence either.
    """
    if newest_at is None or now - newest_at < LONGEST_SILENCE:
        return None
    return (now - newest_at).days
