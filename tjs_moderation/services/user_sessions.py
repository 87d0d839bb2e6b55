"""Sign-ins kept on the server: made, found again with every request, listed, and ended so that they are over.

A sign-in lives as long as its row does, is used often enough, and holds the person's newest `session_key`: whatever
changes that key (another role, a new password, an account closed) ends all of the person's sign-ins in every process.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.vocabulary import NoticeKind, SignInStage
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Setting, User, UserSession
from tjs_moderation.services import notices
from tjs_moderation.services.keeping import INITIALS
from tjs_moderation.services.options import LANGUAGES, Languages, languages_of
from tjs_moderation.services.transaction import Actor, transact, user
from tjs_moderation.services.wiring import ports

SEEN_EVERY = timedelta(minutes=1)
"""So often at most it is written down that somebody is there."""

HALF_WAY = timedelta(minutes=30)
"""So long somebody may take to show or make a second factor."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in as a request needs it."""

    id: int
    person: User
    languages: Languages
    stage: SignInStage
    made_at: datetime
    seen_at: datetime
    proved_at: datetime
    unread: int = 0
    """How many notices the person has not read."""
    has_initials: bool = False
    """Whether the house shows the names of the public as initials."""

    @property
    def is_proved(self) -> bool:
        """Whether they proved lately who they are, so that what is sensitive need not ask again."""
        wired = ports()
        return wired.clock() - self.proved_at <= timedelta(seconds=wired.settings.sign_in.proof_seconds)


def begin(user_id: int, stage: SignInStage, agent: str = "", *, is_new_device: bool = False) -> str:
    """Sign somebody in, as far as `stage`; gives what the cookie holds. Sign-ins that are over are cleared away.

    Leaves no audit entry, as a lease does not; whoever is in from a new device is told so.
    """
    key = secrets.token_urlsafe(32)
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        work.session.execute(delete(UserSession).where(_is_over(work.now)))
        person = work.session.get_one(User, user_id)
        sign_in = UserSession(
            key_hash=_hash(key),
            user_id=user_id,
            person_key=person.session_key,
            stage=stage,
            made_at=work.now,
            seen_at=work.now,
            proved_at=work.now,
            agent=agent,
        )
        work.session.add(sign_in)
        if is_new_device and stage is SignInStage.IN:
            work.session.flush()
            notices.tell(work, user_id, NoticeKind.SECURITY, None, f"new_device:{sign_in.id}")
    return key


def find(key: str) -> SignIn | None:
    """The sign-in that a cookie holds, while it lasts. One query, by a unique index."""
    found = db.session.execute(_sign_in(), {"key_hash": _hash(key)}).one_or_none()
    if found is None or _has_run_out(found[0]):
        return None
    row, person, languages, unread, has_initials = found
    return SignIn(
        row.id,
        person,
        languages_of(languages),
        row.stage,
        row.made_at,
        row.seen_at,
        row.proved_at,
        unread,
        bool(has_initials),
    )


@cache
def _sign_in() -> Select[UserSession, User, Any, int, Any]:
    """The statement, made once: every request asks it."""
    names = aliased(Setting)
    return (
        select(UserSession, User, Setting.value, notices.unread_of(User.id), names.value)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Setting, Setting.name == LANGUAGES)
        .outerjoin(names, names.name == INITIALS)
        .where(UserSession.key_hash == bindparam("key_hash"))
        .where(User.session_key == UserSession.person_key, User.is_active)
    )


def see(sign_in: SignIn) -> None:
    """Note that somebody is there; a minute's notes are one."""
    now = ports().clock()
    if now - sign_in.seen_at < SEEN_EVERY:
        return
    _change(sign_in, UserSession.seen_at < now, seen_at=now)


def prove(sign_in: SignIn) -> str:
    """Note that somebody has proved anew who they are; gives the new key that the cookie holds from now on."""
    key = secrets.token_urlsafe(32)
    _change(sign_in, proved_at=ports().clock(), key_hash=_hash(key))
    return key


def end(key: str) -> None:
    """Sign out the browser with this cookie."""
    with transact(_ANYBODY) as work:
        work.leave_no_entry()
        work.session.execute(delete(UserSession).where(UserSession.key_hash == _hash(key)))


def of(user_id: int) -> Sequence[UserSession]:
    """The sign-ins of somebody that last, the newest first."""
    own = select(UserSession).join(User, User.id == UserSession.user_id).where(UserSession.user_id == user_id)
    valid = own.where(User.session_key == UserSession.person_key, User.is_active, UserSession.stage == SignInStage.IN)
    return db.session.scalars(valid.where(~_is_over(ports().clock())).order_by(UserSession.id.desc())).all()


def end_one(actor: Actor, user_id: int, session_id: int) -> None:
    """End one sign-in of somebody's. NotFoundError where they have none with this number."""
    with transact(actor) as work:
        gone = delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
        if work.session.scalar(gone.returning(UserSession.id)) is None:
            raise NotFoundError("user_session")
        work.record("end_sign_ins", user=user_id, count=1)


def end_all(actor: Actor, user_id: int, but: int | None = None) -> int:
    """End every sign-in of somebody's, except `but`; gives how many there were. NotFoundError where there is nobody."""
    with transact(actor) as work:
        if work.session.get(User, user_id) is None:
            raise NotFoundError("user")
        gone = delete(UserSession).where(UserSession.user_id == user_id, UserSession.id != (but or 0))
        ended = len(work.session.scalars(gone.returning(UserSession.id)).all())
        work.record("end_sign_ins", user=user_id, count=ended)
    return ended


def end_everybody(session: Session) -> None:
    """End every sign-in there is: what was restored from a copy must not let anybody in. A part of verbs."""
    session.execute(delete(UserSession))


_ANYBODY = Actor("visitor")


def _change(sign_in: SignIn, *also: ColumnElement[bool], **values: Any) -> None:
    with transact(user(sign_in.person.id)) as work:
        work.leave_no_entry()
        work.session.execute(update(UserSession).where(UserSession.id == sign_in.id, *also).values(**values))


def _has_run_out(row: UserSession) -> bool:
    now, limits = ports().clock(), ports().settings.sign_in
    idle, longest = timedelta(seconds=limits.idle_seconds), timedelta(seconds=limits.longest_seconds)
    if row.stage is not SignInStage.IN:
        longest = min(longest, HALF_WAY)
    return now - row.seen_at > idle or now - row.made_at > longest


def _is_over(now: datetime) -> ColumnElement[bool]:
    limits = ports().settings.sign_in
    idle, longest = timedelta(seconds=limits.idle_seconds), timedelta(seconds=limits.longest_seconds)
    return or_(UserSession.seen_at < now - idle, UserSession.made_at < now - longest)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
