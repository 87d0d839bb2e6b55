"""Comments to measure with: made up of the words of our own sentences, the same for the same seed.

The vocabulary grows as it does in a Finnish discussion (Heaps' law, measured on public comments: 25,000 words hold
10,000 forms, 50,000 hold 16,000), and old words come back as often as they were said before. One in twenty is rude.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from random import Random
from typing import NamedTuple

WORDS = 25
RUDE = 0.05
_GROWTH, _SCALE = 0.69, 9.2
_SOURCES = ("fi_a.tsv", "fi_b.tsv")
_EDGES = '.,!?…:;”“"()–-'
_CLITICS = ("kin", "kaan", "han", "ko", "pa", "kohan", "kaanko", "pahan")
_FRONT = str.maketrans("ao", "äö")
_UNKNOWN = 0.2
"""How many of the new forms of public comments the dictionary does not know."""
_SIGNS, _SIGN_AFTER = (",", ",", ".", ".", "!", "?"), 0.15


class _Words(NamedTuple):
    """Forms of the sentences to keep, in the order we wrote them, each once; and rude beginnings of others."""

    forms: tuple[str, ...]
    rude: tuple[tuple[str, ...], ...]


@cache
def _words() -> _Words:
    forms: dict[str, None] = {}
    rude: list[tuple[str, ...]] = []
    for source in _SOURCES:
        lines = files("tjs_moderation").joinpath("training", "corpus", source).read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            said = row["text"].split()
            if row["outcome"] == "remove":
                rude.append(tuple(said[:WORDS]))
            elif row["outcome"] == "keep":
                forms.update((form, None) for word in said if (form := word.strip(_EDGES)))
    return _Words(tuple(forms), tuple(rude))


def comments(seed: int) -> Iterator[str]:
    """Comments of 25 words without end; equal seeds give equal comments."""
    chance = Random(seed)  # noqa: S311  # nothing is kept secret with it
    forms, rude = _words()
    unsaid = list(forms)
    chance.shuffle(unsaid)
    said: list[str] = []
    while True:
        words: list[str] = list(chance.choice(rude)) if chance.random() < RUDE else []
        while len(words) < WORDS:
            is_new = not said or chance.random() < _GROWTH * _SCALE * (len(said) + 1) ** (_GROWTH - 1)
            said.append(_new(chance, unsaid, forms) if is_new else chance.choice(said))
            words.append(said[-1] + (chance.choice(_SIGNS) if chance.random() < _SIGN_AFTER else ""))
        yield " ".join(words)


def _new(chance: Random, unsaid: list[str], forms: tuple[str, ...]) -> str:
    """A form not said yet: one of ours while they last, then ours with a clitic, or words that nobody knows."""
    if unsaid:
        return unsaid.pop()
    form = chance.choice(forms)
    if chance.random() < _UNKNOWN:
        return form + chance.choice(forms).lower()
    clitic = chance.choice(_CLITICS)
    return form + (clitic if set(form) & set("aouAOU") else clitic.translate(_FRONT))
