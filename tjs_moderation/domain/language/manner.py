"""In whose mouth words are put: the writer's own, another's, denied, supposed."""

from __future__ import annotations

from enum import StrEnum

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.sight import Sight
from tjs_moderation.domain.language.words import WordKind


class Manner(StrEnum):
    """In whose mouth words are put; the values are the words of the rule language."""

    DIRECT = "suora"
    QUOTED = "lainattu"
    REPORTED = "kerrottu"
    NEGATED = "kielletty"
    SUPPOSED = "oletettu"


_ME_CALLED = frozenset({"mua", "minua", "meitä", "mut", "minut", "meit"})
_SAID = frozenset({WordKind.WORD, WordKind.NUMBER})
_NEGATION_SECOND = frozenset({"sv", "en"})
"""Languages whose negation follows the verb it denies."""
_AND_NOT = ("kä", "ka")
"""How negations end that go on denying: eikä, enkä, eivätkä."""


def manner_of(sight: Sight) -> Manner:
    """In whose mouth the words outside of quote marks are put."""
    if _is_reported(sight) or _is_listed(sight) or _stands_written(sight) or _is_title(sight):
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


def _is_reported(sight: Sight) -> bool:
    """“haukkui minua idiootiksi”, “sanoi että olen…”; not “haukun sinut idiootiksi”."""
    if sight.is_vocative() and (sight.addresses_in(sight.clause) or _is_added(sight)):
        return False
    is_called_out = sight.first > sight.sentence.start and sight.utterance.words[sight.first - 1].shown == ","
    for index in sight.sentence:
        marks = sight.marks(index)
        if sight.first <= index <= sight.last or not marks & (Mark.REPORT | Mark.REPORT_NOUN):
            continue
        if is_called_out and _is_infinitive(sight, index):
            # “Oliko pakko tulla kommentoimaan, ääliö”: nobody said anything.
            continue
        if marks & Mark.REPORT_NOUN and not marks & Mark.REPORT:
            if abs(index - sight.first) <= 2 and _names_words(sight, index) and not sight.addresses_in(sight.clause):
                return True
            continue
        is_mine = bool(marks & Mark.PRESENT_ME) and not marks & Mark.ASKS
        if (
            is_mine
            or (sight.commands(index) and not _is_said_of_me(sight, index))
            or (marks & Mark.YOU and not marks & Mark.ASKS and not marks & Mark.CONDITIONAL)
        ):
            continue
        if _carries(sight, index):
            return True
    return False


def _tells_past(sight: Sight, lead: range) -> bool:
    """“Uhkaus oli lyhyt: …”: what was said then, not “viesti teille: …”."""
    return any(reading.tense == "i" for i in lead for reading in sight.utterance.lexemes[i].readings)


def _names_words(sight: Sight, index: int) -> bool:
    """“sana idiootti”, “idiootti on haukkumasana”; not “idiootti vastaa viestiin”."""
    if index < sight.first:
        return True
    is_next = index == sight.last + 1 and any(each.case == "n" for each in sight.utterance.lexemes[index].readings)
    return is_next or sight.any_in(range(sight.last + 1, index), Mark.BE)


def _is_infinitive(sight: Sight, index: int) -> bool:
    """Whether a word is a verb in an infinitive, whatever else it may be."""
    return any(reading.mood.startswith("n") for reading in sight.utterance.lexemes[index].readings)


def _is_added(sight: Sight) -> bool:
    """“Kukaan ei kysynyt sinulta, ämmä”: a name called out at the end, after a comma, and none of it said to me."""
    words, before = sight.utterance.words, range(sight.sentence.start, sight.first)
    is_cut_off = sight.first > sight.sentence.start and words[sight.first - 1].shown == ","
    return is_cut_off and sight.any_in(before, Mark.YOU) and not sight.any_in(before, Mark.ME | Mark.ME_VERB)


def _is_said_of_me(sight: Sight, index: int) -> bool:
    """“se sano mulle et…”, “sano mua huoraks”: spoken past tense that looks like an order."""
    before, after = sight.utterance.words[index - 1 : index], sight.utterance.words[index + 1 : index + 2]
    is_told = bool(before) and bool(sight.marks(index - 1) & (Mark.THAT | Mark.THIRD | Mark.PERSON))
    return is_told or (bool(after) and after[0].form in _ME_CALLED)


def _is_listed(sight: Sight) -> bool:
    """“viestit, jotka olin saanut: hullu, huora” — after a colon, what somebody said; not “viesti sinulle: …”."""
    words = sight.utterance.words
    colon = next((i for i in range(sight.first - 1, sight.sentence.start, -1) if words[i].shown == ":"), None)
    if colon is None:
        return False
    lead = range(sight.sentence.start, colon)
    if sight.any_in(sight.clause, Mark.YOU | Mark.YOUR) and not _tells_past(sight, lead):
        return False
    is_told = sight.any_in(lead, Mark.REPORT | Mark.REPORT_NOUN) or any(
        not signals.TELLING.isdisjoint(sight.utterance.lexemes[i].lemmas) for i in lead
    )
    return is_told and not sight.any_in(lead, Mark.YOU | Mark.YOUR | Mark.PRESENT_ME)


def _stands_written(sight: Sight) -> bool:
    """“Kaapin ovessa luki huora”, “viestissä lukee että olen idiootti”: words that somebody wrote somewhere."""
    words, lexemes = sight.utterance.words, sight.utterance.lexemes
    for verb in range(sight.sentence.start, sight.first):
        if words[verb].form in signals.STANDS_WRITTEN:
            before = range(max(sight.sentence.start, verb - 3), verb)
            return any(reading.case in ("ine", "ade") for i in before for reading in lexemes[i].readings)
    return False


def _is_title(sight: Sight) -> bool:
    """“Turpa kiinni -kyltti”: a hyphen right before the next word makes a name of the words before it."""
    after = sight.utterance.words[sight.last + 1 : sight.last + 3]
    return len(after) == 2 and after[0].shown == "-" and after[0].end == after[1].start


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
    return any(not quotes[i] and sight.marks(i) & (Mark.REPORT | Mark.REPORT_NOUN) for i in sight.sentence)


def is_imagined(sight: Sight) -> bool:
    """“jos sanoisin pomolle että…”: words nobody has said to anybody."""
    if not sight.any_in(sight.sentence, Mark.IF):
        return False
    before = range(sight.sentence.start, sight.first)
    return any(sight.marks(i) & Mark.REPORT and sight.marks(i) & (Mark.CONDITIONAL | Mark.ME_VERB) for i in before)


def _carries(sight: Sight, index: int) -> bool:
    """Whether a verb of saying at `index` carries the words: it comes first, or they are what one is called."""
    called = sight.utterance.lexemes[sight.last]
    is_name_given = any(reading.case in ("tr", "ess", "es", "ela") for reading in called.readings)
    if is_name_given or (not called.is_known and called.form.endswith(("ks", "ksi"))):
        return True
    return index < sight.first and (sight.first - index <= 12)


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
    around = (*range(sight.sentence.start if goes_on else negation, sight.first), *sight.after())
    return any("olla" in sight.utterance.lexemes[i].lemmas or sight.marks(i) & Mark.BE for i in around)


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
