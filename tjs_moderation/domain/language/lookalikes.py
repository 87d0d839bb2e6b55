"""Letters of other scripts that look like Latin ones, and signs that stand for letters in disguised words."""

from __future__ import annotations

_CYRILLIC = dict(zip("асеіјкмнорѕтухѵԁһгвӏіѡ", "aceijkmhopstyxvdhrbliw", strict=True))
_CYRILLIC_CAPITALS = dict(zip("АВСЕНІЈКМОРЅТХУ", "ABCEHIJKMOPSTXY", strict=True))
_GREEK = dict(zip("αεικνορτυχ", "aeiknoptux", strict=True))
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_OTHERS = {
    "ı": "i",
    "ɑ": "a",
    "ɡ": "g",
    "ʋ": "v",
    "ӓ": "ä",
    "Ӓ": "Ä",
    "ӧ": "ö",
    "Ӧ": "Ö",
    "ⅼ": "l",
    "ß": "ss",
    "ł": "l",
}

LOOKALIKES: dict[str, str] = {**_CYRILLIC, **_CYRILLIC_CAPITALS, **_GREEK, **_GREEK_CAPITALS, **_OTHERS}
"""Letter -> the Latin letter it passes for."""

SIGNS: dict[str, str] = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "l",
    "€": "e",
    "+": "t",
    "ü": "y",
    "w": "v",
    "x": "ks",
    "z": "s",
    "q": "k",
}
"""Sign -> the letter it stands for inside a disguised word (v1ttu, p@ska, qsipää)."""

EMOJI: dict[str, str] = {
    "🖕": "keskisormi",
    "🤡": "pelle",
    "🐷": "sika",
    "🐖": "sika",
    "🐽": "sika",
    "💩": "paska",
    "🤮": "oksennus",
    "🐒": "apina",
    "🐵": "apina",
    "🐀": "rotta",
    "🐍": "käärme",
    "🔪": "puukko",
    "🔫": "ase",
    "🍆": "kyrpä",
}
"""Picture -> the word it says."""
