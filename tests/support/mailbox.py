"""A real mail server of our own, that keeps what it is sent and says what it is told to say."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tjs_moderation.domain.mail import Mail


@dataclass
class Mailbox:
    """What has arrived, and what the server answers: to a recipient, and to a mail."""

    kept: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    passwords: list[tuple[bytes, bytes]] = field(default_factory=list)
    to_recipient: str = "250 OK"
    to_mail: str = "250 OK"
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]) -> str:  # noqa: N802  # aiosmtpd's name
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        if self.to_mail.startswith("250"):
            content = envelope.original_content or b""
            self.kept.append(message_from_bytes(content, policy=default))
            self.recipients += envelope.rcpt_tos
        return self.to_mail

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append((data.login, data.password))
        return AuthResult(success=data.password == b"oikea sana", handled=False)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, is_tls_at_once: bool = False) -> Iterator[Mailbox]:
    """A mail server on a free port of the loopback address; with `tls` it wants a password over it."""
    mailbox = Mailbox(port=free_port())
    asks: dict[str, Any] = {}
    if tls and is_tls_at_once:
        asks = {"authenticator": mailbox.let_in, "ssl_context": tls, "auth_require_tls": False}
    elif tls:
        asks = {"authenticator": mailbox.let_in, "auth_required": True, "tls_context": tls, "require_starttls": True}
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, **asks)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@contextmanager
def server_that_says(words: bytes, *, pause_seconds: float) -> Iterator[int]:
    """Something that listens, and says a byte of `words` at a time; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=_say, args=[listening, words, pause_seconds], daemon=True)
        thread.start()
        yield listening.getsockname()[1]
    thread.join(2)


def _say(listening: socket.socket, words: bytes, pause_seconds: float) -> None:
    try:
        caller, _ = listening.accept()
    except OSError:
        return
    with caller:
        caller.settimeout(pause_seconds)
        for byte in words:
            try:
                caller.sendall(bytes([byte]))
                if not caller.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@dataclass
class PostmanInMemory:
    """Keeps what it is handed, or does what it is told instead: raises `failure` before, or `death` after keeping."""

    kept: list[Mail] = field(default_factory=list)
    failure: Exception | None = None
    death: BaseException | None = None

    def send(self, mail: Mail) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.append(mail)
        if self.death is not None:
            raise self.death

    @property
    def addressees(self) -> list[str]:
        return [mail.to for mail in self.kept]
