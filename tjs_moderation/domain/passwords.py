"""Whether a password is one that is tried first: common words, Finnish ones above all, dressed up a little.

No list of leaked passwords is shipped. Those of twelve characters and more are nearly all made in few ways out of few
words, so the ways are looked for: a password that is nothing but one or two common words once its digits, punctuation
and look-alike characters are seen through, one that repeats itself, one that runs along the keyboard or the alphabet,
one that is a date or a number, one made of what everybody knows of its owner.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

MINIMUM = 12
"""The shortest password, in characters (OWASP ASVS 5.0, 6.2.1 asks for at least 8, recommends 15)."""

MAXIMUM = 256

OWN_WORDS = ("tjs", "tyonjulkisivu", "moderointi", "moderation", "konsoli", "facebook")
"""What a guesser knows of this console without knowing anybody (ASVS 5.0, 6.1.2)."""


class Weakness(StrEnum):
    """What is wrong with a password."""

    LENGTH = "password_length"
    COMMON = "password_common"
    PERSONAL = "password_personal"


_WORDS = frozenset(
    # What people type when they are asked for a password, in Finnish, Swedish and English
    "salasana salainen salaisuus tunnus tunnussana kayttaja avain ovi lukko tervetuloa terve moi moikka hei "
    "heippa huomenta kiitos anteeksi rakas rakastan sina mina sinua minua kulta kultaseni muru aiti isa mummo "
    "mummi pappa vaari vauva lapsi poika tytto sisko veli perhe koti talo kissa koira hevonen heppa karhu susi "
    "kettu hirvi lintu kala hauki perkele saatana vittu paska helvetti jumala enkeli paholainen jeesus homo pillu "
    "kyrpa perse juoppo olut kalja viina kahvi tee makkara sauna loyly juhannus joulu paasiainen vappu kesa talvi "
    "syksy kevat kesaloma talviloma loma tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu "
    "syyskuu lokakuu marraskuu joulukuu maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai suomi "
    "finland helsinki tampere turku oulu espoo vantaa lahti kuopio jyvaskyla pori joensuu rovaniemi vaasa kotka "
    "lappeenranta hameenlinna savo karjala lappi pohjanmaa uusimaa jokerit karpat tappara ilves hifk tps kalpa "
    "assat pelicans sport leijonat jaakiekko jalkapallo futis latka ferrari volvo toyota nokia android apple "
    "samsung yamaha harley punainen sininen keltainen vihrea musta valkoinen ruskea harmaa oranssi yksi kaksi "
    "kolme nelja viisi kuusi seitseman kahdeksan yhdeksan kymmenen aurinko kuu tahti taivas meri jarvi joki metsa "
    "puu kukka ruusu orvokki lumi jaa sade tuuli ukkonen matti mikko jari juha timo kari antti pekka hannu heikki "
    "jukka markku jussi ville teemu petri sami tuomas janne marko mika pasi tero toni lauri eetu aleksi joonas "
    "veeti elias oliver leo eino vaino onni maria anna liisa kaisa helena johanna tuula anne paivi minna sari "
    "pirjo tiina hanna riitta merja marja leena kirsi satu heidi jenni laura emma aino ella sofia eevi venla "
    "kerttu helmi opettaja opiskelija koulu lukio yliopisto tyo tyopaikka toimisto pomo yhdistys jasen liitto "
    "puheenjohtaja sihteeri tiedottaja asiantuntija yllapito yllapitaja admin administrator hallinta palvelin "
    "tietokone kone netti internet uusi vanha hyva huono paras maailma elama onnellinen iloinen ystava kaveri "
    "raha rikas miljoona lotto jackpot losenord hemlig valkommen sommar vinter host var sverige stockholm "
    "alskling karlek hund katt hej tack password passwort passw pass word secret welcome hello login letmein "
    "trustno iloveyou love lovely you me my princess sunshine shadow master dragon monkey football baseball "
    "superman batman pokemon starwars summer winter spring autumn monday friday january february december qwerty "
    "qwertyuiop asdf asdfgh asdfghjkl zxcvbn zxcvbnm abc abcd abcdef abcdefgh test testi testing temp default "
    "guest root user changeme computer charlie jordan michael jennifer daniel thomas robert freedom whatever "
    "purple orange cookie chocolate butterfly liverpool arsenal chelsea manchester united barcelona".split(),
)
_LOOK_ALIKES = str.maketrans("0134578@$!|€", "oieastbasile")
_ADDED_AT_ENDS = string.digits + string.punctuation + string.whitespace
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiopa",
    "asdfghjkloa",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LONGEST_WORD = max(map(len, _WORDS))
_LEAST_OWN = 4
"""A shorter word of somebody's own is in too much else to be looked for."""


def weakness(password: str, personal: Iterable[str] = ()) -> Weakness | None:
    """What is wrong with a password, None where nothing is. `personal`: names and addresses of whose it is to be."""
    if not MINIMUM <= len(password) <= MAXIMUM:
        return Weakness.LENGTH
    known = _personal_words(personal)
    readings = set(_readings(password))
    if _is_pattern(_plain(password) or password) or any(_is_made_of(reading, _WORDS) for reading in readings):
        return Weakness.COMMON
    if any(_is_made_of(reading, _WORDS | known) for reading in readings):
        return Weakness.PERSONAL
    return None


def _readings(password: str) -> Iterator[str]:
    """What may be meant: as it stands, and with look-alikes seen through, whichever digits were added at its end."""
    yield _plain(password)
    for end in range(len(password.rstrip(_ADDED_AT_ENDS)), len(password) + 1):
        yield _plain(password[:end].translate(_LOOK_ALIKES))


def _plain(text: str) -> str:
    """A text as a guesser sees it: small letters without dots and rings, and digits; nothing else."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())


def _personal_words(personal: Iterable[str]) -> frozenset[str]:
    parts = (part for text in (*OWN_WORDS, *personal) for part in re.split(r"[\W_]+", text))
    return frozenset(word for word in map(_plain, parts) if len(word) >= _LEAST_OWN or word in OWN_WORDS)


def _is_made_of(reading: str, words: frozenset[str]) -> bool:
    """Whether nothing but at most two words stands between digits, at the ends or between them."""
    letters = re.sub(r"[0-9]+", "", reading)
    if not letters:
        return False
    whole = re.sub(r"^[0-9]+|[0-9]+$", "", reading)
    return any(_is_cut_into(each, words, 2) for each in {letters, whole})


def _is_cut_into(text: str, words: frozenset[str], most: int) -> bool:
    """Whether a text is at most `most` of the words one after the other, each as often as one likes."""
    if not text:
        return True
    if not most:
        return False
    longest = max(_LONGEST_WORD, *map(len, words))
    for length in range(1, min(len(text), longest) + 1):
        if (word := text[:length]) in words:
            rest = text[length:]
            while rest.startswith(word):
                rest = rest[length:]
            if _is_cut_into(rest, words, most - 1):
                return True
    return False


def _is_pattern(reading: str) -> bool:
    """Whether it has hardly any different characters, repeats a short piece, is a run or nothing but digits."""
    if len(set(reading)) <= 4 or reading.isdigit() or re.fullmatch(r"(.{1,6}?)\1+.{0,2}", reading):
        return True
    covered = sum(len(piece) for piece in _pieces_of_runs(reading))
    return covered >= len(reading) - 2


def _pieces_of_runs(reading: str) -> list[str]:
    """The pieces of at least four characters that run along a row, forwards or backwards, found from the left."""
    pieces, at = [], 0
    while at < len(reading):
        length = max((_run_at(reading, at, row) for row in _rows()), default=0)
        if length >= 4:
            pieces.append(reading[at : at + length])
        at += length if length >= 4 else 1
    return pieces


@lru_cache(maxsize=1)
def _rows() -> tuple[str, ...]:
    return tuple(each for row in _RUNS for each in (row, row[::-1]))


def _run_at(reading: str, at: int, row: str) -> int:
    length = 0
    while at + length < len(reading) and reading[at : at + length + 1] in row:
        length += 1
    return length
