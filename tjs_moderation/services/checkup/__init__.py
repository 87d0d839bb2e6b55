"""Looks the whole install over, and says of each thing how it is, what was seen and (by its code) what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Depth, Finding, unknown
from tjs_moderation.services.checkup import books, channel, days, machine, work
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is looked at: the names of what it finds, and how it looks."""

    names: tuple[str, ...]
    look: Callable[[], Iterable[Finding]]


def look_over(session: Session | None, depth: Depth) -> list[Finding]:
    """Everything, in the order in which it is mended. Without a session, what stands in the database stays unknown."""
    wired = ports()
    return look_at_machine(wired.settings, depth) + look_at_data(session, wired.settings, wired.clock(), depth)


def look_at_machine(settings: Settings, depth: Depth) -> list[Finding]:
    """What can be looked at without a database."""
    return _all(
        (
            Check(("python", "libraries"), machine.program),
            Check(("instance",), lambda: machine.instance(settings)),
            Check(("key_files",), lambda: machine.key_files(settings)),
            Check(("disk",), lambda: machine.disk(settings)),
            Check(("dictionary",), lambda: machine.dictionary(depth)),
            Check(("model",), lambda: machine.model(depth)),
            Check(("mail",), lambda: machine.mail(settings)),
        )
    )


def look_at_data(session: Session | None, settings: Settings, now: datetime, depth: Depth) -> list[Finding]:
    """What stands in the database, and the queue."""
    checks = (
        Check(("queue",), work.queue),
        *(
            Check(names, lambda look=look: look(session, now, depth))  # type: ignore[misc]  # bound at once
            for names, look in (
                (("worker",), work.worker),
                (("clock",), books.clock),
                (("rules",), books.rules),
                (("counters",), books.counters),
                (("tallies",), days.tallies),
                (("audit",), books.audit),
                (("heads",), books.heads),
                (("backlog",), work.backlog),
                (("waiting_act",), work.waiting_act),
                (("acts_in_trouble",), work.acts_in_trouble),
                (("mails",), work.mails),
                (("secrets",), channel.secrets),
                (("channel", "token", "permissions", "walk", "events", "usage", "hints"), channel.connections),
            )
        ),
    )
    needs_database = checks[1:]
    if session is None:
        first = _all(checks[:1])
        return first + [unknown(name, "needs_database") for check in needs_database for name in check.names]
    return _all(checks)


def _all(checks: Iterable[Check]) -> list[Finding]:
    found: list[Finding] = []
    for check in checks:
        try:
            found += check.look()
        except Exception as error:  # noqa: BLE001  # a check that breaks must not hide what the others see
            # Its kind alone: the text of an error can hold anything.
            found += [unknown(name, "check_failed", kind=type(error).__name__) for name in check.names]
    return found
