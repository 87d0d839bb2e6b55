"""Walks one big JSON document an element at a time, so that its size does not matter.

The decoding is the standard library's; what is added is a window that moves over the text, and a way past an element
that is broken or too big.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple, NoReturn

from tjs_moderation.domain.characters import has_lone_surrogates
from tjs_moderation.gateways.files.opening import TextFile
from tjs_moderation.gateways.files.rows import EXCERPT_LIMIT, ROW_LIMIT, RowFault, excerpt

_CHUNK = 256 * 1024
_LONGEST_TOKEN = 64
"""How near its end a window may break off something other than a string, in code points."""
_SPACE = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'"|[{\[]+|[}\],]')
_INNER_MARK = re.compile(r'"|[{\[]+|[}\]]')
_STRING_MARK = re.compile(r'["\\]')


class Part(Enum):
    """What the walk has come to: a value under a key, the beginning of an array, or an element of one."""

    VALUE = auto()
    ARRAY = auto()
    ELEMENT = auto()


class Member(NamedTuple):
    """One step of the walk. `key` names the value or array at the document's top level; a document that is itself an
    array is called "". What cannot be read has a `fault`, and its beginning in `raw`.
    """

    part: Part
    key: str
    value: object
    line: int
    position: int
    fault: RowFault | None = None
    raw: str = ""


class _UnreadableError(Exception):
    """Here stands what cannot be read; `begins` is the line and the beginning of it, where that is not here."""

    def __init__(self, fault: RowFault, begins: tuple[int, str] | None = None) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.begins = begins


def members(file: TextFile) -> Iterator[Member]:
    """The values of a document's top level, with the elements of its arrays one by one.

    A value that is broken or too long comes as a fault and the walk goes on; where the document itself breaks off or
    falls apart, a last fault with the key "" says so.
    """
    window = _Window(file)
    try:
        yield from _document(window)
    except _UnreadableError as error:
        line, raw = error.begins or (window.line, window.beginning())
        yield Member(Part.VALUE, "", None, line, window.position, error.fault, raw)
    finally:
        window.close()


def _document(window: _Window) -> Iterator[Member]:
    opening = window.look()
    if opening == "[":
        yield from _elements(window, "")
    elif opening == "{":
        yield from _values(window)
    else:
        raise _UnreadableError(RowFault.BAD_JSON)
    if window.look_or_end():
        raise _UnreadableError(RowFault.BAD_JSON)


def _values(window: _Window) -> Iterator[Member]:
    window.step()
    while window.look() != "}":
        key = window.value()
        if not isinstance(key, str) or window.look() != ":":
            raise _UnreadableError(RowFault.BAD_JSON)
        window.step()
        if window.look() == "[":
            yield from _elements(window, key)
        else:
            yield window.member(Part.VALUE, key)
        window.step_over_comma("}")
    window.step()


def _elements(window: _Window, key: str) -> Iterator[Member]:
    yield Member(Part.ARRAY, key, None, window.line, window.position)
    window.step()
    while window.look() != "]":
        yield window.member(Part.ELEMENT, key)
        window.step_over_comma("]")
    window.step()


class _Window:
    """The part of the text that is in memory, and where in it the walk stands."""

    def __init__(self, file: TextFile) -> None:
        self._text = file.open()
        self._decode = json.JSONDecoder(parse_constant=_refuse).raw_decode
        self._buffer = ""
        self._at = 0
        self._lines_before = 1
        self._counted = 0

    def close(self) -> None:
        self._text.close()

    def look(self) -> str:
        """The next character that is no white space. Raises `_UnreadableError` at the end."""
        character = self.look_or_end()
        if not character:
            raise _UnreadableError(RowFault.TRUNCATED)
        return character

    def look_or_end(self) -> str:
        """The next character that is no white space, or nothing at the end."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._read_on():
                return ""

    def step(self) -> None:
        """Go over the character just looked at."""
        self._at += 1

    def step_over_comma(self, closing: str) -> None:
        """Go over a comma, or stay before `closing`. Raises `_UnreadableError` where neither stands."""
        character = self.look()
        if character == ",":
            self.step()
        if character not in (",", closing) or (character == "," and self.look() == closing):
            raise _UnreadableError(RowFault.BAD_JSON)

    def member(self, part: Part, key: str) -> Member:
        """The value that stands here, or what is wrong with it, and go over it."""
        self.look()
        line = self.line
        try:
            return Member(part, key, self.value(), line, self.position)
        except _UnreadableError as error:
            raw = self.beginning()
            if not self._skip():
                raise _UnreadableError(RowFault.TRUNCATED, (line, raw)) from None
            return Member(part, key, None, line, self.position, error.fault, raw)

    def value(self) -> object:
        """Decode the value that stands here and go over it; where it cannot be, stay and raise `_UnreadableError`."""
        self.look()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._wait_for_more(error)
                continue
            except (ValueError, RecursionError):
                # A number of thousands of digits, NaN, or brackets nested without end.
                raise _UnreadableError(RowFault.BAD_JSON) from None
            # A number at the window's edge may go on behind it.
            if end < len(self._buffer) or not self._read_on():
                if has_lone_surrogates(self._buffer[self._at : end]):
                    raise _UnreadableError(RowFault.BAD_ENCODING)
                self._at = end
                return value

    def _wait_for_more(self, error: json.JSONDecodeError) -> None:
        """Read on, if that can mend `error`."""
        is_open_string = error.msg.startswith("Unterminated string")
        is_at_edge = len(self._buffer) - error.pos < _LONGEST_TOKEN or not self._buffer[error.pos :].strip()
        if (is_open_string or is_at_edge) and len(self._buffer) - self._at > ROW_LIMIT:
            raise _UnreadableError(RowFault.ROW_TOO_LONG) from None
        if not (is_open_string or is_at_edge) or not self._read_on():
            raise _UnreadableError(RowFault.BAD_JSON) from None

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._text.position

    @property
    def line(self) -> int:
        """The line on which the walk stands."""
        self._lines_before += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._lines_before

    def beginning(self) -> str:
        """What stands here, as far as it is shown."""
        return excerpt(self._buffer[self._at : self._at + EXCERPT_LIMIT + 1])

    def _read_on(self) -> bool:
        """Read a chunk more, dropping what has been gone over; False at the end."""
        chunk = self._text.read(_CHUNK)
        if chunk:
            self._lines_before = self.line
            self._buffer = self._buffer[self._at :] + chunk
            self._at = self._counted = 0
        return bool(chunk)

    def _skip(self) -> bool:
        """Go over a value by its brackets and quotes alone; False where the text ends first."""
        depth, is_in_string = 0, False
        while True:
            outside = _INNER_MARK if depth else _MARK
            found = (_STRING_MARK if is_in_string else outside).search(self._buffer, self._at)
            if found is None:
                self._at = len(self._buffer)
                if not self._read_on():
                    return False
                continue
            mark = found.group()
            if depth == 0 and not is_in_string and mark in ",]}":
                self._at = found.start()
                return True
            self._at = found.end()
            if mark == "\\":
                self._skip_escaped()
            elif mark == '"':
                is_in_string = not is_in_string
            else:
                depth += len(mark) if mark[0] in "[{" else -1

    def _skip_escaped(self) -> None:
        if self._at < len(self._buffer) or self._read_on():
            self._at += 1


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
