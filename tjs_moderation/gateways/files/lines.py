"""The lines of a text file, none of which can fill the memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tjs_moderation.gateways.files.opening import TextFile
from tjs_moderation.gateways.files.rows import ROW_LIMIT


class Line(NamedTuple):
    """One physical line with its end. Of one that `is_too_long` only the beginning is here; the rest has been
    skipped.
    """

    number: int
    text: str
    position: int
    is_too_long: bool = False


class Lines(Iterator[Line]):
    """Iterates the lines of a file. Lines can be given back and come again; after the end, too."""

    def __init__(self, file: TextFile) -> None:
        self._text = file.open()
        self._number = 0
        self._waiting: deque[Line] = deque()

    def __next__(self) -> Line:
        if self._waiting:
            return self._waiting.popleft()
        text = self._text.readline(ROW_LIMIT)
        if not text:
            raise StopIteration
        self._number += 1
        is_too_long = len(text) >= ROW_LIMIT and not _is_ended(text) and self._skip_rest()
        return Line(self._number, text, self._text.position, is_too_long)

    def give_back(self, lines: Iterable[Line]) -> None:
        """Let `lines`, which were the last ones taken, come again."""
        self._waiting.extendleft(reversed(list(lines)))

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _skip_rest(self) -> bool:
        """Pass over what is left of this line; False where nothing was."""
        part = self._text.readline(ROW_LIMIT)
        is_anything_left = bool(part.strip("\r\n"))
        while part and not _is_ended(part):
            part = self._text.readline(ROW_LIMIT)
        return is_anything_left


def _is_ended(text: str) -> bool:
    return text.endswith(("\n", "\r"))
