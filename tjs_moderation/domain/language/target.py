"""Whom words are aimed at: the first sign that holds decides, in the order of `target_of`."""

from __future__ import annotations

from enum import StrEnum

from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.oneself import is_oneself
from tjs_moderation.domain.language.sight import Sight


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


def target_of(sight: Sight) -> Target:
    """Whom or what the words are aimed at."""
    if _tells_how(sight):
        return Target.THING
    if (head := _head(sight)) is not None:
        return head
    if is_oneself(sight):
        return Target.ONESELF
    if (subject := _subject(sight)) is not None:
        return subject
    if sight.is_vocative() or sight.is_cry():
        return Target.ADDRESSED
    if sight.addresses_in(sight.clause) and not _is_third_person_phrase(sight) and not _is_mere_object(sight):
        return Target.ADDRESSED
    return _someone_near(sight)


def _tells_how(sight: Sight) -> bool:
    """“käyttäytyi lapsellisesti”: how something was done, not what somebody is."""
    readings = sight.utterance.lexemes[sight.last].readings
    return bool(readings) and all(reading.case == "sti" for reading in readings)


def _is_mere_object(sight: Sight) -> bool:
    """“Ottakaa kana uunista”: one noun in a clause that speaks to somebody by an order alone."""
    if (
        sight.first != sight.last
        or not sight.marks(sight.first) & Mark.NOUN
        or sight.marks(sight.first) & Mark.ADJECTIVE
    ):
        return False
    return not any(sight.marks(i) & (Mark.YOU | Mark.YOUR) for i in sight.clause)


def _head(sight: Sight) -> Target | None:
    """What the noun right after the words is, where they only describe it: “paska lomake”, “vitun kouluttaja”."""
    if not _is_describing(sight):
        return None
    for index in range(sight.last + 1, min(sight.clause.stop, sight.last + 3)):
        marks = sight.marks(index)
        if marks & Mark.STAFF:
            return Target.ADDRESSED if sight.addresses_in(sight.clause) else Target.STAFF
        if marks & Mark.THING and not marks & Mark.PERSON:
            return Target.THING if _agrees(sight, index) else None
        if marks & (Mark.PERSON | Mark.GROUP | Mark.NAME | Mark.VERB | Mark.BE):
            return None
        if marks & Mark.NOUN and not marks & Mark.ADJECTIVE:
            return Target.THING if sight.first == sight.last and marks & Mark.THING else None
    return None


def _agrees(sight: Sight, index: int) -> bool:
    """Whether a noun may be described by the words: “paska lomake”; not “akka kuvassa”, “typeryksen luento”."""
    words, head = sight.utterance.lexemes[sight.last], sight.utterance.lexemes[index]
    if not words.readings or words.marks & Mark.VERB:
        return True
    if words.marks & Mark.ADJECTIVE:
        # “tohelo tietokoneella” is somebody, “tohelolla tietokoneella” a computer.
        cases = {reading.case for reading in words.readings}
        return any(reading.case in cases or not reading.case for reading in head.readings) or not head.readings
    return any(reading.case == "n" for reading in words.readings) and any(each.case == "n" for each in head.readings)


def _is_describing(sight: Sight) -> bool:
    """Whether the words may be an attribute: an adjective, a genitive, a nominative before its head."""
    return any(
        reading.kind in ("l", "nl") or reading.case in ("g", "n")
        for reading in sight.utterance.lexemes[sight.last].readings
    )


def _subject(sight: Sight) -> Target | None:
    """Of whom the words are said with *olla*: “lomake on paska”, “te olette pellejä”, “se kouluttaja on ääliö”."""
    copula = next((i for i in reversed(sight.before()) if sight.marks(i) & Mark.BE), None)
    if copula is None:
        return None
    denied = copula - 1 if copula > sight.clause.start and sight.marks(copula - 1) & Mark.NOT else copula
    if sight.marks(denied) & Mark.YOU or (sight.utterance.language != "fi" and sight.any_in(sight.before(), Mark.YOU)):
        return Target.ADDRESSED
    nearest = range(max(sight.clause.start, copula - 5), copula)
    between = range(copula + 1, sight.first)
    if sight.any_in(between, Mark.YOU_PRONOUN) or sight.any_in(nearest, Mark.YOU_PRONOUN):
        return Target.ADDRESSED if not sight.any_in(nearest, Mark.THING) else Target.THING
    for index in (*reversed(nearest), *between):
        if (found := _kind_of(sight, index)) is not None:
            # No thing is many fools: “hallitus on ääliöitä” is said of its people.
            return Target.PERSON if found is Target.THING and sight.are_many() else found
    return None


def _kind_of(sight: Sight, index: int) -> Target | None:
    """What one word names, where that is plain."""
    word, marks = sight.utterance.words[index], sight.marks(index)
    if _is_family_name(sight, index):
        return Target.NAMED
    if marks & Mark.STAFF:
        return Target.STAFF
    if marks & Mark.PERSON:
        return Target.GROUP if marks & Mark.GROUP and marks & Mark.MANY else Target.PERSON
    if marks & Mark.GROUP:
        return Target.GROUP
    if marks & Mark.THIRD or word.form in ("ne", "nuo", "noi", "nää"):
        return Target.PERSON
    if sight.is_name(index):
        return Target.NAMED
    if marks & Mark.THING or (marks & Mark.NOUN and not marks & (Mark.VERB | Mark.ADJECTIVE | Mark.THAT)):
        return Target.THING
    return None


def _is_family_name(sight: Sight, index: int) -> bool:
    """After a first name, a capital is enough: a family name is often a common noun as well (“Antti Koski”)."""
    words, before = sight.utterance.words, index - 1
    if before < sight.sentence.start or not words[index].is_capitalised:
        return False
    return bool(sight.marks(before) & Mark.NAME) and words[before].is_capitalised


def _is_third_person_phrase(sight: Sight) -> bool:
    """“se idiootti”, “tuon ääliön”: spoken of, not to."""
    return sight.first > sight.clause.start and bool(sight.marks(sight.first - 1) & (Mark.THAT | Mark.THIRD))


def _someone_near(sight: Sight) -> Target:
    """Whoever is named close by: first in the words before, then after."""
    best = Target.PERSON if _is_pointed_at(sight) else Target.NOBODY
    may_describe = bool(sight.marks(sight.last) & Mark.ADJECTIVE) or not sight.marks(sight.last) & Mark.NOUN
    for index in (*reversed(sight.before()), *sight.after()):
        found = _kind_of(sight, index)
        if found in (Target.NAMED, Target.STAFF, Target.GROUP, Target.PERSON):
            return found
        if found is Target.THING and best is Target.NOBODY and sight.marks(index) & Mark.THING and may_describe:
            best = Target.THING
    return best


def _is_pointed_at(sight: Sight) -> bool:
    """“se pelle”, “tuon urpon”, “noista ääliöistä”: a noun right after a word that points."""
    noun = sight.utterance.lexemes[sight.first]
    if sight.first == sight.clause.start or noun.marks & Mark.ADJECTIVE:
        return False
    return bool(sight.marks(sight.first - 1) & Mark.THAT)
