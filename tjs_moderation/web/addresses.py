"""Addresses of pages that cost little until one is written out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import Rule


class Address(Rule):
    """Werkzeug's rule, but the code that writes it out is made when it is first asked for.

    Werkzeug makes two functions of each at the start, which took most of the time of making an app; what a command or a
    test does writes out few of them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make = super()._compile_builder

        @cache
        def made() -> Callable[..., tuple[str, str]]:
            return make(append_unknown)

        return lambda rule, /, **values: made()(rule, **values)
