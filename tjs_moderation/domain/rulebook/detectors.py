"""Things found by their shape, not by words: personal data, links, shouting. Every pattern is bounded in length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tjs_moderation.domain.language.utterance import Utterance
from tjs_moderation.domain.language.words import WordKind


class Detection(NamedTuple):
    """What was found (a name of `grammar.DETECTIONS`) and where, in code points of the text as given."""

    name: str
    start: int
    end: int


_DIGIT = re.compile(r"\d")
_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_SIGNS = "+-ABCDEFUVWXY"
_IDENTITY_CODE = re.compile(
    rf"(?<!\w)(\d{{6}})([{re.escape(_SIGNS)}])(\d{{3}})([{_CHECK_CHARACTERS}])(?!\w)", re.IGNORECASE
)
_PHONE = re.compile(r"(?<![\w.,+-])(?:\+358[ -]?|00358[ -]?|0)(?:[1-9]\d?|4\d|50)(?:[ -]?\d){5,8}(?![\w-])")
_ADDRESS = re.compile(
    r"(?<!\w)(?!Valta|Kanta|Maan|Seutu|Moottori|Yhdys)[A-ZÅÄÖ][\w-]{1,40}(?:katu|tie|kuja|polku|kaari|rinne|väylä|raitti|gatan|vägen|puistotie|bulevardi|ranta|kadun|tien)"
    r"\s{1,2}\d{1,4}(?:\s?[A-Za-z](?:\s?\d{1,4})?)?(?!\w)",
)
_ACCOUNT = re.compile(r"(?<!\w)FI\d{2}(?:\s?\d{4}){3}\s?\d{2}(?!\w)", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?!\w)")
_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MANY_LINKS = 3
_SHOUTED_LETTERS = 20
_SHOUTED_SHARE = 0.8
_NOT_SMALL = re.compile(r"[^\sa-zåäö.,!?]")
"""Capitals, among others; few texts have as many as shouting takes."""
_OWN_DOMAINS = ("tjs-opintokeskus.fi", "tjs.fi")


def detect(utterance: Utterance) -> list[Detection]:
    """Everything of these kinds in a text, in the order of the kinds."""
    found: list[Detection] = []
    if _DIGIT.search(utterance.text):
        found += [Detection("henkilötunnus", *span) for span in _identity_codes(utterance.text)]
        for name, pattern in (("puhelinnumero", _PHONE), ("osoite", _ADDRESS), ("tilinumero", _ACCOUNT)):
            found += [Detection(name, *match.span()) for match in pattern.finditer(utterance.text)]
    if "@" in utterance.text:
        found += [
            Detection("sähköposti", *match.span())
            for match in _EMAIL.finditer(utterance.text)
            if not match.group().lower().endswith(_OWN_DOMAINS)
        ]
    return found + list(_links(utterance)) + list(_shouting(utterance.text))


def is_identity_code(day: str, sign: str, individual: str, check: str) -> bool:
    """Whether the pieces make a Finnish henkilötunnus: a real date, and the right check character (remainder by 31)."""
    number = int(day[:2]), int(day[2:4])
    if not 1 <= number[1] <= 12 or not 1 <= number[0] <= _MONTH_DAYS[number[1] - 1]:
        return False
    return sign.upper() in _SIGNS and _CHECK_CHARACTERS[int(day + individual) % 31] == check.upper()


def _identity_codes(text: str) -> Iterator[tuple[int, int]]:
    for match in _IDENTITY_CODE.finditer(text):
        if is_identity_code(*match.groups()):
            yield match.span()


def _links(utterance: Utterance) -> Iterator[Detection]:
    links = [word for word in utterance.words if word.kind is WordKind.LINK and not _is_own(word.form)]
    for link in links:
        yield Detection("linkki", link.start, link.end)
    if len(links) >= _MANY_LINKS:
        yield Detection("monta linkkiä", links[0].start, links[-1].end)


def _is_own(link: str) -> bool:
    host = link.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")
    return host in _OWN_DOMAINS or any(host.endswith("." + domain) for domain in _OWN_DOMAINS)


def _shouting(text: str) -> Iterator[Detection]:
    if len(_NOT_SMALL.findall(text)) < _SHOUTED_SHARE * _SHOUTED_LETTERS:
        return
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= _SHOUTED_LETTERS and sum(map(str.isupper, letters)) >= _SHOUTED_SHARE * len(letters):
        yield Detection("huutaminen", 0, len(text))


Detector = Callable[[Utterance], list[Detection]]
