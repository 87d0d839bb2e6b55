"""Counts by day what a verb has done, from the rows it wrote: no verb can forget it. A part of every transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, ScalarSelect, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import get_history

from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.tally import (
    FIRST_DECISIONS,
    NO_TOPIC,
    UNREAD,
    VERDICTS,
    AnswerTimes,
    Measure,
    Proposal,
    day_of,
    strongest,
    wait_step,
)
from tjs_moderation.domain.vocabulary import Outcome
from tjs_moderation.models import Answer, AnswerRevision, Decision, Item, Routing, StoredAssessment, Topic

_Lying = aliased(Routing)

PROPOSED = (
    StoredAssessment.text_version,
    StoredAssessment.outcome,
    StoredAssessment.category,
    StoredAssessment.reasons,
    StoredAssessment.failure,
)
"""What of an assessment a decision is held against."""

_DECIDED_BEFORE = select(Decision.item_id).where(
    Decision.item_id.in_(bindparam("items", expanding=True)),
    Decision.id.not_in(bindparam("ours", expanding=True)),
    Decision.decided_by_id.is_not(None),
    Decision.kind.in_(FIRST_DECISIONS),
)

_ADD = text(
    "INSERT INTO day_tally (measure, day, key, count) VALUES (:measure, :day, :key, :count) "
    "ON CONFLICT (measure, day, key) DO UPDATE SET count = day_tally.count + excluded.count"
).bindparams(bindparam("day", type_=Date))


def arrival_key(outcome: Outcome | None, *, is_own: bool) -> str | None:
    """Under which key something that was written is counted; None where it is our own."""
    return None if is_own else str(outcome or UNREAD)


def proposal_of(assessment: StoredAssessment | None, decision: Decision) -> Proposal | None:
    """What was proposed of the text that was decided about; None where nobody had read that text."""
    if assessment is None or assessment.failure or assessment.text_version != decision.text_version:
        return None
    return Proposal(assessment.outcome, assessment.category, first_rule(assessment.reasons))


def first_rule(reasons: Iterable[Mapping[str, Any]]) -> str:
    """The rule of the first reason; empty where it came from no rule."""
    first = next(iter(reasons), None)
    return str(first["rule"]) if first else ""


def topic_of(assessment: StoredAssessment | None) -> str:
    """The strongest topic of a thought; empty where there is none."""
    return strongest([TopicScore(**topic) for topic in assessment.topics]) if assessment else ""


def asked_about(assessment: StoredAssessment | None) -> str | None:
    """Under which topic a question is counted; None where it is none."""
    return (topic_of(assessment) or NO_TOPIC) if assessment is not None and assessment.is_question else None


def answer_times() -> Select[*tuple[Any, ...]]:
    """The moments of published answers, as the columns of `AnswerTimes`; of the question as it was answered.

    The routing is the one that ended with the answer: of several that ended at that very moment, the first.
    """
    answered_by = _first_routing()
    drafted_at = (
        select(AnswerRevision.written_at)
        .where(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == 1)
        .correlate(Answer)
        .scalar_subquery()
    )
    return (
        select(
            func.coalesce(Topic.slug, ""),
            Item.sorted_at,
            Item.received_at,
            _read_at(),
            drafted_at,
            Answer.approved_at,
            Answer.published_at,
            Routing.due_at,
        )
        .select_from(Answer)
        .join(Item, Item.id == Answer.item_id)
        .outerjoin(Routing, Routing.id == answered_by)
        .outerjoin(Topic, Topic.id == Routing.topic_id)
        .where(Answer.published_at.is_not(None))
    )


def _first_routing() -> ScalarSelect[int]:
    ended_with_it = and_(_Lying.item_id == Answer.item_id, _Lying.ended_at == Answer.published_at)
    return select(func.min(_Lying.id)).where(ended_with_it).correlate(Answer).scalar_subquery()


def _read_at() -> ScalarSelect[datetime | None]:
    """When the question was first opened by one on whose desk it lay, before it was answered."""
    before = and_(_Lying.item_id == Answer.item_id, _Lying.read_at < Answer.published_at)
    return select(func.min(_Lying.read_at)).where(before).correlate(Answer).scalar_subquery()


class Tallies:
    """What one transaction adds to the counts of days: notes rows as they are flushed, works them out at its end."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._steps: Counter[tuple[Measure, date, str]] = Counter()
        self._decisions: list[Decision] = []
        self._assessments: list[StoredAssessment] = []
        self._published: list[Answer] = []

    def count(self, measure: Measure, at: datetime, key: str | None, step: int = 1) -> None:
        """Count something in (or out, with -1) on the day of `at`; nothing under no key."""
        if key:
            self._steps[measure, day_of(at, self._zone), key] += step

    def note(self, session: Session) -> None:
        """Look at what has just been flushed. To be called while the session still knows what was new and changed."""
        for row in session.new:
            if isinstance(row, Decision):
                self._decisions.append(row)
            elif isinstance(row, StoredAssessment):
                self._assessments.append(row)
            elif isinstance(row, Routing):
                self.count(Measure.ROUTED, row.routed_at, str(row.expert_id or ""))
            elif isinstance(row, Item):
                self.count(Measure.ARRIVED, row.sorted_at, arrival_key(row.outcome, is_own=row.is_own))
        for row in session.dirty:
            if isinstance(row, Item):
                self._move(row)
            elif isinstance(row, Answer) and row.published_at and _before(row, "published_at") is None:
                self._published.append(row)

    def _move(self, item: Item) -> None:
        then = arrival_key(_before(item, "outcome"), is_own=_before(item, "is_own"))
        now = arrival_key(item.outcome, is_own=item.is_own)
        if then != now:
            self.count(Measure.ARRIVED, _before(item, "sorted_at"), then, -1)
            self.count(Measure.ARRIVED, item.sorted_at, now)

    def write(self, session: Session) -> None:
        """Work out what was noted and add it to the days. Up to four small queries, by what was noted."""
        self._count_topics(session)
        self._count_decisions(session)
        self._count_answers(session)
        rows = [
            {"measure": str(measure), "day": day, "key": key, "count": step}
            for (measure, day, key), step in sorted(self._steps.items())
            if step
        ]
        self._steps.clear()
        if rows:
            session.connection().execute(_ADD, rows)

    def _count_topics(self, session: Session) -> None:
        """Each item counts under the topic of its newest thought: an edited text leaves its old one."""
        if not self._assessments:
            return
        ours = {row.id for row in self._assessments}
        ids = [row.item_id for row in self._assessments]
        earlier = {
            row.item_id: row
            for row in session.scalars(
                select(StoredAssessment).where(StoredAssessment.item_id.in_(ids)).order_by(StoredAssessment.id)
            )
            if row.id not in ours
        }
        for row in self._assessments:
            at = session.get_one(Item, row.item_id).sorted_at
            self.count(Measure.TOPIC, at, topic_of(earlier.get(row.item_id)), -1)
            self.count(Measure.TOPIC, at, topic_of(row))
            self.count(Measure.ASKED, at, asked_about(earlier.get(row.item_id)), -1)
            self.count(Measure.ASKED, at, asked_about(row))
        self._assessments.clear()

    def _count_decisions(self, session: Session) -> None:
        by_people = [row for row in self._decisions if row.decided_by_id is not None]
        first = self._first_of_their_items(session, by_people)
        for row in by_people:
            self.count(Measure.DECIDED, row.decided_at, str(row.decided_by_id))
            self._judge(session, row, +1)
            if row.takes_back_id is not None:
                self._judge(session, session.get_one(Decision, row.takes_back_id), -1)
            if row.id in first:
                waited = row.decided_at - session.get_one(Item, row.item_id).received_at
                self.count(Measure.FIRST_DECISION, row.decided_at, wait_step(waited))
        self._decisions.clear()

    def _first_of_their_items(self, session: Session, rows: Collection[Decision]) -> set[int]:
        """Those with which their items need wait for a decision no longer."""
        deciding = [row for row in rows if row.kind in FIRST_DECISIONS]
        if not deciding:
            return set()
        ours = {"items": [row.item_id for row in deciding], "ours": [row.id for row in deciding]}
        seen = set(session.scalars(_DECIDED_BEFORE, ours))
        first: set[int] = set()
        for row in deciding:
            if row.item_id not in seen:
                first.add(row.id)
                seen.add(row.item_id)
        return first

    def _judge(self, session: Session, decision: Decision, step: int) -> None:
        """Hold a person's decision against what was proposed of the text."""
        if decision.decided_by_id is None or decision.kind not in VERDICTS or decision.assessment_id is None:
            return
        proposal = proposal_of(session.get(StoredAssessment, decision.assessment_id), decision)
        for measure, key in proposal.keys(VERDICTS[decision.kind]) if proposal else ():
            self.count(measure, decision.decided_at, key, step)

    def _count_answers(self, session: Session) -> None:
        for answer in self._published:
            if answer.published_at is None:
                continue
            waited = answer.published_at - session.get_one(Item, answer.item_id).received_at
            self.count(Measure.ANSWER, answer.published_at, wait_step(waited))
            writer = session.get_one(AnswerRevision, (answer.id, answer.revision)).written_by_id
            self.count(Measure.ANSWERED, answer.published_at, str(writer))
            for times in session.execute(answer_times().where(Answer.id == answer.id)):
                for measure, at, key in AnswerTimes(*times).counts():
                    self.count(measure, at, key)
        self._published.clear()


def _before(row: Item | Answer, name: str) -> Any:
    """What an attribute was before it was changed last."""
    deleted = get_history(row, name).deleted
    return deleted[0] if deleted else getattr(row, name)
