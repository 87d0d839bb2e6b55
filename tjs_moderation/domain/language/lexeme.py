"""What a word form says by itself, worked out once per form and remembered."""

from __future__ import annotations

from dataclasses import dataclass

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.morphology import Analysis, analyse
from tjs_moderation.domain.memory import Memory


class Mark:
    """What a word form may be, taken alone: bits of a plain number, because texts ask for them by the thousand."""

    NOTHING = 0
    YOU = 1 << 0
    YOU_PRONOUN = 1 << 1
    COMMAND = 1 << 2
    COMMAND_MANY = 1 << 3
    ME = 1 << 4
    ME_VERB = 1 << 5
    BE = 1 << 6
    NOT = 1 << 7
    DONT = 1 << 8
    REPORT = 1 << 9
    REPORT_NOUN = 1 << 10
    ASKS = 1 << 11
    INTERROGATIVE = 1 << 12
    NAME = 1 << 13
    PERSON = 1 << 14
    STAFF = 1 << 15
    GROUP = 1 << 16
    THING = 1 << 17
    THAT = 1 << 18
    THIRD = 1 << 19
    IF = 1 << 20
    CONDITIONAL = 1 << 21
    STARTS_CLAUSE = 1 << 22
    NOUN = 1 << 23
    ADJECTIVE = 1 << 24
    VERB = 1 << 25
    MANY = 1 << 26
    BECOMING = 1 << 27
    MY = 1 << 28
    YOUR = 1 << 29
    GENITIVE = 1 << 30
    PRESENT_ME = 1 << 31


@dataclass(frozen=True, slots=True, eq=False)
class Lexeme:
    """A form with all its readings. `lemmas` holds the form itself where no reading is known (`is_known` False).

    `names` is everything a word list may know it by: the form, its base forms, their roots, the parts of a compound.
    Each is itself alone, so that what follows from a form can be remembered by its lexeme.
    """

    form: str
    readings: tuple[Analysis, ...]
    lemmas: frozenset[str]
    marks: int
    is_known: bool
    names: frozenset[str]

    def has(self, marks: int) -> bool:
        """Whether any of these marks is set."""
        return self.marks & marks != 0


_LEMMA_MARKS: tuple[tuple[frozenset[str], int], ...] = (
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


def lexeme(form: str) -> Lexeme:
    """The lexeme of a lower-case form. Raises `DictionaryError` where there is no dictionary."""
    return _LEXEMES[form]


def _worked_out(form: str) -> Lexeme:
    readings = analyse(form)
    lemmas = frozenset(reading.lemma for reading in readings) or frozenset((form,))
    # “toivottavasti” hopes, it wishes nobody anything
    roots = lemmas | {reading.root for reading in readings if reading.participle and reading.case != "sti"}
    marks = Mark.NOTHING
    for words, mark in _LEMMA_MARKS:
        if not words.isdisjoint(roots) or form in words:
            marks |= mark
    is_noun = any(reading.kind in ("n", "nl") for reading in readings)
    for reading in readings:
        # “nainen” is a woman; that it may be a potential mood as well, nobody means.
        if not (is_noun and reading.mood == "m"):
            marks |= _marks_of(reading)
    if not marks & Mark.THING and any(_names_person(reading) for reading in readings):
        marks |= Mark.PERSON
    if any(reading.kind == "t" and reading.person == "3s" for reading in readings):
        # “kuittasi” is far oftener “acknowledged” than “your moons”.
        marks &= ~Mark.YOUR
    if marks & Mark.YOUR and any(not reading.owner and reading.case in ("n", "") for reading in readings):
        # “kuusi” is far oftener six than your moon.
        marks &= ~Mark.YOUR
    if marks & Mark.REPORT_NOUN and marks & Mark.NOUN:
        # “viestit” are far oftener messages than what you do.
        marks &= ~Mark.YOU
    parts = [part for reading in readings for part in (*reading.parts, reading.root)]
    return Lexeme(form, readings, lemmas, marks, bool(readings), lemmas.union((form,), parts))


_LEXEMES = Memory(_worked_out, 30_000)


def _names_person(reading: Analysis) -> bool:
    """Doers and inhabitants by their ending: *lakkoilija*, *kurssilainen*; not *asia*, *naurunalainen*."""
    if reading.kind not in ("n", "nl"):
        return False
    lemma = reading.lemma
    return lemma.endswith(signals.DOER_ENDINGS) and not lemma.endswith(signals.NO_DOER_ENDINGS)


def _marks_of(reading: Analysis) -> int:
    marks = _marks_of_verb(reading) if reading.kind in ("t", "k") else _marks_of_noun(reading)
    if reading.clitic == "ko":
        marks |= Mark.ASKS
    if reading.owner.startswith("2"):
        marks |= Mark.YOUR
    if reading.owner.startswith("1"):
        marks |= Mark.MY
    return marks


def _marks_of_verb(reading: Analysis) -> int:
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


def _marks_of_noun(reading: Analysis) -> int:
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
