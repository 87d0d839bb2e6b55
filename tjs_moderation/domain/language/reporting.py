"""Whether words outside of quote marks are told as somebody else's: “haukkui minua idiootiksi”, “ovessa luki huora”."""

from __future__ import annotations

from tjs_moderation.domain.language import signals
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.language.sight import Sight

_ME_CALLED = frozenset({"mua", "minua", "meitä", "mut", "minut", "meit"})


def is_reported(sight: Sight) -> bool:
    """Whether a verb of saying, a list, a place where they are written or a hyphen makes the words another's."""
    return _is_said(sight) or _is_listed(sight) or _stands_written(sight) or _is_title(sight)


def _is_said(sight: Sight) -> bool:
    """“haukkui minua idiootiksi”, “sanoi että olen…”; not “haukun sinut idiootiksi”."""
    if sight.is_vocative() and (sight.addresses_in(sight.clause) or _is_added(sight)) and not _is_told_on(sight):
        return False
    is_called_out = sight.first > sight.sentence.start and sight.utterance.words[sight.first - 1].shown == ","
    for index in sight.sentence:
        marks = sight.marks(index)
        if sight.first <= index <= sight.last or not marks & (Mark.REPORT | Mark.REPORT_NOUN):
            continue
        if is_called_out and (_is_infinitive(sight, index) or not marks & Mark.REPORT):
            # “Oliko pakko tulla kommentoimaan, ääliö”, “poistitte kommenttini, pellet”: nobody said anything.
            continue
        if _are_doers(sight, index):
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


def _is_told_on(sight: Sight) -> bool:
    """“Pomo huusi että tuo se putki senkin tampio”: an order told on, with the name called; not “…, tampio”."""
    words, start = sight.utterance.words, sight.sentence.start
    if sight.first > start and words[sight.first - 1].shown == ",":
        return False
    return any(
        sight.marks(i) & Mark.REPORT
        and not sight.marks(i) & (Mark.YOU | Mark.PRESENT_ME)
        and any(words[k].form in signals.THAT_CLAUSE for k in range(i + 1, min(i + 4, sight.first)))
        for i in range(start, sight.first)
    )


def _are_doers(sight: Sight, index: int) -> bool:
    """“Kaikki tänne kirjoittavat ovat tolloja”: those who write, not what they write."""
    is_subject = any(reading.kind == "l" and reading.case == "n" for reading in sight.utterance.lexemes[index].readings)
    return is_subject and index + 1 < sight.first and bool(sight.marks(index + 1) & (Mark.BE | Mark.NOT))


def _tells_past(sight: Sight, lead: range) -> bool:
    """“Uhkaus oli lyhyt: …”: what was said then, not “viesti teille: …”."""
    return any(reading.tense == "i" for i in lead for reading in sight.utterance.lexemes[i].readings)


def _names_words(sight: Sight, index: int) -> bool:
    """“sana idiootti”, “idiootti on haukkumasana”; not “idiootti vastaa viestiin”, “tollon jutut”."""
    if index < sight.first:
        return True
    is_next = (
        index == sight.last + 1
        and sight.is_nominative()
        and any(each.case == "n" for each in sight.utterance.lexemes[index].readings)
    )
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


def _says_it_now(sight: Sight, index: int) -> bool:
    """“voin sanoa, että”, “haluan vain todeta”: what a writer may say, they say here."""
    before = range(max(sight.sentence.start, index - 3), index)
    lexemes = sight.utterance.lexemes
    return _is_infinitive(sight, index) and any(
        lexemes[i].marks & Mark.PRESENT_ME and not signals.MAY_SAY.isdisjoint(lexemes[i].lemmas) for i in before
    )


def _carries(sight: Sight, index: int) -> bool:
    """Whether a verb of saying at `index` carries the words: it comes first, or they are what one is called."""
    called = sight.utterance.lexemes[sight.last]
    is_name_given = any(reading.case in ("tr", "ess", "es") for reading in called.readings)
    if is_name_given or (not called.is_known and called.form.endswith(("ks", "ksi"))):
        return True
    if not index < sight.first <= index + 12:
        return False
    words, lemmas = sight.utterance.words, sight.utterance.lexemes[index].lemmas
    if words[index].form in signals.PUT_IN_WORDS or _says_it_now(sight, index):
        return False
    if words[index].form in signals.WRITING and words[index + 1].form in signals.THIS:
        return False
    return signals.SENDING.isdisjoint(lemmas) or any(
        words[i].form in signals.THAT_CLAUSE for i in range(index + 1, sight.first)
    )
