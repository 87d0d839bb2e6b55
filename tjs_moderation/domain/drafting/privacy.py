"""Personal data in a draft, found as in comments; the house's own contact details are no secret."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.language.words import WordKind
from tjs_moderation.domain.rulebook.detectors import detect
from tjs_moderation.domain.rulebook.staff import staff_names

_CHECKS = {
    "henkilötunnus": Check.IDENTITY_CODE,
    "tilinumero": Check.ACCOUNT,
    "puhelinnumero": Check.PHONE,
    "osoite": Check.ADDRESS,
    "sähköposti": Check.EMAIL,
}
_NOT_DIGIT = re.compile(r"\D+")
_COUNTRY = ("00358", "358")
_SHORTEST_NAME = 2


def personal_data(utterance: Utterance, own_contacts: Sequence[str]) -> Finds:
    """Identity codes, accounts, telephone numbers, addresses and e-mail addresses that are not the house's own.

    An own contact detail beginning with `@` stands for every e-mail address that ends so.
    """
    for found in detect(utterance):
        check = _CHECKS.get(found.name)
        if check is None:
            continue
        told = utterance.text[found.start : found.end]
        if check is Check.IDENTITY_CODE or not any(_is_same(check, told, own) for own in own_contacts):
            yield Found(check, (found.start, found.end))


def _is_same(check: Check, told: str, own: str) -> bool:
    if check is Check.PHONE:
        return _number(told) == _number(own)
    plain, known = ("".join(each.lower().split()) for each in (told, own))
    return plain == known or (check is Check.EMAIL and known.startswith("@") and plain.endswith(known))


def _number(written: str) -> str:
    """A telephone number as digits, whatever stands between them and before the country."""
    digits = _NOT_DIGIT.sub("", written)
    for country in _COUNTRY:
        if digits.startswith(country):
            return "0" + digits.removeprefix(country)
    return digits


def asker(utterance: Utterance, name: str) -> Finds:
    """The full name or the last name of the person asked for all to read; to greet by the first name is no harm."""
    parts = [part for part in name.split() if len(part) >= _SHORTEST_NAME]
    if len(parts) < 2:
        return
    mark = staff_names((name,))
    named = mark(utterance.words, utterance.lexemes)
    last = staff_names((parts[-1],))(utterance.words, utterance.lexemes)
    for index, word in enumerate(utterance.words):
        is_last_name = last[index] is not utterance.lexemes[index] and word.kind is WordKind.WORD
        if is_last_name and named[index] is not utterance.lexemes[index]:
            has_first = index > 0 and named[index - 1] is not utterance.lexemes[index - 1]
            yield Found(Check.ASKER, (utterance.words[index - 1 if has_first else index].start, word.end))
