"""Signed heads: made every day, told outside until it is certain, and good for finding what was done to the log."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.commands.conftest import Terminal, terminal
from tests.support.fakes import MovableClock
from tjs_moderation import jobs
from tjs_moderation.audit_verifier import verify_export
from tjs_moderation.cli.context import installed_app
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.heads import HeadAddress, HeadFile
from tjs_moderation.models import AuditEntry, SignedHead
from tjs_moderation.services import heads
from tjs_moderation.settings import read_settings
from tjs_moderation.simulator import BackgroundServer

__all__ = ["terminal"]


class Notary:
    """A place outside that keeps what it is told, or cannot be reached."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.is_away = False

    def tell(self, line: str) -> None:
        if self.is_away:
            raise GatewayError(GatewayFailure.TRANSIENT, "status 503")
        self.kept.append(line)


@pytest.fixture
def notary(app: Flask) -> Notary:
    """The one place outside that this install tells."""
    keeper = Notary()
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], head_outlets={"notary": keeper})
    return keeper


def exported() -> list[str]:
    lines: list[str] = []
    heads.export(lines.append)
    return lines


def test_a_head_is_signed_once_a_day_and_told_outside(notary: Notary, clock: MovableClock, session: Session) -> None:
    for _ in range(3):
        heads.keep_up()
        clock.advance(hours=13)
    assert len(notary.kept) == 2
    assert session.scalar(select(func.count()).select_from(SignedHead)) == 2
    for line in notary.kept:
        assert verify_export(exported(), line, heads.public_key()).is_whole


def test_a_place_that_cannot_be_reached_is_told_later_and_asked_less_and_less_often(
    notary: Notary, clock: MovableClock, session: Session
) -> None:
    notary.is_away = True
    heads.keep_up()
    [state] = heads.outlets(session)
    session.rollback()
    assert (state.told_at, state.failure) == (None, "status 503")
    notary.is_away = False
    heads.keep_up()
    assert notary.kept == []
    clock.advance(minutes=2)
    heads.keep_up()
    assert len(notary.kept) == 1
    assert heads.outlets(session)[0].failure == ""


def test_the_signing_itself_stands_in_the_log(app: Flask, session: Session) -> None:
    head = heads.sign_now()
    newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (newest.verb, json.loads(newest.body)) == ("sign_head", {"seq": head.seq, "key": head.key})


def test_the_key_is_made_once_and_readable_to_its_owner_alone(app: Flask) -> None:
    key = heads.public_key()
    path = app.extensions["tjs_ports"].settings.audit_key_path
    assert (heads.public_key(), path.stat().st_mode & 0o777) == (key, 0o600)


def test_a_file_gains_a_line_for_each_head(tmp_path: Path) -> None:
    for line in ("eilinen", "toinen"):
        HeadFile(tmp_path / "heads.txt").tell(line)
    assert (tmp_path / "heads.txt").read_text() == "eilinen\ntoinen\n"
    with pytest.raises(GatewayError):
        HeadFile(tmp_path / "away" / "heads.txt").tell("kolmas")


def test_an_address_that_takes_no_head_in_has_not_kept_it() -> None:
    received: list[str] = []
    keeper = Flask("keeper")

    @keeper.post("/<int:status>")
    def keep(status: int) -> tuple[str, int]:
        received.append(request.get_data(as_text=True))
        return "", status

    with BackgroundServer(keeper) as server:
        HeadAddress(f"{server.url}/204").tell("tjs-head-1 1")
        for status in (302, 404, 507):
            with pytest.raises(GatewayError):
                HeadAddress(f"{server.url}/{status}").tell("tjs-head-1 2")
    assert received[0] == "tjs-head-1 1\n"
    with pytest.raises(GatewayError):
        HeadAddress(f"{server.url}/204").tell("tjs-head-1 3")


def test_by_command_an_export_is_checked_against_a_head_kept_in_a_file(terminal: Terminal, tmp_path: Path) -> None:
    kept, export = tmp_path / "heads.txt", tmp_path / "log.jsonl"
    kept.write_text(terminal.run("audit", "head").stdout)
    key = terminal.run("audit", "key").stdout.strip()
    assert terminal.run("audit", "export", str(export)).exit_code == 0
    words = ("audit", "verify-export", str(export), "--head", str(kept), "--key", key)
    assert terminal.json(*words, "--json")["ok"] is True

    terminal.run("audit", "head")
    later = terminal.run("audit", "head").stdout.strip()
    found = terminal.run("audit", "verify-export", str(export), "--head", later, "--json")
    assert (found.exit_code, json.loads(found.stdout)["reason"]) == (1, "truncated")


def test_the_worker_tells_the_file_that_is_set_and_an_export_agrees_with_it(terminal: Terminal, tmp_path: Path) -> None:
    kept, export = tmp_path / "kept.txt", tmp_path / "log.jsonl"
    with installed_app(read_settings({"TJS_INSTANCE_PATH": str(tmp_path), "TJS_HEADS_FILE": str(kept)})):
        jobs.run("heads")
    assert len(kept.read_text().splitlines()) == 1
    terminal.run("audit", "export", str(export))
    assert terminal.json("audit", "verify-export", str(export), "--head", str(kept), "--json")["ok"] is True


def test_by_command_a_log_that_was_rewritten_in_the_database_is_found(terminal: Terminal, tmp_path: Path) -> None:
    kept, export = terminal.run("audit", "head").stdout.strip(), tmp_path / "log.jsonl"
    with sqlite3.connect(tmp_path / "tjs.db") as owner:
        for (name,) in owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            owner.execute(f'DROP TRIGGER "{name}"')
        owner.execute("UPDATE audit_entry SET actor = 'user:99' WHERE seq = 1")
    assert terminal.run("audit", "export", str(export)).exit_code == 0
    found = terminal.run("audit", "verify-export", str(export), "--head", kept)
    assert found.exit_code == 1
    assert "entry 1" in found.stdout


def test_what_is_no_head_or_no_file_is_refused_in_one_line(terminal: Terminal, tmp_path: Path) -> None:
    export = tmp_path / "log.jsonl"
    terminal.run("audit", "export", str(export))
    refused = terminal.run("audit", "verify-export", str(export), "--head", "eilinen")
    assert (refused.exit_code, "eilinen" in refused.stderr) == (2, True)
    export.write_bytes(b"\xff\xfe")
    assert terminal.run("audit", "verify-export", str(export)).exit_code == 2
    (tmp_path / "audit.key").write_text("ei avain")
    refused = terminal.run("audit", "head")
    assert (refused.exit_code, "audit.key" in refused.stderr) == (2, True)
