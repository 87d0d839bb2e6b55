"""What another rule set would have made of what is stored. Reads only: it changes nothing and leaves no entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.backtest import Compared, Sight, Tally, sight_of
from tjs_moderation.domain.ports import Assessment, Judge, Reading
from tjs_moderation.errors import FaultsError
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, RuleSet, StoredAssessment
from tjs_moderation.services.assessment import unjudged
from tjs_moderation.services.desk import reasons_of
from tjs_moderation.services.newest import newest_assessment
from tjs_moderation.services.readings import ToRead, select_texts, to_read
from tjs_moderation.services.rules import live_rules
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports
from tjs_moderation.services.yardstick import decided_kind, verdict_of

DAYS = 30
"""How far a backtest looks back unless it is told otherwise."""

BATCH = 200
"""How many texts are read and judged at a time."""


@dataclass(frozen=True, slots=True)
class Report:
    """A backtest in short: the counts, and the first of what would change."""

    tally: Tally
    changed: Sequence[Compared]


def backtest(rules: str, days: int = DAYS, limit: int | None = None) -> Iterator[Compared]:
    """Each item that came in within `days`, newest first, as the rule set in force and `rules` see its current text.

    Stops after `limit` items. Memory stays the same for any number of them. Raises `FaultsError` with every fault of
    `rules`, before anything is read.
    """
    tried = ports().judge(rules)
    with reading() as session:
        live = live_rules(session)
    return _compared(_LiveSight(live), tried, ports().clock() - timedelta(days=days), limit)


def how_many(days: int = DAYS) -> int:
    """How many items a backtest of `days` has to read: for telling how far it is."""
    since = ports().clock() - timedelta(days=days)
    return db.session.scalar(select(func.count()).where(~Item.is_own, Item.received_at >= since)) or 0


def summed_up(compared: Iterable[Compared], most_changed: int) -> Report:
    """The whole of a backtest, with at most `most_changed` of the changed items: for a page."""
    tally, changed = Tally(), list[Compared]()
    for one in compared:
        tally.add(one)
        if one.is_changed and len(changed) < most_changed:
            changed.append(one)
    return Report(tally, changed)


def _compared(live: _LiveSight, tried: Judge, since: datetime, limit: int | None) -> Iterator[Compared]:
    left, before_id = limit, None
    while left is None or left > 0:
        with reading() as session:
            rows = _rows(session, since, before_id, BATCH if left is None else min(BATCH, left))
            batch = to_read(session, rows)
        if not rows:
            return
        yield from _batch(live, tried, rows, batch)
        before_id = rows[-1][0].id
        left = None if left is None else left - len(rows)


def _rows(session: Session, since: datetime, before_id: int | None, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    statement = (
        select_texts()
        .outerjoin(StoredAssessment, StoredAssessment.id == newest_assessment())
        .add_columns(StoredAssessment, decided_kind(Item.text_version))
        .where(~Item.is_own, Item.received_at >= since)
    )
    if before_id is not None:
        statement = statement.where(Item.id < before_id)
    return session.execute(statement.order_by(Item.id.desc()).limit(limit)).all()


def _batch(
    live: _LiveSight, tried: Judge, rows: Sequence[Row[*tuple[Any, ...]]], batch: Sequence[ToRead]
) -> Iterator[Compared]:
    before = live.sights([(entry, row[-2]) for entry, row in zip(batch, rows, strict=True)])
    after = tried.assess([entry.reading for entry in batch])
    for entry, row, assessment in zip(batch, rows, after, strict=True):
        yield Compared(
            item_id=entry.item.id,
            external_id=entry.item.external_id,
            text=entry.reading.text,
            live=before[entry.item.id],
            tried=_sight(assessment),
            decided=verdict_of(row[-1]),
        )


class _LiveSight:
    """What the rule set in force makes of texts: as it is stored where that still holds, otherwise judged anew."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._rule_set_id = rule_set.id
        self._failure = ""
        try:
            self._judge: Judge | None = ports().judge(rule_set.text)
        except FaultsError as error:
            self._judge, self._failure = None, f"rules: {error}"

    def sights(self, entries: Sequence[tuple[ToRead, StoredAssessment | None]]) -> Mapping[int, Sight]:
        """What it makes of each of these items, by the item's id."""
        sights = {entry.item.id: _stored(kept) for entry, kept in entries if kept and self._still_holds(entry, kept)}
        missing = [entry for entry, _ in entries if entry.item.id not in sights]
        judged = self._assess([entry.reading for entry in missing])
        return sights | {entry.item.id: sight for entry, sight in zip(missing, judged, strict=True)}

    def _still_holds(self, entry: ToRead, kept: StoredAssessment) -> bool:
        made_by = (kept.rule_set_id, kept.model_version, kept.text_version)
        model_version = self._judge.model_version if self._judge else ""
        return not kept.failure and made_by == (self._rule_set_id, model_version, entry.text_version)

    def _assess(self, readings: Sequence[Reading]) -> list[Sight]:
        if self._judge is None:
            return [_sight(unjudged(self._failure)) for _ in readings]
        return [_sight(assessment) for assessment in self._judge.assess(readings)]


def _sight(assessment: Assessment) -> Sight:
    return sight_of(assessment.outcome, assessment.category, assessment.reasons)


def _stored(kept: StoredAssessment) -> Sight:
    return sight_of(kept.outcome, kept.category, reasons_of(kept, kept.text_version))
