"""Names of the public as initials, where the house shows no more of them."""

from __future__ import annotations

MOST = 3


def initials(name: str) -> str:
    """The initials of a name, each with a full stop: `Anna-Liisa Mäki` gives `A. M.`; nothing for no name."""
    letters = [part[0].upper() for part in name.split() if part]
    return " ".join(f"{letter}." for letter in letters[:MOST])
