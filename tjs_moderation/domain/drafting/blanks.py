"""The blanks of a ready answer, `{nimi}`: filled in when it is used, and remarked on where one is left."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tjs_moderation.domain.drafting.remarks import Check, Finds, Found

_BLANK = re.compile(r"\{[ ]?([^\W\d_][\w -]{0,40}?)[ ]?\}")

KNOWN = ("nimi", "aihe", "päivä")
"""Blanks the console fills in by itself: the asker's first name, the topic, today's date."""


def blanks_in(text: str) -> list[str]:
    """The names of the blanks of a text, each once, in small letters."""
    return list(dict.fromkeys(name.lower() for name in _BLANK.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the blanks filled in that `values` knows (by name, not empty); the others are left as they are."""
    return _BLANK.sub(lambda blank: values.get(blank.group(1).lower()) or blank.group(), text)


def unfilled(text: str) -> Finds:
    """Every blank that is left."""
    for blank in _BLANK.finditer(text):
        yield Found(Check.UNFILLED_FIELD, blank.span())
