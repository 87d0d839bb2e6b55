"""Carries the mail of notices out: each once, or visibly not.

To claim, to hand over and to finish are apart: the network is in no transaction. A worker that is killed after the mail
server has taken a mail, and before that is written down, hands it over again when its lease has run out: with SMTP that
cannot be avoided, and the same Message-ID lets the reader's program fold the two into one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.mail import Postman
from tjs_moderation.domain.retrying import backoff_seconds
from tjs_moderation.domain.vocabulary import MailState, NoticeKind
from tjs_moderation.domain.working_time import is_working_time
from tjs_moderation.errors import ConflictError, GatewayError, GatewayFailure
from tjs_moderation.models import Notice, User
from tjs_moderation.services import letters, notices, options
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact
from tjs_moderation.services.wiring import ports

LEASE_SECONDS = 180
"""How long a worker may hold a mail; longer than the gateway takes at most."""

GIVE_UP_AFTER = timedelta(days=3)
"""So long a mail is tried, as mail servers do among themselves."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    notice_id: int
    lease_key: str


def send_due(limit: int = 50) -> int:
    """Hand over the mails that are due, oldest first, at most `limit`; gives how many were taken up.

    Safe with any number of workers. Without a mail server nothing is done, and nothing is lost.
    """
    postman = ports().postman
    if postman is None:
        return 0
    taken = 0
    for notice_id in _due(limit):
        taken += 1
        # Another worker was faster with this mail: it is in their hands, and the rest wait for us.
        with suppress(ConflictError):
            claimed = _claim(notice_id)
            if claimed is not None:
                _hand_over(postman, claimed)
    return taken


def begin_morning() -> int:
    """Plan the day's summary for whoever has none yet, once the day has begun; gives for how many.

    A working day begins with the office hours. Whoever came after that gets the first one tomorrow.
    """
    wired = ports()
    if wired.postman is None:
        return 0
    local = wired.clock().astimezone(wired.settings.zone)
    with reading() as session:
        office = options.office_hours(session)
        if not is_working_time(local, office):
            return 0
        opened = local.replace(hour=office.opens.hour, minute=office.opens.minute, second=0, microsecond=0)
        today = local.date().isoformat()
        people = session.scalars(select(User.id).where(_has_no_summary(today), User.created_at < opened)).all()
    if people:
        with transact(CONSOLE) as work:
            work.leave_no_entry()
            notices.tell_all(work, people, NoticeKind.SUMMARY, None, today)
    return len(people)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the mails stand: how many could not be handed over at all, since when the oldest waits, and why."""

    failed: int
    waits_since: datetime | None
    failure: str


def standing(session: Session, since: datetime) -> Standing:
    """How the mails of notices made after `since` stand."""
    of_late = Notice.made_at >= since
    failed = session.scalars(select(Notice.failure).where(Notice.mail == MailState.FAILED, of_late)).all()
    waiting = session.scalars(
        select(Notice).where(Notice.mail.in_([MailState.DUE, MailState.CLAIMED])).order_by(Notice.id).limit(1)
    ).first()
    failure = (waiting.failure if waiting else "") or (failed[-1] if failed else "")
    return Standing(len(failed), waiting.made_at if waiting else None, failure)


def _has_no_summary(today: str) -> ColumnElement[bool]:
    of_today = (Notice.person_id == User.id) & (Notice.kind == NoticeKind.SUMMARY) & (Notice.key == today)
    return User.is_active & ~exists().where(of_today)


def _is_due(now: datetime) -> ColumnElement[bool]:
    is_waiting = (Notice.mail == MailState.DUE) & (Notice.not_before <= now)
    return or_(is_waiting, (Notice.mail == MailState.CLAIMED) & (Notice.leased_until <= now))


def _due(limit: int) -> Sequence[int]:
    with reading() as session:
        due = select(Notice.id).where(_is_due(ports().clock())).order_by(Notice.not_before, Notice.id)
        return session.scalars(due.limit(limit)).all()


def _claim(notice_id: int) -> _Claimed | None:
    """Take a mail up; None where it is in other hands, or over."""
    lease_key = secrets.token_hex(16)
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        taken = work.session.scalar(
            update(Notice)
            .where(Notice.id == notice_id, _is_due(work.now))
            .values(
                mail=MailState.CLAIMED,
                lease_key=lease_key,
                leased_until=work.now + timedelta(seconds=LEASE_SECONDS),
                attempts=Notice.attempts + 1,
            )
            .returning(Notice.id)
        )
    return None if taken is None else _Claimed(notice_id, lease_key)


def _hand_over(postman: Postman, claimed: _Claimed) -> None:
    try:
        with reading() as session:
            letter = letters.write(session, session.get_one(Notice, claimed.notice_id))
        if letter is not None:
            postman.send(letter.mail)
    except GatewayError as error:
        _put_off(claimed, error.detail, is_for_good=error.failure is GatewayFailure.REFUSED)
    except Exception as error:  # noqa: BLE001  # a defect in one letter must not keep the others
        _put_off(claimed, type(error).__name__)
    else:
        _finish(claimed, letter)


def _finish(claimed: _Claimed, letter: letters.Letter | None) -> None:
    with transact(CONSOLE) as work:
        notice = _held(work, claimed)
        notice.mail, notice.failure = (MailState.SENT, "") if letter else (MailState.NONE, "")
        notice.sent_at = work.now if letter else None
        if letter is not None and letter.carries:
            work.session.execute(
                update(Notice)
                .where(Notice.id.in_(letter.carries), Notice.mail == MailState.SUMMARY)
                .values(mail=MailState.SENT, sent_at=work.now)
                .execution_options(synchronize_session=False)
            )


def _put_off(claimed: _Claimed, failure: str, *, is_for_good: bool = False) -> None:
    """It was not taken: try again later, or give up where that is of no use any more."""
    with transact(CONSOLE) as work:
        notice = _held(work, claimed)
        notice.failure = failure[:200]
        if is_for_good or notice.made_at + GIVE_UP_AFTER <= work.now:
            notice.mail = MailState.FAILED
            return
        # Jitter only spreads load; nothing secret depends on it.
        seconds = backoff_seconds(notice.attempts, random())  # noqa: S311
        notice.mail, notice.not_before = MailState.DUE, work.now + timedelta(seconds=seconds)
        work.nudge("mail", seconds)


def _held(work: Work, claimed: _Claimed) -> Notice:
    """The notice, let go of, if this worker still holds it; ConflictError where another has taken it over."""
    work.leave_no_entry()
    is_ours = (Notice.id == claimed.notice_id) & (Notice.lease_key == claimed.lease_key)
    notice = work.session.scalars(select(Notice).where(is_ours).with_for_update()).one_or_none()
    if notice is None:
        raise ConflictError("lease_lost")
    notice.leased_until = notice.lease_key = None
    return notice
