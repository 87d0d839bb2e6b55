"""The rule set in force: versioned in the database, published with a reason, never changed in place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, Fault, FaultsError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import RuleSet, User
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import Actor, Work, transact


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


def versions(limit: int | None = None, before: int | None = None) -> Sequence[tuple[RuleSet, str | None]]:
    """The published versions, the newest first, with the name of whoever published each (None for the console).

    Only those older than number `before`, where it is given. Their texts are read when they are asked for.
    """
    statement = (
        select(RuleSet, User.name)
        .options(defer(RuleSet.text))
        .outerjoin(User, User.id == RuleSet.published_by_id)
        .order_by(RuleSet.number.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(RuleSet.number < before)
    return [(found, name) for found, name in db.session.execute(statement)]


def publisher_of(rules: RuleSet) -> str | None:
    """The name of whoever published a version; None for the console."""
    return db.session.scalar(select(User.name).where(User.id == rules.published_by_id))


def faults_in(text: str) -> Sequence[Fault]:
    """Every fault of a text that wants to be a rule set, in the order of their lines."""
    try:
        parse_rule_set(text)
    except FaultsError as error:
        return error.faults
    return ()


def publish_rules(actor: Actor, text: str, why: str, began_from: int | None = None) -> int:
    """Put a rule set in force in place of the one before it; gives its number.

    A person needs the permission to edit rules. `began_from` is the version the text was made from, None where nobody
    looked: where another has been put in force since, ConflictError tells `who` and `at` (and its `number`).
    Raises `FaultsError` with every fault of the text, and InvalidInputError where nothing would change or nobody says
    why.
    """
    parse_rule_set(text)
    why = storable(why.strip())
    if not why:
        raise InvalidInputError("publishing_needs_why")
    with transact(actor) as work:
        if actor.user_id is not None:
            acting_user(work.session, actor.user_id, Permission.EDIT_RULES)
        before = live_held(work.session)
        if before is not None and began_from not in {None, before.number}:
            raise published_since(work.session, before)
        if before is not None and before.text == text:
            raise InvalidInputError("rules_unchanged")
        rules = put_in_force(work, text, why)
        work.record("publish_rules", number=rules.number, sha256=rules.text_hash)
    return rules.number


def put_in_force(work: Work, text: str, why: str) -> RuleSet:
    """Put a sound text in force as a new version. A part of verbs, which hold the version before (`live_held`)."""
    work.session.execute(update(RuleSet).where(RuleSet.is_live).values(is_live=False))
    rules = RuleSet(
        number=(work.session.scalar(select(func.max(RuleSet.number))) or 0) + 1,
        text=text,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        is_live=True,
        why=why,
        published_by_id=work.actor.user_id,
        published_at=work.now,
    )
    work.session.add(rules)
    return rules


def live_held(session: Session) -> RuleSet | None:
    """The rule set in force, held until this transaction ends. A part of verbs."""
    live = select(RuleSet).where(RuleSet.is_live).with_for_update()
    # PostgreSQL finds nothing where it had to wait for one that is no longer in force: the one after it is found now.
    return session.scalars(live).one_or_none() or session.scalars(live).one_or_none()


def published_since(session: Session, live: RuleSet) -> ConflictError:
    """The error that tells who put another version in force meanwhile, and when."""
    person = session.get(User, live.published_by_id) if live.published_by_id else None
    who = person.name if person else "console"
    return ConflictError(
        "rules_published_since", number=live.number, who=who, what="publish_rules", at=live.published_at
    )
