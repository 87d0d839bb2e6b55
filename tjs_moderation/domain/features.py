"""What a trained model sees of a text: letters, words and what the reading found, as places in one long row of numbers.

The row has three stretches: letter n-grams, words and pairs of words, and signs (whom it addresses, what rules found).
A place is a hash (CRC-32), so nothing has to be remembered between training and use but the widths below.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tjs_moderation.domain.language import Asking, Utterance, asking
from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.words import WordKind
from tjs_moderation.domain.rulebook import Finding

LETTERS = 1 << 18
WORDS = 1 << 17
SIGNS = 1 << 12
WIDTH = LETTERS + WORDS + SIGNS

Places = NDArray[np.int64]
Letters = NDArray[np.int32]
Weights = NDArray[np.float32]
Row = tuple[Places, Weights]
Span = tuple[int, int]

_LONGEST = 5
"""N-grams are of two to so many letters."""
_LONGEST_FORM = 30
_MOST_WORDS = 600
_SIGN_WEIGHT = 0.2
_NO_PLACES = np.zeros(0, np.int64)
_SPOKEN = (WordKind.WORD, WordKind.PICTURE)
_SHOWN_SIGNS = frozenset('?!"”…:')
_MARKS = (
    *(Mark.YOU, Mark.YOU_PRONOUN, Mark.COMMAND, Mark.COMMAND_MANY, Mark.ME, Mark.ME_VERB, Mark.BE, Mark.NOT),
    *(Mark.REPORT, Mark.REPORT_NOUN, Mark.ASKS, Mark.INTERROGATIVE, Mark.NAME, Mark.PERSON, Mark.STAFF, Mark.GROUP),
    *(Mark.THIRD, Mark.IF, Mark.CONDITIONAL, Mark.YOUR, Mark.THING),
)


def features(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking) -> Row:
    """The places a text fills (sorted, each once) and their weights; the text's length does not change their sum."""
    spoken = [
        lexeme
        for word, lexeme in zip(utterance.words[:_MOST_WORDS], utterance.lexemes, strict=False)
        if word.kind in _SPOKEN
    ]
    said = [_said(lexeme) for lexeme in spoken]
    letters = _each_once([each.letters for each in said]) if said else _NO_PLACES
    words = _row(_words(said))
    signs = _row(set(map(_sign, _signs(utterance, findings, asked, spoken))))
    shares = np.array((_even(letters), _even(words), _SIGN_WEIGHT), np.float32)
    return np.concatenate((letters, words, signs)), shares.repeat((len(letters), len(words), len(signs)))


def passage_features(utterance: Utterance, findings: tuple[Finding, ...]) -> Iterator[tuple[Span, Row]]:
    """The features of each passage by itself, with what rules found in it; none where the text is one passage.

    With each goes its span in the text as given, in code points.
    """
    for passage in utterance.passages():
        inside = {word.sentence for word in passage.words}
        found = tuple(finding for finding in findings if finding.sentence in inside)
        yield (passage.words[0].start, passage.words[-1].end), features(passage, found, asking(passage))


def _each_once(rows: list[Letters]) -> Places:
    """What `np.unique` gives, in a fifth of its time on rows this short."""
    places = np.concatenate(rows)
    places.sort()
    is_new = np.empty(len(places), np.bool_)
    is_new[0] = True
    np.not_equal(places[1:], places[:-1], is_new[1:])
    return places[is_new].astype(np.int64)


def _row(places: set[int]) -> Places:
    return np.array(sorted(places), np.int64)


def _even(places: Places) -> float:
    return 1.0 / sqrt(max(1, len(places)))


class _Said(NamedTuple):
    """What a word form brings by itself: its n-grams, its form and base forms; and what pairs with others need."""

    letters: Letters
    words: tuple[int, ...]
    written: bytes
    opening: int


@lru_cache(maxsize=60_000)
def _said(lexeme: Lexeme) -> _Said:
    written = _bytes(lexeme.form)
    words = tuple(LETTERS + crc32(_bytes(each)) % WORDS for each in (f"={lexeme.form}", *lexeme.lemmas))
    return _Said(_letters(lexeme.form), words, written, crc32(written + b"_"))


def _letters(form: str) -> Letters:
    """The n-grams of one word, its ends marked; one that comes twice may stand there twice."""
    letters = [_bytes(letter) for letter in f" {form[:_LONGEST_FORM]} "]
    places: list[int] = []
    for start, first in enumerate(letters, start=1):
        gram = crc32(first)
        for letter in letters[start : start + _LONGEST - 1]:
            gram = crc32(letter, gram)
            places.append(gram % LETTERS)
    return np.array(places, np.int32)


def _words(said: list[_Said]) -> set[int]:
    """The words of a text, and each two that follow one another as `first_second`."""
    pairs = {LETTERS + crc32(second.written, first.opening) % WORDS for first, second in pairwise(said)}
    return pairs.union(*[each.words for each in said])


def _signs(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking, spoken: list[Lexeme]) -> set[str]:
    marks = 0
    for lexeme in spoken:
        marks |= lexeme.marks
    shown = {word.shown for word in utterance.words}
    signs = set(_marked(marks))
    signs |= {f"sign:{sign}" for sign in shown & _SHOWN_SIGNS}
    signs |= {f"kind:{kind}" for kind in {word.kind for word in utterance.words}}
    signs |= {f"opens:{place}:{lexeme.form}" for place, lexeme in enumerate(spoken[:2])}
    signs |= {f"language:{utterance.language}", f"long:{len(spoken).bit_length()}", f"asks:{round(asked.score * 5)}"}
    if utterance.text.isupper():
        signs.add("shouts")
    if any(utterance.quotes):
        signs.add("quotes")
    for finding in findings:
        category, outcome = finding.rule.category.value, finding.rule.outcome.value
        signs |= {
            f"found:{category}:{outcome}",
            f"aimed:{category}:{finding.target.value}",
            f"worst:{outcome}",
            f"rule:{finding.rule.name}",
        }
    return signs


@lru_cache(maxsize=10_000)
def _marked(marks: int) -> frozenset[str]:
    return frozenset(f"mark:{mark}" for mark in _MARKS if marks & mark)


@lru_cache(maxsize=10_000)
def _sign(sign: str) -> int:
    return LETTERS + WORDS + crc32(_bytes(sign)) % SIGNS


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
