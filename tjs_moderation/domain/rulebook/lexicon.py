"""Which word lists a word form belongs to: by base form, part of a compound, or stem where the dictionary is silent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tjs_moderation.domain.language.lexeme import Lexeme, lexeme
from tjs_moderation.domain.language.morphology import lemmas
from tjs_moderation.domain.memory import Memory
from tjs_moderation.domain.rulebook.entries import Entry, Piece
from tjs_moderation.domain.rulebook.stems import StemTable

_REMEMBERED = 30_000
_SHORTEST_TAIL = 5
_SHORTEST_STEM = 3
_NOTHING: frozenset[int] = frozenset()
_NO_WORDS: frozenset[str] = frozenset()


class Place(NamedTuple):
    """A piece of a phrase as it is looked for: base forms, or forms themselves."""

    lemmas: frozenset[str]
    forms: frozenset[str]
    gap: int


class Phrase(NamedTuple):
    """A phrase of several places, and the list it belongs to."""

    list_number: int
    places: tuple[Place, ...]


class Hit(NamedTuple):
    """Words `first` to `last` (indices, inclusive) belong to the lists with these numbers."""

    first: int
    last: int
    lists: frozenset[int]


class Opening(NamedTuple):
    """What one word form sets off: the lists it belongs to, and the phrases it begins by what may end them."""

    lists: frozenset[int]
    phrases: tuple[Phrase, ...]
    by_end: Mapping[str, tuple[int, ...]]

    def phrases_ending_in(self, said: frozenset[str]) -> list[Phrase]:
        """The phrases whose last word is among forms and base forms: most phrases that begin go no further."""
        ends = self.by_end.keys() & said
        return [self.phrases[number] for number in sorted({number for end in ends for number in self.by_end[end]})]


class Lexicon:
    """The entries of all lists, ready to be looked up. Built once per rule set; safe to share between threads."""

    def __init__(self, lists: Iterable[tuple[int, Iterable[Entry]]]) -> None:
        self._lemmas: dict[str, set[int]] = defaultdict(set)
        self._forms: dict[str, set[int]] = defaultdict(set)
        self._heads: dict[str, set[int]] = defaultdict(set)
        self._parts: dict[str, set[int]] = defaultdict(set)
        self._openings: dict[str, set[int]] = defaultdict(set)
        self._stems, self._tails = StemTable(_SHORTEST_STEM), StemTable(_SHORTEST_TAIL)
        self._phrases_by_lemma: dict[str, list[Phrase]] = defaultdict(list)
        self._phrases_by_form: dict[str, list[Phrase]] = defaultdict(list)
        self._known: Memory[Lexeme, Opening | None] = Memory(self._opening, _REMEMBERED)
        for number, entries in lists:
            for entry in entries:
                if len(entry.pieces) == 1:
                    self._add_word(number, entry)
                else:
                    self._add_phrase(number, entry)
        tables = (self._lemmas, self._forms, self._heads, self._parts, self._openings)
        self._names = frozenset[str]().union(*tables, self._phrases_by_lemma, self._phrases_by_form)

    # -- building ------------------------------------------------------------------------------------------------------

    def _add_word(self, number: int, entry: Entry) -> None:
        piece = entry.pieces[0]
        for form in piece.forms:
            self._forms[form].add(number)
        for word in piece.words:
            if entry.only_opening or entry.only_head:
                for base in _bases(word):
                    (self._openings if entry.only_opening else self._heads)[base].add(number)
                if entry.only_head:
                    self._tails.add(number, word)
                continue
            for base in _bases(word):
                self._lemmas[base].add(number)
                if entry.as_head or entry.as_part:
                    self._heads[base].add(number)
                if entry.as_part:
                    self._parts[base].add(number)
            self._stems.add(number, word)
            if entry.as_head:
                self._tails.add(number, word)

    def _add_phrase(self, number: int, entry: Entry) -> None:
        phrase = Phrase(number, tuple(_place(piece) for piece in entry.pieces))
        first = phrase.places[0]
        for lemma in first.lemmas:
            self._phrases_by_lemma[lemma].append(phrase)
        for form in first.forms:
            self._phrases_by_form[form].append(phrase)

    # -- looking up ----------------------------------------------------------------------------------------------------

    def begins_any(self, word: Lexeme, lists: frozenset[int]) -> bool:
        """Whether a word form belongs to one of these lists, or begins a phrase of one."""
        opening = self._known[word]
        if opening is None:
            return False
        return not lists.isdisjoint(opening.lists) or any(phrase.list_number in lists for phrase in opening.phrases)

    def _opening(self, word: Lexeme) -> Opening | None:
        """What a word form sets off; None for most."""
        if word.readings and self._names.isdisjoint(word.names):
            return None
        lists, phrases = self._find(word), self._phrases_from(word)
        if not (lists or phrases):
            return None
        by_end: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(phrases):
            for end in phrase.places[-1].forms | phrase.places[-1].lemmas:
                by_end[end].append(number)
        return Opening(frozenset(lists), phrases, {end: tuple(numbers) for end, numbers in by_end.items()})

    def _find(self, word: Lexeme) -> set[int]:
        found = set(self._forms.get(word.form, _NOTHING))
        for lemma in word.lemmas:
            found |= self._lemmas.get(lemma, _NOTHING)
        for reading in word.readings:
            if reading.parts:
                found |= self._heads.get(reading.parts[-1], _NOTHING)
                found |= self._openings.get(reading.parts[0], _NOTHING)
                for part in reading.parts:
                    found |= self._parts.get(part, _NOTHING)
            elif reading.root and reading.root != reading.lemma:
                found |= self._parts.get(reading.root, _NOTHING)
        if not word.is_known:
            found |= self._by_stem(word.form)
        return found

    def _by_stem(self, form: str) -> set[int]:
        """Lists of a form the dictionary does not know: a stem and an ending, alone or at the end of a longer word."""
        found = set(self._stems.lists_of(form))
        if "-" in form:
            found |= self._tails.lists_of(form.rsplit("-", 1)[1])
        return found | self._tails.lists_of_tail(form, range(3, min(len(form) - _SHORTEST_TAIL + 1, 25)))

    def _phrases_from(self, word: Lexeme) -> tuple[Phrase, ...]:
        phrases = list(self._phrases_by_form.get(word.form, ()))
        for lemma in word.lemmas:
            phrases.extend(self._phrases_by_lemma.get(lemma, ()))
        return tuple(dict.fromkeys(phrases))

    def hits(self, words: tuple[Lexeme, ...]) -> list[Hit]:
        """Every place in a row of words where a list is hit. Time is linear in the words."""
        known = self._known
        openings = [(index, opening) for index, word in enumerate(words) if (opening := known[word])]
        if not openings:
            return []
        found: list[Hit] = []
        said = _NO_WORDS
        if any(opening.phrases for _, opening in openings):
            said = said.union(*[word.lemmas for word in words], [word.form for word in words])
        for index, opening in openings:
            if opening.lists:
                found.append(Hit(index, index, opening.lists))
            if opening.phrases and not said.isdisjoint(opening.by_end):
                found.extend(
                    Hit(index, last, frozenset((phrase.list_number,)))
                    for phrase in opening.phrases_ending_in(said)
                    if (last := _end_of(phrase, words, index)) is not None
                )
        return found


def _bases(word: str) -> frozenset[str]:
    """The base forms an entry stands for: itself where it is one, all its readings otherwise."""
    found = lemmas(word)
    return frozenset((word,)) if word in found else found


def _place(piece: Piece) -> Place:
    """A word written in its base form stands for every form of it; an inflected one (“kuole”) for itself alone."""
    bases = frozenset(word for word in piece.words if word in lexeme(word).lemmas)
    return Place(bases, frozenset((*piece.words, *piece.forms)), piece.gap)


def _end_of(phrase: Phrase, words: tuple[Lexeme, ...], first: int) -> int | None:
    """The index of a phrase's last word where it begins at `first`; at most GAP words are looked past at each gap."""
    index = first
    for place in phrase.places[1:]:
        limit = min(len(words), index + 2 + place.gap)
        for candidate in range(index + 1, limit):
            word = words[candidate]
            if word.form in place.forms or not word.lemmas.isdisjoint(place.lemmas):
                index = candidate
                break
        else:
            return None
    return index
