"""Ready answers (vastauspohjat): kept by topic, each with an owner and a best-before day, offered to whoever drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.drafting import fill
from tjs_moderation.domain.vocabulary import Permission, Role
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, AnswerRevision, Item, ReadyAnswer, Routing, Topic, TopicExpert, User
from tjs_moderation.services.changes import keep_change, number_of
from tjs_moderation.services.earlier_answers import GIVEN
from tjs_moderation.services.reach import acting_user, visible_to
from tjs_moderation.services.transaction import Work, transact, user
from tjs_moderation.services.wiring import ports

LONGEST_TITLE = 120
LONGEST_TEXT = 8_000
LONGEST_SOURCES = 4_000
OFFERED = 12
"""So many are offered beside a draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says of a ready answer; the topic and the owner by their ids."""

    title: str
    text: str
    owner_id: int
    sources: str = ""
    topic_id: int | None = None
    best_before: date | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ready answer as it stands. `number` is how often it was changed: what a change has to be made on."""

    ready: ReadyAnswer
    is_out_of_date: bool
    may_keep: bool
    number: int = 0


def subject_of(ready_id: int) -> str:
    """Under what the changes of a ready answer are kept."""
    return f"ready_answer:{ready_id}"


def sheets(person: User) -> Sequence[Sheet]:
    """Every ready answer: those in use first, of these the ones out of date, then by name. Two queries."""
    session = db.session()
    kept, today = _topics_kept_by(session, person), _today()
    found = session.scalars(_whole().order_by(ReadyAnswer.title)).all()
    listed = [Sheet(each, _is_out_of_date(each, today), _may_keep(person, kept, each.topic_id)) for each in found]
    return sorted(listed, key=lambda sheet: (not sheet.ready.is_active, not sheet.is_out_of_date))


def sheet(person: User, ready_id: int) -> Sheet:
    """One ready answer. NotFoundError where there is none."""
    session = db.session()
    ready = session.scalars(_whole().where(ReadyAnswer.id == ready_id)).one_or_none()
    if ready is None:
        raise NotFoundError("ready_answer")
    may_keep = _may_keep(person, _topics_kept_by(session, person), ready.topic_id)
    return Sheet(ready, _is_out_of_date(ready, _today()), may_keep, number_of(session, subject_of(ready_id)))


def topics_to_keep(person: User) -> Sequence[tuple[int, str]]:
    """The topics whose ready answers this person keeps: (id, name), by name."""
    kept = _topics_kept_by(db.session(), person)
    found = db.session.execute(select(Topic.id, Topic.name).where(Topic.is_active).order_by(Topic.name)).all()
    return [(topic_id, name) for topic_id, name in found if _may_keep(person, kept, topic_id)]


def may_keep_general(person: User) -> bool:
    """Whether this person keeps the ready answers that are for every question."""
    return person.may(Permission.APPROVE_ANSWER)


def possible_owners() -> Sequence[User]:
    """Who can see to a ready answer: everybody who answers questions, by name."""
    can_answer = (User.role != Role.ATK_SUUNNITTELIJA) & User.is_active
    return db.session.scalars(select(User).where(can_answer).order_by(User.name, User.id)).all()


def offered(item_id: int, topic_slugs: Sequence[str] = ()) -> Sequence[Sheet]:
    """What is offered for an answer to an item: those of its topics and those for every question, out of date last.

    Its topics are the one it was routed as, and `topic_slugs`, what the console takes it for. One query.
    """
    routed = exists().where(Routing.item_id == item_id, Routing.topic_id == ReadyAnswer.topic_id)
    seen = exists().where(Topic.id == ReadyAnswer.topic_id, Topic.slug.in_(topic_slugs))
    fits = or_(ReadyAnswer.topic_id.is_(None), routed, seen)
    found = db.session.scalars(_whole().where(ReadyAnswer.is_active, fits).order_by(ReadyAnswer.title)).all()
    today = _today()
    listed = [Sheet(ready, _is_out_of_date(ready, today), may_keep=False) for ready in found]
    return sorted(listed, key=lambda sheet: (sheet.is_out_of_date, sheet.ready.topic_id is None))[:OFFERED]


def filled(ready_id: int, item: Item) -> str:
    """The text of a ready answer with what is known of the item filled in. NotFoundError where it is not in use.

    The item's author is loaded.
    """
    ready = db.session.scalars(_whole().where(ReadyAnswer.id == ready_id, ReadyAnswer.is_active)).one_or_none()
    if ready is None:
        raise NotFoundError("ready_answer")
    name = (item.author.name if item.author else "") or ""
    today = _today()
    known = {
        "nimi": name.split()[0] if name.split() else "",
        "aihe": ready.topic.name.lower() if ready.topic else "",
        "päivä": f"{today.day}.{today.month}.{today.year}",
    }
    return fill(ready.text, known)


def begun_from(person: User, answer_id: int) -> Draft:
    """A ready answer as it could be made of an answer that was given. NotFoundError where there is none to see."""
    given = (
        select(Answer, AnswerRevision.text)
        .join(Item, Item.id == Answer.item_id)
        .join(AnswerRevision, (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision))
        .where(Answer.id == answer_id, Answer.state.in_(GIVEN), visible_to(person))
    )
    found = db.session.execute(given).one_or_none()
    if found is None:
        raise NotFoundError("answer")
    answer, text = found
    topics = select(Routing.topic_id).where(Routing.item_id == answer.item_id, Routing.topic_id.is_not(None))
    topic_id = db.session.scalars(topics.order_by(Routing.id.desc()).limit(1)).first()
    return Draft("", text, person.id, answer.sources, topic_id)


def add(user_id: int, draft: Draft, from_answer_id: int | None = None) -> int:
    """Add a ready answer; gives its id. `from_answer_id` is the answer it was made of.

    InvalidInputError where something cannot be used, NotAllowedError where the topic is not this person's to keep.
    """
    draft = _checked(draft)
    with transact(user(user_id)) as work:
        _check_keeper(work, user_id, draft.topic_id)
        _check_owner(work.session, draft.owner_id)
        if from_answer_id is not None and work.session.get(Answer, from_answer_id) is None:
            raise NotFoundError("answer")
        ready = ReadyAnswer(from_answer_id=from_answer_id, is_active=True, changed_at=work.now)
        _put(ready, draft)
        work.session.add(ready)
        work.session.flush()
        keep_change(work, subject_of(ready.id), None, {}, _told(work.session, draft))
        work.record("add_ready_answer", ready=ready.id, answer=from_answer_id)
    return ready.id


def change(user_id: int, ready_id: int, draft: Draft, seen: int | None = None) -> bool:
    """Change a ready answer; gives whether anything became another. Raises as `add`, and ConflictError where somebody
    has changed it since the sight (`seen`) that the change was made on.
    """
    draft = _checked(draft)
    with transact(user(user_id)) as work:
        ready = _held(work.session, ready_id)
        for topic_id in {ready.topic_id, draft.topic_id}:
            _check_keeper(work, user_id, topic_id)
        if draft.owner_id != ready.owner_id:
            _check_owner(work.session, draft.owner_id)
        was, becomes = (_told(work.session, each) for each in (_draft_of(ready), draft))
        entry = keep_change(work, subject_of(ready_id), seen, was, becomes)
        if not entry:
            work.leave_no_entry()
            return False
        _put(ready, draft)
        ready.changed_at = work.now
        # The words themselves stand in the change: they may be somebody's one day, and the log is never changed.
        work.record("change_ready_answer", ready=ready_id, changed=sorted(entry["after"]))
    return True


def set_in_use(user_id: int, ready_id: int, is_active: bool, seen: int | None = None) -> bool:
    """Take a ready answer out of use, or back into it; gives whether anything became another."""
    with transact(user(user_id)) as work:
        ready = _held(work.session, ready_id)
        _check_keeper(work, user_id, ready.topic_id)
        was, becomes = {"is_active": ready.is_active}, {"is_active": is_active}
        if not keep_change(work, subject_of(ready_id), seen, was, becomes):
            work.leave_no_entry()
            return False
        ready.is_active, ready.changed_at = is_active, work.now
        work.record("revive_ready_answer" if is_active else "retire_ready_answer", ready=ready_id)
    return True


def _whole() -> Select[ReadyAnswer]:
    return select(ReadyAnswer).options(joinedload(ReadyAnswer.topic), joinedload(ReadyAnswer.owner))


def _today() -> date:
    wired = ports()
    return wired.clock().astimezone(wired.settings.zone).date()


def _is_out_of_date(ready: ReadyAnswer, today: date) -> bool:
    return ready.best_before is not None and ready.best_before < today


def _topics_kept_by(session: Session, person: User) -> frozenset[int]:
    """The topics a person answers on, and those open to all."""
    own = select(TopicExpert.topic_id).where(TopicExpert.user_id == person.id)
    return frozenset(session.scalars(select(Topic.id).where(or_(Topic.id.in_(own), Topic.is_open_to_all))))


def _may_keep(person: User, kept: frozenset[int], topic_id: int | None) -> bool:
    return may_keep_general(person) or (person.may(Permission.DRAFT_ANSWER) and topic_id in kept)


def _check_keeper(work: Work, user_id: int, topic_id: int | None) -> None:
    person = acting_user(work.session, user_id, Permission.DRAFT_ANSWER)
    if topic_id is not None and work.session.get(Topic, topic_id) is None:
        raise InvalidInputError("unknown_topic")
    if not _may_keep(person, _topics_kept_by(work.session, person), topic_id):
        raise NotAllowedError("not_your_topic")


def _check_owner(session: Session, owner_id: int) -> None:
    owner = session.get(User, owner_id)
    if owner is None or not owner.may(Permission.DRAFT_ANSWER):
        raise InvalidInputError("ready_owner")


def _held(session: Session, ready_id: int) -> ReadyAnswer:
    ready = session.get(ReadyAnswer, ready_id, with_for_update=True)
    if ready is None:
        raise NotFoundError("ready_answer")
    return ready


def _checked(draft: Draft) -> Draft:
    title = storable(" ".join(draft.title.split()))
    text, sources = (storable(each.strip()) for each in (draft.text, draft.sources))
    for code, told, limit, is_needed in (
        ("ready_title", title, LONGEST_TITLE, True),
        ("ready_text", text, LONGEST_TEXT, True),
        ("ready_sources", sources, LONGEST_SOURCES, False),
    ):
        if len(told) > limit or (is_needed and not told):
            raise InvalidInputError(code, limit=limit)
    return Draft(title, text, draft.owner_id, sources, draft.topic_id, draft.best_before)


def _draft_of(ready: ReadyAnswer) -> Draft:
    return Draft(ready.title, ready.text, ready.owner_id, ready.sources, ready.topic_id, ready.best_before)


def _put(ready: ReadyAnswer, draft: Draft) -> None:
    ready.title, ready.text, ready.sources = draft.title, draft.text, draft.sources
    ready.topic_id, ready.owner_id, ready.best_before = draft.topic_id, draft.owner_id, draft.best_before


def _told(session: Session, draft: Draft) -> dict[str, Any]:
    """A draft as its changes are kept: the topic as it is called now."""
    topic = session.get(Topic, draft.topic_id) if draft.topic_id is not None else None
    return {
        "title": draft.title,
        "text": draft.text,
        "sources": draft.sources,
        "topic": topic.name if topic else None,
        "owner": draft.owner_id,
        "best_before": draft.best_before.isoformat() if draft.best_before else None,
    }
