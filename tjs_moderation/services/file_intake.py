"""Takes in the rows of a file batch by batch, and tells after each how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tjs_moderation.domain.ports import FileRow
from tjs_moderation.services.intake import IntakeCounts, take_in
from tjs_moderation.services.rejects import RejectsFile
from tjs_moderation.services.transaction import channel as by_channel

BATCH_SIZE = 500
BATCH_CHARACTERS = 4_000_000
"""A batch ends with this many rows or this much text, whichever comes first."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the rows so far: each one read is new, changed, duplicate or rejected."""

    done_bytes: int = 0
    counts: IntakeCounts = field(default_factory=IntakeCounts)
    rejected: int = 0

    @property
    def read(self) -> int:
        return self.counts.new + self.counts.changed + self.counts.duplicate + self.rejected


def take_in_rows(channel_id: int, rows: Iterable[FileRow], rejects: RejectsFile) -> Iterator[Tally]:
    """Take `rows` in; the tally after each batch. Raises `ConflictError` where a batch is overtaken time and again."""
    tally = Tally()
    for part in _batches(rows):
        batch = [row.incoming for row in part if row.incoming is not None]
        for row in part:
            if row.reason is not None:
                rejects.write(row.line, row.reason, row.facts, row.raw)
        tally = replace(
            tally,
            done_bytes=part[-1].position,
            counts=tally.counts + (take_in(by_channel(channel_id), channel_id, batch) if batch else IntakeCounts()),
            rejected=tally.rejected + len(part) - len(batch),
        )
        yield tally


def _batches(rows: Iterable[FileRow]) -> Iterator[Sequence[FileRow]]:
    part: list[FileRow] = []
    characters = 0
    for row in rows:
        part.append(row)
        characters += len(row.incoming.text) if row.incoming is not None else len(row.raw)
        if len(part) >= BATCH_SIZE or characters >= BATCH_CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part
