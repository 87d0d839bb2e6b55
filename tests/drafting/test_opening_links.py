"""Opening links: what a real server answers is told, and nothing that is typed leads into our own network."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tjs_moderation.domain.ports import LinkSeen
from tjs_moderation.domain.vocabulary import LinkState
from tjs_moderation.gateways.links import Address, LinkOpener, is_public

HOST = "sivu.example"


class Site(BaseHTTPRequestHandler):
    """A site whose pages are named after what becomes of them."""

    asked: list[tuple[str, str]] = []
    is_over = Event()

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        assert self.headers["Cookie"] is None
        kind, _, rest = unquote(self.path.partition("?")[0]).lstrip("/").partition("/")
        if kind == "dripping":
            self.drip()
        elif kind == "to":
            self.tell(302, rest.replace("PORT", self.headers["Host"].partition(":")[2]))
        else:
            self.tell(int(kind), None)

    def tell(self, status: int, location: str | None) -> None:
        self.send_response(status)
        self.send_header("Set-Cookie", "tunniste=1")
        if location is not None:
            self.send_header("Location", location)
        self.end_headers()

    def drip(self) -> None:
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not self.is_over.wait(0.05):
                self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        """Nothing is written down."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The site on a port of the loopback address."""
    Site.is_over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    Site.is_over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A port on which the site listens."""
    with serving() as number:
        yield number


def certificate(folder: Path) -> Path:
    """A certificate for the site's name, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "site.pem"
    path.write_bytes(signed.public_bytes(Encoding.PEM) + plain)
    return path


def opener(port: int, total_seconds: float = 5.0) -> LinkOpener:
    """One that may reach the site, under its name, and nothing else."""

    def resolve(host: str, _: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == HOST else [host.strip("[]")]

    def may_reach(address: Address) -> bool:
        return str(address) == "127.0.0.1"

    return LinkOpener(resolve, may_reach, (port,), total_seconds=total_seconds)


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("200", LinkState.OPENS, "200"),
        ("204", LinkState.OPENS, "204"),
        ("404", LinkState.BROKEN, "404"),
        ("410", LinkState.BROKEN, "410"),
        ("500", LinkState.BROKEN, "500"),
        ("403", LinkState.UNSURE, "403"),
        ("429", LinkState.UNSURE, "429"),
        ("to//200", LinkState.OPENS, "200"),
        (f"to/http://{HOST}:PORT/404", LinkState.BROKEN, "404"),
        (f"to/http://{HOST}:PORT/to//to//to//to//to//to//200", LinkState.BROKEN, "too many redirects"),
        ("to/http://10.0.0.1:PORT/200", LinkState.FORBIDDEN, "address"),
        ("to/http://[::1]:PORT/200", LinkState.FORBIDDEN, "address"),
        ("to/http://127.0.0.2:PORT/200", LinkState.FORBIDDEN, "address"),
        ("to/file:///etc/passwd", LinkState.FORBIDDEN, "form"),
        (f"to/http://{HOST}:22/", LinkState.FORBIDDEN, "port"),
        ("200/ä polku".replace(" ", "%20"), LinkState.OPENS, "200"),
    ],
)
def test_what_the_site_answers_is_told(port: int, path: str, state: LinkState, detail: str) -> None:
    path = path.replace("to//to//to//to//to//to//200", "to//" + "to//" * 6 + "200")
    assert opener(port).look(f"http://{HOST}:{port}/{path}") == (state, detail)


def test_the_site_hears_its_own_name_though_the_address_was_looked_up_once(port: int) -> None:
    looked: list[str] = []

    def once(host: str, _: int) -> Sequence[str]:
        looked.append(host)
        return ["127.0.0.1"] if len(looked) == 1 else ["10.0.0.1"]

    Site.asked.clear()
    seen = LinkOpener(once, lambda address: str(address) == "127.0.0.1", (port,)).look(f"http://{HOST}:{port}/200?a=b")
    assert seen.state is LinkState.OPENS
    assert (looked, Site.asked) == ([HOST], [("/200?a=b", f"{HOST}:{port}")])


def test_a_site_that_drips_its_answer_is_cut_off(port: int) -> None:
    assert opener(port, total_seconds=0.3).look(f"http://{HOST}:{port}/dripping") == (LinkState.BROKEN, "timeout")


def test_a_site_that_does_not_speak_tls_vouches_for_nothing(port: int) -> None:
    seen = opener(port, total_seconds=1.0).look(f"https://{HOST}:{port}/200")
    assert seen.state is LinkState.BROKEN


def test_over_tls_the_site_has_to_vouch_for_its_name(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=str(path))
    with serving(tls) as port:

        def look(host: str, trust: ssl.SSLContext) -> LinkSeen:
            at_home = LinkOpener(lambda *_: ["127.0.0.1"], lambda _: True, (port,), trust=lambda: trust)
            return at_home.look(f"https://{host}:{port}/200")

        assert look(HOST, trusting) == (LinkState.OPENS, "200")
        assert look("muu.example", trusting) == (LinkState.BROKEN, "certificate")
        assert look(HOST, ssl.create_default_context()) == (LinkState.BROKEN, "certificate")


def test_nobody_listening_is_a_broken_link(port: int) -> None:
    assert opener(port)._target(f"http://{HOST}:{port}/").path == "/"
    closed = LinkOpener(lambda *_: ["127.0.0.1"], lambda _: True, (1,))
    assert closed.look("http://sivu.example:1/") == (LinkState.BROKEN, "ConnectionRefusedError")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:db8::1]/",
        "ftp://sivu.example/",
        "file:///etc/passwd",
        "gopher://sivu.example/",
        "javascript:alert(1)",
        "http://",
        "http:///etc/passwd",
        "http://kayttaja:sana@sivu.example/",
        "http://sivu.example@127.0.0.1/",
        "http://sivu.example:22/",
        "http://sivu.example:6379/",
        "http://sivu.example\\@127.0.0.1/",
        "http://sivu.example/\r\nHost: toinen",
        "http://sivu.example/" + "a" * 3000,
    ],
)
def test_what_leads_into_a_private_network_is_never_opened(url: str) -> None:
    """No name in the table is looked up outside: addresses are read as they are, the rest is refused by its form."""
    assert LinkOpener().look(url).state is LinkState.FORBIDDEN


@pytest.mark.parametrize(
    "answers",
    [["192.168.0.10"], ["93.184.216.34", "127.0.0.1"], ["2606:2800::1", "::1"], [], ["fe80::1%eth0"]],
)
def test_a_name_with_one_private_address_is_refused(answers: list[str]) -> None:
    assert LinkOpener(lambda *_: answers).look("https://sivu.example/") == (LinkState.FORBIDDEN, "address")


@pytest.mark.parametrize(
    "url", ["http://a..b/", "http://[::1/", "http://sivu.example:port/", "http://" + "ä" * 80 + ".fi/"]
)
def test_what_is_no_address_at_all_is_broken_and_raises_nothing(url: str) -> None:
    assert LinkOpener(lambda *_: ["10.0.0.1"]).look(url).state in {LinkState.BROKEN, LinkState.FORBIDDEN}


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_the_open_internet_may_be_reached(address: str) -> None:
    assert is_public(ip_address(address))
