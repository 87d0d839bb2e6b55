"""The check of the counts that the numbers page is made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Depth, Finding, bad, ok
from tjs_moderation.services import recounting


def tallies(session: Session, _: datetime, depth: Depth) -> Iterator[Finding]:
    """Whether the counts of days say what a recount does. It reads everything, so only a deep look does it."""
    if depth is not Depth.DEEP:
        yield ok("tallies", "tallies_unread")
        return
    kept, counted = recounting.kept(session), recounting.recount(session)
    wrong = sum(1 for key in kept.keys() | counted.keys() if kept[key] != counted[key])
    if wrong:
        yield bad("tallies", "tallies_differ", wrong=wrong)
    else:
        yield ok("tallies", "tallies", count=len(counted))
