"""A text as it was understood: words, what each may be, sentences, clauses, quotations, the language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.foreign import foreign_lexeme
from tjs_moderation.domain.language.languages import identify
from tjs_moderation.domain.language.lexeme import Lexeme, Mark, lexeme
from tjs_moderation.domain.language.morphology import analyse
from tjs_moderation.domain.language.unmasking import Knows, unmask
from tjs_moderation.domain.language.words import Word, WordKind, cut

_FARTHEST = 120
"""How far from a word its sentence or clause is looked for."""
_LEAST_WORDS = 3
_OPENING_QUOTES = frozenset('"”“»«„')
_BREAKS = frozenset(",;:–—()[]")
_SPOKEN = WordKind.WORD, WordKind.PICTURE
_CLAUSE_WORDS = signals.CLAUSE_STARTERS - {"ja", "tai", "eli", "niin", "mitä", "miksi", "vaan", "vai"}

Names = Callable[[Sequence[Word], tuple[Lexeme, ...]], tuple[Lexeme, ...]]
"""Gives the lexemes of the words back, those that name certain people marked."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text read. `words`, `lexemes`, `clauses` and `quotes` run in step.

    `clauses[i]` numbers the clause of word i; `quotes[i]` numbers the quotation it stands in, 0 outside of any.
    """

    text: str
    words: tuple[Word, ...]
    lexemes: tuple[Lexeme, ...]
    clauses: tuple[int, ...]
    quotes: tuple[int, ...]
    language: str

    def sentence(self, index: int) -> range:
        """The indices of the words in the sentence of word `index`."""
        own, least, most = self.words[index].sentence, *_around(index, len(self.words))
        return range(
            bisect_left(self.words, own, least, index, key=_sentence),
            bisect_right(self.words, own, index, most, key=_sentence),
        )

    def clause(self, index: int) -> range:
        """The indices of the words in the clause of word `index`."""
        own, least, most = self.clauses[index], *_around(index, len(self.words))
        return range(bisect_left(self.clauses, own, least, index), bisect_right(self.clauses, own, index, most))

    def passages(self) -> Iterator[Utterance]:
        """What can be understood by itself, in order: sentences, a quotation together with whose words it is.

        A sentence of one or two words goes with the one after it. None where the text is one passage.
        """
        starts = self._passage_starts()
        if len(starts) > 1:
            for first, last in pairwise((*starts, len(self.words))):
                yield self._part(first, last)

    def _passage_starts(self) -> list[int]:
        words, quotes = self.words, self.quotes
        starts, spoken = [0], 0
        for i, word in enumerate(words):
            opens = i > 0 and word.sentence != words[i - 1].sentence and not quotes[i - 1]
            if opens and spoken >= _LEAST_WORDS:
                starts.append(i)
                spoken = 0
            spoken += word.kind in _SPOKEN
        return starts

    def _part(self, first: int, last: int) -> Utterance:
        part = slice(first, last)
        text = self.text[self.words[first].start : self.words[last - 1].end]
        return Utterance(
            text, self.words[part], self.lexemes[part], self.clauses[part], self.quotes[part], self.language
        )


_sentence = attrgetter("sentence")


def _around(index: int, length: int) -> tuple[int, int]:
    return max(0, index - _FARTHEST), min(length, index + _FARTHEST)


_SIGN = Lexeme("", (), frozenset(), Mark.NOTHING, False, frozenset())


def read(text: str, knows: Knows, name: Names | None = None) -> Utterance:
    """The text as understood. `knows` says whether somebody looks for a word form: disguises are undone towards those.

    `name` marks the words that name certain people. Raises `DictionaryError` where there is no dictionary; nothing
    else, whatever the text.
    """
    folded = fold(text)
    words = unmask(folded, cut(folded), knows)
    forms = [word.form for word in words if word.kind is WordKind.WORD]
    language = identify(folded.text, forms, lambda form: bool(analyse(form)))
    look_up = lexeme if language not in ("sv", "en") else foreign_lexeme
    lexemes = tuple(look_up(word.form) if word.kind in _SPOKEN else _SIGN for word in words)
    if name is not None:
        lexemes = name(words, lexemes)
    return Utterance(text, words, lexemes, _clauses(words), _quotes(words), language)


def _clauses(words: tuple[Word, ...]) -> tuple[int, ...]:
    numbers: list[int] = []
    clause = 0
    sentence = 0
    for word in words:
        if (
            word.sentence != sentence
            or word.shown in _BREAKS
            or (word.form in _CLAUSE_WORDS and word.kind is WordKind.WORD)
        ):
            clause += 1
            sentence = word.sentence
        numbers.append(clause)
    return tuple(numbers)


def _quotes(words: tuple[Word, ...]) -> tuple[int, ...]:
    """Which quotation each word stands in. A quote mark without its mate within 60 words opens nothing."""
    marks = [i for i, word in enumerate(words) if word.shown in _OPENING_QUOTES]
    numbers = [0] * len(words)
    number = 0
    position = 0
    while position + 1 < len(marks):
        opening, closing = marks[position], marks[position + 1]
        if closing - opening > 60:
            position += 1
            continue
        number += 1
        for i in range(opening + 1, closing):
            numbers[i] = number
        position += 2
    return tuple(numbers)
