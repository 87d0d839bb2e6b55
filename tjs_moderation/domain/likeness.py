"""How alike two questions are: the base forms they share, the rarer the weightier (after BM25, each word once)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.morphology import Analysis, DictionaryError, analyse
from tjs_moderation.domain.language.words import WordKind, cut

MOST_WORDS = 60
"""So many base forms of one question are kept and compared: a long story says the same things again."""

LONGEST_WORD = 64
LEAST_SHARE = 0.25
"""How much of the weight of what is asked an earlier question has to share to be worth showing."""

_SHORTEST = 3
_SHORTEST_PART = 4
_REMEMBERED = 20_000
_LENGTH_COUNTS = 0.35
"""How much a question longer than others is held back; 0 not at all, 1 in full."""

_SMALL_WORDS = frozenset("rcdkhp")
"""Voikko's classes of words that say nothing of a subject: pronouns, conjunctions, adpositions, the negation, calls."""

_EVERYWHERE = frozenset(
    """olla voida saada pitää tulla mennä tehdä haluta tietää kysyä kertoa sanoa osata auttaa kiittää hei moi terve
    kiitos päivä huomen anteeksi vain myös nyt sitten vielä kyllä miten milloin missä mistä mihin miksi paljon todella
    asia kysymys vastaus""".split(),
)


class Likeness(NamedTuple):
    """An earlier question like the one asked: its answer's id, and how much of what is asked it shares (0…1)."""

    answer_id: int
    share: float


def words_of(text: str) -> tuple[str, ...]:
    """The base forms a question is compared by, each once, in order; compounds with their parts.

    The forms themselves where there is no dictionary. Never raises.
    """
    found: dict[str, None] = {}
    for word in cut(fold(text)):
        if word.kind is WordKind.WORD:
            found.update(dict.fromkeys(_bases(word.form)))
        if len(found) >= MOST_WORDS:
            break
    return tuple(found)[:MOST_WORDS]


@lru_cache(maxsize=_REMEMBERED)
def _bases(form: str) -> tuple[str, ...]:
    try:
        readings = analyse(form)
    except DictionaryError:
        readings = ()
    if not readings:
        return (form[:LONGEST_WORD],) if len(form) >= _SHORTEST and form not in _EVERYWHERE else ()
    if any(reading.kind[:1] in _SMALL_WORDS and reading.kind for reading in readings):
        return ()
    return tuple(dict.fromkeys(_told(readings)))


def _told(readings: Iterable[Analysis]) -> Iterator[str]:
    for reading in readings:
        parts = [part for part in reading.parts if len(part) >= _SHORTEST_PART]
        for base in (reading.lemma, *parts):
            if len(base) >= _SHORTEST and base not in _EVERYWHERE:
                yield base[:LONGEST_WORD]


def weights(counts: Mapping[str, int], total: int) -> dict[str, float]:
    """How much each word weighs, by about how many of `total` questions hold it: the fewer, the more."""
    return {word: log(1 + max(total - count + 0.5, 0) / (count + 0.5)) for word, count in counts.items()}


def most_alike(candidates: Iterable[tuple[int, float, int]], whole: float, usual_length: float) -> Sequence[Likeness]:
    """The candidates worth showing, the likest first; the newer of two that are as like.

    A candidate is an answer's id, the weight of the words it shares, and how many words its question has. `whole` is
    the weight of everything asked, `usual_length` how many words a question has.
    """
    ranked = sorted(
        ((shared / _held_back(length, usual_length), answer_id, shared) for answer_id, shared, length in candidates),
        reverse=True,
    )
    return [Likeness(answer_id, shared / whole) for _, answer_id, shared in ranked if shared >= LEAST_SHARE * whole]


def _held_back(length: int, usual: float) -> float:
    return 1 - _LENGTH_COUNTS + _LENGTH_COUNTS * length / max(usual, 1.0)
