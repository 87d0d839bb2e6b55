"""Where signed heads go: a file on another disk, or an address that takes them in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import requests

from tjs_moderation.errors import GatewayError, GatewayFailure

_TIMEOUT_SECONDS = (5, 15)


@dataclass(frozen=True, slots=True)
class HeadFile:
    """A file to which each head is added as a line; best on a disk that the console's machine cannot rewrite."""

    path: Path

    def tell(self, line: str) -> None:
        """Add a head, durably. Raises GatewayError where the file cannot be written."""
        try:
            with self.path.open("a", encoding="ascii") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise GatewayError(GatewayFailure.TRANSIENT, error.strerror or "OSError") from error


@dataclass(frozen=True, slots=True)
class HeadAddress:
    """An address to which each head is posted as plain text. An answer of 2xx means that it is kept there."""

    url: str

    def tell(self, line: str) -> None:
        """Post a head. Raises GatewayError where nobody took it in; to send it twice does no harm."""
        try:
            answer = requests.post(
                self.url,
                data=line + "\n",
                headers={"Content-Type": "text/plain; charset=us-ascii"},
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise GatewayError(GatewayFailure.TRANSIENT, type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise GatewayError(GatewayFailure.TRANSIENT, f"status {answer.status_code}")
