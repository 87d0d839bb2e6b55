"""Opens a link to see whether it opens, and does nothing else with it.

A person can type any address, so this must not become a way into our own network (SSRF). Only http and https on their
own ports; a name is looked up once, every address it has must be public, and the connection goes to exactly the address
that was checked, so that a name which answers differently the second time gains nothing. Each redirect is checked in
the same way. No cookies, no proxy, no body: the answer's head is read within a time that nobody can stretch.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tjs_moderation.domain.ports import LinkSeen
from tjs_moderation.domain.vocabulary import LinkState

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

TOTAL_SECONDS = 12.0
"""How long one link may take, with all its redirects."""

_CONNECT_SECONDS = 4.0
_MOST_REDIRECTS = 5
_LONGEST_URL = 2_000
_PORTS = {"http": 80, "https": 443}
_HEADERS = {"User-Agent": "tjs-moderation (link check)", "Accept": "*/*", "Connection": "close"}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LETS_NO_PROGRAM_IN = frozenset({401, 402, 403, 405, 406, 429, 451, 999})
_KEPT_IN_PATHS = "/%:@!$&'()*+,;=~-._?"
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")


class _ForbiddenError(Exception):
    """The link leads where nothing of ours may go."""


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet, also where an IPv6 address only wraps an IPv4 one."""
    if isinstance(address, IPv6Address):
        if address in _LOCAL_NAT64 or address.is_site_local:
            return False
        wrapped = _wrapped(address)
        if wrapped is not None:
            return is_public(wrapped)
    is_special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not is_special


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4, Teredo or NAT64."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a host, as the machine's own resolver knows it; OSError where there is none."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@cache
def _usual_trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


@dataclass(frozen=True, slots=True)
class LinkOpener:
    """Opens links. What is allowed can be narrowed or widened for tests alone."""

    resolve: Resolver = look_up
    may_reach: Callable[[Address], bool] = is_public
    ports: Sequence[int] = (80, 443)
    trust: Callable[[], ssl.SSLContext] = field(default=_usual_trust)
    total_seconds: float = TOTAL_SECONDS

    def look(self, url: str) -> LinkSeen:
        """What becomes of opening a link. Never raises."""
        ends_at = time.monotonic() + self.total_seconds
        try:
            return self._follow(url, ends_at)
        except _ForbiddenError as error:
            return LinkSeen(LinkState.FORBIDDEN, str(error))
        except ssl.SSLError:
            return LinkSeen(LinkState.BROKEN, "certificate")
        except TimeoutError:
            return LinkSeen(LinkState.BROKEN, "timeout")
        except socket.gaierror:
            return LinkSeen(LinkState.BROKEN, "no such host")
        except (OSError, HTTPException, ValueError) as error:
            is_late = time.monotonic() >= ends_at
            return LinkSeen(LinkState.BROKEN, "timeout" if is_late else type(error).__name__)

    def _follow(self, url: str, ends_at: float) -> LinkSeen:
        for _ in range(_MOST_REDIRECTS + 1):
            target = self._target(url)
            status, location = self._ask(target, self._address_of(target), ends_at)
            if status not in _REDIRECTS or not location:
                return LinkSeen(_state_of(status), str(status))
            url = urljoin(url, location)
        return LinkSeen(LinkState.BROKEN, "too many redirects")

    def _target(self, url: str) -> _Target:
        """The parts of a link. Raises _ForbiddenError for what is no plain link of the web."""
        if len(url) > _LONGEST_URL or not url.isprintable() or "\\" in url or any(letter.isspace() for letter in url):
            raise _ForbiddenError("form")
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None or parts.password is not None:
            raise _ForbiddenError("form")
        port = parts.port or _PORTS[parts.scheme]
        if port not in self.ports:
            raise _ForbiddenError("port")
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode("ascii")
        path = quote(parts.path or "/", safe=_KEPT_IN_PATHS)
        return _Target(parts.scheme, host, port, f"{path}?{quote(parts.query, safe=_KEPT_IN_PATHS)}".rstrip("?"))

    def _address_of(self, target: _Target) -> str:
        """The address to connect to. One that is not public among them is enough to refuse the name."""
        found = self.resolve(target.host, target.port)
        if not found or not all(self.may_reach(ip_address(each)) for each in found):
            raise _ForbiddenError("address")
        return found[0]

    def _ask(self, target: _Target, address: str, ends_at: float) -> tuple[int, str | None]:
        """The status of the answer, and where it redirects to."""
        left = ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        with self._connected(target, address, min(left, _CONNECT_SECONDS)) as channel, _cut_off(channel, ends_at):
            if isinstance(channel, ssl.SSLSocket):
                channel.do_handshake()
            connection = HTTPConnection(target.host, target.port)
            connection.sock = channel
            connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": _host_of(target), **_HEADERS}.items():
                connection.putheader(name, value)
            connection.endheaders()
            with closing(connection.getresponse()) as answer:
                if time.monotonic() >= ends_at:
                    raise TimeoutError  # what came last was cut off
                return answer.status, answer.getheader("Location")

    @contextmanager
    def _connected(self, target: _Target, address: str, seconds: float) -> Iterator[socket.socket]:
        """A connection to an address; for https one that vouches for the host's name, hands not shaken yet."""
        with closing(socket.create_connection((address, target.port), seconds)) as plain:
            if target.scheme == "http":
                yield plain
                return
            wrapped = self.trust().wrap_socket(plain, server_hostname=target.host, do_handshake_on_connect=False)
            with closing(wrapped):
                yield wrapped


def _host_of(target: _Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == _PORTS[target.scheme] else f"{host}:{target.port}"


@contextmanager
def _cut_off(channel: socket.socket, ends_at: float) -> Iterator[None]:
    """End the connection at that moment, however slowly the other side goes on answering."""
    # The plain socket's own shutdown: that of TLS would change an object that another thread reads from.
    cut = threading.Timer(max(0.0, ends_at - time.monotonic()), _hang_up, (channel,))
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()


def _hang_up(channel: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(channel, socket.SHUT_RDWR)


def _state_of(status: int) -> LinkState:
    if 200 <= status < 300:
        return LinkState.OPENS
    return LinkState.UNSURE if status in _LETS_NO_PROGRAM_IN else LinkState.BROKEN
