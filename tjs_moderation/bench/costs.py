"""Measures what `capacity` reckons with: seconds a step takes, bytes an item takes on the disk, entries verified."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.orm import Session

from tjs_moderation.bench import judging, webhooks
from tjs_moderation.bench.capacity import ASSESS, DECISION, LOG, WEBHOOK
from tjs_moderation.bench.frame import machine
from tjs_moderation.bench.yard import Yard, timed
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Decision, Item
from tjs_moderation.services import audit, casework

_TIMES = 60
_OF_MACHINES = ("take_in", "assess")
"""Verbs that come with what comes in, not with what people do."""

_SIZES = {
    "sqlite": text(
        "SELECT CASE WHEN tbl_name LIKE 'search_index%' THEN 'search_index' ELSE tbl_name END AS name, sum(pgsize) "
        "FROM dbstat JOIN sqlite_master AS made ON made.name = dbstat.name GROUP BY 1"
    ),
    "postgresql": text(
        "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ),
}


def costs(items: int, postgres_url: str | None = None) -> dict[str, Any]:
    """A document of everything, from an install of so many items on SQLite, and one on the empty PostgreSQL if told."""
    yards = [Yard(items)] + ([Yard(items, postgres_url)] if postgres_url else [])
    sizes = {}
    for yard in yards:
        with yard.app.app_context():
            sizes[db.engine.dialect.name] = sizes_of(db.engine, items)
    yard = yards[-1]
    with yard.app.app_context():
        per_item, verified = _per_item(items), _verified()
        decision, held = _decisions(yard)
    pages = [timed(partial(yard.page, f"/queues/{CaseState.READ}")) for _ in range(_TIMES)]
    return {
        "machine": machine() | {"load": round(os.getloadavg()[0], 1), "database": db_name(postgres_url)},
        "items": items,
        "seconds": {
            WEBHOOK: _rounded(1 / webhooks.measure().posts_per_second),
            ASSESS: _rounded(1 / judging.paces(1, is_quick=False)[0].warm),
            DECISION: _rounded(decision),
            "page": _rounded(median(pages) / 1_000),
            LOG: _rounded(held),
        },
        "per_item": per_item,
        "sizes": sizes,
        "verified": verified,
    }


def db_name(postgres_url: str | None) -> str:
    """On which database the steps were measured."""
    return "postgresql" if postgres_url else "sqlite"


def sizes_of(engine: Engine, items: int) -> dict[str, float]:
    """Bytes an item by table, indexes with it, the largest first; what is under a hundredth of all goes together."""
    with engine.connect() as connection:
        found = {name: size / items for name, size in connection.execute(_SIZES[engine.dialect.name])}
    whole = sum(found.values())
    large = {name: size for name, size in found.items() if size >= whole / 100}
    large = dict(sorted(large.items(), key=lambda each: -each[1]))
    return {name: float(round(size)) for name, size in {**large, "others": whole - sum(large.values())}.items()}


def _per_item(items: int) -> dict[str, float]:
    with Session(db.engine) as session:
        decisions = session.scalar(select(func.count(Decision.id))) or 0
        by_hand = session.scalar(select(func.count()).where(AuditEntry.verb.not_in(_OF_MACHINES))) or 0
    return {"decisions": round(decisions / items, 3), "entries_by_hand": round(by_hand / items, 3)}


def _verified() -> float:
    """How many entries of the log are verified a second."""
    begun = perf_counter()
    found = audit.verify()
    return float(round(found.entries / (perf_counter() - begun)))


def _decisions(yard: Yard) -> tuple[float, float]:
    """Seconds for a decision with all it leaves, and for how many of them nobody else can enter anything."""
    with Session(db.engine) as session:
        waiting = select(Item.id, Item.version).where(Item.state == CaseState.READ).order_by(Item.id.desc())
        items = session.execute(waiting.limit(_TIMES)).all()
    decide = partial(casework.decide, yard.officer.id, kind=DecisionKind.KEEP)
    with _log_held(db.engine) as held:
        taken = [timed(partial(decide, item.id, item.version)) for item in islice(items, _TIMES)]
    return median(taken) / 1_000, median(held)


@contextmanager
def _log_held(engine: Engine) -> Iterator[Sequence[float]]:
    """For how long transactions keep others from the log: on PostgreSQL from its head on, on SQLite all along."""
    is_sqlite = engine.dialect.name == "sqlite"
    held: list[float] = []
    since: list[float] = []

    def begin(_: Connection, __: object, statement: str, *___: object) -> None:
        if not since and (is_sqlite or ("audit_head" in statement and "FOR UPDATE" in statement)):
            since.append(perf_counter())

    def end(_: Session) -> None:
        if since:
            held.append(perf_counter() - since.pop())

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(Session, "after_commit", end)
    try:
        yield held
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(Session, "after_commit", end)


def _rounded(seconds: float) -> float:
    return float(f"{seconds:.3g}")
