"""Reads JSONL: one JSON object a line, with the names of the contract as keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import NoReturn

from tjs_moderation.domain.characters import has_lone_surrogates
from tjs_moderation.gateways.files.columns import column_name, incoming_of
from tjs_moderation.gateways.files.lines import Line, Lines
from tjs_moderation.gateways.files.opening import TextFile
from tjs_moderation.gateways.files.rows import ROW_LIMIT, Row, RowError, RowFault, excerpt


def json_line_rows(file: TextFile, zone: tzinfo) -> Iterator[Row]:
    """The rows of a JSONL file."""
    lines = Lines(file)
    try:
        for line in lines:
            if line.text.strip():
                yield _row(line, zone)
    finally:
        lines.close()


def _row(line: Line, zone: tzinfo) -> Row:
    try:
        return Row(line.number, line.position, incoming_of(_fields(line), zone))
    except RowError as error:
        return Row(line.number, line.position, reason=error.fault, facts=error.facts, raw=excerpt(line.text))


def _fields(line: Line) -> dict[str, object]:
    if line.is_too_long:
        raise RowError(RowFault.ROW_TOO_LONG, limit=ROW_LIMIT)
    try:
        told = _READER.decode(line.text)
    except json.JSONDecodeError as error:
        raise RowError(RowFault.TRUNCATED if _is_cut(line.text, error) else RowFault.BAD_JSON) from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, NaN, or brackets nested without end.
        raise RowError(RowFault.BAD_JSON) from None
    if has_lone_surrogates(line.text):
        raise RowError(RowFault.BAD_ENCODING)
    if not isinstance(told, dict):
        raise RowError(RowFault.NOT_AN_OBJECT)
    return {column_name(name): value for name, value in told.items()}


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the file ends in the middle of this line."""
    if text.endswith(("\n", "\r")):
        return False
    return error.pos >= len(text) - 1 or error.msg.startswith("Unterminated string")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_READER = json.JSONDecoder(parse_constant=_refuse)
"""One reader for all lines: `json.loads` would make one for each."""
