"""Inflected forms of words the dictionary does not know (slang, new words): stems and Finnish endings."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

_CASES = (
    "",
    *("n t ten a ä ta tä tta ttä na nä ssa ssä sta stä lla llä lta ltä lle ksi tta ttä".split()),
    *("in ja jä ien jen iin hin i ia iä ita itä ille illa illä ilta iltä issa issä ista istä".split()),
    *("iksi ina inä oita oille oilla".split()),
    *("ss st ll lt s l ks ii oo uu aa ää öö oja öjä".split()),
    *("aan ään een oon uun öön yyn oihin eihin iden eille eja ejä ein eita eitä ejen".split()),
)
_OWNERS = ("", "ni", "si", "nsa", "nsä", "mme", "nne", "s")
_CLITICS = ("", "kin", "kaan", "kään", "han", "hän", "ko", "kö", "pa", "pä", "ki")
_LONGEST_ENDING = 12
_WEAK = {
    "kk": "k",
    "pp": "p",
    "tt": "t",
    "nk": "ng",
    "mp": "mm",
    "nt": "nn",
    "lt": "ll",
    "rt": "rr",
    "p": "v",
    "t": "d",
    "k": "",
}
_VOWELS = "aeiouyäöå"


@lru_cache(maxsize=1)
def endings() -> frozenset[str]:
    """Every ending that may follow a stem: case, owner, clitic."""
    return frozenset(case + owner + clitic for case in _CASES for owner in _OWNERS for clitic in _CLITICS)


@lru_cache(maxsize=8192)
def stems(word: str) -> frozenset[str]:
    """The stems of a base form: itself, its weak grade, -i as -e, -nen as -s-."""
    found = {word}
    if word.endswith("nen"):
        found |= {word[:-3] + "s", word[:-3] + "se"}
    if word[-1:] not in _VOWELS:
        return frozenset(found | {word + "i", word + "e"})
    for strong, weak in _WEAK.items():
        body, vowel = word[:-1], word[-1]
        if body.endswith(strong) and len(body) > len(strong) + 1:
            found.add(body[: -len(strong)] + weak + vowel)
            break
    if word.endswith("i"):
        found |= {stem[:-1] + "e" for stem in tuple(found) if stem.endswith("i")} | {word[:-1]}
    if word[-1] in "aä":
        found.add(word[:-1])
    return frozenset(found)


def stem_lengths(form: str, shortest: int) -> range:
    """Where in an unknown form a stem of at least `shortest` letters may end, the longest stem first."""
    return range(len(form), max(shortest - 1, len(form) - _LONGEST_ENDING), -1)


class StemTable:
    """The lists that words belong to, by stem. Stems of fewer than `shortest` letters are not looked for."""

    def __init__(self, shortest: int) -> None:
        self._shortest = shortest
        self._lists: dict[str, set[int]] = defaultdict(set)
        self._beginnings: set[str] = set()

    def add(self, number: int, word: str) -> None:
        """Put a base form on the list with this number."""
        for stem in stems(word):
            self._lists[stem].add(number)
            self._beginnings.add(stem[: self._shortest])

    def lists_of(self, form: str) -> set[int]:
        """The lists of the longest stem that a form is, with an ending; empty for most."""
        return self.lists_of_tail(form, range(1))

    def lists_of_tail(self, form: str, starts: range) -> set[int]:
        """The same for what is left of a form from one of these places on, the first where something is found."""
        shortest, beginnings = self._shortest, self._beginnings
        for start in starts:
            if form[start : start + shortest] in beginnings:
                tail = form[start:]
                for length in stem_lengths(tail, shortest):
                    if (numbers := self._lists.get(tail[:length])) and tail[length:] in endings():
                        return numbers
        return set()
