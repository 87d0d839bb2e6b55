"""What a trained model sees of a text: letters, words and what the reading found, as places in one long row of numbers.

The row has three stretches: letter n-grams, words and pairs of words, and signs (whom it addresses, what rules found).
A place is a hash (CRC-32), so nothing has to be remembered between training and use but the widths below.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tjs_moderation.domain.language import Asking, Utterance
from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.words import WordKind
from tjs_moderation.domain.rulebook import Finding

LETTERS = 1 << 18
WORDS = 1 << 17
SIGNS = 1 << 12
WIDTH = LETTERS + WORDS + SIGNS

Places = NDArray[np.int64]
Weights = NDArray[np.float32]

_SHORTEST, _LONGEST = 2, 5
_LONGEST_FORM = 30
_MOST_WORDS = 600
_SIGN_WEIGHT = 0.4
_NO_PLACES = np.zeros(0, np.int64)
_TRUE = np.ones(1, np.bool_)
_MARKS = (
    *(Mark.YOU, Mark.YOU_PRONOUN, Mark.COMMAND, Mark.COMMAND_MANY, Mark.ME, Mark.ME_VERB, Mark.BE, Mark.NOT),
    *(Mark.REPORT, Mark.REPORT_NOUN, Mark.ASKS, Mark.INTERROGATIVE, Mark.NAME, Mark.PERSON, Mark.STAFF, Mark.GROUP),
    *(Mark.THIRD, Mark.IF, Mark.CONDITIONAL, Mark.YOUR, Mark.THING),
)


def features(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking) -> tuple[Places, Weights]:
    """The places a text fills (sorted, each once) and their weights; the text's length does not change their sum."""
    spoken = [
        lexeme
        for word, lexeme in zip(utterance.words[:_MOST_WORDS], utterance.lexemes, strict=False)
        if word.kind in (WordKind.WORD, WordKind.PICTURE)
    ]
    letters = _each_once([_letters(lexeme.form) for lexeme in spoken]) if spoken else _NO_PLACES
    words = _row({LETTERS + place for place in _words(spoken)})
    signs = _row({LETTERS + WORDS + _sign(sign) for sign in _signs(utterance, findings, asked, spoken)})
    places = np.concatenate((letters, words, signs))
    weights = np.concatenate((_even(letters), _even(words), np.full(len(signs), _SIGN_WEIGHT, np.float32)))
    return places, weights


def _each_once(rows: list[Places]) -> Places:
    """What `np.unique` gives, in a fifth of its time on rows this short."""
    places = np.concatenate(rows)
    places.sort()
    once: Places = places[np.concatenate((_TRUE, places[1:] != places[:-1]))]
    return once


def _row(places: set[int]) -> Places:
    return np.array(sorted(places), np.int64)


def _even(places: Places) -> Weights:
    return np.full(len(places), 1.0 / np.sqrt(max(1, len(places))), np.float32)


@lru_cache(maxsize=30_000)
def _letters(form: str) -> Places:
    """The n-grams of one word, its ends marked."""
    padded = f" {form[:_LONGEST_FORM]} "
    letters = padded.encode("utf-8", "replace")
    # Where each letter begins in bytes: cutting bytes is much cheaper than encoding every n-gram.
    begins = (
        range(len(padded) + 1)
        if len(letters) == len(padded)
        else (*accumulate((len(letter.encode("utf-8", "replace")) for letter in padded), initial=0),)
    )
    grams = {
        letters[begins[start] : begins[start + size]]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(padded) - size + 1)
    }
    return np.array(sorted(crc32(gram) % LETTERS for gram in grams), np.int64)


def _words(spoken: list[Lexeme]) -> Iterator[int]:
    for lexeme in spoken:
        yield from _base_forms(lexeme.form, lexeme.lemmas)
    for first, second in pairwise(spoken):
        yield _hash(f"{first.form}_{second.form}", WORDS)


@lru_cache(maxsize=30_000)
def _base_forms(form: str, lemmas: frozenset[str]) -> tuple[int, ...]:
    return tuple(_hash(each, WORDS) for each in {f"={form}", *lemmas})


def _signs(utterance: Utterance, findings: tuple[Finding, ...], asked: Asking, spoken: list[Lexeme]) -> set[str]:
    marks = 0
    for lexeme in spoken:
        marks |= lexeme.marks
    shown = {word.shown for word in utterance.words}
    signs = {f"mark:{mark}" for mark in _MARKS if marks & mark}
    signs |= {f"sign:{sign}" for sign in shown & set('?!"”…:')}
    signs |= {f"kind:{kind.value}" for kind in {word.kind for word in utterance.words}}
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
def _sign(sign: str) -> int:
    return _hash(sign, SIGNS)


def _hash(text: str, width: int) -> int:
    return crc32(text.encode("utf-8", "replace")) % width
