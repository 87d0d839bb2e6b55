"""What shadow rules would have done: how often each was heard, and what people decided of those texts. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.vocabulary import DecisionKind, Outcome
from tjs_moderation.models import Item, StoredAssessment
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports
from tjs_moderation.services.yardstick import decided_kind, verdict_of

DAYS = 30
EXAMPLES = 20
"""So many items are named for each rule, the newest."""

PAGE_LIMIT = 2000
"""So many texts that shadow rules spoke about are looked at for a page, the newest."""

_BATCH = 500


@dataclass(slots=True)
class Shadow:
    """One shadow rule at work.

    `heard` counts the texts it spoke about; `would` what would have been proposed of them with the shadow rules live;
    `changes` those of them where that is another proposal than the one that was made; `decided` what people decided.
    """

    rule: str
    heard: int = 0
    changes: int = 0
    would: Counter[Outcome] = field(default_factory=Counter)
    decided: Counter[Verdict] = field(default_factory=Counter)
    examples: list[int] = field(default_factory=list)


def shadows(days: int = DAYS, limit: int | None = None) -> Sequence[Shadow]:
    """Every shadow rule that was heard within `days`, the busiest first; of the newest `limit` texts at most.

    One query for each five hundred texts.
    """
    found: dict[str, Shadow] = {}
    for one in _heard(ports().clock() - timedelta(days=days), limit):
        for rule in dict.fromkeys(entry["rule"] for entry in one.said):
            _count(found.setdefault(rule, Shadow(rule)), one)
    return sorted(found.values(), key=lambda shadow: (-shadow.heard, shadow.rule))


@dataclass(frozen=True, slots=True)
class _Heard:
    """A text that shadow rules spoke about."""

    assessment_id: int
    item_id: int
    at: datetime
    said: Sequence[dict[str, str]]
    was: Outcome
    would_be: Outcome
    decided: DecisionKind | None


def _count(shadow: Shadow, one: _Heard) -> None:
    shadow.heard += 1
    shadow.would[one.would_be] += 1
    shadow.changes += one.would_be is not one.was
    if verdict := verdict_of(one.decided):
        shadow.decided[verdict] += 1
    if len(shadow.examples) < EXAMPLES and one.item_id not in shadow.examples:
        shadow.examples.append(one.item_id)


def _heard(since: datetime, limit: int | None) -> Iterator[_Heard]:
    left, last = limit, None
    while left is None or left > 0:
        batch = _page(since, last, _BATCH if left is None else min(left, _BATCH))
        yield from batch
        if len(batch) < _BATCH:
            return
        last = batch[-1]
        left = None if left is None else left - len(batch)


def _page(since: datetime, last: _Heard | None, limit: int) -> Sequence[_Heard]:
    statement = (
        select(
            StoredAssessment.id,
            Item.id,
            StoredAssessment.created_at,
            StoredAssessment.shadows,
            StoredAssessment.outcome,
            StoredAssessment.shadow_outcome,
            decided_kind(StoredAssessment.text_version),
        )
        .join(Item, Item.id == StoredAssessment.item_id)
        .where(StoredAssessment.shadow_outcome.is_not(None), StoredAssessment.created_at >= since)
        .order_by(StoredAssessment.created_at.desc(), StoredAssessment.id.desc())
        .limit(limit)
    )
    if last is not None:
        is_older = StoredAssessment.created_at < last.at
        is_same = (StoredAssessment.created_at == last.at) & (StoredAssessment.id < last.assessment_id)
        statement = statement.where(is_older | is_same)
    with reading() as session:
        return [_Heard(*row) for row in session.execute(statement)]
