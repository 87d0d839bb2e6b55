"""A thread that goes on comes back to whoever answered it: nobody has to find it again, and nobody else starts anew."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from tjs_moderation.domain.vocabulary import AnswerState, CaseState, Category, ItemKind, NoticeKind, Permission
from tjs_moderation.models import Answer, Decision, Item, Routing, User
from tjs_moderation.services import placing
from tjs_moderation.services.handing import put_on_desk
from tjs_moderation.services.reach import touch
from tjs_moderation.services.staffing import loads, staff, today
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact
from tjs_moderation.services.wiring import ports

GOES_ON_FOR = timedelta(days=60)
"""So long after an answer was published what the same person writes in its thread is taken for its continuation."""

LIMIT = 50
"""How many continuations one round works."""

_UNTOUCHED = (CaseState.QUESTION, CaseState.READ)
_Answered, _Newest, _Continued = aliased(Item), aliased(Item), aliased(Item)


def follow_up(limit: int = LIMIT) -> int:
    """Put on their experts' desks what goes on with threads of theirs; gives how many were.

    That is a question, or a private message that is more than thanks, by the same person in a thread that was answered,
    or in a conversation that lies on a desk. What may have to be removed or weighed goes to a tiedottaja first, and so
    does what somebody has decided about or routed, and whatever belongs to an expert who is away.
    """
    now = ports().clock()
    with reading() as session:
        found = dict(session.execute(_after_answers(limit), {"since": now - GOES_ON_FOR}).all())
        found |= dict(session.execute(_on_desks(limit)).all())
    return sum(_follow(item_id, continued_id) for item_id, continued_id in found.items())


def _follow(item_id: int, continued_id: int) -> bool:
    """Route one continuation as the item it continues was routed last; whether that could be done."""
    with transact(CONSOLE) as work:
        item = work.session.scalars(select(Item).where(Item.id == item_id, _is_loose()).with_for_update()).one_or_none()
        last = select(Routing).where(Routing.item_id == continued_id, Routing.expert_id.is_not(None))
        before = work.session.scalars(last.order_by(Routing.id.desc()).limit(1)).first()
        if item is None or before is None or not _is_at_work(work, before.expert_id or 0):
            work.leave_no_entry()
            return False
        routing = put_on_desk(
            work,
            item,
            before.topic_id,
            before.expert_id,
            before.why,
            by_id=before.routed_by_id,
            told_as=NoticeKind.REOPENED,
        )
        routing.is_follow_up = True
        placing.settle(work, [item])
        touch(item, work.now)
        facts = {"topic": before.topic_id, "expert": before.expert_id, "continues": continued_id}
        work.record("follow_up", items=[item.id], **facts)
    return True


def _is_at_work(work: Work, expert_id: int) -> bool:
    person = work.session.get_one(User, expert_id)
    known = staff(work.session, loads(work.session), today(work.now)).experts.get(expert_id)
    return person.is_active and person.may(Permission.DRAFT_ANSWER) and known is not None and known.away is None


def _is_loose() -> ColumnElement[bool]:
    """The items that nobody has done anything with, and that ask for something."""
    # Both stand in queries that read routings beside items, and must not be taken for those.
    is_routed = select(Routing.id).where(Routing.item_id == Item.id).correlate(Item).exists()
    is_decided = select(Decision.id).where(Decision.item_id == Item.id).correlate(Item).exists()
    asks = or_(Item.is_question, and_(Item.kind == ItemKind.MESSAGE, Item.category != Category.PRAISE))
    # Not by the index of queues: SQLite would walk through all that waits, where few threads have an answer.
    is_untouched = func.coalesce(Item.state, "").in_(_UNTOUCHED)
    return and_(is_untouched, ~Item.is_own, asks, ~is_routed, ~is_decided)


def _continues(continued: type[Item]) -> ColumnElement[bool]:
    """What the same person wrote in the same thread as the item `continued`."""
    in_conversation = and_(
        Item.kind == ItemKind.MESSAGE, Item.conversation_external_id == continued.conversation_external_id
    )
    under_comment = and_(
        Item.kind == ItemKind.COMMENT, Item.parent_id == func.coalesce(continued.parent_id, continued.id)
    )
    return and_(Item.author_id == continued.author_id, or_(in_conversation, under_comment))


@cache  # putting it together takes three times as long as asking it, and nothing in it changes
def _after_answers(limit: int) -> Select[int, int]:
    """Pairs of a continuation and the item it continues: newer than what the answer was approved on, since `since`."""
    is_newer = or_(Item.sorted_at > _Newest.sorted_at, and_(Item.sorted_at == _Newest.sorted_at, Item.id > _Newest.id))
    return (
        select(Item.id, _Answered.id)
        .select_from(Answer)
        .join(_Answered, _Answered.id == Answer.item_id)
        .join(_Newest, _Newest.id == Answer.approved_newest_item_id)
        .join(Item, and_(_continues(_Answered), is_newer))
        .where(Answer.state == AnswerState.PUBLISHED, Answer.published_at >= bindparam("since"), _is_loose())
        .order_by(Answer.published_at, Item.id)
        .limit(limit)
    )


@cache
def _on_desks(limit: int) -> Select[int, int]:
    """Pairs of a message and the one of its conversation that lay on a desk when it came."""
    # From the routings to their items: the other way round SQLite would walk through every item there is.
    lies_there = _Continued.id == func.coalesce(Routing.item_id, 0)
    return (
        select(Item.id, _Continued.id)
        .select_from(Routing)
        .join(_Continued, and_(lies_there, _Continued.kind == ItemKind.MESSAGE))
        .join(Item, and_(_continues(_Continued), Item.id > _Continued.id))
        .where(Routing.ended_at.is_(None), Routing.expert_id.is_not(None), Routing.routed_at <= Item.received_at)
        .where(_is_loose())
        .order_by(Routing.id, Item.id)
        .limit(limit)
    )
