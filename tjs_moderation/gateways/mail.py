"""Mail over SMTP: a connection for each mail, encrypted as the address says, never longer than a minute."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from threading import Timer
from typing import Any

from tjs_moderation.domain.mail import Mail, one_line
from tjs_moderation.errors import GatewayError, GatewayFailure

STEP_SECONDS = 15.0
"""How long one answer of the server may take."""

MOST_STEPS = 4
"""How many such times a mail may take in all: a server that answers a letter a second must not keep a worker."""

_SERVICE_CLOSING = 421


class _Bounded(smtplib.SMTP):
    """Hangs up by itself when all of it together takes too long; the library only limits each step."""

    timeout: float
    guard: Timer | None = None

    def connect(self, *args: Any, **named: Any) -> tuple[int, bytes]:
        self.guard = Timer(MOST_STEPS * self.timeout, self._hang_up)
        self.guard.daemon = True
        self.guard.start()
        return super().connect(*args, **named)

    def close(self) -> None:
        if self.guard is not None:
            self.guard.cancel()
        super().close()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first word on."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and in whose name we come to it."""

    host: str
    port: int
    way: str
    """`smtp`, `smtp+starttls` or `smtps`."""
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    """Whom we believe to be that server; None is whom this machine believes."""
    step_seconds: float = STEP_SECONDS

    def send(self, mail: Mail) -> None:
        """Hand a mail over.

        Raises GatewayError: REFUSED where this mail will never be taken, TRANSIENT for everything that may be otherwise
        later. Where the connection broke after all was said, the server may have taken it: sent again, it carries the
        same Message-ID.
        """
        try:
            message = self._message(mail)
        except ValueError as error:
            raise GatewayError(GatewayFailure.REFUSED, type(error).__name__) from error
        try:
            with self._talk() as server:
                refused = server.send_message(message, self.sender.addr_spec, [mail.to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            # The greeting or the password: not this mail's fault, and mended one day.
            raise GatewayError(GatewayFailure.TRANSIENT, f"{type(error).__name__} {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            if isinstance(error, smtplib.SMTPNotSupportedError) and not mail.to.isascii():
                raise GatewayError(GatewayFailure.REFUSED, "SMTPUTF8") from error
            raise GatewayError(GatewayFailure.TRANSIENT, type(error).__name__) from error
        if refused:
            raise _refusal(*next(iter(refused.values())))

    @contextmanager
    def _talk(self) -> Iterator[smtplib.SMTP]:
        server = self._reach()
        try:
            if self.way == "smtp+starttls":
                server.starttls(context=self._trusted())
            if self.user:
                server.login(self.user, self.password)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the mail has been taken; how they say goodbye changes nothing
        finally:
            server.close()

    def _reach(self) -> smtplib.SMTP:
        name, patience = self.sender.domain, self.step_seconds
        if self.way == "smtps":
            return _BoundedTls(self.host, self.port, name, timeout=patience, context=self._trusted())
        return _Bounded(self.host, self.port, name, timeout=patience)

    def _trusted(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()

    def _message(self, mail: Mail) -> EmailMessage:
        # The library refuses line breaks in a header; `one_line` leaves none.
        message = EmailMessage(policy=SMTP if mail.to.isascii() else SMTPUTF8)
        message["From"] = self.sender
        message["To"] = mail.to
        message["Subject"] = one_line(mail.subject)
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = f"<{mail.id}@{self.sender.domain}>"
        if mail.about:
            message["References"] = f"<{mail.about}@{self.sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message["List-Id"] = f"<tjs-moderation.{self.sender.domain}>"
        for name, value in mail.headers.items():
            message[name] = one_line(value, 500)
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _refusal(code: int, _: object) -> GatewayError:
    """What a server's no means. Its words stay out: they can hold the address."""
    is_for_good = 500 <= code < 600 and code != _SERVICE_CLOSING
    return GatewayError(GatewayFailure.REFUSED if is_for_good else GatewayFailure.TRANSIENT, f"status {code}")
