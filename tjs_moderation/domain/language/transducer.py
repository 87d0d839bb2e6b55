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
from typing import NamedTuple

DICTIONARY_FILE = "voikko.xz"
END = "$"
"""Stands after the last letter of a word; a text that holds it is no word."""
BETWEEN_ARCS = " "
BETWEEN_FIELDS = "|"
_DONE = -1
_LEAP = 4
"""How many letters are eaten at once where many arcs begin alike."""
_FEW = 8
"""So many arcs of one letter, or fewer, are simply tried one by one."""
_REMEMBERED_LEAPS = 50_000


class Condition(NamedTuple):
    """Flags (bits) under `mask` must be one of `allowed`; those of `kept` stay, those of `added` come."""

    mask: int
    allowed: frozenset[int]
    kept: int
    added: int


class _Arc(NamedTuple):
    """`following` are the letters that may come second; `letters` are eaten, `size` of them, under all `conditions`."""

    following: str
    letters: str
    size: int
    output: str
    conditions: tuple[Condition, ...]
    target: int


class Transducer:
    """Finds every reading of a word. States are unpacked when a word first comes by. Safe to share between threads.

    Where many arcs begin with one letter (at the start, and between the parts of a compound), the ways to go on with
    the next four letters are found once and kept: other words begin with these letters as well.

    Raises `ValueError` where the text is no packed dictionary.
    """

    def __init__(self, packed: str) -> None:
        conditions, *self._lines = packed.split("\n")
        self._conditions = [_conditions(written) for written in conditions.split("\t")]
        self._states: list[dict[str, str | tuple[_Arc, ...]] | None] = [None] * len(self._lines)
        self._leaps: dict[tuple[int, str], tuple[_Arc, ...]] = {}
        if not self._lines:
            raise ValueError("no states")

    def lookup(self, word: str) -> list[str]:
        """The outputs for a word, in the order of the walk; empty where it is none."""
        if END in word:
            return []
        text = word + END * _LEAP
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
                arcs = self._unpacked(state, text[place])
            if len(arcs) > _FEW:
                arcs = self._leaps_from(state, text[place : place + _LEAP])
            second = text[place + 1]
            for following, letters, size, output, conditions, target in arcs:
                if second not in following or (size > 2 and not text.startswith(letters, place)):
                    continue
                kept = flags
                for mask, allowed, keeps, adds in conditions:
                    if kept & mask not in allowed:
                        break
                    kept = kept & keeps | adds
                else:
                    waiting.append((target, place + size, kept, told + output))
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def _opened(self, state: int) -> dict[str, str | tuple[_Arc, ...]]:
        opened = self._states[state]
        if opened is None:
            opened = self._states[state] = {arcs[0]: arcs for arcs in self._lines[state].split("\t") if arcs}
        return opened

    def _unpacked(self, state: int, letter: str) -> tuple[_Arc, ...]:
        """The arcs of a state that begin with one letter, the last tried first."""
        opened = self._opened(state)
        arcs = opened.get(letter, ())
        if isinstance(arcs, str):
            arcs = opened[letter] = tuple(map(self._arc, reversed(arcs.split(BETWEEN_ARCS))))
        return arcs

    def _arc(self, arc: str) -> _Arc:
        letters, output, condition, target = arc.split(BETWEEN_FIELDS)
        goal = int(target) if target else _DONE
        following = letters[1:2] or ("".join(self._opened(goal)) if goal != _DONE else END)
        return _Arc(following, letters, len(letters), output, self._conditions[int(condition or 0)], goal)

    def _leaps_from(self, state: int, letters: str) -> tuple[_Arc, ...]:
        """All ways on from a state with these letters, each as one arc; the last tried first."""
        leaps = self._leaps.get((state, letters))
        if leaps is None:
            if len(self._leaps) >= _REMEMBERED_LEAPS:
                self._leaps.clear()
            leaps = self._leaps[state, letters] = tuple(self._join(state, letters))
        return leaps

    def _join(self, state: int, wanted: str) -> Iterator[_Arc]:
        """Rows of arcs that eat the wanted letters together, each made one arc."""
        for arc in self._unpacked(state, wanted[0]):
            is_enough = arc.target == _DONE or arc.size >= len(wanted)
            if is_enough and (arc.letters.startswith(wanted) or wanted.startswith(arc.letters)):
                yield arc
            elif not is_enough and wanted.startswith(arc.letters):
                for rest in self._join(arc.target, wanted[arc.size :]):
                    yield _joined(arc, rest)


def _joined(arc: _Arc, rest: _Arc) -> _Arc:
    letters = arc.letters + rest.letters
    return _Arc(
        letters[1], letters, len(letters), arc.output + rest.output, arc.conditions + rest.conditions, rest.target
    )


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
