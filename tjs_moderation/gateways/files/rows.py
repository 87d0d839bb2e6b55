"""What a reader of files hands out: rows, and why a row or a whole file cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tjs_moderation.domain.ports import Incoming
from tjs_moderation.errors import InvalidInputError

ROW_LIMIT = 2_000_000
"""The longest row that is read, in code points. It bounds the memory a file can cost."""
TEXT_LIMIT = 1_000_000
"""The longest text of one item, in code points."""
EXCERPT_LIMIT = 10_000
"""How much of a rejected row is kept to be looked at, in code points."""


class RowFault(StrEnum):
    """Why a row is left out."""

    MISSING_ID = "missing_id"
    MISSING_TEXT = "missing_text"
    MISSING_FIELD = "missing_field"
    BAD_DATE = "bad_date"
    BAD_VALUE = "bad_value"
    BAD_CHARACTER = "bad_character"
    BAD_ENCODING = "bad_encoding"
    BAD_JSON = "bad_json"
    BAD_QUOTES = "bad_quotes"
    COLUMN_COUNT = "column_count"
    FIELD_TOO_LONG = "field_too_long"
    NOT_AN_OBJECT = "not_an_object"
    REPEATED_HEADER = "repeated_header"
    ROW_TOO_LONG = "row_too_long"
    TRUNCATED = "truncated"
    UNKNOWN_KIND = "unknown_kind"


class FileFault(StrEnum):
    """Why a file cannot be read at all."""

    NOT_FOUND = "not_found"
    DIRECTORY = "directory"
    NOT_A_FILE = "not_a_file"
    UNREADABLE = "unreadable"
    COMPRESSED = "compressed"
    SPREADSHEET = "spreadsheet"
    NOT_TEXT = "not_text"
    NO_COLUMNS = "no_columns"
    SAME_COLUMN_TWICE = "same_column_twice"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_JSON = "unknown_json"
    CUT_CONVERSATION = "cut_conversation"


class RowError(Exception):
    """A row that cannot be taken, on its way to becoming a rejection."""

    def __init__(self, fault: RowFault, **facts: object) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.facts = facts


class UnusableFileError(InvalidInputError):
    """The file cannot be read at all and nothing of it was. `code` is a `FileFault`, `facts` its details."""

    def __init__(self, fault: FileFault, **facts: object) -> None:
        super().__init__(fault.value, **facts)
        self.code = fault.value


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file: what came of it, or why it was left out.

    Exactly one of `incoming` and `reason` is there. `line` counts from 1 and is where the record begins, `position`
    is how many bytes of the file have been read by now. A rejected row has its `facts` for the sentence and its
    beginning in `raw`.
    """

    line: int
    position: int
    incoming: Incoming | None = None
    reason: RowFault | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    raw: str = ""


def excerpt(text: str) -> str:
    """The beginning of a rejected row, in characters every file can hold."""
    kept = text[:EXCERPT_LIMIT].rstrip("\r\n")
    printable = kept.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return printable + "…" if len(text) > EXCERPT_LIMIT else printable
