"""Where the faults of a text stand: each faulty line with its number, the lines around it, and what is wrong there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tjs_moderation.errors import Fault

AROUND = 2
"""So many lines are shown before and after a faulty one."""

SHOWN = 100
"""So many faulty lines are shown in their places; the rest are only listed."""


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of the text, its number from 1, and whether something is wrong with it."""

    number: int
    text: str
    is_faulty: bool


def places_of(text: str, faults: Sequence[Fault]) -> list[list[NumberedLine]]:
    """The faulty lines in their surroundings; places that touch each other are one."""
    lines = text.split("\n")
    faulty = sorted({min(max(fault.line, 1), len(lines)) for fault in faults})[:SHOWN]
    shown = sorted({near for line in faulty for near in range(line - AROUND, line + AROUND + 1)})
    places: list[list[NumberedLine]] = []
    for number in shown:
        if 1 <= number <= len(lines):
            if not places or places[-1][-1].number != number - 1:
                places.append([])
            places[-1].append(NumberedLine(number, lines[number - 1], number in faulty))
    return places
