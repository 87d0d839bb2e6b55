"""Who is named in a note: `@handle`, as in the discussion on the plan (P17)."""

from __future__ import annotations

import re
import unicodedata

HANDLE = r"[a-zåäö0-9](?:[a-zåäö0-9._-]{0,58}[a-zåäö0-9])?"
"""What a handle looks like; a dot or a dash at its end belongs to the sentence."""

_MENTION = re.compile(rf"(?<![\w@/])@({HANDLE})", re.IGNORECASE)


def handles_in(text: str) -> frozenset[str]:
    """The handles that `text` mentions, in lower case."""
    return frozenset(found.lower() for found in _MENTION.findall(unicodedata.normalize("NFC", text)))
