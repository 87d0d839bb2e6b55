"""The counts of days worked out anew from the rows of what happened: to be put in place, or compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Executable, and_, delete, func, insert, select
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.tally import (
    FIRST_DECISIONS,
    NO_TOPIC,
    VERDICTS,
    AnswerTimes,
    Measure,
    Proposal,
    day_of,
    strongest,
    wait_step,
)
from tjs_moderation.models import Answer, AnswerRevision, AuditHead, DayTally, Decision, Item, Routing, StoredAssessment
from tjs_moderation.services.tallying import answer_times, arrival_key, first_rule
from tjs_moderation.services.transaction import CONSOLE, reading, transact
from tjs_moderation.services.wiring import ports

Tallied = Counter[tuple[Measure, date, str]]
_Count = tuple[Measure, datetime, str | None]

_AT_ONCE = 5_000
_Undoing = aliased(Decision)
"""How many rows are held in memory at a time."""


def recount(session: Session) -> Tallied:
    """How much of what there was on each day. Reads every item, decision and answer: a minute or two a million."""
    zone = ports().settings.zone
    counted: Tallied = Counter()
    for counts in (_arrivals, _topics, _decisions, _first_decisions, _answers, _routings):
        for measure, at, key in counts(session):
            if key:
                counted[measure, day_of(at, zone), key] += 1
    return counted


def kept(session: Session) -> Tallied:
    """The same as it is kept."""
    rows = session.execute(select(DayTally.measure, DayTally.day, DayTally.key, DayTally.count))
    return Counter({(measure, day, key): count for measure, day, key, count in rows if count})


def recount_days() -> int:
    """Put a recount in place of what is kept; gives how many counts there are. Nobody can write meanwhile."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        # Whoever changes what is counted here takes the head: with it in hand, nothing changes while we count.
        work.session.scalars(select(AuditHead).with_for_update()).one()
        counted = recount(work.session)
        work.session.execute(delete(DayTally))
        rows = [{"measure": m, "day": day, "key": key, "count": count} for (m, day, key), count in counted.items()]
        for start in range(0, len(rows), _AT_ONCE):
            work.session.execute(insert(DayTally), rows[start : start + _AT_ONCE])
    return len(counted)


def begin_counting() -> None:
    """Count what an install held before days were counted. Where they are counted already, this costs one look."""
    with reading() as session:
        is_begun = session.scalar(select(DayTally.day).limit(1)) is not None
        is_needed = not is_begun and session.scalar(select(Item.id).where(~Item.is_own).limit(1)) is not None
    if is_needed:
        recount_days()


def _rows(session: Session, statement: Executable) -> Iterable[Any]:
    return session.execute(statement.execution_options(yield_per=_AT_ONCE))


def _arrivals(session: Session) -> Iterator[_Count]:
    for sorted_at, outcome in _rows(session, select(Item.sorted_at, Item.outcome).where(~Item.is_own)):
        yield Measure.ARRIVED, sorted_at, arrival_key(outcome, is_own=False)


def _topics(session: Session) -> Iterator[_Count]:
    newest = select(func.max(StoredAssessment.id)).group_by(StoredAssessment.item_id)
    thought = select(Item.sorted_at, StoredAssessment.topics, StoredAssessment.is_question)
    statement = thought.join(Item, Item.id == StoredAssessment.item_id)
    for sorted_at, topics, is_question in _rows(session, statement.where(StoredAssessment.id.in_(newest))):
        topic = strongest([TopicScore(**topic) for topic in topics])
        yield Measure.TOPIC, sorted_at, topic
        yield Measure.ASKED, sorted_at, (topic or NO_TOPIC) if is_question else None


def _decisions(session: Session) -> Iterator[_Count]:
    """Who decided, and how that stands to what was proposed; what was taken back stands to nothing."""
    thought = StoredAssessment
    is_of_text = and_(
        thought.id == Decision.assessment_id, thought.text_version == Decision.text_version, thought.failure == ""
    )
    who = (Decision.decided_at, Decision.decided_by_id, Decision.kind)
    statement = (
        select(*who, thought.outcome, thought.category, thought.reasons, _Undoing.id)
        .outerjoin(thought, is_of_text)
        .outerjoin(_Undoing, _Undoing.takes_back_id == Decision.id)
        .where(Decision.decided_by_id.is_not(None))
    )
    for decided_at, decided_by_id, kind, outcome, category, reasons, undone_by in _rows(session, statement):
        yield Measure.DECIDED, decided_at, str(decided_by_id)
        if undone_by is None and outcome is not None and kind in VERDICTS:
            for measure, key in Proposal(outcome, category, first_rule(reasons)).keys(VERDICTS[kind]):
                yield measure, decided_at, key


def _first_decisions(session: Session) -> Iterator[_Count]:
    first = (
        select(func.min(Decision.id))
        .where(Decision.decided_by_id.is_not(None), Decision.kind.in_(FIRST_DECISIONS))
        .group_by(Decision.item_id)
    )
    statement = select(Decision.decided_at, Item.received_at).join(Item, Item.id == Decision.item_id)
    for decided_at, received_at in _rows(session, statement.where(Decision.id.in_(first))):
        yield Measure.FIRST_DECISION, decided_at, wait_step(decided_at - received_at)


def _answers(session: Session) -> Iterator[_Count]:
    is_newest = and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == Answer.revision)
    statement = (
        select(Answer.published_at, Item.received_at, AnswerRevision.written_by_id)
        .join(Item, Item.id == Answer.item_id)
        .join(AnswerRevision, is_newest)
        .where(Answer.published_at.is_not(None))
    )
    for published_at, received_at, written_by_id in _rows(session, statement):
        yield Measure.ANSWER, published_at, wait_step(published_at - received_at)
        yield Measure.ANSWERED, published_at, str(written_by_id)
    for times in _rows(session, answer_times()):
        yield from AnswerTimes(*times).counts()


def _routings(session: Session) -> Iterator[_Count]:
    statement = select(Routing.routed_at, Routing.expert_id).where(Routing.expert_id.is_not(None))
    for routed_at, expert_id in _rows(session, statement):
        yield Measure.ROUTED, routed_at, str(expert_id)
