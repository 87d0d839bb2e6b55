"""What two people changed at once, put together: what one of them left alone is as the other made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from tjs_moderation.services.changes import Change

Value = TypeVar("Value")


def merged(base: Value, theirs: Value, mine: Value) -> Value:
    """My value where I changed it, theirs otherwise."""
    return theirs if mine == base else mine


def merged_list(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """My list without what they took out and with what they put in."""
    gone = set(base) - set(theirs)
    come = [each for each in theirs if each not in base and each not in mine]
    return [*(each for each in mine if each not in gone), *come]


def base_of(since: Sequence[Change]) -> Mapping[str, Any]:
    """What the parts that others changed were before, by name; `since` are their changes, the newest first."""
    base: dict[str, Any] = {}
    for change in since:
        base.update(change.before)
    return base
