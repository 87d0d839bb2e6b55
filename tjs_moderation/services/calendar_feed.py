"""A person's calendar of deadlines, for whoever holds its key: when something is due, and not a word of what it is."""

from __future__ import annotations

import hashlib
import secrets

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.calendar_file import Deadline, calendar_file
from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.errors import NotFoundError
from tjs_moderation.models import CalendarFeed, Item, Routing, Topic, User
from tjs_moderation.services import options
from tjs_moderation.services.addresses import address
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import reading, transact, user
from tjs_moderation.services.wiring import ports

MOST_SHOWN = 500
"""So many deadlines are in a calendar at most, the next ones first."""


def make(user_id: int) -> str:
    """Make a person's calendar a key, which is given this once; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.DRAFT_ANSWER)
        feed = work.session.get(CalendarFeed, user_id, with_for_update=True)
        if feed is None:
            work.session.add(CalendarFeed(person_id=user_id, token_hash=_hash(token), made_at=work.now))
        else:
            feed.token_hash, feed.made_at = _hash(token), work.now
        work.record("make_calendar", user=user_id)
    return token


def revoke(user_id: int) -> None:
    """Take a person's key away: the calendar opens to nobody."""
    with transact(user(user_id)) as work:
        feed = work.session.get(CalendarFeed, user_id, with_for_update=True)
        if feed is None:
            work.leave_no_entry()
            return
        work.session.delete(feed)
        work.record("revoke_calendar", user=user_id)


def of(session: Session, user_id: int) -> CalendarFeed | None:
    """The key a person's calendar has."""
    return session.get(CalendarFeed, user_id)


def read(token: str) -> str:
    """The calendar that `token` opens (RFC 5545). NotFoundError where it opens none."""
    now = ports().clock()
    with reading() as session:
        feed = session.scalars(select(CalendarFeed).where(CalendarFeed.token_hash == _hash(token))).one_or_none()
        person = session.get(User, feed.person_id) if feed is not None else None
        if person is None or not person.may(Permission.DRAFT_ANSWER):
            raise NotFoundError("calendar")
        with force_locale(person.locale or options.languages(session).console):
            name = gettext("TJS: vastausten määräajat")
            return calendar_file(name, _deadlines(session, person), now)


def _deadlines(session: Session, person: User) -> list[Deadline]:
    rows = session.execute(
        select(Routing.id, Routing.item_id, Routing.due_at, Topic.name)
        .join(Item, Item.id == Routing.item_id)
        .outerjoin(Topic, Topic.id == Routing.topic_id)
        .where(Routing.expert_id == person.id, Routing.ended_at.is_(None), Routing.due_at.is_not(None))
        .where(Item.state == CaseState.EXPERT)
        .order_by(Routing.due_at, Routing.id)
        .limit(MOST_SHOWN)
    )
    return [
        Deadline(
            f"routing-{routing_id}@tjs-moderation",
            gettext("Vastauksen määräaika: asia %(number)s", number=item_id) + (f" ({topic})" if topic else ""),
            due_at,
            address("items.show", item_id=item_id),
        )
        for routing_id, item_id, due_at, topic in rows
        if due_at is not None
    ]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
