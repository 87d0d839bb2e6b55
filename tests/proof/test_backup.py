"""Copies: of one moment while others work, the same from and into either database, and never believed unseen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.commands.conftest import Terminal, terminal
from tests.data.test_migrations import work_a_little
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.domain.vocabulary import ActState, DecisionKind, Role
from tjs_moderation.errors import ConfigurationError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, User
from tjs_moderation.services import audit, casework, people, publishing, search_index
from tjs_moderation.services.backup import backup_lines, snapshot, tables_of
from tjs_moderation.services.restoring import restore
from tjs_moderation.services.transaction import CONSOLE

__all__ = ["terminal"]


@pytest.fixture
def target_url(house: House, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to restore to: an empty database of the other kind."""
    if db.engine.dialect.name == "sqlite":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'restored.db'}"


@contextmanager
def install_at(url: str, house: House) -> Iterator[Flask]:
    """An app of its own at this database, with the clock and the channel of `house`."""
    ports = house.app.extensions["tjs_ports"]
    settings = ports.settings.with_changes(database_url=url)
    wiring = Wiring(clock=ports.clock, judge=ports.judge, channels=ports.channels, nudge=lambda *_: None)
    app = create_app(settings, wiring)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def copy_of(house: House) -> list[str]:
    return list(backup_lines(db.engine))


def rows_of_everything() -> dict[str, list[tuple[object, ...]]]:
    """What stands in every table of a copy, as its lines tell it."""
    found: dict[str, list[tuple[object, ...]]] = {}
    rows: list[tuple[object, ...]] = []
    for line in backup_lines(db.engine):
        content = json.loads(line)
        if isinstance(content, dict) and "table" in content:
            rows = found[content["table"]] = []
        elif isinstance(content, list):
            rows.append(tuple(map(str, content)))
    return found


def test_a_copy_goes_whole_into_the_other_kind_of_database_and_the_work_goes_on(house: House, target_url: str) -> None:
    work_a_little(house)
    lines, before = copy_of(house), rows_of_everything()
    with install_at(target_url, house) as app:
        counts = restore(lines)
        check_books()
        after = rows_of_everything()
        for name in before:
            assert counts[name] == len(before[name]), name
            assert set(before[name]) <= set(after[name]) or name in {"act", "item", "queue_count", "audit_head"}, name
        again = House(
            app, house.clock, house.facebook, house.tiedottaja, house.expert, house.other_expert, house.operator
        )
        item = again.receive("uusi", "Onko koulutuksessa tilaa?")
        casework.decide(again.tiedottaja, item.id, item.version, DecisionKind.KEEP, "criticism")
        people.add_user(CONSOLE, "Uusi", "uusi@tjs.example", Role.ASIANTUNTIJA)
        while search_index.index_due():
            pass
        check_books()
        assert [entry.verb for entry in audit.page_of_entries(None, 20)].count("restore") == 1


def test_what_waited_to_be_sent_is_looked_at_first_and_not_sent_twice(house: House, target_url: str) -> None:
    hidden, waiting = (house.receive(name, "Olet idiootti.") for name in ("c1", "c2"))
    for item in (hidden, waiting):
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    lines = copy_of(house)
    house.wait_and_send()
    done = len(house.facebook.asked)
    with install_at(target_url, house):
        restore(lines)
        with Session(db.engine) as session:
            assert set(session.scalars(select(Act.state))) == {ActState.UNKNOWN}
        house.clock.advance(hours=1)
        publishing.send_due()
        with Session(db.engine) as session:
            assert set(session.scalars(select(Act.state))) == {ActState.DONE}
        check_books()
    assert len(house.facebook.asked) == done


def test_a_copy_is_of_one_moment_however_long_it_takes(house: House) -> None:
    house.receive("c1", "Hei.")
    lines = backup_lines(db.engine)
    told = [next(lines)]
    house.receive("c2", "Hei taas.")
    people.add_user(CONSOLE, "Uusi", "uusi@tjs.example", Role.ASIANTUNTIJA)
    counts = json.loads([*told, *lines][-1])["counts"]
    with Session(db.engine) as session:
        assert counts["item"] == 1
        assert counts["user_account"] == (session.scalar(select(func.count(User.id))) or 0) - 1


def test_nothing_but_what_can_be_worked_out_again_is_left_out(house: House) -> None:
    with snapshot(db.engine) as connection:
        copied = {table.name for table in tables_of(connection)}
    assert set(User.metadata.tables) - copied == {"search_text", "search_due"}


DAMAGES: dict[str, Callable[[list[str]], list[str]]] = {
    "is cut off": lambda lines: lines[:-1],
    "cut off or damaged": lambda lines: [*lines[:20], lines[20][:5], *lines[21:]],
    "checksum": lambda lines: [line.replace("Tiina", "Taina") for line in lines],
    "no backup": lambda lines: lines[1:],
    "newer program": lambda lines: [lines[0].replace('"schema":"', '"schema":"9'), *lines[1:]],
}


def test_a_copy_that_is_not_whole_is_refused_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    house.receive("c1", "Hei.")
    lines = copy_of(house)
    with install_at(f"sqlite:///{tmp_path / 'restored.db'}", house):
        for told, damage in DAMAGES.items():
            with pytest.raises(ConfigurationError, match=told):
                restore(damage(lines))
        restore(lines)
        check_books()


def test_a_database_that_is_not_empty_is_left_alone(house: House) -> None:
    lines = copy_of(house)
    with pytest.raises(ConfigurationError, match="not empty"):
        restore(lines)


def test_what_is_not_whole_is_not_copied(house: House) -> None:
    house.receive("c1", "Hei.")
    with db.engine.connect().execution_options(is_writing=True) as owner, owner.begin():
        owner.exec_driver_sql("UPDATE audit_head SET hash = 'x'")
    with pytest.raises(ConfigurationError, match="audit"):
        copy_of(house)


def test_by_command_a_copy_is_made_tried_and_put_back(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("user", "add", "Tiina", "--email", "tiina@tjs.example", "--role", "tiedottaja")
    file = tmp_path / "copy.gz"
    assert terminal.run("backup", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert "whole" in terminal.run("restore", str(file), "--check").stdout
    assert terminal.run("restore", str(file)).exit_code == 2
    there = Terminal(tmp_path / "elsewhere")
    assert there.run("restore", str(file)).exit_code == 0
    assert "tiina@tjs.example" in there.run("user", "list").stdout
    file.write_bytes(file.read_bytes()[:-40])
    refused = there.run("restore", str(file), "--check")
    assert (refused.exit_code, "Traceback" in refused.output) == (2, False)


def test_by_command_an_install_moves_to_postgresql(terminal: Terminal, tmp_path: Path, postgres_url: str) -> None:
    terminal.run("user", "add", "Tiina", "--email", "tiina@tjs.example", "--role", "tiedottaja")
    assert terminal.run("move", "--to", postgres_url).exit_code == 0
    terminal.environment["TJS_DATABASE_URL"] = postgres_url
    assert "tiina@tjs.example" in terminal.run("user", "list").stdout
    assert terminal.json("audit", "verify", "--json")["ok"] is True
    assert terminal.run("move", "--to", f"sqlite:///{tmp_path}/tjs.db").exit_code == 2
