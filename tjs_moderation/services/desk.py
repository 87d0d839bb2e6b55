"""What the pages of the desk read: how much waits, a queue's page, the morning. No counting, few queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    distinct,
    func,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from tjs_moderation.domain.ports import Reason, TopicScore
from tjs_moderation.domain.vocabulary import AnswerState, AutomaticStep, CaseState, Permission
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Act,
    Answer,
    AuditHead,
    Channel,
    Claim,
    Decision,
    ImportRun,
    Item,
    Mention,
    Note,
    Opinion,
    QueueCount,
    Routing,
    StoredAssessment,
    User,
)
from tjs_moderation.models.base import UtcDateTime
from tjs_moderation.models.casework import is_awaited
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services.listing import LISTED, Columns, Listed, columns, join_as_written, with_parts
from tjs_moderation.services.newest import newest_assessment, why_returned
from tjs_moderation.services.reach import sight_of, visible_by
from tjs_moderation.services.standing import STANDS
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports

PAGE_SIZE = 30

# An alias: who may see an item asks for its routings, too, and must not be taken to mean this one.
_OnDesk = aliased(Routing)
_is_on_desk = and_(_OnDesk.item_id == Item.id, _OnDesk.ended_at.is_(None))

_PLACE = (Item.urgency, Item.sorted_at, Item.id)
_ORDER = tuple(column.desc() for column in _PLACE)


class Key(NamedTuple):
    """Where a page of a queue begins: behind the item with this urgency, time and id."""

    urgency: int
    sorted_at: datetime
    id: int


class Thought(NamedTuple):
    """What the console thought of an item last, as a line tells it; None throughout where it has not.

    Reasons and topics are JSON as it is kept: of a line that has been drawn before they need not be read.
    """

    text_version: int | None = None
    reasons: str | None = None
    topics: str | None = None
    automatic: str | None = None
    automatic_step: AutomaticStep | None = None


class Row(NamedTuple):
    """One line of a queue: the item, and the newest thought about it. Equal rows tell the same.

    `held_by_id` is whoever has it open now, `asked_of_id` whoever was asked for an opinion of it and has not answered,
    `due_at` by when it is to be answered, while it lies on a desk.
    """

    item: Listed
    thought: Thought = Thought()
    held_by_id: int | None = None
    asked_of_id: int | None = None
    due_at: datetime | None = None

    @property
    def people(self) -> set[int]:
        """The ids of the people who are named in the line."""
        return {id_ for id_ in (self.item.expert_id, self.held_by_id, self.asked_of_id) if id_ is not None}

    @property
    def topics(self) -> tuple[TopicScore, ...]:
        found = json.loads(self.thought.topics or "[]")
        return tuple(TopicScore(entry["topic"], entry["score"]) for entry in found)

    @property
    def reasons(self) -> Sequence[Reason]:
        """The reasons of the thought; none where it was of another version of the text."""
        if self.thought.text_version != self.item.text_version:
            return ()
        return tuple(Reason(**entry) for entry in json.loads(self.thought.reasons or "[]"))

    @property
    def is_hidden_by_rule(self) -> bool:
        """Whether a rule has hidden it by itself, and nobody has looked at that yet."""
        is_done = self.thought.automatic_step is AutomaticStep.DONE
        return is_done and self.item.is_hidden and self.item.state is CaseState.REMOVAL


def reasons_of(assessment: StoredAssessment | None, text_version: int) -> Sequence[Reason]:
    """The reasons of an assessment; none where it was made of another version of the text."""
    if assessment is None or assessment.text_version != text_version:
        return ()
    return tuple(Reason(**entry) for entry in assessment.reasons)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue; `next_key` is None on the last."""

    rows: Sequence[Row]
    next_key: Key | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items wait in each state, for the one who asks; `loads` is what waits at each expert's desk.

    `seq` is the audit entry up to which this is so: what came after it is news to a page that shows these counts.
    """

    by_state: Mapping[CaseState, int]
    loads: Mapping[int, int]
    seq: int = 0

    def __getitem__(self, state: CaseState) -> int:
        return self.by_state.get(state, 0)

    @property
    def for_anybody(self) -> int:
        """How many questions wait for any expert to take them."""
        return self.loads.get(NOBODY_YET, 0)

    def at_desk_of(self, person: User) -> int:
        """How many questions wait at a person's own desk."""
        return self.loads.get(person.id, 0)


_COUNTED = select(AuditHead.seq, QueueCount.state, QueueCount.expert_id, QueueCount.count).outerjoin_from(
    AuditHead, QueueCount, true()
)


def counts(person: User) -> Counts:
    """How much waits: for those who see everything the whole queues, for an expert what is theirs or anybody's."""
    found = columns(_COUNTED)
    rows = [(state, expert_id, count) for _, state, expert_id, count in found if count]
    mine = {EVERYBODY} if person.may(Permission.SEE_ALL_ITEMS) else {person.id, NOBODY_YET}
    by_state: dict[CaseState, int] = {}
    for state, expert_id, count in rows:
        if expert_id in mine and person.may(Permission.SEE_ROUTED_ITEMS):
            by_state[state] = by_state.get(state, 0) + count
    loads = {expert_id: count for state, expert_id, count in rows if state is CaseState.EXPERT}
    return Counts(by_state, loads, found[0].seq if found else 0)


def queue_page(person: User, state: CaseState, after: Key | None = None, limit: int = PAGE_SIZE) -> QueuePage:
    """A page of a queue: the most urgent first, then the newest. One query whatever the amount."""
    statement = _queue(sight_of(person), is_further=after is not None)
    here = after._asdict() if after else {}
    join_as_written()
    found = columns(statement, {"state": state, "person": person.id, "limit": limit + 1, **here})
    rows = [_row(each) for each in found[:limit]]
    last = rows[-1].item if len(found) > limit else None
    return QueuePage(rows, Key(last.urgency, last.sorted_at, last.id) if last else None)


def versions_in_queue(person: User, state: CaseState, most: int) -> Sequence[tuple[int, int]]:
    """The id and version of the first items of a queue, at most `most`, in its order. One query."""
    statement = select(Item.id, Item.version).where(Item.state == state, _at_desk_of(person))
    return [(item_id, version) for item_id, version in db.session.execute(statement.order_by(*_ORDER).limit(most))]


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first few of some queues, and of the questions that are past their deadline, of which there are so many."""

    by_state: Mapping[CaseState, Sequence[Row]]
    late: Sequence[Row] = ()
    late_count: int = 0


def first_of(person: User, states: Sequence[CaseState], limit: int) -> Firsts:
    """The first few of each of these queues, in their order, and those longest past their deadline. One query.

    Of late questions only for those who see everything, and whose `states` do not hold the questions on desks.
    """
    now = ports().clock()
    firsts = [
        select(Item.id).where(Item.state == state, _at_desk_of(person)).order_by(*_ORDER).limit(limit).subquery()
        for state in states
    ]
    late = select(Item.id).join(_OnDesk, _is_on_desk).where(Item.state == CaseState.EXPERT, _OnDesk.due_at <= now)
    longest = late.order_by(_OnDesk.due_at, Item.id).limit(limit).subquery()
    wanted = union_all(*(select(first.c.id) for first in [*firsts, longest]))
    how_many = select(func.count()).select_from(late.subquery()).scalar_subquery()
    statement = _rows().add_columns(how_many).where(Item.id.in_(wanted)).order_by(*_ORDER)
    found = columns(statement)
    rows = [_row(row[:-1]) for row in found]
    return Firsts(
        {state: [row for row in rows if row.item.state is state] for state in states},
        sorted((row for row in rows if row.item.state is CaseState.EXPERT), key=lambda row: (row.due_at, row.item.id)),
        found[0][-1] if found else 0,
    )


def hidden_by_rules() -> int:
    """How many comments rules have hidden by themselves that nobody has looked at yet."""
    statement = (
        select(func.count(distinct(Item.id)))
        .join(Decision, Decision.item_id == Item.id)
        .where(Decision.decided_by_id.is_(None), Item.state == CaseState.REMOVAL, Item.is_hidden)
        .where(STANDS)
    )
    return db.session.scalar(statement) or 0


def my_questions(person: User, limit: int = PAGE_SIZE) -> Sequence[Row]:
    """What lies on this person's own desk, the most pressing first."""
    return _most_pressing(Item.expert_id == person.id, limit)


def questions_for_anybody(limit: int = PAGE_SIZE) -> Sequence[Row]:
    """What waits for any expert to take it, the most pressing first. For those who see what is routed."""
    return _most_pressing(Item.expert_id.is_(None), limit)


def _most_pressing(whose: ColumnElement[bool], limit: int) -> Sequence[Row]:
    statement = _rows().where(Item.state == CaseState.EXPERT, whose)
    in_order = statement.order_by(_OnDesk.due_at.is_(None), _OnDesk.due_at, *_ORDER)
    return [_row(row) for row in columns(in_order.limit(limit))]


def returned_to(person: User, limit: int = PAGE_SIZE) -> Sequence[tuple[Row, str]]:
    """The drafts on this person's desk that were sent back to them, each with the sentence why."""
    statement = _rows().join(Answer, Answer.item_id == Item.id).add_columns(why_returned())
    own = statement.where(Answer.state == AnswerState.RETURNED, Item.expert_id == person.id)
    return [(_row(row), why) for *row, why in columns(own.order_by(Answer.id).limit(limit))]


@cache
def _queue(sight: Permission | None, *, is_further: bool) -> Columns:
    """The statement of a page, made once: every page of a queue asks it."""
    statement = _rows().where(Item.state == bindparam("state"), _at_desk(sight, bindparam("person")))
    if is_further:
        after = tuple_(*(bindparam(column.key, type_=column.type) for column in _PLACE))
        statement = statement.where(tuple_(*_PLACE) < after)
    return statement.order_by(*_ORDER).limit(bindparam("limit"))


def next_in_queue(person: User, state: CaseState, after: Item | None = None) -> int | None:
    """The id of the item that comes next in a queue, so that work goes on by itself."""
    key = Key(after.urgency, after.sorted_at, after.id) if after is not None else None
    page = queue_page(person, state, key, 1)
    return page.rows[0].item.id if page.rows else None


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A note that names the person, on an item they may open."""

    note: Note
    item_id: int


def mentions(person: User, limit: int = 20) -> Sequence[Mentioned]:
    """The notes that name this person and that they have not seen yet, newest first."""
    found = db.session.scalars(
        select(Note)
        .join(Mention, Mention.note_id == Note.id)
        .where(Mention.user_id == person.id, Mention.seen_at.is_(None))
        .options(joinedload(Note.written_by))
        .order_by(Note.id.desc())
        .limit(limit),
    )
    return [Mentioned(note, note.item_id) for note in found]


def channels() -> Sequence[Channel]:
    """The channels: each with the time of its last walk, and the reason where it stands still."""
    return db.session.scalars(select(Channel).order_by(Channel.id)).all()


def recent_imports(limit: int = 5) -> Sequence[ImportRun]:
    """The newest files that came in or are on their way, newest first."""
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(limit)).all()


def names_of(user_ids: Set[int]) -> Mapping[int, str]:
    """The names of people by their id. Asks nothing where there are none."""
    if not user_ids:
        return {}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all()
    return {row.id: row.name for row in found}


def aftermath(decision_id: int) -> tuple[Item, Act | None]:
    """What a decision led to: its item as it stands now, and the act that carries it out, where there is one."""
    statement = (
        select(Item, Act)
        .join(Decision, Decision.item_id == Item.id)
        .outerjoin(Act, Act.decision_id == Decision.id)
        .where(Decision.id == decision_id)
    )
    # A session of its own: the page's has looked before the decision was made.
    with reading() as session:
        item, act = session.execute(statement).one()
    return item, act


_NOW = bindparam("now", callable_=lambda: ports().clock(), type_=UtcDateTime())
"""The moment of asking; so the statement of a row is made once for all pages."""

_THOUGHT = (
    StoredAssessment.text_version,
    type_coerce(StoredAssessment.reasons, Text),
    type_coerce(StoredAssessment.topics, Text),
    StoredAssessment.automatic,
    StoredAssessment.automatic_step,
)
"""The columns of a `Thought`, in its order."""


@cache
def _rows() -> Columns:
    return (
        with_parts(select(*LISTED, *_THOUGHT, Claim.user_id, Opinion.asked_of_id, _OnDesk.due_at).select_from(Item))
        .outerjoin(StoredAssessment, StoredAssessment.id == newest_assessment())
        .outerjoin(Claim, and_(Claim.item_id == Item.id, Claim.expires_at > _NOW))
        .outerjoin(Opinion, and_(Opinion.item_id == Item.id, is_awaited))
        .outerjoin(_OnDesk, _is_on_desk)
    )


_ITEM = len(LISTED)
_WIDTH = _ITEM + len(_THOUGHT)


def _row(found: Sequence[Any]) -> Row:
    return Row(Listed(*found[:_ITEM]), Thought(*found[_ITEM:_WIDTH]), *found[_WIDTH:])


def _at_desk_of(person: User) -> ColumnElement[bool]:
    """What of a queue is this person's: all of it, or what is on their desk or for anybody to take."""
    return _at_desk(sight_of(person), person.id)


def _at_desk(sight: Permission | None, person_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    if sight is not Permission.SEE_ROUTED_ITEMS:
        return visible_by(sight, person_id)
    is_for_anybody = and_(Item.state == CaseState.EXPERT, Item.expert_id.is_(None))
    return or_(Item.expert_id == person_id, is_for_anybody)
