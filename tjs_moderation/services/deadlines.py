"""Tells people of the deadlines of questions as they come: once each, however many workers there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import and_, or_, select

from tjs_moderation.domain.deadlines import Deadline, step_at
from tjs_moderation.domain.vocabulary import CaseState, DeadlineStep, NoticeKind, Permission
from tjs_moderation.models import Item, Routing
from tjs_moderation.services import notices
from tjs_moderation.services.handing import at_desk, key_of, open_routing
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact
from tjs_moderation.services.wiring import ports

_STEPS = list(DeadlineStep)
_TOLD_OF = {
    DeadlineStep.SOON: ("remind", NoticeKind.DUE_SOON),
    DeadlineStep.OVERDUE: ("fall_due", NoticeKind.OVERDUE),
    DeadlineStep.ESCALATED: ("escalate", NoticeKind.ESCALATED),
}
"""The verb of each step, and the notice of it."""


def tell_due() -> int:
    """Tell of every deadline that has come a step further; gives how many did. For any number of workers."""
    return sum(_tell_one(item_id, routing_id) for item_id, routing_id in _waiting())


def _waiting() -> Iterator[tuple[int, int]]:
    """The questions on desks whose next step has come: (item, routing)."""
    now = ports().clock()
    come = or_(
        and_(Routing.told == DeadlineStep.AHEAD, Routing.remind_at <= now),
        and_(Routing.told == DeadlineStep.SOON, Routing.due_at <= now),
        and_(Routing.told == DeadlineStep.OVERDUE, Routing.escalate_at <= now),
    )
    with reading() as session:
        found = session.execute(
            select(Routing.item_id, Routing.id)
            .join(Item, Item.id == Routing.item_id)
            .where(Routing.ended_at.is_(None), Item.state == CaseState.EXPERT, come)
            .order_by(Routing.id)
        ).all()
    yield from ((row.item_id, row.id) for row in found)


def _tell_one(item_id: int, routing_id: int) -> bool:
    """Whether there was something to tell: another worker, or the answer, may have been faster.

    A worker that was away for long tells only how it stands now.
    """
    with transact(CONSOLE) as work:
        item = work.session.scalars(select(Item).where(Item.id == item_id).with_for_update(of=Item)).one()
        routing = open_routing(work.session, item_id)
        step = _step_of(routing, work) if routing and routing.id == routing_id else DeadlineStep.AHEAD
        if routing is None or item.state is not CaseState.EXPERT or _STEPS.index(step) <= _STEPS.index(routing.told):
            work.leave_no_entry()
            return False
        routing.told = step
        verb, kind = _TOLD_OF[step]
        notices.tell_all(work, _people(work, routing, step), kind, item_id, key_of(routing))
        work.record(verb, items=[item_id], expert=routing.expert_id)
    return True


def _step_of(routing: Routing, work: Work) -> DeadlineStep:
    if routing.remind_at is None or routing.due_at is None or routing.escalate_at is None:
        return DeadlineStep.AHEAD
    return step_at(Deadline(routing.remind_at, routing.due_at, routing.escalate_at), work.now)


def _people(work: Work, routing: Routing, step: DeadlineStep) -> Collection[int]:
    """The owner is reminded and told that it is late; then the tiedottaja is called."""
    if step is DeadlineStep.ESCALATED:
        return notices.holders(work.session, Permission.ROUTE)
    return at_desk(work.session, routing)
