"""The register of erasures: a file beside the database from which a restored older copy is erased anew.

It holds no data of anybody: for each erased person and item the HMAC of its id on its channel, under a key of the
file's own. A copy of the database never holds it, so it is to be copied by itself (`docs/operations.md`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tjs_moderation.errors import ConfigurationError
from tjs_moderation.services.wiring import ports

FORMAT = "tjs-erasures-1"


@dataclass(frozen=True, slots=True)
class Register:
    """What was erased, as marks; `key` is what they were made with."""

    key: bytes = field(repr=False)
    people: Collection[str] = ()
    items: Collection[str] = ()

    def mark(self, channel: str, external_id: str) -> str:
        """The mark of a person or an item (hexadecimal)."""
        return hmac.new(
            self.key, f"{channel}\n{external_id}".encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()


def read_register(path: Path | None = None) -> Register | None:
    """The register of this install, or the one at `path`; None where nothing was ever erased.

    Raises ConfigurationError where it cannot be read: whoever restores must not believe that nothing was erased.
    """
    path = path or ports().settings.erasures_path
    if not path.exists():
        return None
    try:
        opening, *lines = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines() if line]
        key = {FORMAT: opening["key"]}[opening["format"]]
        people = {line["person"] for line in lines}
        items = {mark for line in lines for mark in line["items"]}
        return Register(bytes.fromhex(key), people, items)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ConfigurationError([f"{path}: this is no register of erasures; restore it from its own copy"]) from error


def note(at: str, channel: str, person: str, items: Iterable[str]) -> None:
    """Add what is being erased, durably: the ids on the channel of a person and of their items."""
    path = ports().settings.erasures_path
    register = read_register(path)
    opening = ""
    if register is None:
        register = Register(secrets.token_bytes(32))
        opening = json.dumps({"format": FORMAT, "key": register.key.hex()}) + "\n"
    marks = [register.mark(channel, item) for item in items]
    line = json.dumps({"at": at, "person": register.mark(channel, person), "items": marks}) + "\n"
    # Only its owner may read it: with it one could try out ids.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(opening + line)
        file.flush()
        os.fsync(file.fileno())
