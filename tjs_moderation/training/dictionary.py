"""Packs the dictionary: set-up (`make setup`) turns Voikko's transducer, as `pyvoikko` carries it, into our own file.

The packed one finds the same readings in the same order (`tests/language/test_dictionary.py`), with fewer steps and far
less memory: chains of arcs became one arc, arcs that eat no letter are gone, and flags are numbers.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import click
from pyvoikko import VOIKKO_FST

from tjs_moderation.domain.language.transducer import BETWEEN_ARCS, BETWEEN_FIELDS, DICTIONARY_FILE, END

_NOTHING = "@_EPSILON_SYMBOL_@"
_FLAG = re.compile(r"@([PCRDU])\.([^.@]+)(?:\.([^@]+))?@")
_FINAL = -1
_START = 0


class Flag(NamedTuple):
    """A flag diacritic: what it does (`PCRDU`), to which feature, with which value (empty: any)."""

    deed: str
    feature: str
    value: str


class Arc(NamedTuple):
    """Letters that are eaten, what is told of them, flags that are tested and set on the way, and where it leads."""

    letters: str
    output: str
    flags: tuple[Flag, ...]
    target: int


States = dict[int, list[Arc]]


def read_att(code: str) -> States:
    """The states of a transducer in AT&T's text format. Its flags are kept apart by side, as they are when it runs."""
    states: States = {}
    for line in code.splitlines():
        fields = line.split("\t")
        if len(fields) < 4:
            states.setdefault(int(fields[0]), []).append(Arc(END, "", (), _FINAL))
            continue
        source, target, eaten, told = int(fields[0]), int(fields[1]), fields[2], fields[3]
        flags = (*_flag("<", eaten), *_flag(">", told))
        states.setdefault(source, []).append(Arc(_letters(eaten), _letters(told), flags, target))
    return states


def _flag(side: str, symbol: str) -> Iterable[Flag]:
    if found := _FLAG.fullmatch(symbol):
        yield Flag(found[1], side + found[2], found[3] or "")


def _letters(symbol: str) -> str:
    return "" if symbol == _NOTHING or _FLAG.fullmatch(symbol) else symbol


def shortened(states: States) -> States:
    """The same transducer without states that only lead on, and without arcs that eat nothing."""

    def follow(arc: Arc) -> Arc:
        while arc.target not in (_START, _FINAL) and len(states[arc.target]) == 1:
            arc = _joined(arc, states[arc.target][0])
        return arc

    @cache
    def eating(state: int) -> tuple[Arc, ...]:
        found: list[Arc] = []
        for arc in map(follow, states[state]):
            found += [arc] if arc.letters else [_joined(arc, after) for after in eating(arc.target)]
        return tuple(found)

    kept: States = {}
    ahead = [_START]
    for state in ahead:
        if state not in kept:
            kept[state] = list(eating(state))
            ahead += [arc.target for arc in kept[state] if arc.target != _FINAL]
    return kept


def _joined(arc: Arc, after: Arc) -> Arc:
    return Arc(arc.letters + after.letters, arc.output + after.output, arc.flags + after.flags, after.target)


class Conditions:
    """Rows of flags as numbers: each feature has a few bits, each of its values a number in them."""

    def __init__(self, states: States) -> None:
        self.numbers: dict[tuple[Flag, ...], int] = {(): 0}
        self._values: dict[str, list[str]] = {}
        for flag in (flag for arcs in states.values() for arc in arcs for flag in arc.flags):
            values = self._values.setdefault(flag.feature, [""])
            if flag.value and flag.value not in values:
                values.append(flag.value)
        self._shifts: dict[str, int] = {}
        width = 0
        for feature, values in self._values.items():
            self._shifts[feature] = width
            width += len(values).bit_length()
        self._everything = (1 << width) - 1

    def may_hold(self, flags: tuple[Flag, ...]) -> bool:
        """Whether any walk passes a row of flags; some contradict themselves."""
        features = {flag.feature for flag in flags}
        return all(self._ends(flags, feature) for feature in features)

    def number(self, flags: tuple[Flag, ...]) -> str:
        """The number of a row of flags; empty for none."""
        number = self.numbers.setdefault(flags, len(self.numbers))
        return str(number) if number else ""

    def written(self) -> str:
        """Every row that was given a number, in order."""
        return "\t".join(self._written(flags) if flags else "" for flags in self.numbers)

    def _written(self, flags: tuple[Flag, ...]) -> str:
        mask, kept, added, allowed = 0, self._everything, 0, [0]
        for feature in dict.fromkeys(flag.feature for flag in flags):
            values = self._values[feature]
            shift, bits = self._shifts[feature], (1 << len(values).bit_length()) - 1
            ends = self._ends(flags, feature)
            if len(ends) < len(values):
                mask |= bits << shift
                allowed = [before | start << shift for before in allowed for start in ends]
            if any(start != end for start, end in ends.items()):
                # What changes a value sets the same one whatever it was.
                (end,) = set(ends.values())
                kept &= ~(bits << shift)
                added |= end << shift
        return f"{mask}:{','.join(map(str, allowed))}:{kept}:{added}"

    def _ends(self, flags: tuple[Flag, ...], feature: str) -> dict[int, int]:
        """The number of each value of a feature that a row of flags lets through -> the one it has after them."""
        values = self._values[feature]
        ends = {start: _after(flags, feature, value) for start, value in enumerate(values)}
        return {start: values.index(end) for start, end in ends.items() if end is not None}


def _after(flags: Sequence[Flag], feature: str, value: str) -> str | None:
    """A feature's value after a row of flags; None where they do not let it through."""
    for flag in flags:
        if flag.feature != feature:
            continue
        if not _passes(flag, value):
            return None
        if flag.deed in "PCU":
            value = flag.value
    return value


def _passes(flag: Flag, value: str) -> bool:
    """Whether a flag lets a value through: U none or its own, R its own (or any), D all others (or none)."""
    match flag.deed:
        case "U":
            return value in ("", flag.value)
        case "R":
            return value == flag.value if flag.value else value != ""
        case "D":
            return value != flag.value if flag.value else value == ""
        case _:
            return True


def packed(states: States) -> str:
    """The text of the packed file (`domain.language.transducer` says how it looks)."""
    numbers = {state: str(number) for number, state in enumerate(states)}
    conditions = Conditions(states)

    def written(arc: Arc) -> str:
        target = numbers.get(arc.target, "")
        return BETWEEN_FIELDS.join((arc.letters, arc.output, conditions.number(arc.flags), target))

    lines = []
    for arcs in states.values():
        passable = [arc for arc in arcs if conditions.may_hold(arc.flags)]
        arcs_by_letter = groupby(sorted(passable, key=_first_letter), key=_first_letter)
        lines.append("\t".join(BETWEEN_ARCS.join(map(written, group)) for _, group in arcs_by_letter))
    return "\n".join((conditions.written(), *lines))


def _first_letter(arc: Arc) -> str:
    return arc.letters[0]


@click.command()
@click.option("--out", type=click.Path(file_okay=False, exists=True, path_type=Path), required=True)
def main(out: Path) -> None:
    """Write the packed dictionary into the folder OUT."""
    text = packed(shortened(read_att(VOIKKO_FST.to_att_code())))
    written = lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)
    (out / DICTIONARY_FILE).write_bytes(written)
    click.echo(f"{DICTIONARY_FILE}: {len(written)} tavua, {text.count(chr(10))} tilaa")


if __name__ == "__main__":
    main()
