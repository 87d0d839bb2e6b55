"""Tells people of what concerns them: a row in the transaction of the verb that tells, never two for the same thing.

And what a person reads of it in the console.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tjs_moderation.domain.notices import delivery_of, offered
from tjs_moderation.domain.vocabulary import GRANTS, Delivery, MailState, NoticeGroup, NoticeKind, Permission
from tjs_moderation.errors import InvalidInputError, NotFoundError
from tjs_moderation.models import CalendarFeed, Notice, User
from tjs_moderation.services.transaction import CONSOLE, Work, transact, user
from tjs_moderation.services.wiring import ports

KEPT_FOR = timedelta(days=400)
"""How long a notice is kept: over a year, so that nothing of the same season is told twice."""

_OF_DELIVERY = {
    Delivery.AT_ONCE: MailState.DUE,
    Delivery.SUMMARY: MailState.SUMMARY,
    Delivery.NONE: MailState.NONE,
}


def tell(work: Work, person_id: int, kind: NoticeKind, item_id: int | None, key: str) -> bool:
    """Tell a person of something, within the verb's transaction; gives whether it is new to them. A part of verbs.

    `key` (at most 120 characters, no words of the public) says of what: the same kind and key is told once, however
    often. Nobody is told of what they did themselves, except of their own security. Mail follows by what the person has
    chosen (`domain.notices`).
    """
    person = work.session.get(User, person_id)
    if person is None or not person.is_active:
        return False
    if work.actor.user_id == person_id and kind is not NoticeKind.SECURITY:
        return False
    mail = _mail_of(kind, person)
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Notice).values(
        person_id=person_id,
        kind=kind,
        item_id=item_id,
        key=key,
        by_id=work.actor.user_id,
        made_at=work.now,
        mail=mail,
        attempts=0,
        read_at=work.now if kind is NoticeKind.SUMMARY else None,  # it says nothing that is not on the first page
        not_before=work.now,
        failure="",
    )
    # Two workers may tell the same at once: the slower one has nothing to tell, and its verb goes on.
    is_new = work.session.scalar(row.on_conflict_do_nothing().returning(Notice.id)) is not None
    if is_new and mail is MailState.DUE:
        work.nudge("mail")
    return is_new


def tell_all(work: Work, people: Iterable[int], kind: NoticeKind, item_id: int | None, key: str) -> None:
    """Tell each of these people, as `tell` does; always in the same order, so that two verbs do not lock each other."""
    for person_id in sorted(set(people)):
        tell(work, person_id, kind, item_id, key)


@dataclass(frozen=True, slots=True)
class Line:
    """A notice, and the name of the colleague whose deed it tells of; empty where it is nobody's."""

    notice: Notice
    by: str


def page_of(session: Session, person: User, before: int | None, limit: int) -> Sequence[Line]:
    """The newest notices of a person that are older than the one with the id `before`. One query."""
    found = (
        select(Notice, User.name)
        .outerjoin(User, (User.id == Notice.by_id) & (User.id != person.id))
        .where(Notice.person_id == person.id, Notice.kind != NoticeKind.SUMMARY)
    )
    if before is not None:
        found = found.where(Notice.id < before)
    return [Line(notice, name or "") for notice, name in session.execute(found.order_by(Notice.id.desc()).limit(limit))]


def unread_of(person_id: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """How many notices a person has not read, to be asked together with something else."""
    return select(func.count()).where(Notice.person_id == person_id, Notice.read_at.is_(None)).scalar_subquery()


def mark_read(user_id: int, notice_id: int) -> Notice:
    """A person has read one notice of theirs; gives it. NotFoundError where they have none with this id.

    Leaves no entry: it is nobody else's.
    """
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        notice = work.session.get(Notice, notice_id)
        if notice is None or notice.person_id != user_id:
            raise NotFoundError("notice")
        notice.read_at = notice.read_at or work.now
    return notice


def mark_all_read(user_id: int, newest: int) -> None:
    """A person has read their notices up to the one with the id `newest`: what came after was not on their page."""
    _mark_read(user_id, Notice.id <= newest)


def mark_item_read(user_id: int, item_id: int) -> None:
    """A person has opened an item: what told them of it is read."""
    _mark_read(user_id, Notice.item_id == item_id)


def _mark_read(user_id: int, which: ColumnElement[bool]) -> None:
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        work.session.execute(
            update(Notice)
            .where(Notice.person_id == user_id, Notice.read_at.is_(None), which)
            .values(read_at=work.now)
            .execution_options(synchronize_session=False),
        )


def choose(user_id: int, chosen: Mapping[NoticeGroup, Delivery]) -> None:
    """Keep how a person wants to hear of things; what is told from now on goes by it.

    InvalidInputError where a group cannot be delivered so. Leaves no entry: it is nobody else's.
    """
    if any(delivery not in offered(group) for group, delivery in chosen.items()):
        raise InvalidInputError("unknown_field")
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        person = work.session.get_one(User, user_id)
        person.notices = {**person.notices, **{str(group): str(delivery) for group, delivery in chosen.items()}}


def let_go() -> None:
    """Let go of notices that nobody looks for any more; those whose mail has not left stay."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        is_over = Notice.mail.not_in([MailState.DUE, MailState.CLAIMED])
        work.session.execute(delete(Notice).where(Notice.made_at < work.now - KEPT_FOR, is_over))


def stop_mails(session: Session) -> None:
    """Send none of the mails that wait, and open no calendar any more: what was restored may be long over."""
    waiting = Notice.mail.in_([MailState.SUMMARY, MailState.DUE, MailState.CLAIMED])
    session.execute(
        update(Notice).where(waiting).values(mail=MailState.NONE, leased_until=None, lease_key=None),
    )
    session.execute(delete(CalendarFeed))


def holders(session: Session, permission: Permission) -> Sequence[int]:
    """The people at work here whose role carries `permission`."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    return session.scalars(select(User.id).where(User.role.in_(roles), User.is_active)).all()


def _mail_of(kind: NoticeKind, person: User) -> MailState:
    """Without a mail server a notice is in the console only, and stays there when one is set up later.

    What goes into a summary is found out when it is written: there may be what waited for it, whatever was chosen.
    """
    if not ports().settings.mail.is_on:
        return MailState.NONE
    if kind is NoticeKind.SUMMARY:
        return MailState.DUE
    return _OF_DELIVERY[delivery_of(kind, person.notices)]
