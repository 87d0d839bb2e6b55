"""What the simulator was asked to do, and what it did: for tests to compare with what was approved."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that really happened on the page; `made_id` names what came of it.

    `kind` is hide, unhide, delete, reply, edit, private_reply, message, post, subscribe or unsubscribe.
    """

    kind: str
    target_id: str
    text: str = ""
    made_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write received. `deeds` is empty when nothing happened; `was_answered` says whether the caller heard."""

    number: int
    at: datetime
    method: str
    path: str
    body: Mapping[str, object]
    status: int
    fault: str
    was_answered: bool
    deeds: tuple[Deed, ...]


class Ledger:
    """Every write received, in order, and how often each address was read; it only grows."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._reads: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note_read(self, path: str) -> None:
        """Count a read of this path of the API."""
        with self._lock:
            self._reads[path] += 1

    @property
    def reads(self) -> Counter[str]:
        """How often each path was read so far, by the path without its version."""
        with self._lock:
            return Counter(self._reads)

    def write(
        self,
        at: datetime,
        method: str,
        path: str,
        body: Mapping[str, object],
        status: int,
        *,
        fault: str = "",
        was_answered: bool = True,
        deeds: tuple[Deed, ...] = (),
    ) -> None:
        """Add what was received and what came of it."""
        with self._lock:
            number = len(self._entries) + 1
            self._entries.append(Entry(number, at, method, path, body, status, fault, was_answered, deeds))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything received so far."""
        with self._lock:
            return tuple(self._entries)

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Everything that really happened so far."""
        return tuple(deed for entry in self.entries for deed in entry.deeds)

    def deeds_of(self, kind: str) -> tuple[Deed, ...]:
        """What happened of this kind."""
        return tuple(deed for deed in self.deeds if deed.kind == kind)

    def as_json(self) -> list[dict[str, object]]:
        """The entries as plain values, times in ISO 8601."""
        return [asdict(entry) | {"at": entry.at.isoformat()} for entry in self.entries]
