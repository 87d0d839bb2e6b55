"""What the house has agreed on about people's data: for how long what is kept, and whether names are shown in full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from tjs_moderation.domain.retention import MOST_DAYS, USUAL_DAYS, Kept, is_possible
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Setting
from tjs_moderation.services.changes import check_actor, keep_change
from tjs_moderation.services.options import put_setting, subject_of
from tjs_moderation.services.transaction import Actor, Work, transact

RETENTION = "retention"
"""How many days each kind is kept."""

INITIALS = "initials"
"""Whether the names of the public are shown as initials."""


def retention(session: Session) -> dict[Kept, int]:
    """How many days each kind is kept, as it is set now."""
    kept = session.get(Setting, RETENTION)
    told = kept.value if kept else {}
    return {kind: int(told.get(kind, usual)) for kind, usual in USUAL_DAYS.items()}


def has_initials(session: Session) -> bool:
    """Whether the names of the public are shown as initials; off by default."""
    kept = session.get(Setting, INITIALS)
    return bool(kept and kept.value)


def set_retention(actor: Actor, days: Mapping[Kept, int], seen: int | None = None) -> bool:
    """Say for how many days these kinds are kept; the others stay. Gives whether anything became another.

    InvalidInputError for a number of days that is too small or too large.
    """
    if not all(is_possible(kind, number) for kind, number in days.items()):
        raise InvalidInputError("retention_range", most=MOST_DAYS)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before = {str(kind): number for kind, number in retention(work.session).items()}
        after = before | {str(kind): number for kind, number in days.items()}
        return _change(work, "set_retention", RETENTION, seen, before, after, after)


def set_initials(actor: Actor, is_on: bool, seen: int | None = None) -> bool:
    """Say whether the names of the public are shown as initials; gives whether anything became another."""
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_SETTINGS)
        before = has_initials(work.session)
        return _change(work, "set_names", INITIALS, seen, {INITIALS: before}, {INITIALS: is_on}, is_on)


def _change(
    work: Work,
    verb: str,
    name: str,
    seen: int | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    value: object,
) -> bool:
    entry = keep_change(work, subject_of(name), seen, before, after)
    if not entry:
        work.leave_no_entry()
        return False
    put_setting(work.session, name, value)
    work.record(verb, **entry)
    return True
