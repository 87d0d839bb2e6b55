"""Characters that no database keeps."""

from __future__ import annotations


def storable(text: str) -> str:
    """Text as a database can keep it: NUL and lone surrogates, which no character is, become U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
