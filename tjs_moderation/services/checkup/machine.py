"""Checks of the machine and the program on it: what can be looked at without a database."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from tjs_moderation.domain.health import Depth, Finding, bad, ok, warn
from tjs_moderation.domain.language import DictionaryError
from tjs_moderation.domain.language.morphology import analyse
from tjs_moderation.domain.language.transducer import DICTIONARY_FILE
from tjs_moderation.domain.model import WEIGHTS_FILE, ModelError, load_model
from tjs_moderation.settings import SECRET_KEY_FILE, Settings

LIBRARIES = ("flask", "sqlalchemy", "alembic", "huey", "cryptography", "requests", "numpy", "psycopg", "redis")
"""Those without which something does not work."""

OLDEST_PYTHON = (3, 11)
DISK_BAD_BYTES = 200 * 1024**2
DISK_WARN_BYTES = 1024**3


def program() -> Iterator[Finding]:
    """The interpreter, and the libraries we stand on."""
    told = ".".join(map(str, sys.version_info[:3]))
    # The program would hardly have started on an older one; it may have been made to.
    yield (ok if tuple(sys.version_info) >= OLDEST_PYTHON else bad)("python", "python", version=told)
    found = {name: _version(name) for name in LIBRARIES}
    missing = sorted(name for name, number in found.items() if not number)
    if missing:
        yield bad("libraries", "libraries_missing", names=", ".join(missing))
    else:
        yield ok("libraries", "libraries", versions=", ".join(f"{name} {number}" for name, number in found.items()))


def instance(settings: Settings) -> Iterator[Finding]:
    """The folder where an embedded install keeps everything: there, ours, and closed to others."""
    path = settings.instance_path
    if not path.is_dir():
        yield bad("instance", "instance_missing", path=str(path))
    elif not os.access(path, os.W_OK | os.X_OK):
        yield bad("instance", "instance_unwritable", path=str(path))
    elif path.stat().st_mode & 0o007:
        yield warn("instance", "instance_open", path=str(path))
    else:
        yield ok("instance", "instance", path=str(path))


def key_files(settings: Settings) -> Iterator[Finding]:
    """The files that hold keys: readable to their owner alone."""
    there = [
        path
        for path in (settings.instance_path / SECRET_KEY_FILE, settings.credentials_key_path, settings.audit_key_path)
        if path.exists()
    ]
    open_ones = [str(path) for path in there if path.stat().st_mode & 0o077]
    shut = [str(path) for path in there if not os.access(path, os.R_OK)]
    if shut:
        yield bad("key_files", "key_files_unreadable", paths=", ".join(shut))
    elif open_ones:
        yield bad("key_files", "key_files_open", paths=", ".join(open_ones))
    else:
        yield ok("key_files", "key_files", paths=", ".join(path.name for path in there) or "–")


def disk(settings: Settings) -> Iterator[Finding]:
    """How much room is left where the data lies."""
    path = settings.instance_path
    while not path.exists() and path != path.parent:
        path = path.parent
    free = shutil.disk_usage(path).free
    told = {"megabytes": free // 1024**2, "path": str(path)}
    yield (bad if free < DISK_BAD_BYTES else warn if free < DISK_WARN_BYTES else ok)("disk", "disk", **told)


def dictionary(depth: Depth) -> Iterator[Finding]:
    """The dictionary of Finnish: there and, where one looks closely, able to read a word."""
    path = str(files("tjs_moderation.domain.language").joinpath(DICTIONARY_FILE))
    if not Path(path).is_file():
        yield bad("dictionary", "dictionary_missing", path=path)
        return
    if depth is Depth.GLANCE:
        yield ok("dictionary", "dictionary_there", path=path)
        return
    try:
        readings = analyse("koirassa")
    except DictionaryError:
        readings = ()
    if any(reading.lemma == "koira" for reading in readings):
        yield ok("dictionary", "dictionary", path=path)
    else:
        yield bad("dictionary", "dictionary_damaged", path=path)


def model(depth: Depth) -> Iterator[Finding]:
    """The weights of the model."""
    path = str(files("tjs_moderation.domain").joinpath("weights", WEIGHTS_FILE))
    if not Path(path).is_file():
        yield bad("model", "model_missing", path=path)
        return
    if depth is Depth.GLANCE:
        yield ok("model", "model_there", path=path)
        return
    try:
        yield ok("model", "model", path=path, version=load_model().version)
    except ModelError as error:
        yield bad("model", "model_damaged", path=path, why=str(error))


def mail(settings: Settings) -> Iterator[Finding]:
    """Whether notices can leave by mail."""
    if settings.mail.is_on:
        yield ok("mail", "mail")
    elif settings.mail.url or settings.mail.sent_from:
        yield warn("mail", "mail_half")
    else:
        yield ok("mail", "mail_none")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
