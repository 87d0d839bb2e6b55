"""What a word form says by itself, worked out once per form and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, auto
from functools import lru_cache

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.morphology import Analysis, analyse


class Mark(IntFlag):
    """What a word form may be, taken alone."""

    NOTHING = 0
    YOU = auto()
    YOU_PRONOUN = auto()
    COMMAND = auto()
    COMMAND_MANY = auto()
    ME = auto()
    ME_VERB = auto()
    BE = auto()
    NOT = auto()
    DONT = auto()
    REPORT = auto()
    REPORT_NOUN = auto()
    ASKS = auto()
    INTERROGATIVE = auto()
    NAME = auto()
    PERSON = auto()
    STAFF = auto()
    GROUP = auto()
    THING = auto()
    THAT = auto()
    THIRD = auto()
    IF = auto()
    CONDITIONAL = auto()
    STARTS_CLAUSE = auto()
    NOUN = auto()
    ADJECTIVE = auto()
    VERB = auto()
    MANY = auto()
    BECOMING = auto()
    MY = auto()
    YOUR = auto()
    GENITIVE = auto()
    PRESENT_ME = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A form with all its readings. `lemmas` holds the form itself where no reading is known (`is_known` False)."""

    form: str
    readings: tuple[Analysis, ...]
    lemmas: frozenset[str]
    marks: Mark
    is_known: bool

    def has(self, marks: Mark) -> bool:
        """Whether any of these marks is set."""
        # As plain numbers: making a Mark of every answer would take most of the time.
        return int.__and__(self.marks, marks) != 0


_LEMMA_MARKS: tuple[tuple[frozenset[str], Mark], ...] = (
    (signals.REPORTING, Mark.REPORT),
    (signals.REPORT_NOUNS, Mark.REPORT_NOUN),
    (signals.PERSON_NOUNS, Mark.PERSON),
    (signals.STAFF_NOUNS, Mark.STAFF),
    (signals.GROUP_NOUNS, Mark.GROUP),
    (signals.THING_NOUNS, Mark.THING),
    (signals.DEMONSTRATIVES, Mark.THAT),
    (signals.THIRD_PERSONS, Mark.THIRD),
    (signals.YOU, Mark.YOU | Mark.YOU_PRONOUN),
    (signals.ME, Mark.ME),
    (signals.IF, Mark.IF),
    (signals.CLAUSE_STARTERS, Mark.STARTS_CLAUSE),
    (signals.INTERROGATIVES, Mark.INTERROGATIVE),
)


@lru_cache(maxsize=60_000)
def lexeme(form: str) -> Lexeme:
    """The lexeme of a lower-case form. Raises `DictionaryError` where there is no dictionary."""
    readings = analyse(form)
    lemmas = frozenset(reading.lemma for reading in readings) or frozenset((form,))
    roots = lemmas | {reading.root for reading in readings if reading.participle}
    marks = Mark.NOTHING
    for words, mark in _LEMMA_MARKS:
        if not words.isdisjoint(roots) or form in words:
            marks |= mark
    for reading in readings:
        marks |= _marks_of(reading)
    if any(reading.kind == "t" and reading.person == "3s" for reading in readings):
        # “kuittasi” is far oftener “acknowledged” than “your moons”.
        marks &= ~Mark.YOUR
    return Lexeme(form, readings, lemmas, marks, bool(readings))


def _marks_of(reading: Analysis) -> Mark:
    marks = _marks_of_verb(reading) if reading.kind in ("t", "k") else _marks_of_noun(reading)
    if reading.clitic == "ko":
        marks |= Mark.ASKS
    if reading.owner.startswith("2"):
        marks |= Mark.YOUR
    if reading.owner.startswith("1"):
        marks |= Mark.MY
    return marks


def _marks_of_verb(reading: Analysis) -> Mark:
    marks = Mark.VERB if reading.kind == "t" else Mark.NOT
    if reading.lemma == "olla":
        marks |= Mark.BE
    if reading.mood == "e":
        marks |= Mark.CONDITIONAL
    if reading.person in ("1s", "1p"):
        marks |= Mark.ME_VERB
        if reading.mood == "t" and reading.tense != "i":
            marks |= Mark.PRESENT_ME
    if reading.person in ("2s", "2p"):
        if reading.mood == "k":
            marks |= Mark.DONT if reading.kind == "k" else Mark.COMMAND
            if reading.person == "2p":
                marks |= Mark.COMMAND_MANY
        else:
            marks |= Mark.YOU
    return marks


def _marks_of_noun(reading: Analysis) -> Mark:
    marks = Mark.NOTHING
    if reading.is_name:
        marks |= Mark.NAME
    if reading.kind in ("n", "nl"):
        marks |= Mark.NOUN
    if reading.kind in ("l", "nl"):
        marks |= Mark.ADJECTIVE
    if reading.number == "m":
        marks |= Mark.MANY
    if reading.case == "tr":
        marks |= Mark.BECOMING
    if reading.case == "g":
        marks |= Mark.GENITIVE
    last = reading.parts[-1] if reading.parts else reading.lemma
    if last in signals.PERSON_NOUNS:
        marks |= Mark.PERSON
    if last in signals.THING_NOUNS:
        marks |= Mark.THING
    return marks
