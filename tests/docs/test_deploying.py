"""What a new machine is set up with starts what there is: no container engine here, so it is read as they read it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # carries no types

from tjs_moderation.cli import main
from tjs_moderation.settings import read_settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "deploying"
UNITS = sorted(FOLDER.glob("*.service"))
COMPOSES = sorted(FOLDER.glob("compose.*.yaml"))
PROGRAM = "/srv/tjs-moderation/.venv/bin/tjs-moderation"


def read_unit(path: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd minds capitals
    unit.read_string(path.read_text())
    return unit


def check_command(words: Iterable[str]) -> click.Command:
    """Let our command line read a command without carrying it out; gives the command. Raises where it would not."""
    name, *rest = words
    found = main.get_command(click.Context(main), name)
    assert found is not None, name
    found.make_context(name, list(rest))
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is(path: Path) -> None:
    service = read_unit(path)["Service"]
    started = service["ExecStart"].replace("$$(date +%%F)", "2026-01-01")
    words = shlex.split(started)
    if words[:2] == ["/bin/sh", "-c"]:
        words = shlex.split(words[2])[1:]
    assert words[0] == PROGRAM
    check_command(words[1:])
    assert service["User"] != "root"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["UMask"]) == ("true", "strict", "0077")
    assert service["Environment"] == f"TJS_INSTANCE_PATH=/var/lib/{service['StateDirectory']}"


def test_the_timer_has_the_backup_it_starts() -> None:
    for timer in FOLDER.glob("*.timer"):
        assert timer.with_suffix(".service") in UNITS
        assert "OnCalendar" in read_unit(timer)["Timer"]


def test_a_unit_has_time_to_finish_what_is_in_hand() -> None:
    for unit in (read_unit(path) for path in UNITS if "backup" not in path.name):
        assert int(unit["Service"]["TimeoutStopSec"]) > 15  # so long `serve` waits for its worker


@pytest.mark.parametrize("with_servers", [False, True])
def test_the_settings_given_are_settings_we_read(tmp_path: Path, with_servers: bool) -> None:
    told = (FOLDER / "tjs-moderation.env").read_text()
    if with_servers:
        told = re.sub(r"^# (TJS_(?:DATABASE|QUEUE)_URL)", r"\1", told, flags=re.MULTILINE)
    given = dict(line.split("=", 1) for line in told.splitlines() if line and not line.startswith("#"))
    settings = read_settings({**given, "TJS_INSTANCE_PATH": str(tmp_path)})
    assert (settings.has_https, settings.proxies, settings.mail.is_on) == (True, 1, True)
    assert settings.is_sqlite is not with_servers
    names = set(re.findall(r"TJS_[A-Z_]+", "".join(path.read_text() for path in FOLDER.iterdir())))
    known = set(re.findall(r"`(TJS_[A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert names <= known


@pytest.mark.parametrize("path", COMPOSES, ids=lambda path: path.name)
def test_a_compose_file_starts_commands_that_there_are(path: Path) -> None:
    document: dict[str, Any] = yaml.safe_load(path.read_text())
    ours = [service for service in document["services"].values() if "build" in service]
    assert ours
    for service in ours:
        check_command(service.get("command", container()["CMD"]))
        assert (path.parent / service["env_file"]).is_file()
        built = service["build"]
        assert (path.parent / built["context"]).resolve() == ROOT
        assert (ROOT / built["dockerfile"]).is_file()
        assert {volume.split(":")[0] for volume in service["volumes"]} <= document["volumes"].keys()
        assert set(service.get("depends_on", {})) <= document["services"].keys()
    ports = [port for service in document["services"].values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]  # nothing is open to the world but what the proxy shows


def container() -> dict[str, Any]:
    """The container file's instructions by name: the last of each, and every COPY under that name."""
    found: dict[str, Any] = {"COPY": []}
    for line in (FOLDER / "Containerfile").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if name == "COPY":
            found[name] += rest.split()[:-1]
        elif rest.startswith("["):
            found[name] = yaml.safe_load(rest)
        elif name.isupper():
            found[name] = rest
    return found


def test_the_container_takes_along_what_there_is_and_runs_as_nobody_special() -> None:
    told = container()
    assert all((ROOT / name).exists() for name in told["COPY"])
    needed = {
        "tjs_moderation",
        "templates",
        "static",
        "migrations",
        "docs",
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
    }
    assert needed <= set(told["COPY"])
    assert told["USER"] == "tjs-moderation"
    assert told["ENTRYPOINT"] == [PROGRAM]
    assert "/readyz" in (FOLDER / "Containerfile").read_text()


def test_the_proxy_says_itself_who_the_visitor_is_and_logs_no_searches() -> None:
    told = (FOLDER / "nginx.conf").read_text()
    headers = dict(re.findall(r"proxy_set_header (\S+) (\S+);", told))
    assert headers["X-Forwarded-For"] == "$remote_addr"  # not added to what the visitor sent
    assert {"Host", "X-Forwarded-Proto", "X-Request-ID"} <= headers.keys()
    log = next(line for line in told.splitlines() if line.startswith("log_format"))
    assert not re.search(r"\$(request|args|query_string|request_uri)\b", log)
    assert "proxy_buffering off;" in told
