"""Settings made in the console, with their defaults."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import Hours, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Setting
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import Actor, Work, transact, user
from tjs_moderation.services.wiring import ports

FOUR_EYES = "four_eyes"
"""Whether somebody else than the writer of a revision has to approve it."""

HOLD_BACK = "hold_back_seconds"
"""How long an act waits before it leaves, so that it can be taken back."""

AUTOMATIC = "automatic"
"""Whether, how often and at which hours rules may hide by themselves (P13)."""

LARGEST_CAP = 10_000


@dataclass(frozen=True, slots=True)
class Automation:
    """What rules may hide by themselves: nothing unless it is switched on, and never more than the cap in a day."""

    is_on: bool = False
    cap_per_day: int = 20
    hours: Hours = Hours.OUTSIDE


def has_four_eyes(session: Session) -> bool:
    """Whether nobody may approve a revision they wrote; off by default, since a small house has one tiedottaja."""
    return bool(_read(session, FOUR_EYES, False))


def hold_back_seconds(session: Session) -> int:
    """Seconds an act is held back; the environment's value unless the console has one."""
    return int(_read(session, HOLD_BACK, ports().settings.hold_back_seconds))


def _read(session: Session, name: str, default: object) -> Any:
    setting = session.get(Setting, name)
    return default if setting is None else setting.value


def automation(session: Session) -> Automation:
    """What rules may hide by themselves, as it is set now."""
    return _automation(session.get(Setting, AUTOMATIC))


def automation_held(session: Session) -> Automation:
    """The same, held until this transaction ends: whoever counts what a cap allows does so one after the other."""
    return _automation(
        session.scalars(select(Setting).where(Setting.name == AUTOMATIC).with_for_update()).one_or_none()
    )


def _automation(setting: Setting | None) -> Automation:
    if setting is None:
        return Automation()
    kept = setting.value
    return Automation(kept["is_on"], kept["cap_per_day"], Hours(kept["hours"]))


def put_option(user_id: int, name: str, value: object) -> None:
    """Change one setting."""
    with transact(user(user_id)) as work:
        _put(work, name, value)
        work.record("put_option", name=name, value=value)


def set_automatic(
    actor: Actor, is_on: bool | None = None, cap_per_day: int | None = None, hours: Hours | None = None
) -> Automation:
    """Change what rules may hide by themselves; what is None stays as it is. Gives what is set then.

    A person needs the permission to edit rules. InvalidInputError for a cap that is no number from 0 to `LARGEST_CAP`.
    """
    if cap_per_day is not None and not 0 <= cap_per_day <= LARGEST_CAP:
        raise InvalidInputError("automatic_cap", most=LARGEST_CAP)
    with transact(actor) as work:
        if actor.user_id is not None:
            acting_user(work.session, actor.user_id, Permission.EDIT_RULES)
        before = automation(work.session)
        changed = Automation(
            is_on=before.is_on if is_on is None else is_on,
            cap_per_day=before.cap_per_day if cap_per_day is None else cap_per_day,
            hours=before.hours if hours is None else hours,
        )
        _put(work, AUTOMATIC, asdict(changed))
        work.record("set_automatic", **asdict(changed))
    return changed


def _put(work: Work, name: str, value: object) -> None:
    setting = work.session.get(Setting, name)
    if setting is None:
        work.session.add(Setting(name=name, value=value))
    else:
        setting.value = value
