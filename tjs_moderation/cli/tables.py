"""Tables of words and numbers for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

SHORT = 120
"""Characters of a text of the public that a line shows."""


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows of cells under each other: the first column to the left, the others to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        first, *others = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
    return "\n".join(lines)


def shortened(text: str, most: int = SHORT) -> str:
    """A text on one line, cut to `most` characters, without what a terminal could take for a command."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
