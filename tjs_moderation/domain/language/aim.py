"""At whom words are aimed, and in whose mouth they are put.

The signs are looked for in the clause and the sentence around the words, in the order of `_TARGETS`: the first that
holds decides. Finnish says these things with verb endings, cases and word order; no single word decides alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.utterance import Utterance
from tjs_moderation.domain.language.words import WordKind


class Target(StrEnum):
    """Whom or what words are aimed at; the values are the words of the rule language."""

    ADDRESSED = "puhuteltu"
    NAMED = "nimetty"
    STAFF = "väki"
    PERSON = "henkilö"
    GROUP = "ryhmä"
    THING = "asia"
    ONESELF = "itse"
    NOBODY = "avoin"


class Manner(StrEnum):
    """In whose mouth words are put; the values are the words of the rule language."""

    DIRECT = "suora"
    QUOTED = "lainattu"
    REPORTED = "kerrottu"
    NEGATED = "kielletty"
    SUPPOSED = "oletettu"


@dataclass(frozen=True, slots=True)
class Aim:
    """At whom the words are aimed and in whose mouth; `is_addressing` when the sentence speaks to somebody at all."""

    target: Target
    manner: Manner
    is_addressing: bool


_NEAR = 6
_NOUNS = Mark.NOUN | Mark.ADJECTIVE


def aim(utterance: Utterance, first: int, last: int) -> Aim:
    """The aim of the words `first` to `last` (indices, inclusive) of an utterance."""
    return _Sight(utterance, first, last).aim()


class _Sight:
    """The surroundings of some words, looked at once."""

    def __init__(self, utterance: Utterance, first: int, last: int) -> None:
        self.utterance = utterance
        self.first, self.last = first, last
        self.clause = utterance.clause(first)
        self.sentence = utterance.sentence(first)

    def aim(self) -> Aim:
        if self.is_quoted():
            # Whoever is spoken to inside another's words is not spoken to by the writer.
            target = Target.PERSON if self.is_told_of() else self.target()
            return Aim(target, Manner.QUOTED, self.addresses_in(self.sentence))
        return Aim(self.target(), self.manner(), self.addresses_in(self.sentence))

    # -- small looks ---------------------------------------------------------------------------------------------------

    def marks(self, index: int) -> Mark:
        return self.utterance.lexemes[index].marks

    def any_in(self, indices: range, marks: Mark) -> bool:
        """Whether a word there, other than the words themselves, bears one of the marks."""
        return any(self.marks(i) & marks for i in indices if not self.first <= i <= self.last)

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
        return any(self.marks(i) & (Mark.YOU | Mark.YOUR) or self.commands(i) for i in indices)

    # -- target --------------------------------------------------------------------------------------------------------

    def target(self) -> Target:
        if (head := self.head()) is not None:
            return head
        if self.is_oneself():
            return Target.ONESELF
        if (subject := self.subject()) is not None:
            return subject
        if self.is_vocative() or self.is_cry():
            return Target.ADDRESSED
        if self.addresses_in(self.clause) and not self.is_third_person_phrase():
            return Target.ADDRESSED
        return self.someone_near()

    def head(self) -> Target | None:
        """What the noun right after the words is, where they only describe it: “paska lomake”, “vitun kouluttaja”."""
        if not self.is_describing():
            return None
        for index in range(self.last + 1, min(self.clause.stop, self.last + 3)):
            marks = self.marks(index)
            if marks & Mark.STAFF:
                return Target.ADDRESSED if self.addresses_in(self.clause) else Target.STAFF
            if marks & Mark.THING and not marks & Mark.PERSON:
                return Target.THING
            if marks & (Mark.PERSON | Mark.GROUP | Mark.NAME | Mark.VERB | Mark.BE):
                return None
            if marks & Mark.NOUN and not marks & Mark.ADJECTIVE:
                return Target.THING if self.first == self.last and marks & Mark.THING else None
        return None

    def is_describing(self) -> bool:
        """Whether the words may be an attribute: an adjective, a genitive, or a noun in the nominative before its head."""
        return any(
            reading.kind in ("l", "nl") or reading.case in ("g", "n")
            for reading in self.utterance.lexemes[self.last].readings
        )

    def is_oneself(self) -> bool:
        """“olen idiootti”, “tein itsestäni pellen”, “minä ääliö”; not “olen sitä mieltä että olet…”."""
        if any(self.marks(i) & Mark.YOU for i in self.clause):
            return False
        before = self.before()
        if self.utterance.language in ("sv", "en"):
            return self.any_in(before, Mark.ME) and self.any_in(before, Mark.BE)
        is_me = any(self.marks(i) & Mark.ME_VERB and self.marks(i) & Mark.BE for i in before)
        is_mine = any(self.marks(i) & Mark.MY and "itse" in self.utterance.lexemes[i].lemmas for i in self.clause)
        is_called = self.first > 0 and self.utterance.words[self.first - 1].form in (
            "minä",
            "mä",
            "mie",
            "minäkin",
            "me",
            "meikä",
        )
        return is_me or is_mine or is_called

    def subject(self) -> Target | None:
        """Of whom the words are said with *olla*: “lomake on paska”, “te olette pellejä”, “se kouluttaja on ääliö”."""
        copula = next((i for i in reversed(self.before()) if self.marks(i) & Mark.BE), None)
        if copula is None:
            return None
        if self.marks(copula) & Mark.YOU or (self.utterance.language != "fi" and self.any_in(self.before(), Mark.YOU)):
            return Target.ADDRESSED
        nearest = range(max(self.clause.start, copula - 5), copula)
        between = range(copula + 1, self.first)
        if self.any_in(between, Mark.YOU_PRONOUN) or self.any_in(nearest, Mark.YOU_PRONOUN):
            return Target.ADDRESSED if not self.any_in(nearest, Mark.THING) else Target.THING
        for index in (*reversed(nearest), *between):
            if (found := self.kind_of(index)) is not None:
                return found
        return None

    def kind_of(self, index: int) -> Target | None:
        """What one word names, where that is plain."""
        word, marks = self.utterance.words[index], self.marks(index)
        if marks & Mark.STAFF:
            return Target.STAFF
        if marks & Mark.PERSON:
            return Target.GROUP if marks & Mark.GROUP and marks & Mark.MANY else Target.PERSON
        if marks & Mark.GROUP:
            return Target.GROUP
        if marks & Mark.THIRD:
            return Target.PERSON
        if (
            word.is_capitalised
            and index > self.sentence.start
            and (marks & Mark.NAME or not self.utterance.lexemes[index].is_known)
        ):
            return Target.NAMED
        if marks & Mark.NAME and word.is_capitalised:
            return Target.NAMED
        if marks & Mark.THING or (marks & Mark.NOUN and not marks & (Mark.VERB | Mark.ADJECTIVE | Mark.THAT)):
            return Target.THING
        return None

    def is_third_person_phrase(self) -> bool:
        """“se idiootti”, “tuon ääliön”: spoken of, not to."""
        return self.first > self.clause.start and bool(self.marks(self.first - 1) & (Mark.THAT | Mark.THIRD))

    def is_vocative(self) -> bool:
        """A name called out, cut off by signs or the sentence's ends: “Luehan, idiootti!”, “Pelle, opettele lukemaan”."""
        words, sentence = self.utterance.words, self.sentence
        before = self.first - 1
        while before >= sentence.start and words[before].form in signals.INTENSIFIERS:
            before -= 1
        opens = (
            before < sentence.start
            or words[before].shown in ",!-–:;"
            or words[before].form in ("hei", "kuule", "kuulkaa", "terve", "moi")
        )
        after = self.last + 1
        closes = after >= sentence.stop or words[after].kind in (WordKind.SIGN, WordKind.PICTURE)
        return opens and closes and self.is_nominative() and (self.addresses_in(sentence) or self.is_cry())

    def is_nominative(self) -> bool:
        readings = self.utterance.lexemes[self.last].readings
        return not readings or any(reading.case in ("n", "") for reading in readings)

    def is_cry(self) -> bool:
        """A whole sentence that only calls names: “Senkin vitun idiootti!”, “Pelle”."""
        words = [i for i in self.sentence if self.utterance.words[i].kind is WordKind.WORD]
        if len(words) > 6 or not self.is_nominative() or any(self.marks(i) & Mark.THING for i in words):
            return False
        others = [i for i in words if not self.first <= i <= self.last]
        return all(self.utterance.words[i].form in signals.INTENSIFIERS or self.marks(i) & Mark.YOU for i in others)

    def someone_near(self) -> Target:
        """Whoever is named close by: first in the words before, then after."""
        best = Target.NOBODY
        for index in (*reversed(self.before()), *self.after()):
            found = self.kind_of(index)
            if found in (Target.NAMED, Target.STAFF, Target.GROUP, Target.PERSON):
                return found
            if found is Target.THING and best is Target.NOBODY and self.marks(index) & Mark.THING:
                best = Target.THING
        return best

    # -- manner --------------------------------------------------------------------------------------------------------

    def manner(self) -> Manner:
        if self.is_reported():
            return Manner.REPORTED
        if self.is_negated():
            return Manner.NEGATED
        if self.is_supposed():
            return Manner.SUPPOSED
        return Manner.DIRECT

    def is_quoted(self) -> bool:
        """Inside quote marks, while words outside them exist and do not say “olet” about what is quoted."""
        quotes = self.utterance.quotes
        own = quotes[self.first]
        if not own:
            return False
        opening = self.first
        while opening > 0 and quotes[opening - 1] == own:
            opening -= 1
        outside = sum(
            1 for i, number in enumerate(quotes) if not number and self.utterance.words[i].kind is WordKind.WORD
        )
        leads = range(max(0, opening - 4), max(0, opening - 1))
        is_said_of_you = any(self.marks(i) & Mark.BE and self.marks(i) & Mark.YOU for i in leads)
        return outside >= 2 and not is_said_of_you

    def is_reported(self) -> bool:
        """“haukkui minua idiootiksi”, “sanoi että olen…”; not “haukun sinut idiootiksi” nor “sanon sinulle, idiootti”."""
        if self.is_vocative() and self.addresses_in(self.clause):
            return False
        for index in self.sentence:
            marks = self.marks(index)
            if self.first <= index <= self.last or not marks & (Mark.REPORT | Mark.REPORT_NOUN):
                continue
            if marks & Mark.REPORT_NOUN and not marks & Mark.REPORT:
                if abs(index - self.first) <= 2:
                    return True
                continue
            is_mine = bool(marks & Mark.PRESENT_ME) and not marks & Mark.ASKS
            if (
                is_mine
                or self.commands(index)
                or (marks & Mark.YOU and not marks & Mark.ASKS and not marks & Mark.CONDITIONAL)
            ):
                continue
            if self.carries(index):
                return True
        return False

    def is_told_of(self) -> bool:
        """Whether words outside the quotation say that somebody said it."""
        quotes = self.utterance.quotes
        return any(not quotes[i] and self.marks(i) & (Mark.REPORT | Mark.REPORT_NOUN) for i in self.sentence)

    def carries(self, index: int) -> bool:
        """Whether a verb of saying at `index` carries the words: it comes before them, or they are what one is called."""
        is_name_given = any(
            reading.case in ("tr", "ess", "es", "ela") for reading in self.utterance.lexemes[self.last].readings
        )
        if is_name_given:
            return True
        return index < self.first and (self.first - index <= 12)

    def is_negated(self) -> bool:
        """“et ole idiootti”, “kukaan ei ole pelle”: a negation whose *olla* carries the words."""
        before = self.before()
        negation = next((i for i in reversed(before) if self.marks(i) & (Mark.NOT | Mark.DONT)), None)
        if negation is None or self.marks(negation) & Mark.ASKS:
            return False
        between = range(negation, self.first)
        return any("olla" in self.utterance.lexemes[i].lemmas or self.marks(i) & Mark.BE for i in between)

    def is_supposed(self) -> bool:
        """“jos olisin ääliö”, “vaikka joku olisi pelle”."""
        return self.any_in(self.clause, Mark.CONDITIONAL) and self.any_in(self.sentence, Mark.IF)
