"""What a word list is made of: words and phrases, in the forms that are looked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a phrase: the alternatives that may stand there, as any form of `words` or as just the `forms`.

    `gap` is how many other words may stand before it.
    """

    words: tuple[str, ...]
    forms: tuple[str, ...] = ()
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a word list: a word or a phrase.

    `as_head` and `as_part`: it also counts as the last, or any, part of a compound. `only_opening` and `only_head`,
    written `paska-` and `-pää`: it counts as that part of a compound alone.
    """

    pieces: tuple[Piece, ...]
    line: int
    as_head: bool = False
    as_part: bool = False
    only_opening: bool = False
    only_head: bool = False
