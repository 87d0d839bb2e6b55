"""Finnish word forms taken apart: base form, parts of a compound, person and mood, case, the asking clitic.

The analyser is Voikko's transducer (GPL-3.0-or-later), packed for quick walking, loaded once, at the first word. What
each tag of its output means is documented with Voikko's `voikko-fi` sources (Doc/morphological-analysis.txt).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from lzma import LZMAError
from typing import NamedTuple

from tjs_moderation.domain.language.colloquial import spoken_forms, written_candidates
from tjs_moderation.domain.language.transducer import END, Transducer, finnish
from tjs_moderation.errors import TjsError

LONGEST_WORD = 40
"""Longer words are not analysed: no Finnish word a person writes is that long, and looking costs time."""
_REMEMBERED_FORMS = 60_000

_PIECES = re.compile(r"\[([^\]]+)\]|([^\[]+)")
_PERSONS = {("1", "y"): "1s", ("2", "y"): "2s", ("3", "y"): "3s", ("1", "m"): "1p", ("2", "m"): "2p", ("3", "m"): "3p"}
_FIELDS = frozenset("LSNTPFORCA")
_SPELT = ("Xp", "Xj")


class DictionaryError(TjsError):
    """The dictionary of Finnish is missing or damaged; nothing can be read."""

    code = "dictionary"


@dataclass(frozen=True, slots=True)
class Analysis:
    """One way to read a word form. All values are lower case; empty where the form has no such property.

    `kind`: n noun, l adjective, nl both, t verb, ee/es first/last name, ep place, em other name, r pronoun,
    k negation, s adverb, c conjunction … (Voikko's tags). `person`: 1s 2s 3s 1p 2p 3p, or 4 for the passive.
    `mood`: t indicative, e conditional, k imperative, m potential, n1…n5 infinitives.
    `case`: n g p es tr ine ela ill ade abl all …
    `number`: y one, m many. `clitic`: ko, kin, kaan. `owner`: 1y 2y 1m 2m 3 (possessive suffix).
    `participle`: v a u t m e. `tense`: p present, i past.
    """

    lemma: str
    kind: str = ""
    parts: tuple[str, ...] = ()
    root: str = ""
    person: str = ""
    mood: str = ""
    case: str = ""
    number: str = ""
    clitic: str = ""
    owner: str = ""
    participle: str = ""
    tense: str = ""

    @property
    def is_name(self) -> bool:
        """Whether the form is a person's first or last name."""
        return self.kind in ("ee", "es")


def load_dictionary() -> Transducer:
    """Voikko's transducer, which is loaded at the first call. Raises `DictionaryError`."""
    try:
        return finnish()
    except (OSError, ValueError, EOFError, LZMAError) as error:
        raise DictionaryError(f"Suomen kielen sanastoa ei saatu auki: {type(error).__name__}") from error


@lru_cache(maxsize=_REMEMBERED_FORMS)
def analyse(word: str) -> tuple[Analysis, ...]:
    """Every reading of a lower-case word form: written Finnish first, then spoken Finnish; empty when it is neither.

    Raises `DictionaryError` where there is no dictionary.
    """
    if not word or len(word) > LONGEST_WORD:
        return ()
    found = dict.fromkeys(_read(word).readings)
    if word in spoken_forms():
        for part in written_candidates(word)[0].split():
            found.update(dict.fromkeys(_read(part).readings))
    elif not found and "-" in word:
        found.update(dict.fromkeys(_hyphenated(*word.rsplit("-", 1))))
    elif not found:
        for candidate in written_candidates(word):
            if not _is_given_up(candidate, word) and (readings := _read(candidate).readings):
                return readings
    return tuple(found)


def is_written(word: str, unlike: str) -> bool:
    """Whether a lower-case word form is one of written Finnish, as `unlike`, which may begin alike, is not.

    Costs a fraction of `analyse` where it is none.
    """
    return not _is_given_up(word, unlike) and bool(_read(word).readings)


def _is_given_up(word: str, unlike: str) -> bool:
    """Whether the search for another form, of which there are no readings, ended before the two differ."""
    return (word + END).startswith((unlike + END)[: _read(unlike).decided])


def _hyphenated(opening: str, last: str) -> Iterator[Analysis]:
    """The readings of a compound the dictionary does not know as a whole: those of its last part."""
    for reading in analyse(last):
        parts = (opening, *(reading.parts or (reading.lemma,)))
        yield replace(reading, lemma=f"{opening}-{reading.lemma}", parts=parts, root="")


def lemmas(word: str) -> frozenset[str]:
    """Every base form a lower-case word may have; the word itself where nothing is known of it."""
    return frozenset(analysis.lemma for analysis in analyse(word)) or frozenset((word,))


class _Written(NamedTuple):
    """What a form may be in written Finnish, each once. `decided`: see `transducer.Reading`."""

    readings: tuple[Analysis, ...]
    decided: int


@lru_cache(maxsize=8192)
def _read(word: str) -> _Written:
    if len(word) > LONGEST_WORD:
        return _Written((), LONGEST_WORD + 1)
    outputs, decided = load_dictionary().read(word)
    readings = (analysis for output in outputs if (analysis := _parse(output)) is not None)
    return _Written(tuple(dict.fromkeys(readings)), decided)


def _parse(output: str) -> Analysis | None:
    """One output of the transducer, e.g. `[Ln][Xp]paska[X]pask[Sn][Ny]a[Bh][Bc][Ln][Xp]pää[X]pää[Sn][Ny]`."""
    words = [word for word in (_parse_word(part) for part in output.split("[Bc]")) if word is not None]
    if not words:
        return None
    last = words[-1]
    fields = last.fields
    lemma = "".join(word.lemma if word is last or word.fields.get("L") in ("l", "nl") else word.form for word in words)
    return Analysis(
        lemma=lemma.lower(),
        kind=fields.get("L", ""),
        parts=tuple(word.lemma.lower() for word in words) if len(words) > 1 else (),
        root=words[0].root.lower() if len(words) == 1 else "",
        person="4" if fields.get("P") == "4" else _PERSONS.get((fields.get("P", ""), fields.get("N", "")), ""),
        mood=fields.get("T", ""),
        case=fields.get("S", ""),
        number=fields.get("N", ""),
        clitic=fields.get("F", ""),
        owner=fields.get("O", ""),
        participle=fields.get("R", ""),
        tense=fields.get("A", ""),
    )


@dataclass(frozen=True, slots=True)
class _Word:
    lemma: str
    form: str
    root: str
    fields: dict[str, str]


def _parse_word(part: str) -> _Word | None:
    """One word of a compound: the text between [Xp] or [Xj] and [X] spells the base form, the rest the form."""
    if "[L" not in part:
        return None
    fields: dict[str, str] = {}
    base = form = pending = root = inside = ""
    for tag, letters in _PIECES.findall(part):
        if inside in _SPELT and letters:
            pending += letters
        elif letters:
            form += "" if inside else letters
        elif tag in _SPELT:
            base, pending, inside = form, "", tag
        elif tag in ("Xr", "Xs"):
            inside = tag
        elif tag == "X":
            root, inside = root or (pending if inside in _SPELT else ""), ""
        elif tag[0] in _FIELDS:
            fields[tag[0]] = tag[1:]
    return _Word((base + pending or form).rstrip("-"), form, root, fields)
