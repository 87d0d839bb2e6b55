"""What was worked out once, kept for a while: quicker to ask than `functools.lru_cache`, and as bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_LONGEST_KEY = 100
"""Longer words are no words; keeping them would only fill the memory."""


class Memory(dict[Key, Value]):
    """Gives `find(key)` for `memory[key]`. Safe to share between threads.

    At least the last `most` keys are kept and at most twice as many: when there are so many new ones, those before them
    are old, and the old ones that nobody asked for meanwhile are forgotten.
    """

    def __init__(self, find: Callable[[Key], Value], most: int) -> None:
        super().__init__()
        self._find, self._most = find, most
        self._old: dict[Key, Value] = {}

    def __missing__(self, key: Key) -> Value:
        found = self._old.pop(key, None)
        if found is None:
            found = self._find(key)
        if isinstance(key, str) and len(key) > _LONGEST_KEY:
            return found
        if len(self) >= self._most:
            self._old = dict(self)
            self.clear()
        self[key] = found
        return found
