"""The hints that could not be worked, for people: reading the list, trying again, putting aside, and letting go of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from tjs_moderation.domain.hints import HintState
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, GoneMark, RawEvent, UnworkedHint
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import CONSOLE, Work, transact, user
from tjs_moderation.services.wiring import ports

KEPT_DAYS = 30
"""How long a body is kept after everything in it was worked or put aside. Meta tries for 36 hours to bring one."""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ListedHint:
    """A hint that could not be worked, with when its body came and by which channel."""

    hint: UnworkedHint
    received_at: datetime
    channel: Channel


def listed(after_id: int, limit: int) -> Sequence[ListedHint]:
    """The hints that wait or are stuck, oldest first, from the one after `after_id` on."""
    rows = db.session.execute(
        select(UnworkedHint, RawEvent.received_at, Channel)
        .join(RawEvent, RawEvent.id == UnworkedHint.raw_event_id)
        .join(Channel, Channel.id == RawEvent.channel_id)
        .where(UnworkedHint.state.in_([HintState.WAITING, HintState.STUCK]), UnworkedHint.id > after_id)
        .order_by(UnworkedHint.id)
        .limit(limit),
    )
    return [ListedHint(*row) for row in rows]


def stuck_count() -> int:
    """How many hints wait for a person."""
    stuck = select(func.count()).select_from(UnworkedHint).where(UnworkedHint.state == HintState.STUCK)
    return db.session.scalar(stuck) or 0


def last_received_at(channel_id: int) -> datetime | None:
    """When a channel last sent something with a right signature, as far as it is still kept."""
    newest = select(RawEvent.received_at).where(RawEvent.channel_id == channel_id).order_by(RawEvent.id.desc()).limit(1)
    return db.session.scalar(newest)


def body_of(user_id: int, hint_id: int) -> tuple[ListedHint, bytes]:
    """A hint and the body it came in. NotAllowedError for whoever does not run the channels; NotFoundError."""
    acting_user(db.session(), user_id, Permission.RUN_CHANNELS)
    row = db.session.execute(
        select(UnworkedHint, RawEvent.received_at, Channel, RawEvent.body)
        .join(RawEvent, RawEvent.id == UnworkedHint.raw_event_id)
        .join(Channel, Channel.id == RawEvent.channel_id)
        .where(UnworkedHint.id == hint_id),
    ).one_or_none()
    if row is None:
        raise NotFoundError("hint")
    return ListedHint(*row[:3]), row[3]


def try_again(user_id: int, hint_id: int) -> None:
    """Have a hint worked once more, now. TransitionError where a colleague has put it aside."""
    with transact(user(user_id)) as work:
        hint = _hint_to_change(work, user_id, hint_id)
        hint.state, hint.attempts, hint.not_before = HintState.WAITING, 0, work.now
        work.nudge("hints")
        work.record("try_hint_again", hint=hint.id, trouble=str(hint.trouble))


def set_aside(user_id: int, hint_id: int) -> None:
    """Put a hint aside for good. TransitionError where a colleague has."""
    with transact(user(user_id)) as work:
        hint = _hint_to_change(work, user_id, hint_id)
        hint.state = HintState.SET_ASIDE
        work.record("set_hint_aside", hint=hint.id, trouble=str(hint.trouble))


def let_go(kept_days: int = KEPT_DAYS) -> int:
    """Delete the bodies nobody needs any more, and what is remembered of things long gone; gives how many bodies."""
    before = ports().clock() - timedelta(days=kept_days)
    gone = 0
    while True:
        count = _let_go(before)
        gone += count
        if count < _BATCH:
            return gone


def _let_go(before: datetime) -> int:
    is_open = select(UnworkedHint.raw_event_id).where(UnworkedHint.state != HintState.SET_ASIDE)
    old = select(RawEvent.id).where(RawEvent.worked_at < before, RawEvent.id.not_in(is_open))
    with transact(CONSOLE) as work:
        ids = list(work.session.scalars(old.order_by(RawEvent.id).limit(_BATCH)))
        work.session.execute(delete(GoneMark).where(GoneMark.told_at < before))
        work.session.execute(delete(UnworkedHint).where(UnworkedHint.raw_event_id.in_(ids)))
        work.session.execute(delete(RawEvent).where(RawEvent.id.in_(ids)))
        if ids:
            work.record("let_go_of_hints", bodies=len(ids))
        else:
            work.leave_no_entry()
    return len(ids)


def _hint_to_change(work: Work, user_id: int, hint_id: int) -> UnworkedHint:
    acting_user(work.session, user_id, Permission.WORK_HINTS)
    hint = work.session.get(UnworkedHint, hint_id, with_for_update=True)
    if hint is None:
        raise NotFoundError("hint")
    if hint.state is HintState.SET_ASIDE:
        raise TransitionError("hint_set_aside")
    return hint
