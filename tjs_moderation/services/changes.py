"""Changes of settings, topics and reasons: each kept with what was and what became. Parts of verbs, and their reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import SettingChange, User
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import Actor, Work

HISTORY = 10
"""How many of the newest changes a page tells."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a subject, the `number`th: what became another, by name, when and by whom (empty: a command)."""

    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    who: str


def check_actor(session: Session, actor: Actor, permission: Permission) -> None:
    """Raises NotAllowedError where a person acts who may not. A command is given by whoever has the machine."""
    if actor.user_id is not None:
        acting_user(session, actor.user_id, permission)


def number_of(session: Session, subject: str) -> int:
    """How often a subject has been changed: what a form takes along, so that nobody overwrites another unseen."""
    newest = select(func.max(SettingChange.number)).where(SettingChange.subject == subject)
    return session.scalar(newest) or 0


def numbers_of(session: Session, subjects: Sequence[str]) -> dict[str, int]:
    """The same for several subjects; those never changed are not in it."""
    newest = select(SettingChange.subject, func.max(SettingChange.number)).where(SettingChange.subject.in_(subjects))
    return dict(session.execute(newest.group_by(SettingChange.subject)).all())


def keep_change(
    work: Work, subject: str, seen: int | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    """Keep a change; gives the part of the audit entry that tells it: `subject`, `before` and `after`.

    Only what became another is kept. `seen` is the number the change was made on, None where nobody looked; where the
    subject has been changed since, ConflictError tells `who` and `at`. Nothing is kept where nothing becomes another:
    what is given then is empty.
    """
    number = number_of(work.session, subject)
    if seen not in {None, number}:
        raise _changed_since(work.session, subject)
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return {}
    was, became = ({name: told.get(name) for name in changed} for told in (before, after))
    work.session.add(
        SettingChange(
            subject=subject,
            number=number + 1,
            before=was,
            after=became,
            changed_by_id=work.actor.user_id,
            changed_at=work.now,
        )
    )
    work.session.flush()
    return {"subject": subject, "before": was, "after": became}


def changes_of(session: Session, subject: str, after: int = 0, limit: int = HISTORY) -> Sequence[Change]:
    """The newest changes of a subject beyond the `after`th, the newest first."""
    statement = (
        select(SettingChange, User.name)
        .outerjoin(User, User.id == SettingChange.changed_by_id)
        .where(SettingChange.subject == subject, SettingChange.number > after)
        .order_by(SettingChange.number.desc())
        .limit(limit)
    )
    return [
        Change(found.number, found.before, found.after, found.changed_at, name or "")
        for found, name in session.execute(statement)
    ]


def people_in(changes: Iterable[Change]) -> set[int]:
    """The ids of the people whose names these changes need."""
    parts = [part for change in changes for part in (change.before, change.after)]
    experts = {number for part in parts for number in part.get("experts") or ()}
    return experts | {part["owner"] for part in parts if part.get("owner")}


def _changed_since(session: Session, subject: str) -> ConflictError:
    last = changes_of(session, subject, limit=1)
    if not last:
        return ConflictError("setting_changed")
    return ConflictError("setting_changed", who=last[0].who or "console", what="put_option", at=last[0].at)
