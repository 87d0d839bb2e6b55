"""Carries the outbox out: each act once, or visibly not.

To claim, to act and to finish are apart: the network is in no transaction.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import random

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.answer import Binding, Move, may_go_out, next_state
from tjs_moderation.domain.ports import ActDone, OutwardAct
from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.domain.retrying import MAX_ATTEMPTS, backoff_seconds
from tjs_moderation.domain.vocabulary import ActState, ChannelKind, NoticeKind, Permission
from tjs_moderation.errors import ConflictError, GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.models import Act, Answer, AnswerRevision, Channel, Item, Pace
from tjs_moderation.services import leaving, notices, outbox, pacing, placing
from tjs_moderation.services.threads import binding_now
from tjs_moderation.services.transaction import CONSOLE, Work, channel, reading, transact
from tjs_moderation.services.wiring import ports

LEASE_SECONDS = 180
"""How long a worker may hold an act; longer than every timeout of the gateways together."""

_WAITING = frozenset({ActState.PLANNED, ActState.BY_HAND})

_AGAIN = frozenset({GatewayFailure.TRANSIENT, GatewayFailure.THROTTLED, GatewayFailure.STOPPED})


@dataclass(frozen=True, slots=True)
class _Claimed:
    """An act in this worker's hands. `is_unsure` says that an earlier try may have happened: look before acting."""

    act_id: int
    lease_key: str
    channel_id: int
    channel_name: str
    is_unsure: bool
    outward: OutwardAct


def send_due(limit: int = 50) -> int:
    """Carry out what is due, oldest first, at most `limit` acts; gives how many were taken up.

    Safe with any number of workers, and after one was killed at any point: an act whose lease ran out may have happened
    and is read back before it is sent again.
    """
    _call_back_lapsed()
    taken = 0
    for act_id in _due(limit):
        taken += 1
        # Another worker, or a person, was faster with this act: it is in their hands, and the rest wait for us.
        with suppress(ConflictError):
            claimed = _claim(act_id)
            if claimed is not None:
                _carry_out(claimed)
    return taken


def _call_back_lapsed() -> None:
    """Call back the answers whose approval no longer holds, as soon as it does not: whoever approved it learns at once.

    They wait in people's hands, and have not been put there yet, or for a time that may be days away.
    """
    with reading() as session:
        waiting = select(Act, Item).join(Item, Item.id == Act.item_id)
        waiting = waiting.where(Act.state.in_(_WAITING), Act.answer_id.is_not(None))
        lapsed = [act.id for act, item in session.execute(waiting) if not _still_holds(session, act, item)]
    for act_id in lapsed:
        with transact(CONSOLE) as work:
            found = _lock(work.session, act_id)
            if found is None or found[0].state not in _WAITING:
                work.leave_no_entry()
            else:
                _ask_again(work, found[0], found[1])


def _due(limit: int) -> list[int]:
    now = ports().clock()
    is_planned = (Act.state == ActState.PLANNED) & (Act.not_before <= now)
    is_abandoned = (Act.state == ActState.CLAIMED) & (Act.leased_until <= now)
    is_unknown = (Act.state == ActState.UNKNOWN) & ~Act.is_settled & (Act.not_before <= now)
    due = (
        select(Act.id)
        .join(Channel, Channel.id == Act.channel_id)
        .outerjoin(Pace, Pace.channel_id == Act.channel_id)
        .where(or_(is_planned, is_abandoned, is_unknown), Channel.stopped_reason == "")
        .where(or_(Pace.quiet_until.is_(None), Pace.quiet_until <= now))
        .order_by(Act.not_before, Act.id)
        .limit(limit)
    )
    with reading() as session:
        return list(session.scalars(due))


def _claim(act_id: int) -> _Claimed | None:
    """Take an act up; None where it is not ours to carry out (any more), which has then been dealt with."""
    with transact(CONSOLE) as work:
        found = _lock(work.session, act_id)
        if found is None or not _is_still_due(found[0], work):
            work.leave_no_entry()
            return None
        act, item, its_channel = found
        if its_channel.stopped_reason or pacing.is_quiet(work.session, its_channel.id, work.now):
            work.leave_no_entry()
            return None
        is_unsure = act.state is not ActState.PLANNED
        if not is_unsure and not _still_holds(work.session, act, item):
            _ask_again(work, act, item)
            return None
        if its_channel.kind is ChannelKind.BY_HAND or its_channel.name not in ports().channels():
            _hand_over(work, act, item, is_unsure)
            return None
        refusal = leaving.why_not(work.session, act, item, work.now)
        if refusal and not is_unsure:
            _refuse_beforehand(work, act, item, refusal)
            return None
        act.state, act.lease_key = ActState.CLAIMED, secrets.token_hex(16)
        act.leased_until = work.now + timedelta(seconds=LEASE_SECONDS)
        act.attempts += 1
        placing.settle(work, [item])
        work.leave_no_entry()
        # Every revision of an answer was written by a person of the house, which is what gives it more time to leave.
        text, is_by_person = _text(work.session, act), act.answer_id is not None
        outward = OutwardAct(act.key, act.kind, act.target_external_id, text, act.planned_at, is_by_person)
    return _Claimed(act.id, act.lease_key, its_channel.id, its_channel.name, is_unsure, outward)


def _refuse_beforehand(work: Work, act: Act, item: Item, detail: str) -> None:
    """What the channel would certainly refuse is not even sent; a person is told why."""
    act.state, act.finished_at, act.detail = ActState.REFUSED, work.now, detail
    placing.settle(work, [item])
    work.record(f"{act.kind}_refused", items=[item.id], act=act.id, attempt=act.attempts, failure="known beforehand")


def _carry_out(claimed: _Claimed) -> None:
    port = ports().channels()[claimed.channel_name]
    try:
        done = _look(port, claimed) if claimed.is_unsure else port.perform(claimed.outward)
    except GatewayError as error:
        _finish_refusal(claimed, error)
    except Exception as error:  # noqa: BLE001  # a defect in a gateway: it may have happened, so nobody sends it again
        _finish_unknown(claimed, str(error) if isinstance(error, OutcomeUnknownError) else type(error).__name__)
    else:
        if done is None:
            _finish_undone(claimed)
        else:
            _finish_done(claimed, done)


def _look(port: ChannelPort, claimed: _Claimed) -> ActDone | None:
    """Look whether an earlier try happened. None where it certainly did not."""
    try:
        return port.read_back(claimed.outward)
    except GatewayError as error:
        # It could not even be looked at: as unknown as before, and certainly not to be sent again.
        raise OutcomeUnknownError(error.detail) from error


def _finish_done(claimed: _Claimed, done: ActDone) -> None:
    with transact(channel(claimed.channel_id)) as work:
        act, item = _held(work, claimed)
        items = outbox.complete(work, act, item, done.external_id)
        placing.settle(work, items)
        work.record(f"{act.kind}_done", items=[each.id for each in items], act=act.id, result=done.external_id)


def _finish_undone(claimed: _Claimed) -> None:
    """An earlier try certainly did not happen: the act is planned again, and asked anew whether it may leave."""
    with transact(channel(claimed.channel_id)) as work:
        act, item = _held(work, claimed)
        act.leased_until = act.lease_key = None
        if act.attempts >= MAX_ATTEMPTS:
            act.state, act.finished_at = ActState.FAILED, work.now
        else:
            act.state, act.not_before = ActState.PLANNED, work.now
        placing.settle(work, [item])
        work.record(f"{act.kind}_{act.state}", items=[item.id], act=act.id, attempt=act.attempts)


def _finish_unknown(claimed: _Claimed, detail: str) -> None:
    with transact(channel(claimed.channel_id)) as work:
        act, item = _held(work, claimed)
        _wait(work, act, None)
        act.state, act.detail = ActState.UNKNOWN, detail
        placing.settle(work, [item])
        work.record(f"{act.kind}_unknown", items=[item.id], act=act.id, attempt=act.attempts)


def _finish_refusal(claimed: _Claimed, error: GatewayError) -> None:
    """The act certainly did not happen: try again later, or stop and show it to a person."""
    with transact(channel(claimed.channel_id)) as work:
        act, item = _held(work, claimed)
        act.detail = error.detail or str(error.failure)
        if error.failure is GatewayFailure.STOPPED:
            pacing.halt(work, work.session.get_one(Channel, claimed.channel_id), act.detail)
        is_last = act.attempts >= MAX_ATTEMPTS and error.failure is not GatewayFailure.STOPPED
        if error.failure in _AGAIN and not is_last:
            act.state = ActState.PLANNED
            _wait(work, act, error.retry_after_seconds)
            if error.failure is GatewayFailure.THROTTLED:
                pacing.keep_quiet(work, claimed.channel_id, (act.not_before - work.now).total_seconds())
        else:
            act.state = ActState.FAILED if error.failure in _AGAIN else ActState.REFUSED
            act.finished_at, act.leased_until, act.lease_key = work.now, None, None
        if error.failure is GatewayFailure.GONE:
            item.is_gone = True
        placing.settle(work, [item])
        work.record(f"{act.kind}_{act.state}", items=[item.id], act=act.id, attempt=act.attempts, failure=error.failure)


def _lock(session: Session, act_id: int) -> tuple[Act, Item, Channel] | None:
    """The act with its item and channel, the item locked first as every verb does."""
    item_id = session.scalar(select(Act.item_id).where(Act.id == act_id))
    item = session.scalars(select(Item).where(Item.id == item_id).with_for_update()).one_or_none()
    act = session.scalars(select(Act).where(Act.id == act_id).with_for_update()).one_or_none()
    if item is None or act is None:
        return None
    return act, item, session.get_one(Channel, act.channel_id)


def _is_still_due(act: Act, work: Work) -> bool:
    if act.state is ActState.CLAIMED:
        return act.leased_until is not None and act.leased_until <= work.now
    return act.state in {ActState.PLANNED, ActState.UNKNOWN} and act.not_before <= work.now and not act.is_settled


def _still_holds(session: Session, act: Act, item: Item) -> bool:
    """Whether what approved the act still stands (law 6)."""
    if act.answer_id is None:
        return True
    answer = session.get_one(Answer, act.answer_id)
    if None in (answer.approved_revision, answer.approved_newest_item_id, answer.approved_newest_text_version):
        return False
    approved = Binding(
        answer.approved_revision or 0,
        answer.approved_newest_item_id or 0,
        answer.approved_newest_text_version or 0,
    )
    return may_go_out(approved, binding_now(session, answer, item))


def _hand_over(work: Work, act: Act, item: Item, is_unsure: bool) -> None:
    """Give an act to a person, where no gateway works its channel: to do, or to look whether it has happened."""
    act.state = ActState.UNKNOWN if is_unsure else ActState.BY_HAND
    if is_unsure:
        _wait(work, act, None)
    act.leased_until = act.lease_key = None
    placing.settle(work, [item])
    if is_unsure:
        work.record(f"{act.kind}_unknown", items=[item.id], act=act.id, attempt=act.attempts)
    else:
        work.record("hand_over", items=[item.id], act=act.id, kind=str(act.kind))


def _ask_again(work: Work, act: Act, item: Item) -> None:
    """The person has written since the approval: the answer does not leave, and is approved again or mended."""
    outbox.stop(act, work.now)
    answer = work.session.get_one(Answer, act.answer_id)
    answer.state = next_state(answer.state, Move.REOPEN)
    approvers = notices.holders(work.session, Permission.APPROVE_ANSWER)
    notices.tell_all(work, approvers, NoticeKind.TO_APPROVE, item.id, f"lapsed:{act.id}")
    placing.settle(work, [item])
    work.record("approval_lapsed", items=[item.id], act=act.id, answer=answer.id, revision=answer.revision)


def _text(session: Session, act: Act) -> str:
    if act.answer_id is None:
        return ""
    return session.get_one(AnswerRevision, (act.answer_id, act.answer_revision)).text


def _wait(work: Work, act: Act, told_seconds: float | None) -> None:
    # Jitter only spreads load; nothing secret depends on it.
    seconds = backoff_seconds(act.attempts, random(), told_seconds)  # noqa: S311
    act.not_before = work.now + timedelta(seconds=seconds)
    act.leased_until = act.lease_key = None
    work.nudge("send", seconds)


def _held(work: Work, claimed: _Claimed) -> tuple[Act, Item]:
    """The act and its item, if this worker still holds the lease; ConflictError where another has taken it over."""
    found = _lock(work.session, claimed.act_id)
    if found is None or found[0].lease_key != claimed.lease_key:
        raise ConflictError("lease_lost")
    return found[0], found[1]
