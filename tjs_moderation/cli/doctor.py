"""`doctor`: is everything in order, and what to do where it is not. Changes nothing, and needs nothing to be whole."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tjs_moderation.domain.health import Depth, Finding
    from tjs_moderation.settings import Settings

_MARKS = {"ok": "✓", "warn": "!", "bad": "✗", "unknown": "?"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--deep", is_flag=True, help="Read the whole database and the whole audit log as well.")
def doctor(as_json: bool, deep: bool) -> None:
    """Look the install over. Ends with 1 where something is wrong; every finding names the next step."""
    from zoneinfo import ZoneInfo

    from tjs_moderation.domain.health import Depth, Health, worst
    from tjs_moderation.web.health_words import tell

    settings, found = _settings()
    found += _look(settings, Depth.DEEP if deep else Depth.LOOK) if settings is not None else []
    told = [tell(finding, settings.zone if settings else ZoneInfo("UTC")) for finding in found]
    is_fine = worst(found) is not Health.BAD
    if as_json:
        checks = [
            {"name": one.finding.name, "state": str(one.finding.health), "seen": one.seen, "do": one.todo}
            for one in told
        ]
        click.echo(json.dumps({"ok": is_fine, "checks": checks}, ensure_ascii=False))
    else:
        for one in told:
            click.echo(f"{_MARKS[one.finding.health]} {one.title}: {one.seen}")
            if one.todo:
                click.echo(f"    → {one.todo}")
    sys.exit(0 if is_fine else 1)


def _settings() -> tuple[Settings | None, list[Finding]]:
    """The settings, or what is wrong with them beside what can be looked at without any."""
    from tjs_moderation.domain.health import bad
    from tjs_moderation.errors import ConfigurationError
    from tjs_moderation.services.checkup import machine
    from tjs_moderation.settings import read_settings

    try:
        return read_settings(), []
    except ConfigurationError as error:
        return None, [bad("settings", "settings", faults="; ".join(error.faults)), *machine.program()]


def _look(settings: Settings, depth: Depth) -> list[Finding]:
    """Everything; where not even the app can be made, the machine alone."""
    from tjs_moderation.app import ROOT, create_app
    from tjs_moderation.domain.health import bad
    from tjs_moderation.services.checkup import look_at_data, look_at_machine
    from tjs_moderation.services.checkup.database import looked_at
    from tjs_moderation.services.wiring import ports

    found = look_at_machine(settings, depth)
    try:
        app = create_app(settings)
    except Exception as error:  # noqa: BLE001  # whatever it is, the other findings are told
        return [*found, bad("app", "app", kind=type(error).__name__)]
    with app.app_context(), looked_at(settings, str(ROOT / "migrations"), depth) as (of_database, session):
        return found + of_database + look_at_data(session, settings, ports().clock(), depth)
