"""Files with comments and messages in them, read in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from pathlib import Path

from tjs_moderation.gateways.files.delimited import csv_rows
from tjs_moderation.gateways.files.facebook_document import facebook_rows
from tjs_moderation.gateways.files.json_lines import json_line_rows
from tjs_moderation.gateways.files.opening import FileFormat, TextFile, examine, refuse_unusable, told_format
from tjs_moderation.gateways.files.rows import FileFault, Row, RowFault, UnusableFileError

__all__ = ["FileFault", "FileFormat", "Row", "RowFault", "UnusableFileError", "open_rows", "refuse_unusable"]

_READERS: dict[FileFormat, Callable[[TextFile, tzinfo], Iterator[Row]]] = {
    FileFormat.CSV: csv_rows,
    FileFormat.JSONL: json_line_rows,
    FileFormat.FACEBOOK: facebook_rows,
}


def open_rows(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
    """The rows of the file at `path`, one by one, each taken or rejected with its line and reason.

    `told_as` is a `FileFormat`; times without an offset are in `zone`. Memory stays flat whatever the file. Raises
    `UnusableFileError`, at once or from any step, where the file cannot be read at all; a file with nothing in it has
    no rows.
    """
    try:
        chosen = FileFormat(told_as)
    except ValueError:
        raise UnusableFileError(FileFault.UNKNOWN_FORMAT, known=", ".join(FileFormat)) from None
    file = examine(path)
    return _guarded(_READERS[told_format(file) if chosen is FileFormat.AUTO else chosen](file, zone))


def _guarded(rows: Iterator[Row]) -> Iterator[Row]:
    """`rows`; a disk that fails on the way is told as a file that cannot be read."""
    try:
        yield from rows
    except OSError as error:
        raise UnusableFileError(FileFault.UNREADABLE, why=error.strerror or str(error)) from error
