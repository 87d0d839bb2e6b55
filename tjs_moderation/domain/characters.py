"""Characters that no database keeps."""

from __future__ import annotations


def storable(text: str) -> str:
    """Text as a database can keep it: NUL and lone surrogates, which no character is, become U+FFFD.

    What has neither, as nearly everything, is given back itself.
    """
    return text if "\x00" not in text and _is_of_characters(text) else _mended(text)


def _is_of_characters(text: str) -> bool:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return True


def _mended(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
