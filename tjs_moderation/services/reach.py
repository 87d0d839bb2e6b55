"""Who may reach which item, and taking hold of one to change it. Parts of verbs and of reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import flag_modified

from tjs_moderation.domain.vocabulary import CaseState, ItemKind, Permission
from tjs_moderation.errors import ConflictError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.models import AuditEntry, AuditSubject, Item, Mention, Note, Opinion, Routing, User
from tjs_moderation.services.transaction import Work

_WORK = frozenset(
    {
        Permission.DECIDE,
        Permission.ROUTE,
        Permission.WRITE_NOTE,
        Permission.DRAFT_ANSWER,
        Permission.APPROVE_ANSWER,
        Permission.GIVE_OPINION,
    }
)
"""What is done to what somebody wrote; seeing to acts and looking are not."""
_Later = aliased(Routing)

_PERSON = select(User).where(User.id == bindparam("person"))
_ITEM = select(Item).where(Item.id == bindparam("item")).with_for_update(of=Item)


def sight_of(person: User) -> Permission | None:
    """The widest permission to see items that a person holds; None where they may see none."""
    return next(filter(person.may, (Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)), None)


def visible_to(person: User) -> ColumnElement[bool]:
    """The items `person` may see, as a condition on `Item`: closed by default.

    An expert sees what is, or was, routed to them, what waits for anybody to take it, what a note names them in, and
    what they were asked their opinion of. Of private messages they see of what was routed to them only what has gone
    to nobody else since and was not given back.
    """
    return visible_by(sight_of(person), person.id)


def visible_by(sight: Permission | None, person_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """The same for a person with this permission, who may still be unknown: for statements that are made once."""
    if sight is Permission.SEE_ALL_ITEMS:
        return true()
    if sight is not Permission.SEE_ROUTED_ITEMS:
        return Item.id.is_(None)
    is_last = ~exists().where(_Later.item_id == Routing.item_id, _Later.id > Routing.id)
    is_for_good = or_(Item.kind == ItemKind.COMMENT, and_(Routing.ended_why == "", is_last))
    was_routed = exists().where(Routing.item_id == Item.id, Routing.expert_id == person_id, is_for_good)
    is_mentioned = exists().where(Note.item_id == Item.id, Mention.note_id == Note.id, Mention.user_id == person_id)
    is_for_anybody = (Item.state == CaseState.EXPERT) & Item.expert_id.is_(None)
    # A query that reads opinions beside items must not be taken for this one.
    was_asked = exists().where(Opinion.item_id == Item.id, Opinion.asked_of_id == person_id).correlate(Item)
    return or_(Item.expert_id == person_id, is_for_anybody, was_routed, is_mentioned, was_asked)


def acting_user(session: Session, user_id: int, permission: Permission) -> User:
    """The person who acts. Raises NotAllowedError where they may not (any more)."""
    person = session.scalars(_PERSON, {"person": user_id}).one_or_none()
    if person is None or not person.may(permission):
        raise NotAllowedError(permission)
    return person


def item_to_change(work: Work, user_id: int, item_id: int, version: int | None, permission: Permission) -> Item:
    """The item, locked for this transaction.

    Raises NotAllowedError, NotFoundError (also where the person may not see it), ConflictError where it is no longer
    at `version` (None asks for no particular one), TransitionError where it was erased: there is nothing left to work
    on.
    """
    person = acting_user(work.session, user_id, permission)
    statement = _ITEM if person.may(Permission.SEE_ALL_ITEMS) else _ITEM.where(visible_to(person))
    item = work.session.scalars(statement, {"item": item_id}).one_or_none()
    if item is None:
        raise NotFoundError("item")
    if version is not None and item.version != version:
        raise conflict(work.session, item_id)
    if item.erased_at is not None and permission in _WORK:
        raise TransitionError("item_erased")
    return item


def touch(item: Item, now: datetime) -> None:
    """Give an item a new version, even where none of its columns becomes another."""
    item.changed_at = now
    flag_modified(item, "changed_at")


def conflict(session: Session, item_id: int, code: str = "item_changed") -> ConflictError:
    """A ConflictError that tells who did what to the item last: `who` (a name or an actor), `what` (a verb), `at`."""
    last = last_deed(session, item_id)
    if last is None:
        return ConflictError(code, item_id=item_id)
    kind, _, number = last.actor.partition(":")
    person = session.get(User, int(number)) if kind == "user" else None
    who = person.name if person else kind
    return ConflictError(code, item_id=item_id, who=who, what=last.verb, at=datetime.fromisoformat(last.at))


def last_deed(session: Session, item_id: int) -> AuditEntry | None:
    """The newest entry of the audit log about an item."""
    return session.scalars(
        select(AuditEntry)
        .join(AuditSubject, AuditSubject.seq == AuditEntry.seq)
        .where(AuditSubject.item_id == item_id)
        .order_by(AuditEntry.seq.desc())
        .limit(1),
    ).one_or_none()
