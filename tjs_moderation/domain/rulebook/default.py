"""The rule set that ships with the console."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def default_rule_text() -> str:
    """The text of the shipped rule set, as a person reads it (UTF-8, LF)."""
    return files(__package__).joinpath("oletus.rules").read_text(encoding="utf-8")
