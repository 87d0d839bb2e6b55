"""Whom words are aimed at: the first sign that holds decides, in the order of `target_of`."""

from __future__ import annotations

from enum import StrEnum

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
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


_OTHERS = Mark.YOU | Mark.YOUR | Mark.THIRD


def target_of(sight: Sight) -> Target:
    """Whom or what the words are aimed at."""
    if (head := _head(sight)) is not None:
        return head
    if _is_oneself(sight) or _is_own_slip(sight) or _introduces_oneself(sight):
        return Target.ONESELF
    if (subject := _subject(sight)) is not None:
        return subject
    if sight.is_vocative() or sight.is_cry():
        return Target.ADDRESSED
    if sight.addresses_in(sight.clause) and not _is_third_person_phrase(sight) and not _is_mere_object(sight):
        return Target.ADDRESSED
    return _someone_near(sight)


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
    if not words.readings or words.marks & (Mark.ADJECTIVE | Mark.VERB):
        return True
    return any(reading.case == "n" for reading in words.readings) and any(each.case == "n" for each in head.readings)


def _is_describing(sight: Sight) -> bool:
    """Whether the words may be an attribute: an adjective, a genitive, a nominative before its head."""
    return any(
        reading.kind in ("l", "nl") or reading.case in ("g", "n")
        for reading in sight.utterance.lexemes[sight.last].readings
    )


def _is_oneself(sight: Sight) -> bool:
    """“olen idiootti”, “tein itsestäni pellen”, “minä ääliö”; not “olen sitä mieltä että olet…”."""
    before = sight.before()
    if any(sight.marks(i) & Mark.YOU for i in (*before, sight.first)):
        return False
    if sight.utterance.language in ("sv", "en"):
        # “I am a fool”, “dumb as I am”.
        return any(sight.any_in(side, Mark.ME) and sight.any_in(side, Mark.BE) for side in (before, sight.after()))
    is_me = sight.any_in(before, Mark.ME_VERB) and any("olla" in sight.utterance.lexemes[i].lemmas for i in before)
    is_me = is_me or any(sight.utterance.words[i].form in ("ollaan", "oltiin") for i in before)
    if any(sight.marks(i) & Mark.YOU for i in sight.after()):
        # “Olin kusipää teille” is said of oneself; “mä tapan teidät” is not.
        return is_me
    is_mine = any(sight.marks(i) & Mark.MY and "itse" in sight.utterance.lexemes[i].lemmas for i in sight.clause)
    is_mine = is_mine or any(sight.utterance.words[i].form in signals.OURSELVES for i in before)
    # “Minä ääliö” calls oneself a name; “mä tapan” says what one is going to do.
    is_called = (
        sight.first > 0
        and not sight.marks(sight.first) & Mark.ME_VERB
        and sight.utterance.words[sight.first - 1].form in ("minä", "mä", "mie", "minäkin", "me", "meikä")
    )
    is_called = is_called or (
        sight.first > 1 and sight.utterance.words[sight.first - 2].form == "voi" and sight.any_in(before, Mark.ME)
    )
    return is_me or is_mine or is_called


def _introduces_oneself(sight: Sight) -> bool:
    """“Tunari täällä terve, lähetin tyhjän”: at the head of a sentence that goes on about what I did, or greets."""
    words, sentence = sight.utterance.words, sight.sentence
    if sight.last + 1 >= sentence.stop or words[sight.last + 1].form not in signals.HERE:
        return False
    if sight.first > sentence.start + 2 or sight.any_in(sentence, _OTHERS):
        return False
    return sight.any_in(sentence, Mark.ME_VERB | Mark.MY) or any(words[i].form in signals.CALLS for i in sentence)


def _is_own_slip(sight: Sight) -> bool:
    """“Tollo mikä tollo, unohdin avaimet”: a cry beside one's own past doing, with nobody else in the sentence."""
    if sight.utterance.language != "fi" or sight.any_in(sight.sentence, _OTHERS) or not sight.is_cry_in(sight.clause):
        return False
    own = sight.utterance.words[sight.first].form
    if any(_is_name(sight, i) for i in sight.sentence if sight.utterance.words[i].form != own):
        return False
    lexemes = sight.utterance.lexemes
    forms = {sight.utterance.words[i].form for i in sight.sentence}
    if forms & signals.OURSELVES or (
        forms & signals.I_SPOKEN and not sight.any_in(sight.sentence, Mark.VERB | Mark.NOT)
    ):
        return True
    return any(
        reading.person == "1s" and (reading.tense == "i" or reading.lemma == "olla")
        for i in sight.sentence
        for reading in lexemes[i].readings
        if not lexemes[i].marks & (Mark.REPORT | Mark.NOT)
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
            return Target.PERSON if found is Target.THING and _are_many(sight) else found
    return None


def _are_many(sight: Sight) -> bool:
    """Whether the words are nouns in the plural: “ääliöitä”, not “typeriä”."""
    readings = sight.utterance.lexemes[sight.last].readings
    return bool(readings) and all(reading.kind == "n" and reading.number == "m" for reading in readings)


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
    if _is_name(sight, index):
        return Target.NAMED
    if marks & Mark.THING or (marks & Mark.NOUN and not marks & (Mark.VERB | Mark.ADJECTIVE | Mark.THAT)):
        return Target.THING
    return None


def _is_name(sight: Sight, index: int) -> bool:
    """A capital where none would stand otherwise, or a known name with its capital."""
    if not sight.utterance.words[index].is_capitalised:
        return False
    is_known = sight.utterance.lexemes[index].is_known
    return bool(sight.marks(index) & Mark.NAME) or (index > sight.sentence.start and not is_known)


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
