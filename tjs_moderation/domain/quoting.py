"""Where somebody's words or name stand in what others wrote, so that they can be taken out when a person is forgotten.

What is found is a whole name, however it is inflected, and a run of the person's own words. A first name alone, or a
word or two, says too little to be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MARK = "(poistettu)"
"""What stands where something was taken out."""

RUN = 5
"""So many words in a row, the same as the person's, are a quotation."""

SHORTEST = 20
"""A text of fewer words than `RUN` is a quotation where it has at least so many characters: “Kiitos!” is nobody's."""

_WORD = re.compile(r"\w+")
_ENDINGS = 3
"""By so many letters at most the stem of a Finnish name differs from its basic form: Virtanen, Virtasen."""
_SHORTEST_STEM = 3

Words = tuple[str, ...]


class Quotations:
    """A person's names and texts, ready to be looked for. Built once for a person."""

    def __init__(self, names: Iterable[str], texts: Iterable[str]) -> None:
        self._names = [pattern for name in names if (pattern := _name_pattern(name))]
        self._runs: dict[int, set[Words]] = {}
        for text in texts:
            self._learn(text)

    def _learn(self, text: str) -> None:
        words = tuple(word.casefold() for word in _WORD.findall(text))
        if len(words) >= RUN:
            runs = {words[start : start + RUN] for start in range(len(words) - RUN + 1)}
            self._runs.setdefault(RUN, set()).update(runs)
        elif len(text.strip()) >= SHORTEST:
            self._runs.setdefault(len(words), set()).add(words)

    def without(self, written: str) -> str:
        """The text with every quotation and name in it replaced by `MARK`; the same text where there is none."""
        spans = sorted([*self._quoted(written), *self._named(written)])
        pieces: list[str] = []
        end = 0
        for start, stop in spans:
            if start > end or not pieces:
                pieces += [written[end:start], MARK]
            end = max(end, stop)
        return "".join([*pieces, written[end:]]) if spans else written

    def within(self, told: object) -> object:
        """The same for whatever JSON holds: every text in it, the names of its parts left alone."""
        if isinstance(told, str):
            return self.without(told)
        if isinstance(told, list):
            return [self.within(each) for each in told]
        if isinstance(told, dict):
            return {name: self.within(each) for name, each in told.items()}
        return told

    def _named(self, written: str) -> list[tuple[int, int]]:
        return [found.span() for name in self._names for found in name.finditer(written)]

    def _quoted(self, written: str) -> list[tuple[int, int]]:
        if not self._runs:
            return []
        found = list(_WORD.finditer(written))
        words = [match[0].casefold() for match in found]
        return [
            (found[start].start(), found[start + length - 1].end())
            for length, runs in self._runs.items()
            for start in range(len(words) - length + 1)
            if tuple(words[start : start + length]) in runs
        ]


def is_whole_name(name: str) -> bool:
    """Whether a name says enough to be looked for: a first name and another."""
    return _name_pattern(name) is not None


def _name_pattern(name: str) -> re.Pattern[str] | None:
    """The name in any case a Finn may put it in: each part by its stem; None where it is one part or none."""
    parts: Sequence[str] = [part for part in _WORD.findall(name) if len(part) > 1]
    if len(parts) < 2:
        return None
    return re.compile(r"\b" + r"\W{1,3}".join(f"{re.escape(_stem(part))}\\w{{0,6}}" for part in parts), re.IGNORECASE)


def _stem(part: str) -> str:
    return part[: max(_SHORTEST_STEM, len(part) - _ENDINGS)]
