"""The surroundings of some words in an utterance: who is spoken to near them, what stands before and after."""

from __future__ import annotations

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.utterance import Utterance
from tjs_moderation.domain.language.words import WordKind

_NEAR = 6
_NOUNS = Mark.NOUN | Mark.ADJECTIVE
_YOU = Mark.YOU | Mark.YOUR
_ADDRESSING = _YOU | Mark.COMMAND | Mark.DONT


class Sight:
    """The clause and the sentence around the words `first` to `last` (indices, inclusive), looked at once."""

    def __init__(self, utterance: Utterance, first: int, last: int) -> None:
        self.utterance = utterance
        self.first, self.last = first, last
        self.clause = utterance.clause(first)
        self.sentence = utterance.sentence(first)

    def marks(self, index: int) -> int:
        return self.utterance.lexemes[index].marks

    def any_in(self, indices: range, marks: int) -> bool:
        """Whether a word there, other than the words themselves, bears one of the marks."""
        lexemes, first, last = self.utterance.lexemes, self.first, self.last
        for i in indices:  # noqa: SIM110  # asked dozens of times of a text; `any` takes twice as long
            if lexemes[i].marks & marks and not first <= i <= last:
                return True
        return False

    def before(self) -> range:
        return range(max(self.clause.start, self.first - _NEAR), self.first)

    def after(self) -> range:
        return range(self.last + 1, min(self.clause.stop, self.last + 1 + _NEAR))

    def commands(self, index: int) -> bool:
        """Whether a word gives an order: a plural imperative, or a singular one at the head of its clause."""
        marks = self.marks(index)
        if marks & Mark.DONT:
            return True
        if not marks & Mark.COMMAND or (index and self.marks(index - 1) & Mark.NOT):
            return False
        if marks & Mark.NOUN and index and self.marks(index - 1) & Mark.ADJECTIVE:
            # “hullua touhua” is a thing described, not an order to bustle.
            return False
        return bool(marks & Mark.COMMAND_MANY) or self.leads_clause(index)

    def leads_clause(self, index: int) -> bool:
        """Whether only names, small words and signs stand before the word in its clause."""
        clause = self.utterance.clause(index)
        before = [i for i in range(clause.start, index) if self.utterance.words[i].kind is WordKind.WORD]
        return len(before) <= 2 and all(
            self.marks(i) & Mark.NAME
            or not self.marks(i) & (Mark.VERB | _NOUNS | Mark.NOT)
            or i in range(self.first, self.last + 1)
            for i in before
        )

    def addresses_in(self, indices: range) -> bool:
        """Whether a word there speaks to somebody: *you*, *your*, or an order."""
        lexemes = self.utterance.lexemes
        addressing = [i for i in indices if lexemes[i].marks & _ADDRESSING]
        return any(lexemes[i].marks & _YOU or (self.commands(i) and not self._describes(i)) for i in addressing)

    def _describes(self, index: int) -> bool:
        """Whether the word is the single one looked at and no verb alone: “sairasta touhua” orders nobody about."""
        return self.first == self.last == index and bool(self.marks(index) & _NOUNS)

    def is_nominative(self) -> bool:
        readings = self.utterance.lexemes[self.last].readings
        return not readings or any(reading.case in ("n", "") for reading in readings)

    def is_predicate(self) -> bool:
        """Whether the words may say what somebody is: “ei ole *tollo*”, “ette ole *tolloja*”, not “ei *tolloille*”."""
        last = self.utterance.lexemes[self.last]
        if not last.readings:
            return not last.form.endswith(signals.PLACE_ENDINGS)
        return any(reading.case in ("n", "p", "es", "") for reading in last.readings)

    def is_vocative(self) -> bool:
        """A name called out, cut off by signs or the sentence's ends: “Luehan, idiootti!”, “Pelle, lue itse”."""
        words, sentence = self.utterance.words, self.sentence
        if self.first > sentence.start and words[self.first - 1].form == "senkin":
            return True
        before = self.first - 1
        while before >= sentence.start and self._belittles(before):
            before -= 1
        opens = before < sentence.start or words[before].shown in ",!-–:;" or words[before].form in signals.CALLS
        after = self.last + 1
        closes = after >= sentence.stop or words[after].kind in (WordKind.SIGN, WordKind.PICTURE)
        return opens and closes and self.is_nominative() and (self.addresses_in(sentence) or self.is_cry())

    def is_cry(self) -> bool:
        """A whole sentence that only calls names: “Senkin vitun idiootti!”, “Pelle”."""
        return self.is_cry_in(self.sentence)

    def is_cry_in(self, stretch: range) -> bool:
        """Whether a stretch of words only calls names."""
        words = [i for i in stretch if self.utterance.words[i].kind is WordKind.WORD]
        if len(words) > 6 or not self.is_nominative() or any(self.marks(i) & Mark.THING for i in words):
            return False
        others = [i for i in words if not self.first <= i <= self.last]
        return all(self.marks(i) & Mark.YOU or self._belittles(i) or self._repeats(i) for i in others)

    def _belittles(self, index: int) -> bool:
        """Whether a word only colours the name one is called: “senkin”, “vitun”, or an adjective right before it."""
        if self.utterance.words[index].form in signals.INTENSIFIERS:
            return True
        return index < self.first and self.marks(index) & (Mark.ADJECTIVE | Mark.VERB | Mark.YOU) == Mark.ADJECTIVE

    def _repeats(self, index: int) -> bool:
        """“idiootti mikä idiootti”"""
        words = self.utterance.words
        return words[index].form in ("mikä", words[self.first].form)

    def are_many(self) -> bool:
        """Whether the words are nouns in the plural: “ääliöitä”, not “typeriä”."""
        readings = self.utterance.lexemes[self.last].readings
        return bool(readings) and all(reading.kind == "n" and reading.number == "m" for reading in readings)

    def is_name(self, index: int) -> bool:
        """A capital where none would stand otherwise, or a known name with its capital."""
        if not self.utterance.words[index].is_capitalised:
            return False
        is_known = self.utterance.lexemes[index].is_known
        return bool(self.marks(index) & Mark.NAME) or (index > self.sentence.start and not is_known)
