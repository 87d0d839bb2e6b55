"""The audit log of a made-up install, linked as `services.transaction` links it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tjs_moderation.bench.bulk import Heap
from tjs_moderation.domain import chain


class Ledger:
    """The newest entry's number and hash, and how another is put behind it."""

    def __init__(self, seq: int, newest: str) -> None:
        self.seq, self.hash = seq, newest

    def enter(self, heap: Heap, at: datetime, actor: str, verb: str, items: Sequence[int], **body: object) -> None:
        """One entry about `items`."""
        told = at.astimezone(UTC).isoformat(timespec="microseconds")
        document = chain.canonical({**body, "items": list(items)})
        self.seq += 1
        digest = chain.link(self.hash, self.seq, told, actor, verb, document)
        heap.add("audit_entry", self.seq, told, actor, verb, document, self.hash, digest)
        self.hash = digest
        for item_id in items:
            heap.add("audit_subject", self.seq, item_id)
