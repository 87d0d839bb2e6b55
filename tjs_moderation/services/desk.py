"""What the pages of the desk read: how much waits, a queue's page, the morning. No counting, few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    distinct,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased, defer, joinedload

from tjs_moderation.domain.ports import Reason, TopicScore
from tjs_moderation.domain.vocabulary import AnswerState, AutomaticStep, CaseState, Permission
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Act,
    Answer,
    AnswerReturn,
    AuditHead,
    Author,
    Channel,
    Claim,
    Decision,
    ImportRun,
    Item,
    ItemText,
    Mention,
    Note,
    Opinion,
    Post,
    QueueCount,
    Routing,
    StoredAssessment,
    User,
)
from tjs_moderation.models.base import UtcDateTime
from tjs_moderation.models.casework import is_awaited
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.standing import STANDS
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports

PAGE_SIZE = 30

# An alias: who may see an item asks for its routings, too, and must not be taken to mean this one.
_OnDesk = aliased(Routing)
_is_on_desk = and_(_OnDesk.item_id == Item.id, _OnDesk.ended_at.is_(None))

_ORDER = (Item.urgency.desc(), Item.sorted_at.desc(), Item.id.desc())


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of a queue begins: behind the item with this urgency, time and id."""

    urgency: int
    sorted_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue: the item (with author, post and channel), its text, and the newest thought about it.

    `held_by_id` is whoever has it open now, `asked_of_id` whoever was asked for an opinion of it and has not answered,
    `due_at` by when it is to be answered, while it lies on a desk.
    """

    item: Item
    text: str
    assessment: StoredAssessment | None
    held_by_id: int | None = None
    asked_of_id: int | None = None
    due_at: datetime | None = None

    @property
    def people(self) -> set[int]:
        """The ids of the people who are named in the line."""
        return {id_ for id_ in (self.item.expert_id, self.held_by_id, self.asked_of_id) if id_ is not None}

    @property
    def topics(self) -> tuple[TopicScore, ...]:
        found = self.assessment.topics if self.assessment else []
        return tuple(TopicScore(entry["topic"], entry["score"]) for entry in found)

    @property
    def reasons(self) -> Sequence[Reason]:
        return reasons_of(self.assessment, self.item.text_version)

    @property
    def is_hidden_by_rule(self) -> bool:
        """Whether a rule has hidden it by itself, and nobody has looked at that yet."""
        is_done = self.assessment is not None and self.assessment.automatic_step is AutomaticStep.DONE
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
    found = db.session.execute(_COUNTED).all()
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
    return _page(_rows().where(Item.state == state, _at_desk_of(person)), after, limit)


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
    found = db.session.execute(statement).all()
    rows = [Row(*row[:-1]) for row in found]
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
    return [Row(*row) for row in db.session.execute(in_order.limit(limit))]


def returned_to(person: User, limit: int = PAGE_SIZE) -> Sequence[tuple[Row, str]]:
    """The drafts on this person's desk that were sent back to them, each with the sentence why."""
    statement = _rows().join(Answer, Answer.item_id == Item.id).add_columns(why_returned())
    found = db.session.execute(
        statement.where(Answer.state == AnswerState.RETURNED, Item.expert_id == person.id)
        .order_by(Answer.id)
        .limit(limit),
    )
    return [(Row(*row), why) for *row, why in found]


def _page(
    statement: Select[Item, str, StoredAssessment, int, int, datetime | None], after: Key | None, limit: int
) -> QueuePage:
    if after is not None:
        here = tuple_(Item.urgency, Item.sorted_at, Item.id)
        statement = statement.where(here < tuple_(after.urgency, after.sorted_at, after.id))
    found = db.session.execute(statement.order_by(*_ORDER).limit(limit + 1)).all()
    rows = [Row(*row) for row in found]
    last = rows[limit - 1].item if len(rows) > limit else None
    return QueuePage(rows[:limit], Key(last.urgency, last.sorted_at, last.id) if last else None)


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


def newest_assessment() -> ScalarSelect[int]:
    """The id of the newest thought about `Item`, for a query that reads items."""
    return (
        select(StoredAssessment.id)
        .where(StoredAssessment.item_id == Item.id)
        .order_by(StoredAssessment.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )


def why_returned() -> ScalarSelect[str]:
    """The sentence of the newest return of `Answer`, for a query that reads answers."""
    return (
        select(AnswerReturn.why)
        .where(AnswerReturn.answer_id == Answer.id)
        .order_by(AnswerReturn.id.desc())
        .limit(1)
        .correlate(Answer)
        .scalar_subquery()
    )


_NOW = bindparam("now", callable_=lambda: ports().clock(), type_=UtcDateTime())
"""The moment of asking; so the statement of a row is made once for all pages."""

SHOWN_OF_AN_ITEM = (
    joinedload(Item.author).load_only(Author.name),
    joinedload(Item.post).load_only(Post.text, Post.external_id),
    joinedload(Item.channel).load_only(Channel.kind, Channel.name),
    *(
        defer(unshown)
        for unshown in (
            *(Item.external_id, Item.parent_external_id, Item.conversation_external_id, Item.permalink),
            *(Item.attachments, Item.can_hide, Item.created_at, Item.changed_at),
        )
    ),
)
"""What a line of a list shows and no more: a column that is read thirty times over is seen in what a page costs."""

_SHOWN_OF_A_THOUGHT = tuple(
    defer(unshown)
    for unshown in (
        *(StoredAssessment.model_version, StoredAssessment.scores, StoredAssessment.question_score),
        *(StoredAssessment.language, StoredAssessment.created_at, StoredAssessment.shadows),
    )
)


@cache
def _rows() -> Select[Item, str, StoredAssessment, int, int, datetime | None]:
    return (
        select(Item, ItemText.text, StoredAssessment, Claim.user_id, Opinion.asked_of_id, _OnDesk.due_at)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .outerjoin(StoredAssessment, StoredAssessment.id == newest_assessment())
        .outerjoin(Claim, and_(Claim.item_id == Item.id, Claim.expires_at > _NOW))
        .outerjoin(Opinion, and_(Opinion.item_id == Item.id, is_awaited))
        .outerjoin(_OnDesk, _is_on_desk)
        .options(*SHOWN_OF_AN_ITEM, *_SHOWN_OF_A_THOUGHT)
    )


def _at_desk_of(person: User) -> ColumnElement[bool]:
    """What of a queue is this person's: all of it, or what is on their desk or for anybody to take."""
    if person.may(Permission.SEE_ALL_ITEMS) or not person.may(Permission.SEE_ROUTED_ITEMS):
        return visible_to(person)
    is_for_anybody = and_(Item.state == CaseState.EXPERT, Item.expert_id.is_(None))
    return or_(Item.expert_id == person.id, is_for_anybody)
