"""How mail leaves, as the environment says it; `settings` reads it from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import SplitResult, unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
"""The ways to a mail server, and the port of each where none is named."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""This machine: what is said here, nobody else hears."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server's URL and who mails come from; `is_on` once both are there."""

    url: str = field(default="", repr=False)
    sent_from: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.url and self.sent_from)

    @property
    def way(self) -> str:
        """One of `PORTS`."""
        return self._parts.scheme

    @property
    def host(self) -> str:
        return self._parts.hostname or ""

    @property
    def port(self) -> int:
        return self._parts.port or PORTS[self.way]

    @property
    def user(self) -> str:
        return unquote(self._parts.username or "")

    @property
    def password(self) -> str:
        return unquote(self._parts.password or "")

    @property
    def sender(self) -> Address:
        """Who mails come from. ValueError where `sent_from` names no mailbox."""
        return mailbox(self.sent_from)

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url)

    def faults(self) -> list[str]:
        """What cannot be used. The URL itself stays out of what is said: it can hold a password."""
        faults = []
        if self.url and not self._names_a_server():
            faults.append(f"TJS_SMTP_URL must be like smtps://user:password@host, and begin with one of {_WAYS}")
        elif self.password and self.way == "smtp" and self.host not in LOOPBACK:
            faults.append("TJS_SMTP_URL must not send a password in clear text: use smtps:// or smtp+starttls://")
        elif not (self.user + self.password).isascii():
            faults.append("TJS_SMTP_URL must hold ASCII alone: there is no other way to give a password over SMTP")
        if self.sent_from and not is_mailbox(self.sent_from):
            faults.append(f"TJS_MAIL_FROM must be one mail address, not {self.sent_from!r}")
        return faults

    def _names_a_server(self) -> bool:
        try:
            return self.way in PORTS and bool(self.host) and self.port > 0
        except ValueError:
            return False


_WAYS = ", ".join(f"{way}://" for way in PORTS)


def mailbox(written: str) -> Address:
    """The one mailbox that `name@host` or `Name <name@host>` says; ValueError where it is none."""
    name, bracket, rest = written.strip().partition("<")
    spec = rest.removesuffix(">") if bracket else name
    if not written.isprintable() or (bracket and not rest.endswith(">")):
        raise ValueError("no mailbox")
    try:
        found = Address(display_name=name.strip().strip('"') if bracket else "", addr_spec=spec.strip())
    except (MessageError, IndexError) as error:
        raise ValueError("no mailbox") from error
    if not found.username or not found.domain:
        raise ValueError("no mailbox")
    return found


def is_mailbox(written: str) -> bool:
    """Whether this names one mailbox."""
    try:
        mailbox(written)
    except ValueError:
        return False
    return True
