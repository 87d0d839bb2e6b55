"""Words the dictionary does not know, as a hint; never of names, abbreviations or another language."""

from __future__ import annotations

from itertools import islice

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.language.words import Word, WordKind

_SHORTEST = 3
MOST_HINTS = 12
"""So many unknown words are pointed at; more would say that the text is in no language we know."""


def unknown_words(utterance: Utterance) -> Finds:
    """The first unknown words of a Finnish text, each once."""
    if utterance.language == "fi":
        yield from islice(_unknown(utterance), MOST_HINTS)


def _unknown(utterance: Utterance) -> Finds:
    seen: set[str] = set()
    for index, (word, lexeme) in enumerate(zip(utterance.words, utterance.lexemes, strict=True)):
        if (
            not lexeme.readings
            and word.form not in seen
            and _may_be_misspelt(word)
            and not _is_joined(utterance, index)
        ):
            seen.add(word.form)
            yield Found(Check.UNKNOWN_WORD, (word.start, word.end))


def _may_be_misspelt(word: Word) -> bool:
    """Whether it is a word in small letters: with a capital, it may be the name of somebody or something."""
    return word.kind is WordKind.WORD and len(word.form) >= _SHORTEST and word.shown == word.form


def _is_joined(utterance: Utterance, index: int) -> bool:
    """Whether a sign ties it to what stands before it: *EWC:ssä*, *2010-luvulla*, *ja/tai*."""
    if not index:
        return False
    before, word = utterance.words[index - 1], utterance.words[index]
    return before.end == word.start and before.kind is not WordKind.PICTURE
