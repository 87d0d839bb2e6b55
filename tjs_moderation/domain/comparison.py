"""What changed between two texts, word by word, for a person to read."""

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
