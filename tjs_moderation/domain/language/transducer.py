"""The dictionary at work: a transducer walked letter by letter, as `tjs_moderation.training.dictionary` packed it.

The packed file is text, compressed with LZMA. Its first line holds the conditions, tab-separated: which flags a walk
tests and sets, as numbers `mask:allowed,…:kept:added`. Every other line is a state, the first of them the start: its
arcs by first letter, tab-separated. An arc is `letters|output|condition|target`; those of one letter stand in the order
they are tried. An arc without a target ends a word.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from tjs_moderation.domain.memory import Memory

DICTIONARY_FILE = "voikko.xz"
END = "$"
"""Stands after the last letter of a word; a text that holds it is no word."""
BETWEEN_ARCS = " "
BETWEEN_FIELDS = "|"
_DONE = -1
_PADDING = END * 60
"""So much stands after a word that no arc reaches further."""
_LEAP = 4
"""How many letters are eaten at once where many arcs begin alike."""
_LIKE = 2
"""Of those many, the arcs that begin with so many letters are unpacked together."""
_FEW = 4
"""So many arcs of one letter, or fewer, are simply tried one by one."""
_REMEMBERED_LEAPS = 30_000


class Condition(NamedTuple):
    """Flags (bits) under `mask` must be one of `allowed`; those of `kept` stay, those of `added` come."""

    mask: int
    allowed: frozenset[int]
    kept: int
    added: int


_Arc = tuple[str, str, int, str, tuple[Condition, ...], int]
"""The letters that may follow, those it eats and how many they are; its output, its conditions, where it leads to."""
_Arcs = tuple[_Arc, ...]


class Reading(NamedTuple):
    """What a walk found: the outputs for a word, in its order, and after how many letters nothing else could come.

    The end counts as a letter. Every word that begins with the same so many letters has no output where this has none.
    """

    outputs: list[str]
    decided: int


class Transducer:
    """Finds every reading of a word. States are unpacked when a word first comes by. Safe to share between threads.

    Where many arcs begin with one letter (at the start, and between the parts of a compound), the ways to go on with
    the next four letters are found once and kept: other words begin with these letters as well.

    Raises `ValueError` where the text is no packed dictionary.
    """

    def __init__(self, packed: str) -> None:
        conditions, *self._lines = packed.split("\n")
        self._conditions = [_conditions(written) for written in conditions.split("\t")]
        self._states: list[dict[str, str | list[str] | _Arcs] | None] = [None] * len(self._lines)
        self._leaps: Memory[tuple[int, str], _Arcs] = Memory(self._leap, _REMEMBERED_LEAPS)
        if not self._lines:
            raise ValueError("no states")

    def lookup(self, word: str) -> list[str]:
        """The outputs for a word, in the order of the walk; empty where it is none."""
        return self.read(word).outputs

    def read(self, word: str) -> Reading:
        """The outputs for a word, and how far it was looked at."""
        if END in word:
            return Reading([], len(word) + 1)
        found, decided = self._walk(word + _PADDING)
        return Reading(list(dict.fromkeys(found)) if len(found) > 1 else found, decided)

    def _walk(self, text: str) -> tuple[list[str], int]:
        found: list[str] = []
        states, leaps, decided = self._states, self._leaps, 1
        waiting = [(0, 0, 0, "")]
        while waiting:
            state, place, flags, told = waiting.pop()
            if state == _DONE:
                found.append(told)
                continue
            arcs = (states[state] or self._opened(state)).get(text[place], ())
            if isinstance(arcs, str):
                arcs = self._unpacked(state, text[place])
            if isinstance(arcs, list):
                arcs = leaps[state, text[place : place + _LEAP]]
                decided = max(decided, place + _LEAP)
            for after, letters, size, output, conditions, target in arcs:
                end = place + size
                if end >= decided:
                    decided = end + 1
                if text[end] not in after or (size > 1 and not text.startswith(letters, place)):
                    continue
                kept = flags
                for mask, allowed, keeps, adds in conditions:
                    if kept & mask not in allowed:
                        break
                    kept = kept & keeps | adds
                else:
                    waiting.append((target, end, kept, told + output))
        return found, decided

    def _opened(self, state: int) -> dict[str, str | list[str] | _Arcs]:
        opened = self._states[state]
        if opened is None:
            opened = self._states[state] = {arcs[0]: arcs for arcs in self._lines[state].split("\t") if arcs}
        return opened

    def _unpacked(self, state: int, letter: str) -> list[str] | _Arcs:
        """The arcs of a state that begin with one letter, the last tried first; as they are packed where many do."""
        opened = self._opened(state)
        arcs = opened.get(letter, ())
        if isinstance(arcs, str):
            packed = arcs.split(BETWEEN_ARCS)[::-1]
            arcs = opened[letter] = packed if len(packed) > _FEW else tuple(map(self._arc, packed))
        return arcs

    def _arc(self, arc: str) -> _Arc:
        letters, output, condition, target = arc.split(BETWEEN_FIELDS)
        goal = int(target) if target else _DONE
        after = "".join(self._opened(goal)) if target else END
        return after, letters, len(letters), output, self._conditions[int(condition or 0)], goal

    def _leap(self, start: tuple[int, str]) -> _Arcs:
        """All ways on from a state with these letters, each as one arc; the last tried first."""
        state, letters = start
        arcs = self._unpacked(state, letters[0])
        if isinstance(arcs, tuple):
            return arcs
        if len(letters) > _LIKE:
            return tuple(chain.from_iterable(self._onward(arc, letters) for arc in self._leaps[state, letters[:_LIKE]]))
        return tuple(self._arc(arc) for arc in arcs if arc.startswith(letters) or arc[1] == BETWEEN_FIELDS)

    def _onward(self, arc: _Arc, wanted: str) -> Iterator[_Arc]:
        """An arc, if it may eat the wanted letters, joined with those after it up to where many begin again."""
        _, letters, size, output, conditions, target = arc
        if not wanted.startswith(letters[: len(wanted)]):
            return
        rest = wanted[size:]
        if not rest or target == _DONE or isinstance(arcs := self._unpacked(target, rest[0]), list):
            yield arc
            return
        for each in arcs:
            for after, more, further, told, others, goal in self._onward(each, rest):
                yield after, letters + more, size + further, output + told, conditions + others, goal


def _conditions(written: str) -> tuple[Condition, ...]:
    """The condition as it is written, if any."""
    if not written:
        return ()
    mask, allowed, kept, added = written.split(":")
    return (Condition(int(mask), frozenset(map(int, allowed.split(","))), int(kept), int(added)),)


@cache
def finnish() -> Transducer:
    """The dictionary of Finnish. Raises `OSError`, `ValueError`, `EOFError` or `LZMAError` where it is damaged."""
    written = files(__package__).joinpath(DICTIONARY_FILE).read_bytes()
    return Transducer(lzma.decompress(written).decode("utf-8"))
