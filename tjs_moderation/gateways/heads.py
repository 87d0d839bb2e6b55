"""Where signed heads go: a file on another disk, an address that takes them in, a mailbox."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import requests

from tjs_moderation.domain.mail import Mail, Postman
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


@dataclass(frozen=True, slots=True)
class HeadMail:
    """A mailbox to which each head is sent; who reads it is somebody who cannot change the log."""

    postman: Postman
    to: str

    def tell(self, line: str) -> None:
        """Mail a head. Raises GatewayError where no mail server has taken it; to send it twice does no harm."""
        seq, signed_at = line.split()[1], datetime.strptime(line.split()[3], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        self.postman.send(
            Mail(
                id=f"tjs.head.{seq}.{signed_at:%Y%m%d%H%M%S}",
                to=self.to,
                subject=f"TJS Moderointi: {' '.join(line.split()[:2])}",
                text=f"{line}\n",
                html=f"<pre>{escape(line)}</pre>\n",
                at=signed_at,
                about="tjs.heads",
            )
        )
