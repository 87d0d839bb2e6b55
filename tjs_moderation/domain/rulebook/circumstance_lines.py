"""How circumstances are written: `kirjoittaja: poistettuja vähintään 2`, `aika: klo 22–6`, `pisteet: uhkaus …`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import inf

from tjs_moderation.domain.rulebook import grammar
from tjs_moderation.domain.rulebook.circumstances import (
    REMOVABLE,
    Amount,
    Check,
    Hours,
    OfKind,
    PostAge,
    PostWords,
    Quantity,
    ScoreAmount,
    Weekdays,
)
from tjs_moderation.domain.vocabulary import ItemKind, Score
from tjs_moderation.errors import Fault

AUTHOR = {"kommentteja": Quantity.ITEMS, "poistettuja": Quantity.REMOVED, "tunnissa": Quantity.IN_HOUR}
NEW_AUTHOR = "uusi"
SCORES: Mapping[str, str] = {
    "loukkaus": Score.INSULT.value,
    "myrkyllisyys": Score.TOXICITY.value,
    "rivous": Score.OBSCENE.value,
    "uhkaus": Score.THREAT.value,
    "vihapuhe": Score.IDENTITY_ATTACK.value,
    "vakava myrkyllisyys": Score.SEVERE_TOXICITY.value,
    "poistettava": REMOVABLE,
}
KINDS = {"kommentti": ItemKind.COMMENT, "viesti": ItemKind.MESSAGE}
_DAYS = ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina")
TIMES: Mapping[str, Check] = {
    "yöllä": Hours(22 * 60, 6 * 60),
    "viikonloppuna": Weekdays(frozenset({5, 6})),
    "arkena": Weekdays(frozenset(range(5))),
    **{day: Weekdays(frozenset({number})) for number, day in enumerate(_DAYS)},
}
_UNITS = {"tuntia": timedelta(hours=1), "päivää": timedelta(days=1), "viikkoa": timedelta(weeks=1)}

_AMOUNT = re.compile(
    r"(?P<what>[^\W\d]+(?: [^\W\d]+)?) (?P<bound>vähintään|enintään) (?P<number>\d{1,6}(?:[.,]\d{1,6})?)"
)
_HOURS = re.compile(r"klo (\d{1,2})(?:[.:](\d\d))? ?[–-] ?(\d{1,2})(?:[.:](\d\d))?")
_AGE = re.compile(rf"(vanhempi|nuorempi) kuin (\d{{1,4}}) ({'|'.join(_UNITS)})")
_BETWEEN = re.compile(r",(?!\d)|(?<!\d),")
"""A comma between two digits is a decimal comma and parts nothing."""

Read = tuple[Check | None, str, str]
"""What one value says; or what is wrong with it, and the hint."""


def read_circumstance(key: str, values: str, line: int) -> tuple[list[Check], list[Fault]]:
    """The checks in the values of a `ja KEY:` line (one of `READERS`), and the faults in the others."""
    written = [" ".join(value.split()) for value in _BETWEEN.split(values) if value.strip()]
    checks: list[Check] = []
    faults: list[Fault] = []
    words: list[str] = []
    for value in written:
        check, message, hint = READERS[key](value)
        if check is not None:
            checks.append(check)
        elif message:
            faults.append(Fault(line, message, hint))
        else:
            words.append(value)
    if words:
        entries, strange = grammar.entries(words, line)
        checks.append(PostWords(line, tuple(entries)))
        faults += strange
    return checks, faults


def _of_author(value: str) -> Read:
    if value == NEW_AUTHOR:
        return Amount(Quantity.ITEMS, most=0), "", ""
    found = _AMOUNT.fullmatch(value)
    if found is None or found["what"] not in AUTHOR:
        hint = "Esimerkiksi: uusi; kommentteja vähintään 10; poistettuja vähintään 2; tunnissa vähintään 5"
        return None, f"Kirjoittajasta ei voi kysyä ”{value}”.", hint
    if not found["number"].isdigit():
        return None, f"”{found['number']}” ei ole kokonaisluku.", "Kommentteja lasketaan kokonaisina."
    least, most = _bounds(found, inf)
    return Amount(AUTHOR[found["what"]], least, most), "", ""


def _of_scores(value: str) -> Read:
    found = _AMOUNT.fullmatch(value)
    if found is None or found["what"] not in SCORES:
        hint = f"Esimerkiksi: uhkaus vähintään 0,8. Pisteet: {', '.join(SCORES)}"
        return None, f"Pisteistä ei voi kysyä ”{value}”.", hint
    least, most = _bounds(found, 1.0)
    if max(least, most) > 1:
        return None, f"Pisteet ovat välillä 0–1, eivät {found['number']}.", "Esimerkiksi: uhkaus vähintään 0,8"
    return ScoreAmount(SCORES[found["what"]], least, most), "", ""


def _bounds(found: re.Match[str], highest: float) -> tuple[float, float]:
    number = float(found["number"].replace(",", "."))
    return (number, highest) if found["bound"] == "vähintään" else (0.0, number)


def _of_post(value: str) -> Read:
    """The post's age; anything else is words of its text (neither a check nor a fault here)."""
    found = _AGE.fullmatch(value)
    if found is not None:
        return PostAge(int(found[2]) * _UNITS[found[3]], found[1] == "vanhempi"), "", ""
    if value.startswith(("vanhempi", "nuorempi")) and any(letter.isdigit() for letter in value):
        return None, f"Julkaisun ikä ”{value}” ei ole ymmärrettävä.", "Esimerkiksi: vanhempi kuin 30 päivää"
    return None, "", ""


def _of_time(value: str) -> Read:
    if value in TIMES:
        return TIMES[value], "", ""
    if (found := _HOURS.fullmatch(value)) is None:
        return None, f"Tuntematon aika ”{value}”.", f"{grammar.nearest(value, TIMES)} Tai: klo 22–6"
    begin, end = (60 * int(found[i]) + int(found[i + 1] or 0) for i in (1, 3))
    if max(begin, end) > 24 * 60 or begin % (24 * 60) == end % (24 * 60):
        return None, f"Kellonaika ”{value}” ei ole mahdollinen.", "Esimerkiksi: klo 22–6 tai klo 8.30–16"
    return Hours(begin, end), "", ""


def _of_kind(value: str) -> Read:
    if value in KINDS:
        return OfKind(KINDS[value]), "", ""
    return None, f"Tuntematon laji ”{value}”.", grammar.nearest(value, KINDS)


READERS: Mapping[str, Callable[[str], Read]] = {
    "kirjoittaja": _of_author,
    "julkaisu": _of_post,
    "aika": _of_time,
    "laji": _of_kind,
    "pisteet": _of_scores,
}
"""What reads one value, by the word that opens the line."""
