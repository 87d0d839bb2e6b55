"""Settings made in the console, with their defaults."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tjs_moderation.models import Setting
from tjs_moderation.services.transaction import transact, user
from tjs_moderation.services.wiring import ports

FOUR_EYES = "four_eyes"
"""Whether somebody else than the writer of a revision has to approve it."""

HOLD_BACK = "hold_back_seconds"
"""How long an act waits before it leaves, so that it can be taken back."""


def has_four_eyes(session: Session) -> bool:
    """Whether nobody may approve a revision they wrote; off by default, since a small house has one tiedottaja."""
    return bool(_read(session, FOUR_EYES, False))


def hold_back_seconds(session: Session) -> int:
    """Seconds an act is held back; the environment's value unless the console has one."""
    return int(_read(session, HOLD_BACK, ports().settings.hold_back_seconds))


def _read(session: Session, name: str, default: object) -> Any:
    setting = session.get(Setting, name)
    return default if setting is None else setting.value


def put_option(user_id: int, name: str, value: object) -> None:
    """Change one setting."""
    with transact(user(user_id)) as work:
        setting = work.session.get(Setting, name)
        if setting is None:
            work.session.add(Setting(name=name, value=value))
        else:
            setting.value = value
        work.record("put_option", name=name, value=value)
