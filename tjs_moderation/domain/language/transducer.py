"""The dictionary at work: a transducer walked letter by letter, as `tjs_moderation.training.dictionary` packed it.

The packed file is text, compressed with LZMA. Its first line holds the conditions, tab-separated: which flags a walk
tests and sets, as numbers `mask:allowed,…:kept:added`. Every other line is a state, the first of them the start: its
arcs by first letter, tab-separated. An arc is `letters|output|condition|target`; those of one letter stand in the order
they are tried. An arc without a target ends a word.
"""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files
from typing import NamedTuple

DICTIONARY_FILE = "voikko.xz"
END = "$"
"""Stands after the last letter of a word; a text that holds it is no word."""
BETWEEN_ARCS = " "
BETWEEN_FIELDS = "|"
_DONE = -1


class Condition(NamedTuple):
    """Flags (bits) under `mask` must be one of `allowed`; those of `kept` stay, those of `added` come."""

    mask: int
    allowed: frozenset[int]
    kept: int
    added: int


class _Arc(NamedTuple):
    """`following` are the letters that may come second; `letters` are eaten, `size` of them."""

    following: str
    letters: str
    size: int
    output: str
    condition: Condition | None
    target: int


class Transducer:
    """Finds every reading of a word. States are unpacked when a word first comes by. Safe to share between threads.

    Raises `ValueError` where the text is no packed dictionary.
    """

    def __init__(self, packed: str) -> None:
        conditions, *self._lines = packed.split("\n")
        self._conditions = [_condition(written) for written in conditions.split("\t")]
        self._states: list[dict[str, str | tuple[_Arc, ...]] | None] = [None] * len(self._lines)
        if not self._lines:
            raise ValueError("no states")

    def lookup(self, word: str) -> list[str]:
        """The outputs for a word, in the order of the walk; empty where it is none."""
        if END in word:
            return []
        text = word + END + END
        found: list[str] = []
        states = self._states
        waiting = [(0, 0, 0, "")]
        while waiting:
            state, place, flags, told = waiting.pop()
            if state == _DONE:
                found.append(told)
                continue
            arcs = (states[state] or self._opened(state)).get(text[place], ())
            if isinstance(arcs, str):
                arcs = self._unpacked(state, arcs)
            following = text[place + 1]
            for second, letters, size, output, condition, target in arcs:
                if following not in second or (size > 2 and not text.startswith(letters, place)):
                    continue
                if condition is None:
                    waiting.append((target, place + size, flags, told + output))
                elif flags & condition[0] in condition[1]:
                    waiting.append((target, place + size, flags & condition[2] | condition[3], told + output))
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def _opened(self, state: int) -> dict[str, str | tuple[_Arc, ...]]:
        opened = self._states[state]
        if opened is None:
            opened = self._states[state] = {arcs[0]: arcs for arcs in self._lines[state].split("\t") if arcs}
        return opened

    def _unpacked(self, state: int, written: str) -> tuple[_Arc, ...]:
        """The arcs of a state that begin with one letter, the last tried first."""
        arcs = tuple(map(self._arc, reversed(written.split(BETWEEN_ARCS))))
        self._opened(state)[written[0]] = arcs
        return arcs

    def _arc(self, arc: str) -> _Arc:
        letters, output, condition, target = arc.split(BETWEEN_FIELDS)
        goal = int(target) if target else _DONE
        following = letters[1:2] or ("".join(self._opened(goal)) if goal != _DONE else END)
        return _Arc(following, letters, len(letters), output, self._conditions[int(condition or 0)], goal)


def _condition(written: str) -> Condition | None:
    if not written:
        return None
    mask, allowed, kept, added = written.split(":")
    return Condition(int(mask), frozenset(map(int, allowed.split(","))), int(kept), int(added))


@cache
def finnish() -> Transducer:
    """The dictionary of Finnish. Raises `OSError`, `ValueError`, `EOFError` or `LZMAError` where it is damaged."""
    written = files(__package__).joinpath(DICTIONARY_FILE).read_bytes()
    return Transducer(lzma.decompress(written).decode("utf-8"))
