"""The security paper claims nothing that is not there: its counts are those of its tables, its tests exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAPER = (ROOT / "docs" / "security.md").read_text()

_ROW = re.compile(r"^\| ([\d.]+\.)(\d+)(?:–[\d.]+\.(\d+))? \|[^|]*\| ([^|]+) \| (.*) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_WORDS = {"yes": "yes", "part": "in part", "open": "open", "house": "for the house", "n.a.": "not applicable"}


def rows() -> list[tuple[str, str, str]]:
    """Each requirement, those of a range one by one: its number, how far it is met, and by what. V17 is not counted."""
    return [
        (f"{section}{number}", met, evidence)
        for section, first, last, met, evidence in _ROW.findall(PAPER)
        for number in range(int(first), int(last or first) + 1)
        if not section.startswith("17.")
    ]


def test_the_counts_told_are_those_of_the_tables() -> None:
    counts = Counter(met for _, met, _ in rows())
    assert set(counts) <= set(_WORDS)
    told = ", ".join(f"{counts[met]} {words}" for met, words in _WORDS.items())
    assert f"Together: {told} (V17 not counted)." in PAPER


def test_no_requirement_stands_twice_or_without_evidence() -> None:
    numbers = [number for number, *_ in rows()]
    assert len(numbers) == len(set(numbers))
    assert [number for number, _, evidence in rows() if not evidence.strip()] == []


def test_every_test_that_is_named_exists() -> None:
    for path, name in _TEST.findall(PAPER):
        written = (ROOT / path).read_text()
        assert not name or f"def {name}(" in written, f"{path}::{name} is not there"
