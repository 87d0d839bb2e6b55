"""Characters that no database keeps."""

from __future__ import annotations


def storable(text: str) -> str:
    """Text as a database can keep it: NUL and lone surrogates, which no character is, become U+FFFD.

    What has neither, as nearly everything, is given back itself.
    """
    if "\x00" not in text and not has_lone_surrogates(text):
        return text
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def has_lone_surrogates(text: str) -> bool:
    """Whether something stands in the text that no character is: a byte that could not be decoded, or half a pair."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
