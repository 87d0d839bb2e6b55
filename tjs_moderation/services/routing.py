"""Whose desk a question lies on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.routing import Desk, Expert, Proposal, propose
from tjs_moderation.domain.vocabulary import CaseState, Permission, Role
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.models import Item, QueueCount, Routing, Topic, User
from tjs_moderation.services import placing
from tjs_moderation.services.reach import conflict, item_to_change, touch
from tjs_moderation.services.transaction import Work, transact, user


def route(user_id: int, item_id: int, version: int, topic_id: int | None, expert_id: int | None, why: str) -> None:
    """Put an item on an expert's desk, or take it from one to another; `why` is the sentence shown to both.

    Without an expert the topic must be open to all: whoever takes it first owns it. Raises InvalidInputError where the
    topic or the expert is not one, or `why` is empty.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, version, Permission.ROUTE)
        route_on(work, item, topic_id, expert_id, why)


def route_on(work: Work, item: Item, topic_id: int | None, expert_id: int | None, why: str, **facts: object) -> Routing:
    """Route an item that is locked, and leave the entry with `facts` in it. A part of verbs; raises as `route` does."""
    refusal = why_not(item)
    if refusal:
        raise TransitionError(refusal)
    check_target(work.session, topic_id, expert_id)
    before = _open_routing(work.session, item.id)
    _end(work, before)
    routing = _open(work, item, topic_id, expert_id, sentence_of(why))
    placing.settle(work, [item])
    touch(item, work.now)
    work.record("reroute" if before else "route", items=[item.id], topic=topic_id, expert=expert_id, **facts)
    return routing


def why_not(item: Item) -> str:
    """The code of why an item cannot be routed now; empty where it can."""
    is_busy = item.is_own or item.state in {CaseState.APPROVAL, CaseState.GOING_OUT}
    return "not_to_be_routed_now" if is_busy else ""


def unroute_on(work: Work, item: Item, undone: Routing, **facts: object) -> None:
    """Undo one routing of an item that is locked: back to the desk it came from, or to the tiedottaja.

    A part of verbs. TransitionError where it lies on that desk no longer, or its answer is past the expert.
    """
    if undone.ended_at is not None or item.state is not CaseState.EXPERT:
        raise TransitionError("routed_on")
    came_from = select(Routing).where(Routing.item_id == item.id, Routing.id < undone.id)
    before = work.session.scalars(came_from.order_by(Routing.id.desc()).limit(1)).one_or_none()
    _end(work, undone)
    verb, told = "recall", undone
    if before is not None and before.ended_at == undone.routed_at:
        verb, told = "reroute", _open(work, item, before.topic_id, before.expert_id, before.why)
    placing.settle(work, [item])
    touch(item, work.now)
    work.record(verb, items=[item.id], topic=told.topic_id, expert=told.expert_id, **facts)


def take(user_id: int, item_id: int, version: int) -> None:
    """Take a question that is open to all onto one's own desk. ConflictError where a colleague was faster."""
    with transact(user(user_id)) as work:
        item = _item_for_anybody(work, user_id, item_id, version)
        before = _open_routing(work.session, item.id)
        if before is None or before.expert_id is not None:
            raise TransitionError("not_open_to_all")
        _end(work, before)
        _open(work, item, before.topic_id, user_id, before.why)
        placing.settle(work, [item])
        touch(item, work.now)
        work.record("take", items=[item.id], topic=before.topic_id, expert=user_id)


def _item_for_anybody(work: Work, user_id: int, item_id: int, version: int) -> Item:
    """The item, locked. One that a colleague has taken is out of this person's sight, and still they are told why."""
    try:
        return item_to_change(work, user_id, item_id, version, Permission.DRAFT_ANSWER)
    except NotFoundError:
        was_open = select(Routing.id).where(Routing.item_id == item_id, Routing.expert_id.is_(None))
        if work.session.scalars(was_open.limit(1)).first() is None:
            raise
        raise conflict(work.session, item_id) from None


def recall(user_id: int, item_id: int, version: int, why: str) -> None:
    """Take an item off its expert's desk, back to the tiedottaja; an expert may give their own back ("not mine")."""
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, version, Permission.DRAFT_ANSWER)
        routing = _open_routing(work.session, item.id)
        if routing is None or item.state is not CaseState.EXPERT:
            raise TransitionError("not_with_an_expert")
        person = work.session.get_one(User, user_id)
        if routing.expert_id != user_id and not person.may(Permission.ROUTE):
            raise TransitionError("not_your_desk")
        _end(work, routing, sentence_of(why))
        placing.settle(work, [item])
        touch(item, work.now)
        work.record("recall", items=[item.id], topic=routing.topic_id, expert=routing.expert_id)


def proposal_for(session: Session, topics: Sequence[TopicScore]) -> Proposal:
    """Where a question with these topics should go."""
    return propose(topics, desks(session))


def desks(session: Session) -> list[Desk]:
    """The topics in use with their active experts and how many items wait at each one's desk."""
    waiting = select(QueueCount.expert_id, QueueCount.count).where(QueueCount.state == CaseState.EXPERT)
    loads = dict(session.execute(waiting).all())
    in_use = select(Topic).where(Topic.is_active).options(selectinload(Topic.experts))
    topics = session.scalars(in_use.order_by(Topic.name))
    return [
        Desk(
            topic.id,
            topic.slug,
            tuple(
                Expert(person.id, person.name, loads.get(person.id, 0)) for person in topic.experts if person.is_active
            ),
            topic.is_open_to_all,
        )
        for topic in topics
    ]


def check_target(session: Session, topic_id: int | None, expert_id: int | None) -> None:
    """Raises InvalidInputError where nothing can be routed there."""
    topic = session.get(Topic, topic_id) if topic_id is not None else None
    if topic_id is not None and (topic is None or not topic.is_active):
        raise InvalidInputError("unknown_topic")
    if expert_id is None:
        if topic is None or not topic.is_open_to_all:
            raise InvalidInputError("routing_needs_expert")
        return
    expert = session.get(User, expert_id)
    if expert is None or not expert.is_active or expert.role is Role.ATK_SUUNNITTELIJA:
        raise InvalidInputError("unknown_expert")


def sentence_of(why: str) -> str:
    """The sentence why, as it is kept. InvalidInputError where there is none."""
    if not why.strip():
        raise InvalidInputError("routing_needs_why")
    return storable(why.strip())


def _open_routing(session: Session, item_id: int) -> Routing | None:
    found = select(Routing).where(Routing.item_id == item_id, Routing.ended_at.is_(None)).with_for_update(of=Routing)
    return session.scalars(found).one_or_none()


def _end(work: Work, routing: Routing | None, why: str = "") -> None:
    if routing is not None:
        routing.ended_at, routing.ended_why = work.now, why
        work.session.flush()


def _open(work: Work, item: Item, topic_id: int | None, expert_id: int | None, why: str) -> Routing:
    routing = Routing(
        item_id=item.id,
        topic_id=topic_id,
        expert_id=expert_id,
        why=why,
        routed_by_id=work.actor.id,
        routed_at=work.now,
    )
    work.session.add(routing)
    work.session.flush()
    return routing
