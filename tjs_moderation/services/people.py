"""The people who work here: adding them, their passwords, and who they are when they sign in."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from tjs_moderation.domain import passwords
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.mentions import HANDLE
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import SignInLink, Topic, User
from tjs_moderation.services.duties import give_topics, person_held
from tjs_moderation.services.factors import tell_of
from tjs_moderation.services.transaction import Actor, Work, transact, user
from tjs_moderation.services.wiring import ports

LINK_HOURS = 48
"""How long a one-time sign-in link works."""

_hasher = PasswordHasher()
# Each takes 64 megabytes for a moment: a morning's sign-ins, or somebody's tries, must not take them all at once.
_turns = BoundedSemaphore(2)
# What a password is compared with where there is no such person, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))

_EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]+\.[^@\s<>\"',;.]{2,}")


def add_user(
    actor: Actor,
    name: str,
    email: str,
    role: Role,
    topics: Sequence[str] = (),
    password: str | None = None,
) -> tuple[int, str | None]:
    """Add somebody; gives their id and, where no password was given, the token of a one-time sign-in link.

    Raises InvalidInputError where the name, address or password is none or a topic is unknown, ConflictError where the
    address is in use.
    """
    name, email = storable(name.strip()), _address(email)
    _check_person(name, email)
    if password is not None:
        check_password(password, name, email)
    with transact(actor) as work:
        if work.session.scalar(select(User.id).where(User.email == email)) is not None:
            raise ConflictError("email_in_use", email=email)
        person = User(
            name=name,
            handle=_free_handle(work.session, name),
            email=email,
            role=role,
            password_hash=_hasher.hash(password) if password is not None else None,
            session_key=secrets.token_hex(16),
            is_active=True,
            created_at=work.now,
        )
        work.session.add(person)
        work.session.flush()
        give_topics(work, person.id, topics)
        token = None if password is not None else _new_link(work, person.id)
        work.record("add_user", user=person.id, role=str(role))
    return person.id, token


def set_active(actor: Actor, user_id: int, is_active: bool) -> None:
    """Let somebody in, or out at once: their sign-ins end. TransitionError where people would shut themselves out."""
    if actor == user(user_id) and not is_active:
        raise TransitionError("not_oneself")
    with transact(actor) as work:
        person = person_held(work.session, user_id)
        person.is_active = is_active
        person.session_key = secrets.token_hex(16)
        work.record("set_active", user=user_id, is_active=is_active)


def reset_password(actor: Actor, email: str, password: str | None = None) -> str | None:
    """Set a password, or make a one-time link to choose one (its token is given back). Ends the person's sign-ins."""
    with transact(actor) as work:
        person = work.session.scalars(select(User).where(User.email == _address(email))).one_or_none()
        if person is None:
            raise NotFoundError("user", email=email)
        if password is not None:
            check_password(password, person.name, person.email)
        person.session_key = secrets.token_hex(16)
        person.password_hash = _hasher.hash(password) if password is not None else None
        _end_links(work, person.id)
        token = None if password is not None else _new_link(work, person.id)
        work.record("reset_password", user=person.id)
        tell_of(work, person.id, "password_reset")
    return token


def find_link(token: str) -> User | None:
    """The person a one-time link is for, while it works; it opens nothing by itself."""
    link = db.session.get(SignInLink, _token_hash(token))
    if link is None or link.used_at is not None or link.expires_at <= ports().clock():
        return None
    person = db.session.get(User, link.user_id)
    return person if person and person.is_active else None


def use_link(token: str, password: str) -> int:
    """Choose a password by a one-time link; gives the person's id. NotFoundError where the link works no more."""
    found = find_link(token)
    if found is None:
        raise NotFoundError("sign_in_link")
    check_password(password, found.name, found.email)
    with transact(user(found.id)) as work:
        link = work.session.get(SignInLink, _token_hash(token), with_for_update=True)
        if link is None or link.used_at is not None:
            raise NotFoundError("sign_in_link")
        person = person_held(work.session, link.user_id)
        _end_links(work, person.id)
        _take_password(work, person, password)
    return person.id


def change_password(person: User, current: str, password: str) -> None:
    """Choose another password, knowing the one there is. All of one's sign-ins end. InvalidInputError."""
    if not is_password_of(person, current):
        raise InvalidInputError("password_wrong")
    check_password(password, person.name, person.email)
    with transact(user(person.id)) as work:
        _take_password(work, person_held(work.session, person.id), password)


def is_password_of(person: User, password: str) -> bool:
    """Whether this is the person's password; nothing is, where they have chosen none."""
    try:
        with _turns:
            _hasher.verify(person.password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(person.password_hash)


def authenticate(email: str, password: str) -> User | None:
    """The person with this address and password, or None. Takes as long for an address nobody has."""
    person = db.session.scalars(select(User).where(User.email == _address(email))).one_or_none()
    known = person or User(password_hash=None)
    return person if is_password_of(known, password) and known.is_active else None


def by_id(user_id: int) -> User:
    """The person with this id. NotFoundError where there is none."""
    person = db.session.get(User, user_id)
    if person is None:
        raise NotFoundError("user")
    return person


def by_email(email: str) -> User:
    """The person with this address. NotFoundError where there is none."""
    person = db.session.scalars(select(User).where(User.email == _address(email))).one_or_none()
    if person is None:
        raise NotFoundError("user", email=email)
    return person


def check_password(password: str, *personal: str) -> None:
    """Raises InvalidInputError where a password is too short or too long, or one that is tried first.

    `personal`: the name and address of whose it is to be.
    """
    found = passwords.weakness(password, personal)
    if found is not None:
        raise InvalidInputError(str(found), least=passwords.MINIMUM, most=passwords.MAXIMUM)


def everybody() -> Sequence[User]:
    """All people of the house with their topics, by name."""
    return db.session.scalars(select(User).options(selectinload(User.topics)).order_by(User.name, User.id)).all()


def topics() -> Sequence[Topic]:
    """The topics in use with their experts, by name."""
    in_use = select(Topic).where(Topic.is_active).options(selectinload(Topic.experts))
    return db.session.scalars(in_use.order_by(Topic.name)).all()


def has_anybody() -> bool:
    """Whether the install has its first person."""
    return bool(db.session.scalar(select(func.count()).select_from(User)))


def _take_password(work: Work, person: User, password: str) -> None:
    """Let somebody have the password they chose; their sign-ins end."""
    person.password_hash = _hasher.hash(password)
    person.session_key = secrets.token_hex(16)
    work.record("choose_password", user=person.id)
    tell_of(work, person.id, "password_chosen")


def _address(email: str) -> str:
    """An address as it is kept and looked for."""
    return storable(email.strip().lower())


def _check_person(name: str, email: str) -> None:
    if not name or len(name) > 120:
        raise InvalidInputError("user_name", limit=120)
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise InvalidInputError("user_email", email=email)


def _free_handle(session: Session, name: str) -> str:
    """A handle made of the first name, with a number behind it where somebody has it already."""
    first = unicodedata.normalize("NFC", name.split(maxsplit=1)[0]).lower()
    wanted = "".join(sign for sign in first if re.fullmatch(HANDLE, sign))[:50] or "henkilo"
    taken = set(session.scalars(select(User.handle).where(User.handle.startswith(wanted, autoescape=True))))
    return next(h for h in (wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3))) if h not in taken)


def _end_links(work: Work, user_id: int) -> None:
    """None of the links that this person was given works any more."""
    open_links = update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None))
    work.session.execute(open_links.values(used_at=work.now).execution_options(synchronize_session=False))


def _new_link(work: Work, user_id: int) -> str:
    token = secrets.token_urlsafe(32)
    work.session.add(
        SignInLink(
            token_hash=_token_hash(token),
            user_id=user_id,
            expires_at=work.now + timedelta(hours=LINK_HOURS),
        ),
    )
    return token


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
