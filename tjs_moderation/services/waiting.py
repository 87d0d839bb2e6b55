"""What waits for whom: the data of the morning's summary (P1), and the warning when a working day passes unread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import AnswerState, CaseState, NoticeKind, Permission
from tjs_moderation.models import Absence, Answer, Item, QueueCount, Routing, Setting, User
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services import notices
from tjs_moderation.services.options import calendar, put_setting
from tjs_moderation.services.staffing import today
from tjs_moderation.services.transaction import CONSOLE, reading, transact
from tjs_moderation.services.wiring import ports

UNREAD = (CaseState.ARRIVED, CaseState.REMOVAL, CaseState.WEIGH, CaseState.QUESTION, CaseState.READ)
"""Where an item stands that no person has done anything about."""

_OFFICERS_WORK = (*UNREAD, CaseState.APPROVAL, CaseState.TROUBLE)
_LOOKED_AT = "unread_day"
"""The setting that keeps up to which day it was looked whether anything was left unread."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question on a desk: by when it is to be answered (None: by no moment), and whether that is over."""

    item_id: int
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class DeskSummary:
    """What waits for one person.

    `own` are the questions on their desk, the most pressing first; `returned` how many answers were sent back to them;
    `for_anybody` how many questions anybody may take; `queues` how much stands in each queue that is theirs to work,
    and `late` whose questions are overdue elsewhere: both for a tiedottaja only.
    """

    person: User
    is_away: bool
    own: Sequence[Question]
    returned: int
    for_anybody: int
    queues: Mapping[CaseState, int]
    late: Sequence[tuple[Question, User | None]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.own or self.returned or self.for_anybody or any(self.queues.values()) or self.late)


def summary(session: Session, now: datetime) -> Sequence[DeskSummary]:
    """What waits for each person who works with items, by name. Five queries, however many people."""
    people = session.scalars(select(User).where(User.is_active).order_by(User.name, User.id)).all()
    working = [person for person in people if person.may(Permission.SEE_ROUTED_ITEMS)]
    away, returned = _away(session, now), _returned(session)
    counts = {(state, desk): count for state, desk, count in session.execute(_counts())}
    on_desks = _on_desks(session, now)
    return [_desk(person, working, person.id in away, returned, counts, on_desks) for person in working]


def _desk(
    person: User,
    working: Sequence[User],
    is_away: bool,
    returned: Mapping[int, int],
    counts: Mapping[tuple[CaseState, int], int],
    on_desks: Sequence[tuple[int | None, Question]],
) -> DeskSummary:
    people = {one.id: one for one in working}
    is_officer = person.may(Permission.SEE_ALL_ITEMS)
    late = [(question, people.get(owner or 0)) for owner, question in on_desks if question.is_overdue]
    return DeskSummary(
        person,
        is_away,
        own=[question for owner, question in on_desks if owner == person.id],
        returned=returned.get(person.id, 0),
        for_anybody=counts.get((CaseState.EXPERT, NOBODY_YET), 0),
        queues={state: counts.get((state, EVERYBODY), 0) for state in _OFFICERS_WORK} if is_officer else {},
        late=[(question, owner) for question, owner in late if owner is not person] if is_officer else [],
    )


def _counts() -> Select[CaseState, int, int]:
    return select(QueueCount.state, QueueCount.expert_id, QueueCount.count)


def _away(session: Session, now: datetime) -> frozenset[int]:
    day = today(now)
    away = select(Absence.person_id).where(Absence.first_day <= day, Absence.last_day >= day)
    return frozenset(session.scalars(away))


def _returned(session: Session) -> dict[int, int]:
    """How many answers were sent back to each expert."""
    statement = (
        select(Item.expert_id, func.count())
        .join(Answer, Answer.item_id == Item.id)
        .where(Answer.state == AnswerState.RETURNED)
        .group_by(Item.expert_id)
    )
    return {expert_id: count for expert_id, count in session.execute(statement) if expert_id is not None}


def _on_desks(session: Session, now: datetime) -> list[tuple[int | None, Question]]:
    """The questions on desks with their owner's id, the most pressing first."""
    rows = session.execute(
        select(Routing.expert_id, Routing.item_id, Routing.due_at)
        .join(Item, Item.id == Routing.item_id)
        .where(Routing.ended_at.is_(None), Item.state == CaseState.EXPERT)
        .order_by(Routing.due_at.is_(None), Routing.due_at, Routing.id)
    )
    return [(owner, Question(item_id, due_at, due_at is not None and due_at <= now)) for owner, item_id, due_at in rows]


def note_unread_day() -> int:
    """Warn once of a working day that is over and left something unread that was there before it began.

    Gives how much that is: 0 also where it was looked at before. For any number of workers, at any time.
    """
    with reading() as session:
        over = calendar(session).last_day_over(ports().clock())
        day = today(over.opens).isoformat()
        kept = session.get(Setting, _LOOKED_AT)
        if kept is not None and kept.value >= day:
            return 0
    with transact(CONSOLE) as work:
        # Of two workers one waits here for the other; where there is no row yet, its key lets one of them in.
        kept = work.session.get(Setting, _LOOKED_AT, with_for_update=True)
        work.leave_no_entry()
        if kept is not None and kept.value >= day:
            return 0
        put_setting(work.session, _LOOKED_AT, day)
        left = unread_since(work.session, over.opens)
        if left:
            officers = notices.holders(work.session, Permission.DECIDE)
            notices.tell_all(work, officers, NoticeKind.UNREAD_DAY, None, day)
            work.record("note_unread_day", day=day, count=left)
    return left


def unread_since(session: Session, moment: datetime) -> int:
    """How many items that came in before `moment` no person has done anything about."""
    untouched = Item.state.in_(UNREAD) & (Item.received_at < moment)
    return session.scalar(select(func.count()).select_from(Item).where(untouched)) or 0
