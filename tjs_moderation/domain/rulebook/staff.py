"""The people who work here, found by name in a text, in any form of the name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.words import Word, WordKind
from tjs_moderation.domain.rulebook.stems import endings, stem_lengths, stems

_SHORTEST_NAME = 3
_LONGEST_FORM = 30
_OPENING = 2
"""A name keeps so many letters in every form: *Satu* is *Sadun*."""


class StaffNames:
    """Marks the names of the staff among the words of a text. Built once for a list of names; safe to share.

    A single name counts where it has its capital and can be nothing else; first and last name together always do.
    """

    def __init__(self, names: Sequence[str]) -> None:
        pieces = {piece for name in names for piece in name.lower().split() if len(piece) >= _SHORTEST_NAME}
        self._names = frozenset(pieces)
        self._stems = {stem for piece in pieces for stem in stems(piece)}
        self._openings = frozenset(piece[:_OPENING] for piece in pieces)
        self._full = {
            frozenset(pair)
            for name in names
            for first in name.lower().split()
            for last in name.lower().split()
            if len(pair := {first, last}) == 2
        }

    def __call__(self, words: Sequence[Word], lexemes: tuple[Lexeme, ...]) -> tuple[Lexeme, ...]:
        """The lexemes, those that name somebody of the staff marked so."""
        places = [
            index
            for index, word in enumerate(words)
            if word.kind is WordKind.WORD and word.form[:_OPENING] in self._openings and self._meant(lexemes[index])
        ]
        meant = {index for index in places if self._is_alone_enough(words, lexemes[index], index)}
        for first, second in pairwise(places):
            if second == first + 1 and self._are_one(lexemes[first], lexemes[second]):
                meant |= {first, second}
        if not meant:
            return lexemes
        return tuple(
            replace(lexeme, marks=lexeme.marks | Mark.STAFF | Mark.NAME) if index in meant else lexeme
            for index, lexeme in enumerate(lexemes)
        )

    def _meant(self, lexeme: Lexeme) -> frozenset[str]:
        """The names a form may stand for: by base form, or else by stem and ending."""
        if found := lexeme.lemmas & self._names:
            readings = [reading for reading in lexeme.readings if reading.lemma in found]
            is_many = bool(readings) and all(reading.number == "m" for reading in readings)
            return frozenset() if is_many else found
        form = lexeme.form
        if len(form) > _LONGEST_FORM:
            return frozenset()
        for length in stem_lengths(form, _SHORTEST_NAME):
            if form[:length] in self._stems and form[length:] in endings():
                return frozenset(name for name in self._names if form[:length] in stems(name))
        return frozenset()

    def _is_alone_enough(self, words: Sequence[Word], lexeme: Lexeme, index: int) -> bool:
        is_by_stem = bool(lexeme.readings) and lexeme.lemmas.isdisjoint(self._names)
        if is_by_stem or not words[index].is_capitalised:
            return False
        opens = index == 0 or words[index - 1].sentence != words[index].sentence
        return not opens or all(reading.is_name for reading in lexeme.readings)

    def _are_one(self, first: Lexeme, second: Lexeme) -> bool:
        return any(frozenset((one, other)) in self._full for one in self._meant(first) for other in self._meant(second))


@lru_cache(maxsize=16)
def staff_names(names: tuple[str, ...]) -> StaffNames:
    """What finds these names; kept, since the same people work here from one text to the next."""
    return StaffNames(names)
