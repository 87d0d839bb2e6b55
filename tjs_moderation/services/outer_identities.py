"""Who somebody is to an OpenID provider. Nobody is added by coming in this way: only who exists already is let in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.models import OuterIdentity, User
from tjs_moderation.services.factors import tell_of
from tjs_moderation.services.transaction import Work, transact, user


def recognise(session: Session, issuer: str, subject: str, email: str, *, is_verified: bool) -> User | None:
    """The person whom a provider knows as `subject`, None where nobody here is that.

    The first time they are found by their address, if the provider has verified it; from then on by `subject` alone,
    for an address may be given to somebody else.
    """
    known = session.get(OuterIdentity, (issuer, subject))
    if known is not None:
        person = session.get(User, known.user_id)
        return person if person is not None and person.is_active else None
    if not is_verified or not email or len(subject) > 255 or not subject:
        return None
    own = select(User).where(User.email == email.strip().lower(), User.is_active)
    person = session.scalars(own).one_or_none()
    if person is None:
        return None
    with transact(user(person.id)) as work:
        return person if _bind(work, person.id, issuer, subject) else None


def _bind(work: Work, user_id: int, issuer: str, subject: str) -> bool:
    """Keep who the person is there; not where the provider knew them as somebody else before."""
    other = select(OuterIdentity).where(OuterIdentity.user_id == user_id, OuterIdentity.issuer == issuer)
    if work.session.scalars(other).first() is not None:
        work.leave_no_entry()
        return False
    work.session.add(OuterIdentity(issuer=issuer, subject=subject, user_id=user_id, made_at=work.now))
    work.record("add_factor", user=user_id, kind="openid")
    tell_of(work, user_id, "openid_added")
    return True
