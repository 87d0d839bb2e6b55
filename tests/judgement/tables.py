"""Reads the tables of sentences that stand beside the tests."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def under_headings(name: str) -> list[tuple[str, str]]:
    """Pairs of the heading in brackets and a sentence under it."""
    heading = ""
    pairs: list[tuple[str, str]] = []
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            heading = line[1 : line.index("]")]
        elif line.strip() and not line.startswith("#"):
            pairs.append((heading, line))
    return pairs


def in_columns(name: str) -> list[tuple[str, str]]:
    """The two columns of a table."""
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [
        (left.strip(), right.strip())
        for left, _, right in (line.partition("|") for line in lines if line and not line.startswith("#"))
    ]
