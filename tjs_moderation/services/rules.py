"""The rule set in force: versioned in the database, published with a reason, never changed in place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.errors import InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import RuleSet, User
from tjs_moderation.services.transaction import Actor, transact


def live_rules(session: Session | None = None) -> RuleSet:
    """The rule set in force. Raises NotFoundError on an install that was never prepared."""
    found = (session or db.session).scalars(select(RuleSet).where(RuleSet.is_live)).one_or_none()
    if found is None:
        raise NotFoundError("rule_set")
    return found


def rules_by_number(number: int) -> RuleSet:
    """One published version. NotFoundError where there is none of this number."""
    found = db.session.scalars(select(RuleSet).where(RuleSet.number == number)).one_or_none()
    if found is None:
        raise NotFoundError("rule_set", number=number)
    return found


def versions(limit: int | None = None) -> Sequence[tuple[RuleSet, str | None]]:
    """Every published version, the newest first, with the name of whoever published it (None for the console)."""
    statement = (
        select(RuleSet, User.name)
        .outerjoin(User, User.id == RuleSet.published_by_id)
        .order_by(RuleSet.number.desc())
        .limit(limit)
    )
    return [(found, name) for found, name in db.session.execute(statement)]


def publish_rules(actor: Actor, text: str, why: str, published_by_id: int | None = None) -> int:
    """Put a rule set in force in place of the one before it; gives its number.

    Raises `FaultsError` with every fault of the text, and InvalidInputError where nothing would change or nobody says
    why.
    """
    parse_rule_set(text)
    why = storable(why.strip())
    if not why:
        raise InvalidInputError("publishing_needs_why")
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transact(actor) as work:
        before = work.session.scalars(select(RuleSet).where(RuleSet.is_live).with_for_update()).one_or_none()
        if before is not None and before.text_hash == digest:
            raise InvalidInputError("rules_unchanged")
        work.session.execute(update(RuleSet).where(RuleSet.is_live).values(is_live=False))
        number = (work.session.scalar(select(func.max(RuleSet.number))) or 0) + 1
        work.session.add(
            RuleSet(
                number=number,
                text=text,
                text_hash=digest,
                is_live=True,
                why=why,
                published_by_id=published_by_id,
                published_at=work.now,
            ),
        )
        work.record("publish_rules", number=number, sha256=digest)
    return number
