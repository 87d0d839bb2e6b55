"""The file of the rows that were left out: which line, why, and what stood there."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

from tjs_moderation.services.import_sentences import row_sentence

_COLUMNS = ("line", "reason", "explanation", "row")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class RejectsFile:
    """A CSV file for a spreadsheet, made when the first row is written to it. What was there before is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None
        path.unlink(missing_ok=True)

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, line: int, reason: str, facts: Mapping[str, object], raw: str) -> None:
        """Add one row that was left out."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Only its owner may read it: it holds what people wrote.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
            csv.writer(self._file, delimiter=";").writerow(_COLUMNS)
        cells = (str(line), reason, row_sentence(reason, facts), raw)
        csv.writer(self._file, delimiter=";").writerow(map(harmless, cells))


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: the row comes from outside."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
