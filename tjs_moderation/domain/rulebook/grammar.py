"""The words of the rule language, and how a word entry is written."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from itertools import islice

from tjs_moderation.domain.language import Manner, Target
from tjs_moderation.domain.rulebook.entries import Entry, Piece
from tjs_moderation.domain.vocabulary import Category, Outcome, RuleState
from tjs_moderation.errors import Fault

STATES = {
    "luonnos": RuleState.DRAFT,
    "varjo": RuleState.SHADOW,
    "voimassa": RuleState.LIVE,
    "arkistoitu": RuleState.ARCHIVED,
}
OUTCOMES = {"poista": Outcome.REMOVE, "punnitse": Outcome.WEIGH, "pidä": Outcome.KEEP}
CATEGORIES = {
    "loukkaus": Category.INSULT,
    "halventaminen": Category.DEGRADING,
    "säädyttömyys": Category.OBSCENE,
    "uhkaus": Category.THREAT,
    "vihapuhe": Category.IDENTITY_ATTACK,
    "häirintä": Category.SEXUAL_HARASSMENT,
    "henkilötiedot": Category.PERSONAL_DATA,
    "roskaposti": Category.SPAM,
    "kritiikki": Category.CRITICISM,
    "kova kritiikki": Category.HARSH_CRITICISM,
    "kehu": Category.PRAISE,
    "kysymys": Category.QUESTION,
    "tavallinen": Category.NEUTRAL,
}
TARGETS = {target.value: target for target in Target}
MANNERS = {manner.value: manner for manner in Manner}
DETECTIONS = (
    "henkilötunnus",
    "puhelinnumero",
    "sähköposti",
    "osoite",
    "linkki",
    "monta linkkiä",
    "huutaminen",
    "tilinumero",
)
ANY_TEXT = "kommentti"
"""The detection that every text is: what `kun kommentti: mikä tahansa` waits for."""
LANGUAGES = ("fi", "sv", "en")
LONGEST_PHRASE = 8
GAP = 3
"""How many words may stand in the place of `...`."""

MOST_UNKNOWN = 20
"""So many unknown names of one line are told, each with a hint."""
_MOST_CHOICES = 200
_MOST_SHOWN = 24
_LONGEST_NAME = 60
_DOTLESS = str.maketrans("äöå", "aoa")
_ENTRY_WORD = re.compile(r"=?[^\W_]+(?:[-'’:][^\W_]+)*")


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that names the known word nearest to a mistyped one, or lists what there is. Bounded in time."""
    choices = sorted(islice(known, _MOST_CHOICES))
    plain = {choice.translate(_DOTLESS): choice for choice in choices}
    if close := difflib.get_close_matches(word[:_LONGEST_NAME].translate(_DOTLESS), plain, n=1, cutoff=0.6):
        return f"Tarkoititko: {plain[close[0]]}?"
    rest = " …" if len(choices) > _MOST_SHOWN else ""
    return "Vaihtoehdot: " + ", ".join(choices[:_MOST_SHOWN]) + rest if choices else ""


def names(text: str) -> list[str]:
    """What stands between the commas, white space evened out."""
    return [" ".join(name.split()) for name in text.split(",") if name.strip()]


def unknown(given: Iterable[str], known: Collection[str], what: str, line: int) -> list[Fault]:
    """A fault for each name (at most so many) that is not among the known ones; `what` says what it should be."""
    strange = islice((name for name in given if name not in known), MOST_UNKNOWN)
    return [Fault(line, f"Tuntematon {what} ”{name}”.", nearest(name, known)) for name in strange]


def entries(written: Iterable[str], line: int) -> tuple[list[Entry], list[Fault]]:
    """The entries as written, and what is wrong with the others."""
    read = [parse_entry(each, line) for each in written]
    faults = [Fault(line, each, "Sanat erotetaan pilkuin.") for each in read if isinstance(each, str)]
    return [each for each in read if isinstance(each, Entry)], faults


def parse_entry(text: str, line: int, *, as_head: bool = False, as_part: bool = False) -> Entry | str:
    """An entry as written (`idiootti`, `paska-`, `-pää`, `painu/mene ... =helvettiin`), or what is wrong with it."""
    written = " ".join(text.lower().replace("…", "...").split())
    if written.endswith("-") and _ENTRY_WORD.fullmatch(written[:-1]):
        return Entry((Piece((written[:-1],)),), line, only_opening=True)
    if written.startswith("-") and _ENTRY_WORD.fullmatch(written[1:]):
        return Entry((Piece((written[1:],)),), line, only_head=True)
    pieces: list[Piece] = []
    gap = 0
    for word in written.replace("...", " ... ").split():
        if word == "...":
            gap = GAP
            continue
        alternatives = word.split("/")
        if not all(_ENTRY_WORD.fullmatch(each) for each in alternatives):
            return f"”{word}” ei ole sana."
        exact = tuple(each[1:] for each in alternatives if each.startswith("="))
        pieces.append(Piece(tuple(each for each in alternatives if not each.startswith("=")), exact, gap))
        gap = 0
    return _checked(pieces, gap, line, as_head, as_part)


def _checked(pieces: list[Piece], gap: int, line: int, as_head: bool, as_part: bool) -> Entry | str:
    if not pieces:
        return "Sana puuttuu."
    if gap or pieces[0].gap:
        return "Kolme pistettä käy vain kahden sanan väliin."
    if len(pieces) > LONGEST_PHRASE:
        return f"Ilmauksessa on yli {LONGEST_PHRASE} sanaa."
    is_word = len(pieces) == 1
    return Entry(tuple(pieces), line, as_head=as_head and is_word, as_part=as_part and is_word)
