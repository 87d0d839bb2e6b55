"""Counts everything anew, from the rows of what happened, to be compared with what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.case import place, urgency
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, QueueCount, Routing
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services import audit, recounting
from tjs_moderation.services.placing import facts_of, surroundings


def check_books() -> None:
    """Assert that items stand where their facts put them, that the counters agree, and that the chain is whole."""
    check_counts()
    verdict = audit.verify()
    assert verdict.is_whole, verdict


def check_counts() -> None:
    """Assert that items stand where their facts put them, and that the counters agree."""
    with Session(db.engine) as session:
        items = session.scalars(select(Item)).all()
        open_routings = session.scalars(select(Routing).where(Routing.ended_at.is_(None)))
        routings = {routing.item_id: routing for routing in open_routings}
        facts = facts_of(session, items, surroundings(session, items))
        for item in items:
            expert_id = routings[item.id].expert_id if item.id in routings else None
            belongs = (place(facts[item.id]), expert_id, urgency(item.category))
            assert (item.state, item.expert_id, item.urgency) == belongs, (item.external_id, facts[item.id])
        kept = session.execute(select(QueueCount.state, QueueCount.expert_id, QueueCount.count)).all()
        assert {(state, expert): count for state, expert, count in kept if count} == recount(items)
        assert recounting.kept(session) == recounting.recount(session)


def recount(items: Sequence[Item]) -> dict[tuple[CaseState, int], int]:
    """How many items stand in each state: in all, at each desk, and for anybody to take."""
    counts: Counter[tuple[CaseState, int]] = Counter()
    for item in items:
        counts[item.state, EVERYBODY] += 1
        if item.expert_id is not None:
            counts[item.state, item.expert_id] += 1
        elif item.state is CaseState.EXPERT:
            counts[item.state, NOBODY_YET] += 1
    return dict(counts)
