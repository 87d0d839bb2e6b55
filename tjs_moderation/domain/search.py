"""Words made findable by their base form: what of an item is indexed, what a query asks for, where it is found.

An indexed word is its part's letter, an underscore and the word: `t_koulutus`. It holds letters and digits only, so
that neither database cuts it in another way than the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.morphology import DictionaryError, lemmas

MOST_TERMS = 20
"""How many words one search may have."""

LONGEST_QUERY = 300
"""The longest search, in characters."""

LONGEST_WORD = 64
"""How much of a word is indexed and looked for, in characters."""

SHORTEST_BEGINNING = 3
"""The fewest letters before a star; a star after fewer is left out of account."""

LARGEST_DOCUMENT_BYTES = 400_000
"""How much of one item is indexed; PostgreSQL keeps 1 MB of words in a row."""

_REMEMBERED = 20_000
"""How many forms are kept with their base forms: texts say the same words again and again."""

_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r"([^\W_]+)(\*?)")


class Part(StrEnum):
    """What of an item a word stands in."""

    TEXT = "text"
    WRITER = "writer"
    POST = "post"
    ANSWER = "answer"
    NOTE = "note"


_LETTERS = {Part.TEXT: "t", Part.WRITER: "w", Part.POST: "p", Part.ANSWER: "a", Part.NOTE: "n"}


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is asked for: any of `words` (a form and its base forms) in any of `parts`.

    `is_beginning`: words that only begin so are meant as well.
    """

    words: frozenset[str]
    parts: tuple[Part, ...]
    is_beginning: bool = False

    @property
    def indexed(self) -> list[str]:
        """What stands for this term in the index, sorted."""
        return sorted(f"{_LETTERS[part]}_{word}" for part in self.parts for word in self.words)


def document(parts: Mapping[Part, Iterable[str]]) -> str:
    """What is indexed of an item's texts: every form and base form once, with a space between them."""
    found: dict[str, None] = {}
    size = 0
    for part, texts in parts.items():
        for word in _spelt(texts):
            token = f"{_LETTERS[part]}_{word}"
            if token in found:
                continue
            size += len(token.encode()) + 1
            if size > LARGEST_DOCUMENT_BYTES:
                return " ".join(found)
            found[token] = None
    return " ".join(found)


def _spelt(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for form in _WORD.findall(fold(text).text):
            yield from sorted(words_of(form))


def terms(written: str, parts: Sequence[Part] = tuple(Part)) -> tuple[Term, ...]:
    """What a query asks for, each word once; all of them must be found. Signs ask for nothing, but a star after a
    beginning does. Never raises.
    """
    found: dict[Term, None] = {}
    for form, star in _ASKED.findall(fold(written).text):
        is_beginning = bool(star) and len(form) >= SHORTEST_BEGINNING
        words = frozenset({_plain(form)}) if is_beginning else words_of(form)
        found[Term(words, tuple(parts), is_beginning)] = None
    return tuple(term for term in found if term.words)


def words_of(form: str) -> frozenset[str]:
    """A form and the base forms it may have, in small letters; the form alone where there is no dictionary."""
    try:
        return _words_of(form)
    except DictionaryError:
        return frozenset(filter(None, [_plain(form)]))


@lru_cache(maxsize=_REMEMBERED)
def _words_of(form: str) -> frozenset[str]:
    plain = _plain(form)
    return frozenset(filter(None, [plain, *map(_plain, lemmas(plain))]))


def spans(text: str, asked: Sequence[Term], part: Part) -> list[tuple[int, int]]:
    """Where in `text`, which is of this part, stands what is asked for: (start, end) in code points, in order."""
    wanted = [term for term in asked if part in term.parts]
    if not wanted:
        return []
    whole = frozenset[str]().union(*(term.words for term in wanted if not term.is_beginning))
    beginnings = tuple(word for term in wanted if term.is_beginning for word in term.words)
    folded, found = fold(text), []
    for match in _WORD.finditer(folded.text):
        words = words_of(match.group())
        if not whole.isdisjoint(words) or (beginnings and any(word.startswith(beginnings) for word in words)):
            found.append(folded.span(*match.span()))
    return found


def _plain(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())[:LONGEST_WORD]
