"""What the commands promise to scripts and people (their names and shapes are fixed)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.commands.conftest import Terminal
from tests.support.simulator import RunningSimulator
from tjs_moderation.cli import COMMANDS


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(terminal: Terminal, name: str) -> None:
    result = terminal.run(name, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_the_first_person_is_made_by_command_with_a_one_time_link(terminal: Terminal) -> None:
    added = terminal.run("user", "add", "Tiina Tiedottaja", "--email", "tiina@tjs.example", "--role", "tiedottaja")

    assert added.exit_code == 0
    assert added.stdout.startswith("http://127.0.0.1:8000/sign-in/link/")
    assert "tiina@tjs.example\ttiedottaja\tactive\tTiina Tiedottaja" in terminal.run("user", "list").stdout


def test_a_password_can_be_piped_in(terminal: Terminal) -> None:
    words = ["user", "add", "Aatos", "--email", "a@tjs.example", "--role", "atk-suunnittelija", "--password-stdin"]

    assert terminal.run(*words, given="kaksitoista-merkkia\n").stdout == "Aatos was added.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--email", "ei-osoite", "--role", "tiedottaja"], "email"),
        (["--email", "e@tjs.example", "--role", "asiantuntija", "--topic", "sieni"], "sieni"),
        (["--email", "e@tjs.example", "--role", "kuningas"], "kuningas"),
    ],
)
def test_bad_input_is_refused_in_one_line_with_status_2(terminal: Terminal, words: list[str], told: str) -> None:
    result = terminal.run("user", "add", "Eino", *words)

    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert terminal.run("user", "list").stdout == ""


def test_every_bad_setting_is_named_at_once(terminal: Terminal) -> None:
    terminal.environment |= {"TJS_LOCALE": "xx", "TJS_DATABASE_URL": "mysql://x", "TJS_HOLD_BACK_SECONDS": "pian"}

    result = terminal.run("user", "list")

    assert result.exit_code == 2
    for name in ("TJS_LOCALE", "TJS_DATABASE_URL", "TJS_HOLD_BACK_SECONDS"):
        assert name in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_the_chain_of_a_new_install_is_whole(terminal: Terminal) -> None:
    found = terminal.json("audit", "verify", "--json")

    assert found == {"ok": True, "entries": 2, "first_bad": None, "reason": None}
    assert terminal.run("audit", "head").stdout.startswith("tjs-head-1 2 ")


def test_a_changed_entry_is_named_and_ends_with_status_1(terminal: Terminal, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "tjs.db") as database:
        database.execute("DROP TRIGGER audit_entry_no_update")
        database.execute("UPDATE audit_entry SET verb = 'nothing' WHERE seq = 2")

    result = terminal.run("audit", "verify", "--json")

    assert result.exit_code == 1
    assert '"first_bad": 2' in result.stdout
    assert terminal.run("audit", "verify").stdout == "The chain is broken at entry 2: an entry was changed.\n"


def test_sync_without_a_channel_says_what_to_set(terminal: Terminal) -> None:
    result = terminal.run("sync")

    assert result.exit_code == 2
    assert "TJS_FACEBOOK_PAGE_TOKEN" in result.stderr


def test_sync_brings_posts_comments_of_all_levels_and_messages(terminal: Terminal, simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Studia Generalia torstaina.")
    comment = simulator.state.comment(post.id, simulator.state.meet("Maija"), "Tulossa!")
    simulator.state.comment(comment.id, simulator.state.meet("Kalle"), "Minäkin.")
    simulator.state.write(simulator.state.meet("Ossi"), "Onko tilaa?")
    terminal.environment |= {
        "TJS_FACEBOOK_GRAPH_URL": simulator.url,
        "TJS_FACEBOOK_PAGE_ID": simulator.page_id,
        "TJS_FACEBOOK_PAGE_TOKEN": simulator.page_token,
        "TJS_FACEBOOK_APP_SECRET": simulator.app_secret,
    }

    [first] = terminal.json("sync", "--json")["channels"]
    [second] = terminal.json("sync", "--json")["channels"]

    assert (first["posts"], first["new"], first["failure"]) == (1, 3, "")
    assert (second["new"], second["changed"]) == (0, 0)


def test_a_channel_that_says_no_ends_with_status_1_and_the_reason(
    terminal: Terminal, simulator: RunningSimulator
) -> None:
    terminal.environment |= {
        "TJS_FACEBOOK_GRAPH_URL": simulator.url,
        "TJS_FACEBOOK_PAGE_ID": simulator.page_id,
        "TJS_FACEBOOK_PAGE_TOKEN": "a-wrong-token",
        "TJS_FACEBOOK_APP_SECRET": simulator.app_secret,
    }

    result = terminal.run("sync")

    assert result.exit_code == 1
    assert "stopped" in result.stdout
