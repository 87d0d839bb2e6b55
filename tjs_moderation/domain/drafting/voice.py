"""Whether an answer speaks with one person's voice (P5): the first person singular, and a name as its signature."""

from __future__ import annotations

from itertools import takewhile

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.language.lexeme import Lexeme, Mark
from tjs_moderation.domain.language.morphology import Analysis
from tjs_moderation.domain.language.words import WordKind

_MINE = {
    "sv": frozenset("jag mig min mitt mina".split()),
    "en": frozenset("i me my mine myself i'm i've i'll i'd".split()),
}
_CLOSINGS = frozenset(
    """terveisin terveisiä terkuin terkkuja terv yt t kunnioittaen yhteistyöterveisin kiittäen
    hälsningar hälsning hälsar mvh regards sincerely greetings br""".split(),
)
"""Words after which somebody signs."""

_HOUSES = (
    "keskus",
    "opisto",
    "liitto",
    "yhdistys",
    "säätiö",
    "toimisto",
    "palvelu",
    "center",
    "centralen",
    "förbundet",
)
"""How names of organisations end that the dictionary does not know."""

_TAIL = 12
"""So many words and signs at the end of a text may hold a signature."""

_LONGEST_NAME = 4
"""The most words a signature has."""


def first_person(utterance: Utterance) -> Finds:
    """The words by which one person speaks of themselves; what is quoted is not the writer's own voice."""
    for index, word in enumerate(utterance.words):
        if word.kind is WordKind.WORD and not utterance.quotes[index] and _is_me(utterance, index):
            yield Found(Check.FIRST_PERSON, (word.start, word.end))


def _is_me(utterance: Utterance, index: int) -> bool:
    if utterance.language in _MINE:
        return utterance.words[index].form in _MINE[utterance.language]
    lexeme = utterance.lexemes[index]
    if "minä" in lexeme.lemmas:
        return not _is_which(utterance, index)
    mine = [reading for reading in lexeme.readings if _speaks(reading)]
    if not mine:
        return False
    if len(mine) == len(lexeme.readings):
        return True
    return mine[0].kind == "t" and (_governs(utterance, index) or not _has_other_verb(utterance, index))


def _speaks(reading: Analysis) -> bool:
    """Whether a reading is *I do*, *I do not*, or *my*."""
    return reading.person == "1s" if reading.kind in ("t", "k") else reading.owner == "1y"


def _is_which(utterance: Utterance, index: int) -> bool:
    """*minä vuonna*, *minä päivänä*: “in which”, not “I”."""
    following = utterance.lexemes[index + 1 : index + 2]
    return utterance.words[index].form == "minä" and any(
        reading.case == "es" for lexeme in following for reading in lexeme.readings
    )


def _governs(utterance: Utterance, index: int) -> bool:
    """Whether what somebody can or wants to do follows at once: “voin *kertoa*”."""
    following = utterance.lexemes[index + 1 : index + 2]
    return any(reading.mood == "n1" for lexeme in following for reading in lexeme.readings)


def _has_other_verb(utterance: Utterance, index: int) -> bool:
    """Whether another word of the clause may do what the clause tells: then “voin” is butter, and “toivon” of hope."""
    return any(_may_be_verb(utterance.lexemes[near]) for near in utterance.clause(index) if near != index)


def _may_be_verb(lexeme: Lexeme) -> bool:
    return any(reading.kind in ("t", "k") and reading.person and reading.mood != "k" for reading in lexeme.readings)


def signature(utterance: Utterance) -> Finds:
    """The name of a person at the end of a text: after a closing phrase, or as its last line."""
    words = utterance.words
    end = len(words)
    closings = [i for i in range(max(0, end - _TAIL), end) if _closes(utterance, i)]
    if closings:
        after = [i for i in range(closings[-1] + 1, end) if words[i].kind is WordKind.WORD]
        names = list(takewhile(lambda i: _may_be_name(utterance, i), after[:_LONGEST_NAME]))
    else:
        names = _last_line(utterance)
    if names:
        yield Found(Check.SIGNATURE, (words[names[0]].start, words[names[-1]].end))


def _closes(utterance: Utterance, index: int) -> bool:
    """Whether somebody signs after this word; a letter or two do so only where they begin a line."""
    form = utterance.words[index].form
    return form in _CLOSINGS and (len(form) > 2 or utterance.sentence(index).start == index)


def _last_line(utterance: Utterance) -> list[int]:
    """The words of the last sentence, where all of them are names and something stands before them."""
    if not utterance.words:
        return []
    last = utterance.sentence(len(utterance.words) - 1)
    said = [i for i in last if utterance.words[i].kind is not WordKind.SIGN]
    if last.start == 0 or len(said) > _LONGEST_NAME or not all(_is_name(utterance, i) for i in said):
        return []
    return said


def _is_name(utterance: Utterance, index: int) -> bool:
    return utterance.words[index].is_capitalised and utterance.lexemes[index].has(Mark.NAME | Mark.STAFF)


def _may_be_name(utterance: Utterance, index: int) -> bool:
    """After a closing phrase, a capitalised word that the dictionary does not know is a name as well."""
    word = utterance.words[index]
    is_unknown = word.is_capitalised and not utterance.lexemes[index].readings
    return _is_name(utterance, index) or (is_unknown and not word.form.endswith(_HOUSES))
