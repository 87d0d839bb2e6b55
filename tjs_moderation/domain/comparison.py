"""What changed between two texts, word by word or line by line, for a person to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*\S+|\s+")
_PAIRS_AT_MOST = 2_000_000
"""Above this many pairs of words the search for what they share takes too long to wait for."""


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, white space included, and what became of it."""

    change: Change
    text: str


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that lead from `old` to `new`.

    SAME and REMOVED together read as the old text, SAME and ADDED as the new. What was removed stands before what came
    in its place. Where the two are long and hardly alike, the middle is told as replaced in one.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    middle = before[start : len(before) - end], after[start : len(after) - end]
    pieces = [Piece(Change.SAME, "".join(before[:start])), *_changes(*middle)]
    pieces.append(Piece(Change.SAME, "".join(before[len(before) - end :])))
    return tuple(piece for piece in pieces if piece.text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, what became of it, and its number (from 1) in the old and in the new text; None where it is not."""

    change: Change
    text: str
    old: int | None
    new: int | None


def compare_lines(old: str, new: str, around: int = 3) -> tuple[tuple[Line, ...], ...]:
    """The places where two texts of many lines differ, each with `around` lines of what they share on both sides."""
    before, after = old.split("\n"), new.split("\n")
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) * len(after) > _PAIRS_AT_MOST)
    return tuple(
        tuple(line for opcode in group for line in _lines_of(opcode, before, after))
        for group in matcher.get_grouped_opcodes(around)
    )


def _lines_of(opcode: tuple[str, int, int, int, int], before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    tag, a, b, c, d = opcode
    if tag == "equal":
        yield from (Line(Change.SAME, before[at], at + 1, c + at - a + 1) for at in range(a, b))
    else:
        yield from (Line(Change.REMOVED, before[at], at + 1, None) for at in range(a, b))
        yield from (Line(Change.ADDED, after[at], None, at + 1) for at in range(c, d))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words the two have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) * len(after) > _PAIRS_AT_MOST:
        yield from (Piece(Change.REMOVED, "".join(before)), Piece(Change.ADDED, "".join(after)))
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Change.SAME, "".join(before[a:b]))
        else:
            yield from (Piece(Change.REMOVED, "".join(before[a:b])), Piece(Change.ADDED, "".join(after[c:d])))
