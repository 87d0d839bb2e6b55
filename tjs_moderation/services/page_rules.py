"""The page's rules in words, as the public reads them: versioned, published with a reason, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import PageRules, User
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import transact, user
from tjs_moderation.settings import LOCALES

LONGEST_TEXT = 20_000

SHIPPED_NUMBER = 1
SHIPPED_AT = datetime(2026, 11, 23, tzinfo=UTC)
"""When the shipped texts were last changed. They are version 1 of every install, until somebody publishes another."""


@dataclass(frozen=True, slots=True)
class PublicRules:
    """One version: its number, when it came into force, by whom and why (both empty for the shipped one)."""

    number: int
    texts: Mapping[str, str]
    published_at: datetime
    who: str = ""
    why: str = ""


@cache
def shipped() -> PublicRules:
    """The version that comes with the program."""
    folder = files("tjs_moderation.services").joinpath("page_rules_texts")
    texts = {language: folder.joinpath(f"{language}.txt").read_text(encoding="utf-8") for language in LOCALES}
    return PublicRules(SHIPPED_NUMBER, texts, SHIPPED_AT)


def public_rules(number: int | None = None) -> PublicRules:
    """The version in force, or the one of this `number`. NotFoundError where there is none of it."""
    statement = select(PageRules, User.name).outerjoin(User, User.id == PageRules.published_by_id)
    if number is not None:
        statement = statement.where(PageRules.number == number)
    row = db.session.execute(statement.order_by(PageRules.number.desc()).limit(1)).one_or_none()
    if row is not None:
        return _told(row[0], row[1])
    if number in {None, SHIPPED_NUMBER}:
        return shipped()
    raise NotFoundError("page_rules", number=number)


def public_versions(limit: int = 50) -> Sequence[PublicRules]:
    """The newest versions, the newest first, the shipped one last."""
    statement = (
        select(PageRules, User.name)
        .outerjoin(User, User.id == PageRules.published_by_id)
        .order_by(PageRules.number.desc())
        .limit(limit)
    )
    return [*(_told(found, name) for found, name in db.session.execute(statement)), shipped()]


def publish_public_rules(user_id: int, texts: Mapping[str, str], why: str, began_from: int) -> int:
    """Put these texts, one for every language, in force; gives the number of the version.

    `began_from` is the version they were made from: ConflictError tells `who` and `at` where another was published
    since. InvalidInputError where a text is missing or too long, nothing would change, or nobody says why.
    """
    kept = {language: storable(texts.get(language, "").strip()) + "\n" for language in LOCALES}
    why = storable(why.strip())
    _check(kept, why)
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.EDIT_RULES)
        before = _newest(work.session)
        if before.number != began_from:
            facts = {"who": before.who or "console", "what": "publish_public_rules", "at": before.published_at}
            raise ConflictError("rules_published_since", number=before.number, **facts)
        if dict(before.texts) == kept:
            raise InvalidInputError("rules_unchanged")
        number = before.number + 1
        work.session.add(
            PageRules(number=number, texts=kept, why=why, published_by_id=user_id, published_at=work.now),
        )
        work.record("publish_public_rules", number=number)
    return number


def _check(texts: Mapping[str, str], why: str) -> None:
    for text in texts.values():
        if not text.strip():
            raise InvalidInputError("public_rules_empty")
        if len(text) > LONGEST_TEXT:
            raise InvalidInputError("too_long", limit=LONGEST_TEXT, length=len(text))
    if not why:
        raise InvalidInputError("publishing_needs_why")


def _newest(session: Session) -> PublicRules:
    statement = select(PageRules, User.name).outerjoin(User, User.id == PageRules.published_by_id)
    row = session.execute(statement.order_by(PageRules.number.desc()).limit(1)).one_or_none()
    return shipped() if row is None else _told(row[0], row[1])


def _told(found: PageRules, name: str | None) -> PublicRules:
    return PublicRules(found.number, found.texts, found.published_at, name or "", found.why)
