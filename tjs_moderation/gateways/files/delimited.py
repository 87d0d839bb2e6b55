"""Reads CSV: any usual separator, quoted fields over many lines, and what is broken without losing what follows it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from tjs_moderation.domain.characters import has_lone_surrogates
from tjs_moderation.gateways.files.columns import COLUMNS, REQUIRED, column_name, incoming_of
from tjs_moderation.gateways.files.lines import Line, Lines
from tjs_moderation.gateways.files.opening import TextFile
from tjs_moderation.gateways.files.rows import (
    ROW_LIMIT,
    FileFault,
    Row,
    RowError,
    RowFault,
    UnusableFileError,
    excerpt,
)

_SEPARATORS = ",;\t|"
_SHOWN_HEADER = 120
_MOST_LINES = 10_000
"""How many lines one record may run over. With `ROW_LIMIT` it bounds what an open quote can make us hold."""


class _RecordTooLongError(Exception):
    """A quoted field goes on and on."""


def csv_rows(file: TextFile, zone: tzinfo) -> Iterator[Row]:
    """The rows of a CSV file. Raises `UnusableFileError` from the first step where the header will not do."""
    # The module's own limit is global and lower than ours.
    csv.field_size_limit(ROW_LIMIT)
    lines = Lines(file)
    try:
        header = _Header.read(lines)
        if header is not None:
            for record in _Records(lines, header):
                row = record.row(header, zone)
                if row is not None:
                    yield row
    finally:
        lines.close()


class _Header:
    """The first line: what the columns are called, and what stands between them."""

    def __init__(self, cells: Sequence[str], separator: str) -> None:
        self.cells = cells
        self.names = [column_name(cell) for cell in cells]
        self.separator = separator

    @classmethod
    def read(cls, lines: Lines) -> _Header | None:
        """The header; None where the file holds nothing. Raises `UnusableFileError`."""
        separators = _SEPARATORS
        for line in lines:
            if line.text.casefold().startswith("sep=") and len(line.text.strip("\r\n")) == len("sep=;"):
                # Excel's own way of naming the separator, on a line before the header.
                separators = line.text[4]
            elif line.text.strip():
                return cls._best(line, separators)
        return None

    @classmethod
    def _best(cls, line: Line, separators: str) -> _Header:
        headers = [cls(_cells(line.text, separator), separator) for separator in separators]
        header = max(headers, key=lambda one: len(set(one.names) & set(COLUMNS)))
        missing = [name for name in REQUIRED if name not in header.names]
        if missing or line.is_too_long:
            shown = excerpt(line.text)[:_SHOWN_HEADER]
            raise UnusableFileError(FileFault.NO_COLUMNS, columns=", ".join(missing or REQUIRED), found=shown)
        twice = [name for name in COLUMNS if header.names.count(name) > 1]
        if twice:
            raise UnusableFileError(FileFault.SAME_COLUMN_TWICE, columns=", ".join(twice))
        return header

    def looks_like_row(self, line: Line) -> bool:
        """Whether a line could be a record by itself."""
        cells = [] if line.is_too_long else _cells(line.text, self.separator)
        if len(cells) != len(self.names):
            return False
        id_cell = cells[self.names.index("id")].strip()
        return bool(id_cell) and " " not in id_cell


def _cells(text: str, separator: str) -> list[str]:
    """The cells of one line by itself, read leniently."""
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []


class _Record:
    """One record: its cells, or what is wrong with it, and the lines it was read from."""

    def __init__(self, lines: Sequence[Line], cells: list[str], fault: RowFault | None = None) -> None:
        self.lines = lines
        self.cells = cells
        self.fault = fault

    def row(self, header: _Header, zone: tzinfo) -> Row | None:
        """The row of this record; None where nothing is written on it."""
        if self.fault is None and not any(cell.strip() for cell in self.cells):
            return None
        line, position = self.lines[0].number, self.lines[-1].position
        try:
            return Row(line, position, incoming_of(self._fields(header), zone))
        except RowError as error:
            raw = excerpt("".join(part.text for part in self.lines))
            return Row(line, position, reason=error.fault, facts=error.facts, raw=raw)

    def _fields(self, header: _Header) -> dict[str, object]:
        if self.fault is not None:
            raise RowError(self.fault, limit=ROW_LIMIT)
        cells = self.cells
        if any(has_lone_surrogates(line.text) for line in self.lines):
            raise RowError(RowFault.BAD_ENCODING)
        if len(cells) < len(header.names) or any(cells[len(header.names) :]):
            raise RowError(RowFault.COLUMN_COUNT, found=len(cells), wanted=len(header.names))
        if cells == header.cells:
            raise RowError(RowFault.REPEATED_HEADER)
        return dict(zip(header.names, cells, strict=False))


class _Records(Iterator[_Record]):
    """Iterates the records after the header.

    A quote that is never closed swallows everything after it. Such a record is given up, and what it swallowed is read
    again where it looks like rows; where it looks like running text (a file cut in two, most often), it goes as one.
    """

    def __init__(self, lines: Lines, header: _Header) -> None:
        self._lines = lines
        self._header = header
        self._taken: list[Line] = []
        self._length = 0
        self._reader = csv.reader(_Feed(self), delimiter=header.separator, strict=True)

    def __next__(self) -> _Record:
        self._taken, self._length = [], 0
        try:
            return _Record(self._taken, next(self._reader))
        except csv.Error:
            fault = RowFault.BAD_QUOTES
        except _RecordTooLongError:
            fault = RowFault.ROW_TOO_LONG
        broken, swallowed = self._taken[:1], self._taken[1:]
        if self._are_rows(swallowed):
            self._lines.give_back(swallowed)
            fault = RowFault.BAD_QUOTES
        else:
            broken += swallowed
        return _Record(broken, [], fault)

    def _are_rows(self, swallowed: Sequence[Line]) -> bool:
        written = [line for line in swallowed if line.text.strip()]
        return 2 * sum(self._header.looks_like_row(line) for line in written) > len(written)

    def take(self) -> str:
        """One more line for the record being read."""
        line = next(self._lines)
        self._taken.append(line)
        self._length += len(line.text)
        if line.is_too_long or self._length > ROW_LIMIT or len(self._taken) > _MOST_LINES:
            raise _RecordTooLongError
        return line.text


class _Feed(Iterator[str]):
    """What csv.reader pulls its lines from; it goes on after an end, since lines can be given back."""

    def __init__(self, records: _Records) -> None:
        self._records = records

    def __next__(self) -> str:
        return self._records.take()
