"""Helps the tests of this folder to write a file and read its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from tjs_moderation.domain.ports import Incoming
from tjs_moderation.gateways.files import Row, RowFault, open_rows

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Read:
    """What came of a file."""

    rows: list[Row]

    @property
    def taken(self) -> list[Incoming]:
        return [row.incoming for row in self.rows if row.incoming is not None]

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.taken]

    @property
    def ids(self) -> list[str]:
        return [incoming.external_id for incoming in self.taken]

    @property
    def rejected(self) -> list[tuple[int, RowFault]]:
        return [(row.line, row.reason) for row in self.rows if row.reason is not None]


def read(path: Path, content: bytes | str, told_as: str = "auto") -> Read:
    """Write `content` into the file at `path` and read it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Read(list(open_rows(path, told_as, HELSINKI)))


def json_lines(rows: Iterable[object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
