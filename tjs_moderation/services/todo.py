"""What people do for the outbox with their own hands: acts by hand, trying again, seeing to what went wrong."""

from __future__ import annotations

from tjs_moderation.domain.case import IN_TROUBLE
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import ActState, Permission
from tjs_moderation.errors import NotFoundError, TransitionError
from tjs_moderation.models import Act, Channel, Item
from tjs_moderation.services import outbox, pacing, placing
from tjs_moderation.services.reach import item_to_change
from tjs_moderation.services.transaction import Work, transact, user


def mark_done(user_id: int, act_id: int, result_external_id: str | None = None) -> None:
    """Say that an act was done by hand on the channel."""
    with transact(user(user_id)) as work:
        act, item = _take(work, user_id, act_id)
        if act.state is not ActState.BY_HAND:
            raise TransitionError("act_not_by_hand")
        items = outbox.complete(work, act, item, storable(result_external_id or "") or None)
        placing.settle(work, items)
        work.record(f"{act.kind}_done", items=[each.id for each in items], act=act.id, by_hand=True)


def mark_impossible(user_id: int, act_id: int, why: str) -> None:
    """Say that an act could not be done by hand; it stands as refused, with the reason, until somebody sees to it."""
    with transact(user(user_id)) as work:
        act, item = _take(work, user_id, act_id)
        if act.state is not ActState.BY_HAND:
            raise TransitionError("act_not_by_hand")
        act.state, act.finished_at, act.detail = ActState.REFUSED, work.now, storable(why.strip())
        placing.settle(work, [item])
        work.record(f"{act.kind}_refused", items=[item.id], act=act.id, by_hand=True)


def try_again(user_id: int, act_id: int) -> None:
    """Plan a refused or failed act once more, at once. An unknown one is read back by the worker, not sent again."""
    with transact(user(user_id)) as work:
        act, item = _take(work, user_id, act_id)
        if act.is_settled or act.state not in IN_TROUBLE:
            raise TransitionError("act_not_in_trouble")
        if act.state is not ActState.UNKNOWN:
            act.state, act.attempts, act.finished_at = ActState.PLANNED, 0, None
        act.not_before = work.now
        pacing.set_going(work.session.get_one(Channel, act.channel_id))
        placing.settle(work, [item])
        work.nudge("send")
        work.record("try_again", items=[item.id], act=act.id, kind=str(act.kind))


def see_to(user_id: int, act_id: int, has_happened: bool) -> None:
    """Say how an act in trouble ended, having looked on the channel: it happened, or it did not and need not."""
    with transact(user(user_id)) as work:
        act, item = _take(work, user_id, act_id)
        items = [item]
        if has_happened and act.state in IN_TROUBLE and not act.is_settled:
            items = outbox.complete(work, act, item, None)
        else:
            outbox.see_to(work, act)
        placing.settle(work, items)
        told = [each.id for each in items]
        work.record("see_to", items=told, act=act.id, kind=str(act.kind), has_happened=has_happened)


def _take(work: Work, user_id: int, act_id: int) -> tuple[Act, Item]:
    act = work.session.get(Act, act_id)
    if act is None:
        raise NotFoundError("act")
    item = item_to_change(work, user_id, act.item_id, None, Permission.WORK_OUTBOX)
    work.session.refresh(act, with_for_update=True)
    return act, item
