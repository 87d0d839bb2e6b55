"""Does a text ask for an answer? With or without a question mark, colloquially, as a request; rhetorical ones apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_

from tjs_moderation.domain.language.foreign import foreign_lexeme
from tjs_moderation.domain.language.lexeme import Mark, lexeme
from tjs_moderation.domain.language.utterance import Utterance
from tjs_moderation.domain.language.words import WordKind

THRESHOLD = 0.5
_RHETORICAL = 0.45
"""A rhetorical question is no surer than this."""

_WANTS = frozenset({"haluta", "tahtoa", "tarvita", "kaivata", "toivoa", "kiinnostaa", "pyytää", "etsiä", "odottaa"})
_KNOWING = frozenset(
    {
        "tietää",
        "kysyä",
        "selvittää",
        "neuvo",
        "neuvoa",
        "ohje",
        "apu",
        "vinkki",
        "vastaus",
        "lisätieto",
        "tieto",
        "kuulla",
        "kysymys",
        "selvennys",
    },
)
_TELLING = frozenset(
    {
        "kertoa",
        "neuvoa",
        "auttaa",
        "vastata",
        "selittää",
        "laittaa",
        "lähettää",
        "tarkentaa",
        "opastaa",
        "linkittää",
        "ilmoittaa",
        "vinkata",
    },
)
_WONDERING = frozenset({"miettiä", "pohtia", "ihmetellä", "mietityttää", "ihmetyttää", "kiinnostaa", "askarruttaa"})
_NO_INTERROGATIVES = frozenset({"minä", "mä", "mää", "mie", "siksi"})
_WHOEVER = frozenset({"tahansa", "vain", "vaan", "hyvänsä"})
_RHETORICAL_OPENERS = frozenset({"kuka", "miksi", "mitä", "mikä"})
_RHETORICAL_SIGNS = frozenset(
    {"edes", "taas", "ikinä", "muka", "oikein", "hitto", "helvetti", "vittu", "ihme", "perkele", "saatana", "hemmetti"}
)
_INDIRECT_VERBS = frozenset(
    {
        "tietää",
        "ymmärtää",
        "muistaa",
        "kertoa",
        "sanoa",
        "tajuta",
        "selvitä",
        "nähdä",
        "kuulla",
        "kysyä",
        "oppia",
        "opettaa",
    }
)

_SMALL_OPENERS = frozenset(
    """hei moi moikka terve morjens no niin ja mutta entä entäs eli siis nyt kysymys päivää tervehdys ai anteeksi
    kertokaa kysyisin hyvää sori mut heippa te siellä""".split(),
)


@dataclass(frozen=True, slots=True)
class Asking:
    """How surely a text asks for an answer, 0…1, and the span (code points) of the sentence that asks most."""

    score: float
    start: int = 0
    end: int = 0

    @property
    def is_question(self) -> bool:
        """Whether it counts as a question."""
        return self.score >= THRESHOLD


def asking(utterance: Utterance) -> Asking:
    """How surely the text asks: the most asking of its sentences decides."""
    best = Asking(0.0)
    words = utterance.words
    start = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index].sentence != words[start].sentence:
            score = _sentence_score(utterance, range(start, index))
            if score > best.score:
                best = Asking(score, words[start].start, words[index - 1].end)
            start = index
    return best


def _sentence_score(utterance: Utterance, sentence: range) -> float:
    words, lexemes = utterance.words, utterance.lexemes
    spoken = [i for i in sentence if words[i].kind is WordKind.WORD and not utterance.quotes[i]]
    if not spoken:
        return 0.0
    marks = reduce(or_, [lexemes[i].marks for i in spoken])
    score = max(_form(utterance, spoken, marks), _request(utterance, spoken, marks))
    if any(words[i].shown == "?" and not utterance.quotes[i] for i in sentence):
        score = 0.95 if score >= 0.3 else 0.85
        if len(spoken) == 1 and words[spoken[0]].form in ("häh", "mitä", "what", "siis", "niinkö"):
            score = 0.35
    if score > _RHETORICAL and lexemes[spoken[0]].lemmas & _RHETORICAL_OPENERS:
        return _RHETORICAL if _lemmas(utterance, spoken) & _RHETORICAL_SIGNS else score
    return score


def _lemmas(utterance: Utterance, spoken: list[int]) -> frozenset[str]:
    return frozenset(chain.from_iterable([utterance.lexemes[i].lemmas for i in spoken]))


def _form(utterance: Utterance, spoken: list[int], all_marks: int) -> float:
    """The asking form: -ko/-kö or an interrogative at the head of a main clause."""
    lexemes, words = utterance.lexemes, utterance.words
    if utterance.language in ("sv", "en"):
        return 0.6 if foreign_lexeme(words[spoken[0]].form).has(Mark.INTERROGATIVE) else 0.0
    score = 0.5 if len(spoken) > 2 and words[spoken[-1]].form in ("eikö", "eiks", "vai") else 0.0
    if not all_marks & (Mark.ASKS | Mark.INTERROGATIVE):
        return score
    opening = _after_greeting(utterance, spoken)
    for place, index in enumerate(spoken):
        marks = lexemes[index].marks
        if marks & Mark.ASKS:
            if _is_indirect(utterance, spoken, place):
                score = max(score, 0.3)
            elif place <= opening + 2:
                score = max(score, 0.85)
            else:
                leads = index == utterance.clause(index).start or words[index - 1].shown in ",;:–-"
                score = max(score, 0.6 if leads else 0.4)
        elif marks & Mark.INTERROGATIVE and place <= opening and not _is_relative(utterance, spoken, place):
            score = max(score, 0.75 if len(spoken) >= 3 else 0.55)
    return score


def _after_greeting(utterance: Utterance, spoken: list[int]) -> int:
    """The place in the sentence after greetings and small words: “Hei, mites…”, “Niin ja miten…”."""
    place = 0
    while place < len(spoken) - 1 and utterance.words[spoken[place]].form in _SMALL_OPENERS:
        place += 1
    return place


def _is_indirect(utterance: Utterance, spoken: list[int], place: int) -> bool:
    """“en tiedä, onko…”: a verb of knowing shortly before, not itself asking or wishing."""
    for before in spoken[max(0, place - 4) : place]:
        lexeme_before = utterance.lexemes[before]
        if lexeme_before.lemmas & (_INDIRECT_VERBS | {"jos"}) and not lexeme_before.has(
            Mark.ASKS | Mark.CONDITIONAL | Mark.COMMAND_MANY
        ):
            return True
    return False


def _is_relative(utterance: Utterance, spoken: list[int], place: int) -> bool:
    """“Mikä parasta, …”, “Kuinka hieno päivä!”: an interrogative that cries out or heads another's clause."""
    words, lexemes = utterance.words, utterance.lexemes
    if words[spoken[place]].form in _NO_INTERROGATIVES or any(
        words[i].form in _WHOEVER for i in spoken[place + 1 : place + 2]
    ):
        return True
    following = spoken[place + 1 : place + 3]
    ends = words[spoken[-1] + 1].shown if spoken[-1] + 1 < len(words) else ""
    has_verb = any(lexemes[i].has(Mark.VERB | Mark.NOT) for i in spoken[place + 1 :])
    if not has_verb or ends == "!":
        return True
    return (
        words[spoken[place]].form in ("mikä", "kuinka", "miten")
        and any(lexemes[i].has(Mark.ADJECTIVE) for i in following[:1])
        and ends != "?"
    )


def _request(utterance: Utterance, spoken: list[int], marks: int) -> float:
    """“haluaisin tietää…”, “osaisiko joku kertoa”, “kertokaa miten”, “tarvitsisin neuvoa”, “kysyisin…”."""
    if not marks & (Mark.CONDITIONAL | Mark.PRESENT_ME | Mark.COMMAND_MANY | Mark.ME):
        return 0.0
    lexemes, lemmas = [utterance.lexemes[i] for i in spoken], _lemmas(utterance, spoken)
    wishes = marks & (Mark.CONDITIONAL | Mark.PRESENT_ME)
    wonders_mildly = marks & Mark.CONDITIONAL
    if wishes and lemmas & _WANTS and lemmas & _KNOWING:
        return 0.8
    if ("kysyä" in lemmas and wonders_mildly) or (
        {"olla", "kysymys"} <= lemmas and (wonders_mildly or lexemes[0].has(Mark.ME))
    ):
        return 0.7
    commands = marks & Mark.COMMAND_MANY and any(
        each.has(Mark.COMMAND_MANY) and each.lemmas & _TELLING for each in lexemes
    )
    asks_inside = any(each.marks & (Mark.INTERROGATIVE | Mark.ASKS) for each in lexemes[1:])
    if commands and (asks_inside or lemmas & (_KNOWING | {"lisä"})):
        return 0.75
    if wishes and asks_inside and lemmas & _WONDERING:
        return 0.65
    if wonders_mildly and lemmas & _TELLING and {"voida", "osata", "saada", "joku"} & lemmas:
        return 0.65
    return 0.0


def warm() -> None:
    """Look up the commonest asking forms, so that the first text does not pay for them."""
    for form in ("onko", "miten", "mitä", "voiko", "missä", "kuka", "haluaisin", "tietää"):
        lexeme(form)
