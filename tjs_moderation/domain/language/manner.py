"""In whose mouth words are put: the writer's own, another's, denied, supposed."""

from __future__ import annotations

from enum import StrEnum

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.reporting import is_reported
from tjs_moderation.domain.language.sight import Sight
from tjs_moderation.domain.language.words import WordKind


class Manner(StrEnum):
    """In whose mouth words are put; the values are the words of the rule language."""

    DIRECT = "suora"
    QUOTED = "lainattu"
    REPORTED = "kerrottu"
    NEGATED = "kielletty"
    SUPPOSED = "oletettu"


_SAID = frozenset({WordKind.WORD, WordKind.NUMBER})
_NEGATION_SECOND = frozenset({"sv", "en"})
"""Languages whose negation follows the verb it denies."""
_AND_NOT = ("kä", "ka")
"""How negations end that go on denying: eikä, enkä, eivätkä."""


def manner_of(sight: Sight) -> Manner:
    """In whose mouth the words outside of quote marks are put."""
    if is_reported(sight):
        return Manner.REPORTED
    if _is_negated(sight) or _is_warned_off(sight):
        return Manner.NEGATED
    if _is_supposed(sight):
        return Manner.SUPPOSED
    return Manner.DIRECT


def is_quoted(sight: Sight) -> bool:
    """Inside quote marks, while words outside them exist and do not say “olet” about what is quoted."""
    quotes = sight.utterance.quotes
    own = quotes[sight.first]
    if not own:
        return False
    opening = sight.first
    while opening > 0 and quotes[opening - 1] == own:
        opening -= 1
    outside = sum(1 for i, number in enumerate(quotes) if not number and sight.utterance.words[i].kind in _SAID)
    leads = range(max(0, opening - 4), max(0, opening - 1))
    is_said_of_you = any(sight.marks(i) & Mark.BE and sight.marks(i) & Mark.YOU for i in leads)
    return outside >= 2 and not is_said_of_you


def _is_warned_off(sight: Sight) -> bool:
    """“älä soimaa itseäsi idiootiksi”, “emme pidä teitä tolloina”: nobody is to be called that, or held for it."""
    cases = {reading.case for reading in sight.utterance.lexemes[sight.last].readings}
    if "tr" in cases and sight.any_in(sight.clause, Mark.DONT):
        return True
    negation = _negation_before(sight)
    return "es" in cases and negation is not None and not _is_put_right(sight, negation)


def is_told_of(sight: Sight) -> bool:
    """Whether words outside the quotation say that somebody said it."""
    quotes = sight.utterance.quotes
    words = sight.utterance.words
    return any(
        not quotes[i] and (sight.marks(i) & (Mark.REPORT | Mark.REPORT_NOUN) or words[i].form in signals.STANDS_WRITTEN)
        for i in sight.sentence
    )


def is_called_so(sight: Sight) -> bool:
    """“haukkui minut tolloksi”, “sanoi häntä tolloksi”: what one of us was called, whoever else is named there."""
    cases = {reading.case for reading in sight.utterance.lexemes[sight.last].readings}
    is_of_us = sight.any_in(sight.clause, Mark.ME | Mark.THIRD) and not sight.any_in(sight.clause, Mark.YOU)
    return "tr" in cases and is_of_us


def is_imagined(sight: Sight) -> bool:
    """“jos sanoisin pomolle että…”: words nobody has said to anybody."""
    if not sight.any_in(sight.sentence, Mark.IF):
        return False
    before = range(sight.sentence.start, sight.first)
    return any(sight.marks(i) & Mark.REPORT and sight.marks(i) & (Mark.CONDITIONAL | Mark.ME_VERB) for i in before)


def _is_negated(sight: Sight) -> bool:
    """“et ole idiootti”, “kukaan ei ole pelle”: a negation whose *olla* carries the words."""
    if sight.utterance.language in _NEGATION_SECOND and _is_denied(sight):
        return True
    negation = _negation_before(sight)
    if negation is None or sight.marks(negation) & Mark.ASKS or not sight.is_predicate():
        return False
    if _is_put_right(sight, negation):
        return False
    # “Ei ole laiska eikä loinen”: the second denial leans on the first.
    goes_on = sight.utterance.words[negation].form.endswith(_AND_NOT)
    if _denies_other(sight, range(negation + 1, sight.first)):
        return False
    around = (*range(sight.sentence.start if goes_on else negation, sight.first), *sight.after())
    return any("olla" in sight.utterance.lexemes[i].lemmas or sight.marks(i) & Mark.BE for i in around)


def _denies_other(sight: Sight, between: range) -> bool:
    """“Älkää kuunnelko tolloa”, “en ole tavannut noin tolloa”: not what somebody is. Nor “ei, mikä tollo”."""
    words, lexemes = sight.utterance.words, sight.utterance.lexemes
    is_object = any(reading.case == "p" for reading in lexemes[sight.last].readings)
    for i in reversed(between):
        is_past = is_object and any(each.participle == "u" and each.case == "n" for each in lexemes[i].readings)
        if is_past or (sight.marks(i) & Mark.VERB and words[i].form not in signals.CALLS):
            return not sight.marks(i) & Mark.BE
        if words[i].form == "mikä":
            return True
    after = [reading for i in sight.after() for reading in lexemes[i].readings]
    return is_object and any(reading.participle == "u" or reading.mood == "n1" for reading in after)


def _negation_before(sight: Sight) -> int | None:
    """The index of the nearest negation before the words in their clause."""
    return next((i for i in reversed(sight.before()) if sight.marks(i) & (Mark.NOT | Mark.DONT)), None)


def _is_put_right(sight: Sight, negation: int) -> bool:
    """“ette ole muuta kuin pellejä”, “ette ole asiantuntijoita vaan pellejä”: both say that they are.

    Right after the negation, *vaan* only softens it: “ei vaan ole”.
    """
    words = sight.utterance.words
    return any(
        words[i].form in signals.THAN or (words[i].form in signals.RATHER and i > negation + 1)
        for i in range(negation + 1, sight.first)
    )


def _is_denied(sight: Sight) -> bool:
    """“are not stupid”, “nobody is dumb”, “är verkligen inte dum”: *be* with a negation before or between the words."""
    before = range(sight.clause.start, sight.first)
    lexemes = sight.utterance.lexemes
    if any(lexemes[i].marks & Mark.NOT for i in range(sight.first + 1, sight.last)):
        return True
    negation = _negation_before(sight)
    return negation is not None and sight.any_in(before, Mark.BE) and not _is_put_right(sight, negation)


def _is_supposed(sight: Sight) -> bool:
    """“jos olisin ääliö”, “vaikka joku olisi pelle”, “mitä tapahtuu, jos sanon että…”."""
    if not sight.any_in(sight.sentence, Mark.IF):
        is_granted = any(sight.utterance.words[i].form == "vaikka" for i in range(sight.clause.start, sight.first))
        return is_granted and sight.any_in(sight.clause, Mark.CONDITIONAL)
    before = range(sight.sentence.start, sight.first)
    is_said = any(sight.marks(i) & Mark.REPORT and sight.marks(i) & Mark.ME_VERB for i in before)
    return is_said or sight.any_in(sight.clause, Mark.CONDITIONAL)
