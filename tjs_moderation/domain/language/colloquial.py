"""Spoken and misspelt Finnish: a table of forms, and endings that spoken language shortens."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_FRONT = frozenset("äöy")
_PARTICIPLES = ("nu", "ny", "llu", "lly", "ssu", "rru")


@cache
def spoken_forms() -> dict[str, str]:
    """Spoken form -> the written form it stands for, from `puhekieli.txt` (lines `oot = olet`)."""
    table: dict[str, str] = {}
    for line in files(__package__).joinpath("puhekieli.txt").read_text(encoding="utf-8").splitlines():
        spoken, equals, written = line.partition("=")
        if equals and not line.startswith("#"):
            for form in spoken.split(","):
                table[form.strip()] = written.strip()
    return table


def written_candidates(word: str) -> tuple[str, ...]:
    """What an unknown lower-case word may be in written Finnish, likeliest first; empty when nothing comes to mind."""
    if direct := spoken_forms().get(word):
        return (direct,)
    if len(word) >= 4 and word.endswith(_PARTICIPLES):
        return word + "t", word + "n"
    return tuple(dict.fromkeys(_endings(word)))


def _endings(word: str) -> list[str]:
    """Undo what speech does to endings: saaks -> saako, tyhmii -> tyhmiä, kurssil -> kurssilla, viel(ä)."""
    if len(word) < 4:
        return []
    a = "ä" if _FRONT & set(word) and not set(word) & set("aou") else "a"
    o = "ö" if a == "ä" else "o"
    found: list[str] = []
    if word.endswith("ks"):
        found += [word[:-1] + o, word[:-2] + "nk" + o, word[:-2] + "k" + o]
    if word[-1] in "sl":
        found.append(word + word[-1] + a)
    if word.endswith(("st", "lt")):
        found.append(word + a)
    if word[-2:] in ("ii", "oo", "uu", "ee", "öö", "yy"):
        found.append(word[:-1] + a)
    if word.endswith(("aa", "ää")):
        found += [word[:-1] + "ta", word[:-2] + "e" + a, word[:-2] + "o" + a]
    if word.endswith("n") and len(word) > 5:
        found.append(word[:-1] + "nen")
    if word[-1] not in "aeiouyäö":
        found.append(word + "i")
    found.append(word + a)
    if word[-1] in "aeiouyäö":
        found.append(word + "n")
    return found
