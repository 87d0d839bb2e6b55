"""What a trained model sees of a text: letters, words and what the reading found, as places in one long row of numbers.

The row has three stretches: letter n-grams, words and pairs of words, and signs (whom it addresses, what rules found).
A place is a hash (CRC-32), so nothing has to be remembered between training and use but the widths below.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from math import sqrt
from operator import or_
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tjs_moderation.domain.language import Asking, Utterance, asking
from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.words import WordKind
from tjs_moderation.domain.memory import Memory
from tjs_moderation.domain.rulebook import Finding

LETTERS = 1 << 18
WORDS = 1 << 17
SIGNS = 1 << 12
WIDTH = LETTERS + WORDS + SIGNS

Places = NDArray[np.int64]
Weights = NDArray[np.float32]
Row = tuple[Places, Weights]
Span = tuple[int, int]

_LONGEST = 5
"""N-grams are of two to so many letters."""
_LONGEST_FORM = 30
_MOST_WORDS = 600
_SIGN_WEIGHT = 0.2
_ROWS = "i"
"""How places lie in bytes: as numbers of four bytes."""
_STRETCHES = np.array((LETTERS, LETTERS + WORDS))
_SPOKEN = (WordKind.WORD, WordKind.PICTURE)


def features(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking) -> Row:
    """The places a text fills (sorted, each once) and their weights; the text's length does not change their sum."""
    spoken = [
        lexeme
        for word, lexeme in zip(utterance.words[:_MOST_WORDS], utterance.lexemes, strict=False)
        if word.kind in _SPOKEN
    ]
    said = [_SAID[lexeme] for lexeme in spoken]
    others = array(_ROWS, [*_pairs(said), *_signs(utterance, findings, asked, spoken)])
    places = _each_once(b"".join([each.places for each in said] + [others.tobytes()]))
    words, signs = places.searchsorted(_STRETCHES).tolist()
    counts = words, signs - words, len(places) - signs
    shares = np.array((_even(counts[0]), _even(counts[1]), _SIGN_WEIGHT), np.float32)
    return places, shares.repeat(counts)


def passage_features(utterance: Utterance, findings: tuple[Finding, ...]) -> Iterator[tuple[Span, Row]]:
    """The features of each passage by itself, with what rules found in it; none where the text is one passage.

    With each goes its span in the text as given, in code points.
    """
    for passage in utterance.passages():
        inside = {word.sentence for word in passage.words}
        found = tuple(finding for finding in findings if finding.sentence in inside)
        yield (passage.words[0].start, passage.words[-1].end), features(passage, found, asking(passage))


def _each_once(rows: bytes) -> Places:
    """What `np.unique` gives, in a fifth of its time on rows this short."""
    places = np.frombuffer(rows, np.int32).copy()
    places.sort()
    is_new = np.empty(len(places), np.bool_)
    is_new[:1] = True
    np.not_equal(places[1:], places[:-1], is_new[1:])
    return places[is_new].astype(np.int64)


def _even(count: int) -> float:
    return 1.0 / sqrt(max(1, count))


class _Said(NamedTuple):
    """What a word form brings by itself: its n-grams, its form and base forms; and what pairs with others need."""

    places: bytes
    written: bytes
    opening: int


def _say(lexeme: Lexeme) -> _Said:
    written = _bytes(lexeme.form)
    words = [LETTERS + crc32(_bytes(each)) % WORDS for each in (f"={lexeme.form}", *lexeme.lemmas)]
    return _Said(array(_ROWS, _letters(lexeme.form) + words).tobytes(), written, crc32(written + b"_"))


_SAID = Memory(_say, 30_000)


def _letters(form: str) -> list[int]:
    """The places of the n-grams of one word, its ends marked; one that comes twice stands there twice."""
    letters = [letter.encode("utf-8", "replace") for letter in f" {form[:_LONGEST_FORM]} "]
    places: list[int] = []
    for start, first in enumerate(letters, start=1):
        gram = crc32(first)
        for letter in letters[start : start + _LONGEST - 1]:
            gram = crc32(letter, gram)
            places.append(gram % LETTERS)
    return places


def _pairs(said: list[_Said]) -> list[int]:
    """Each two words that follow one another, as `first_second`."""
    return [LETTERS + crc32(second.written, first.opening) % WORDS for first, second in pairwise(said)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _sign(sign: str) -> int:
    return LETTERS + WORDS + crc32(_bytes(sign)) % SIGNS


_SIGN = Memory(_sign, 5_000)
_SHOWN = {sign: _sign(f"sign:{sign}") for sign in '?!"”…:'}
_KINDS = {kind: _sign(f"kind:{kind}") for kind in WordKind}
_MARKS = [
    (mark, _sign(f"mark:{mark}"))
    for mark in (
        *(Mark.YOU, Mark.YOU_PRONOUN, Mark.COMMAND, Mark.COMMAND_MANY, Mark.ME, Mark.ME_VERB, Mark.BE, Mark.NOT),
        *(Mark.REPORT, Mark.REPORT_NOUN, Mark.ASKS, Mark.INTERROGATIVE, Mark.NAME, Mark.PERSON, Mark.STAFF),
        *(Mark.GROUP, Mark.THIRD, Mark.IF, Mark.CONDITIONAL, Mark.YOUR, Mark.THING),
    )
]


def _signs(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking, spoken: list[Lexeme]) -> Iterator[int]:
    """The places of what the reading, the rules and the asking found; some may come twice."""
    marks = reduce(or_, [lexeme.marks for lexeme in spoken], Mark.NOTHING)
    yield from [place for mark, place in _MARKS if marks & mark]
    shown = {word.shown for word in utterance.words}
    yield from [place for sign, place in _SHOWN.items() if sign in shown]
    yield from [_KINDS[kind] for kind in {word.kind for word in utterance.words}]
    for place, lexeme in enumerate(spoken[:2]):
        yield _SIGN[f"opens:{place}:{lexeme.form}"]
    yield _SIGN[f"language:{utterance.language}"]
    yield _SIGN[f"long:{len(spoken).bit_length()}"]
    yield _SIGN[f"asks:{round(asked.score * 5)}"]
    if utterance.text.isupper():
        yield _SIGN["shouts"]
    if any(utterance.quotes):
        yield _SIGN["quotes"]
    for finding in findings:
        category, outcome = finding.rule.category.value, finding.rule.outcome.value
        yield _SIGN[f"found:{category}:{outcome}"]
        yield _SIGN[f"aimed:{category}:{finding.target.value}"]
        yield _SIGN[f"worst:{outcome}"]
        yield _SIGN[f"rule:{finding.rule.name}"]
