"""Subjects the organisation does not publish (P6): words and phrases of its own list, met in any form."""

from __future__ import annotations

from functools import lru_cache

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.rulebook.grammar import parse_entry
from tjs_moderation.domain.rulebook.lexicon import Lexicon


def subjects(utterance: Utterance, listed: tuple[str, ...], check: Check = Check.SUBJECT) -> Finds:
    """Every place where a listed word or phrase stands, also as a part of a compound; `subject` is how it is listed."""
    for hit in _lexicon(listed).hits(utterance.lexemes):
        span = utterance.words[hit.first].start, utterance.words[hit.last].end
        yield Found(check, span, {"subject": listed[min(hit.lists)]})


@lru_cache(maxsize=8)
def _lexicon(listed: tuple[str, ...]) -> Lexicon:
    """The list ready to be looked up; what cannot be looked for is left out (the settings do not take it in)."""
    read = ((number, parse_entry(each, 0, as_head=True, as_part=True)) for number, each in enumerate(listed))
    return Lexicon([(number, [entry]) for number, entry in read if isinstance(entry, Entry)])
