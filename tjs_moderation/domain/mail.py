"""A mail as it is handed over, and where one is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

SUBJECT_LIMIT = 150
"""The longest subject, in characters: what comes after is not shown anywhere."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person: `text` says all that `html` says.

    `id` is the same however often the mail is handed over, so that whoever gets it twice sees it once. `about` is an id
    that mails about the same thing share, `headers` are further ones that we have written ourselves.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str
    at: datetime
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Postman(Protocol):
    """Takes mails to where they are delivered."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over. GatewayError where nobody has taken it, or where that is not certain."""


def one_line(words: str, limit: int = SUBJECT_LIMIT) -> str:
    """Words as they may stand in a header: on one line, nothing in them that is not seen, at most `limit` long."""
    seen = "".join(mark if mark.isprintable() else " " for mark in words)
    told = " ".join(seen.split())
    return told if len(told) <= limit else told[: limit - 1].rstrip() + "…"
