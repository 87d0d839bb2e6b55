"""Puts a question on a desk, with its deadline, tells whom it concerns, and takes it off again. Parts of verbs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.deadlines import Deadline, deadline
from tjs_moderation.domain.vocabulary import DeadlineStep, NoticeKind, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Item, Note, Routing, Topic, TopicExpert, User
from tjs_moderation.services import notices, options
from tjs_moderation.services.notes import note_on
from tjs_moderation.services.topics import time_of
from tjs_moderation.services.transaction import Work


def open_routing(session: Session, item_id: int) -> Routing | None:
    """The routing of an item that is open, locked; None where it lies on no desk."""
    found = select(Routing).where(Routing.item_id == item_id, Routing.ended_at.is_(None)).with_for_update(of=Routing)
    return session.scalars(found).one_or_none()


def put_on_desk(
    work: Work,
    item: Item,
    topic_id: int | None,
    expert_id: int | None,
    why: str,
    *,
    by_id: int | None = None,
    as_before: Routing | None = None,
    told_as: NoticeKind = NoticeKind.ROUTED,
) -> Routing:
    """A new routing of an item that is locked and on no desk; those it goes to are told.

    Its deadline is worked out now, or is that of the routing `as_before`. `by_id` is who did it, where it is not the
    actor; `told_as` is what those it goes to are told it is.
    """
    routing = Routing(
        item_id=item.id,
        topic_id=topic_id,
        expert_id=expert_id,
        why=why,
        routed_by_id=by_id or work.actor.id,
        routed_at=work.now,
    )
    if as_before is None:
        due = deadline_for(work, topic_id)
        routing.remind_at, routing.due_at, routing.escalate_at = due.remind_at, due.due_at, due.escalate_at
        routing.told = DeadlineStep.AHEAD
    else:
        routing.remind_at, routing.due_at = as_before.remind_at, as_before.due_at
        routing.escalate_at, routing.told = as_before.escalate_at, as_before.told
    work.session.add(routing)
    work.session.flush()
    notices.tell_all(work, at_desk(work.session, routing), told_as, item.id, key_of(routing))
    return routing


def take_off(work: Work, routing: Routing | None, why: str = "") -> None:
    """End a routing that is open."""
    if routing is not None:
        routing.ended_at, routing.ended_why = work.now, why
        work.session.flush()


def deadline_for(work: Work, topic_id: int | None) -> Deadline:
    """By when a question on a topic that is put on a desk now is to be answered."""
    topic = work.session.get(Topic, topic_id) if topic_id is not None else None
    allowed = time_of(topic) or options.answer_time(work.session)
    return deadline(work.now, allowed, options.calendar(work.session))


def at_desk(session: Session, routing: Routing) -> Collection[int]:
    """Whose desk a question lies on: its expert's, or that of everybody who may take it."""
    if routing.expert_id is not None:
        return (routing.expert_id,)
    experts = session.scalars(select(TopicExpert.user_id).where(TopicExpert.topic_id == routing.topic_id)).all()
    return experts or notices.holders(session, Permission.DRAFT_ANSWER)


def key_of(routing: Routing) -> str:
    """What the notices of a routing are told once by."""
    return f"routing:{routing.id}"


def hear(work: Work, routing: Routing, heard: Sequence[int]) -> Note | None:
    """Name these people in a note on the item: they may see it then, and are told. None where nobody is named.

    InvalidInputError where one of them cannot be asked.
    """
    wanted = sorted(set(heard) - {routing.expert_id, work.actor.user_id})
    people = work.session.scalars(select(User).where(User.id.in_(wanted)).order_by(User.id)).all() if wanted else []
    if len(people) != len(wanted) or not all(person.may(Permission.DRAFT_ANSWER) for person in people):
        raise InvalidInputError("unknown_expert")
    if not people:
        return None
    handles = " ".join(f"@{person.handle}" for person in people)
    note = note_on(work, routing.item_id, f"{handles} Kuultavaksi: {routing.why}", wanted)
    notices.tell_all(work, wanted, NoticeKind.HEARD, routing.item_id, key_of(routing))
    return note
