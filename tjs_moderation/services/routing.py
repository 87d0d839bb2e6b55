"""Whose desk a question lies on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.routing import Proposal, propose
from tjs_moderation.domain.vocabulary import CaseState, NoticeKind, Permission, Role
from tjs_moderation.errors import InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.models import Item, Routing, Topic, User
from tjs_moderation.services import notices, placing
from tjs_moderation.services.handing import hear, key_of, open_routing, put_on_desk, take_off
from tjs_moderation.services.reach import conflict, item_to_change, touch
from tjs_moderation.services.staffing import loads, staff, today
from tjs_moderation.services.transaction import Work, seal_of, transact, user
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class Routed:
    """A routing that was made: its id, and the version of the item with it."""

    routing_id: int
    version: int


def route(
    user_id: int,
    item_id: int,
    version: int,
    topic_id: int | None,
    expert_id: int | None,
    why: str,
    heard: Sequence[int] = (),
) -> Routed:
    """Put an item on an expert's desk, or take it from one to another; `why` is the sentence shown to both.

    Without an expert the topic must be open to all: whoever takes it first owns it. Those who are `heard` beside the
    owner are named in a note on the item. Raises InvalidInputError where the topic or one of the people cannot be
    chosen, or `why` is empty.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, version, Permission.ROUTE)
        routing = route_on(work, item, topic_id, expert_id, why, heard)
    return Routed(routing.id, item.version)


def unroute(user_id: int, routing_id: int, version: int) -> None:
    """Undo a routing: the item goes back to the desk it came from, or to the tiedottaja.

    TransitionError where it lies on that desk no longer, or its answer is past the expert.
    """
    with transact(user(user_id)) as work:
        undone = work.session.get(Routing, routing_id)
        if undone is None:
            raise NotFoundError("routing")
        item = item_to_change(work, user_id, undone.item_id, version, Permission.ROUTE)
        unroute_on(work, item, undone)


def route_on(
    work: Work,
    item: Item,
    topic_id: int | None,
    expert_id: int | None,
    why: str,
    heard: Sequence[int] = (),
    **facts: object,
) -> Routing:
    """Route an item that is locked, and leave the entry with `facts` in it. A part of verbs; raises as `route` does."""
    refusal = why_not(item)
    if refusal:
        raise TransitionError(refusal)
    check_target(work.session, topic_id, expert_id)
    before = open_routing(work.session, item.id)
    take_off(work, before)
    routing = put_on_desk(work, item, topic_id, expert_id, sentence_of(why))
    note = hear(work, routing, heard)
    if note is not None:
        facts |= {"heard": sorted(set(heard)), "note": note.id, "text": seal_of(note.nonce, note.text)}
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
    take_off(work, undone)
    verb, told = "recall", undone
    if before is not None and before.ended_at == undone.routed_at:
        verb = "reroute"
        told = put_on_desk(work, item, before.topic_id, before.expert_id, before.why, as_before=before)
    placing.settle(work, [item])
    touch(item, work.now)
    work.record(verb, items=[item.id], topic=told.topic_id, expert=told.expert_id, **facts)


def take(user_id: int, item_id: int, version: int) -> None:
    """Take a question that is open to all onto one's own desk. ConflictError where a colleague was faster."""
    with transact(user(user_id)) as work:
        item = _item_for_anybody(work, user_id, item_id, version)
        before = open_routing(work.session, item.id)
        if before is None or before.expert_id is not None:
            raise TransitionError("not_open_to_all")
        take_off(work, before)
        put_on_desk(work, item, before.topic_id, user_id, before.why, as_before=before)
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
        routing = open_routing(work.session, item.id)
        if routing is None or item.state is not CaseState.EXPERT:
            raise TransitionError("not_with_an_expert")
        person = work.session.get_one(User, user_id)
        if routing.expert_id != user_id and not person.may(Permission.ROUTE):
            raise TransitionError("not_your_desk")
        take_off(work, routing, sentence_of(why))
        notices.tell_all(
            work, notices.holders(work.session, Permission.ROUTE), NoticeKind.RETURNED, item.id, key_of(routing)
        )
        placing.settle(work, [item])
        touch(item, work.now)
        work.record("recall", items=[item.id], topic=routing.topic_id, expert=routing.expert_id)


def proposal_for(session: Session, topics: Sequence[TopicScore]) -> Proposal:
    """Where a question with these topics should go."""
    known = staff(session, loads(session), today(ports().clock()))
    in_use = session.scalars(select(Topic).where(Topic.is_active).order_by(Topic.name)).all()
    desks = [known.desk(topic.id, topic.slug, is_open_to_all=topic.is_open_to_all) for topic in in_use]
    return propose(topics, desks, tuple(known.experts.values()))


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
