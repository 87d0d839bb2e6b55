"""Whether a writer says something of themselves: “olen idiootti”, “minä ääliö”, “tollo mikä tollo, unohdin avaimet”."""

from __future__ import annotations

from collections.abc import Sequence

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.morphology import Analysis
from tjs_moderation.domain.language.sight import Sight
from tjs_moderation.domain.language.words import WordKind

_OTHER_PERSONS = ("3s", "3p")
_OTHERS = Mark.YOU | Mark.YOUR | Mark.THIRD


def is_oneself(sight: Sight) -> bool:
    """Whether the words are said of the writer, or of the writer among others."""
    return _says_it_of_oneself(sight) or _is_own_slip(sight) or _introduces_oneself(sight)


def _says_it_of_oneself(sight: Sight) -> bool:
    """“olen idiootti”, “tein itsestäni pellen”, “minä ääliö”; not “olen sitä mieltä että olet…”."""
    before = sight.before()
    if any(sight.marks(i) & (Mark.YOU | Mark.YOUR) for i in (*before, sight.first)):
        return False
    if sight.utterance.language in ("sv", "en"):
        # “I am a fool”, “dumb as I am”.
        return any(sight.any_in(side, Mark.ME) and sight.any_in(side, Mark.BE) for side in (before, sight.after()))
    is_me = _says_i_am(sight, before)
    if any(sight.marks(i) & Mark.YOU for i in sight.after()):
        # “Olin kusipää teille” is said of oneself; “mä tapan teidät” is not.
        return is_me
    is_mine = any(sight.marks(i) & Mark.MY and "itse" in sight.utterance.lexemes[i].lemmas for i in sight.clause)
    is_mine = is_mine or any(sight.utterance.words[i].form in signals.OURSELVES for i in before)
    is_mine = is_mine or _says_to_oneself(sight) or _is_ones_own(sight)
    return is_me or is_mine or _calls_oneself(sight, before)


def _calls_oneself(sight: Sight, before: range) -> bool:
    """“minä vanha ääliö”, “ääliö minä!”, “me kaksi tolloa”, “voi minua tolloa”; “mä tapan” says what one will do."""
    words, opening = sight.utterance.words, sight.first
    while opening > before.start and sight.marks(opening - 1) & (Mark.ADJECTIVE | Mark.VERB) == Mark.ADJECTIVE:
        opening -= 1
    nearest = [word.form for word in words[max(0, opening - 2) : opening]]
    second, first = ["", "", *nearest][-2:]
    if first in signals.I_SPOKEN_OF and not sight.marks(sight.first) & Mark.ME_VERB:
        return True
    if _is_followed_by_me(sight):
        return True
    return (second == "me" and first in signals.FEW) or (second == "voi" and sight.any_in(before, Mark.ME))


def _is_followed_by_me(sight: Sight) -> bool:
    """“ääliö minä, väärä viikko”, “hurri olen ja ylpeä siitä”; not “ääliö minä en ole”, “tollo minua haukkui”."""
    utterance, after = sight.utterance, range(sight.last + 1, sight.clause.stop)
    if not after or not sight.is_nominative() or sight.first > sight.clause.start + 1:
        return False
    is_alone = len(after) == 1 or utterance.words[after[1]].kind is not WordKind.WORD
    if utterance.words[after[0]].form in signals.I_SPOKEN:
        return is_alone
    readings = utterance.lexemes[after[0]].readings
    return any(reading.lemma == "olla" and reading.person == "1s" for reading in readings)


def _says_to_oneself(sight: Sight) -> bool:
    """“Senkin tollo, sanoin itselleni.”"""
    words = sight.utterance.words
    is_to_me = any(words[i].form in signals.TO_MYSELF for i in sight.sentence)
    return is_to_me and sight.any_in(sight.sentence, Mark.REPORT)


def _is_ones_own(sight: Sight) -> bool:
    """“Tyhmyyttäni uskoin”, “kaltaisilleni tolloille”, “hölmönä menin lupaamaan”."""
    words = sight.utterance.lexemes[sight.first]
    if words.marks & Mark.MY or _is_like_me(sight):
        return True
    is_essive = any(reading.case == "es" for reading in words.readings)
    is_held_for = any("pitää" in sight.utterance.lexemes[i].lemmas for i in sight.clause)  # “pidän häntä tollona”
    is_mine = sight.any_in(sight.clause, Mark.ME_VERB) and not sight.any_in(sight.clause, Mark.NOT)
    return is_essive and is_mine and not is_held_for


def _is_like_me(sight: Sight) -> bool:
    """“meille kaltaisilleni tolloille”"""
    if sight.first == sight.clause.start or not sight.marks(sight.first - 1) & Mark.MY:
        return False
    return "kaltainen" in sight.utterance.lexemes[sight.first - 1].lemmas


def _says_i_am(sight: Sight, before: range) -> bool:
    """“olen”, “en ole”, “taidan olla”; not “en ymmärrä kuka on”, nor “en ole tavannut noin tolloa”."""
    words, lexemes = sight.utterance.words, sight.utterance.lexemes
    if any(words[i].form in signals.WE_ARE for i in before):
        return True
    me = next((i for i in before if lexemes[i].marks & Mark.ME_VERB), None)
    if me is None or not sight.is_predicate() or (sight.are_many() and not _is_we(lexemes[me].readings)):
        return False
    readings = [reading for i in range(me, before.stop) for reading in lexemes[i].readings]
    around = [reading for i in (*range(me, before.stop), *sight.after()) for reading in lexemes[i].readings]
    is_object = any(reading.case == "p" for reading in lexemes[sight.last].readings)
    if is_object and any(reading.participle == "u" for reading in around):
        return False
    return any(reading.lemma == "olla" and reading.person not in _OTHER_PERSONS for reading in readings)


def _is_we(readings: Sequence[Analysis]) -> bool:
    return any(reading.person == "1p" for reading in readings)


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
    if any(sight.is_name(i) for i in sight.sentence if sight.utterance.words[i].form != own):
        return False
    lexemes = sight.utterance.lexemes
    forms = {sight.utterance.words[i].form for i in sight.sentence}
    if forms & signals.OURSELVES or (
        forms & signals.I_SPOKEN and not sight.any_in(sight.sentence, Mark.VERB | Mark.NOT)
    ):
        return True
    is_granted = "mikä" in forms  # “tollo mikä tollo, mutta hyvin vedän”
    return any(
        reading.person == "1s" and (reading.tense == "i" or reading.lemma == "olla" or is_granted)
        for i in sight.sentence
        for reading in lexemes[i].readings
        if not lexemes[i].marks & (Mark.REPORT | Mark.NOT)
    )
