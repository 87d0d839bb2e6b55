"""Mail as it really travels: handed to a server over SMTP, and read back from what arrived."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.mailbox import Mailbox, free_port, mail_server, server_that_says
from tjs_moderation.domain.mail import SUBJECT_LIMIT, Mail, one_line
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.heads import HeadMail
from tjs_moderation.gateways.mail import MOST_STEPS, MailServer
from tjs_moderation.mail_settings import MailSettings, mailbox

MAIL = Mail(
    id="tjs.notice.7",
    to="inka@esimerkki.fi",
    subject="Sinulle on ohjattu kysymys – määräaika perjantaina",
    text="Lue kysymys.\n",
    html="<p>Lue kysymys.</p>\n",
    at=datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
    about="tjs.item.12",
)


def server_at(port: int, way: str = "smtp", step_seconds: float = 5.0) -> MailServer:
    sender = mailbox("TJS Moderointi <moderointi@esimerkki.fi>")
    return MailServer("127.0.0.1", port, way, sender, step_seconds=step_seconds)


@pytest.fixture(scope="module")
def standing() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def box(standing: Mailbox) -> Mailbox:
    """The server, as if nobody had written to it yet."""
    standing.kept, standing.recipients = [], []
    standing.to_recipient = standing.to_mail = "250 OK"
    return standing


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_what_arrives_says_it_as_text_and_as_html_and_that_no_person_wrote_it(box: Mailbox) -> None:
    server_at(box.port).send(MAIL)
    [message] = box.kept
    assert box.recipients == ["inka@esimerkki.fi"]
    assert part(message, "plain").replace("\r\n", "\n") == MAIL.text
    assert part(message, "html").replace("\r\n", "\n") == MAIL.html
    assert {name: message[name] for name in ("From", "To", "Subject", "Date", "Message-ID", "References")} == {
        "From": "TJS Moderointi <moderointi@esimerkki.fi>",
        "To": "inka@esimerkki.fi",
        "Subject": MAIL.subject,
        "Date": "Mon, 23 Nov 2026 06:00:00 +0000",
        "Message-ID": "<tjs.notice.7@esimerkki.fi>",
        "References": "<tjs.item.12@esimerkki.fi>",
    }
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<tjs-moderation.esimerkki.fi>"


def test_nothing_that_is_written_becomes_a_header(box: Mailbox) -> None:
    server_at(box.port).send(
        replace(MAIL, subject="Kysymys\r\nBcc: vieras@esimerkki.fi\r\n\r\nHei", headers={"X-A": "a\nB: c"})
    )
    [message] = box.kept
    assert message["Subject"] == "Kysymys Bcc: vieras@esimerkki.fi Hei"
    assert (message["Bcc"], message["B"], box.recipients) == (None, None, ["inka@esimerkki.fi"])
    with pytest.raises(GatewayError) as refused:
        server_at(box.port).send(replace(MAIL, to="inka@esimerkki.fi\nBcc: vieras@esimerkki.fi"))
    assert (refused.value.failure, len(box.kept)) == (GatewayFailure.REFUSED, 1)


@given(st.text(max_size=180))
@settings(max_examples=25)
def test_a_subject_is_one_line_whatever_is_written(words: str) -> None:
    line = one_line(words)
    assert line.isprintable()
    assert len(line) <= SUBJECT_LIMIT
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("to_recipient", "to_mail", "failure"),
    [
        ("550 5.1.1 no such mailbox", "250 OK", GatewayFailure.REFUSED),
        ("450 4.2.0 later", "250 OK", GatewayFailure.TRANSIENT),
        ("250 OK", "554 5.7.1 not from you", GatewayFailure.REFUSED),
        ("250 OK", "452 4.3.1 full", GatewayFailure.TRANSIENT),
    ],
)
def test_a_no_for_good_is_told_from_a_no_for_now(
    box: Mailbox, to_recipient: str, to_mail: str, failure: GatewayFailure
) -> None:
    box.to_recipient, box.to_mail = to_recipient, to_mail
    with pytest.raises(GatewayError) as refused:
        server_at(box.port).send(MAIL)
    assert (refused.value.failure, box.kept) == (failure, [])
    assert "esimerkki" not in refused.value.detail


def test_where_nobody_listens_it_is_tried_later() -> None:
    with pytest.raises(GatewayError) as refused:
        server_at(free_port()).send(MAIL)
    assert refused.value.failure is GatewayFailure.TRANSIENT


@pytest.mark.parametrize("words", [b"", b"220-" + b"x" * 500], ids=["silent", "a letter at a time"])
def test_a_server_that_does_not_come_to_an_end_is_left(words: bytes) -> None:
    step = 0.15
    with server_that_says(words, pause_seconds=step / 3) as port:
        began = time.monotonic()
        with pytest.raises(GatewayError) as refused:
            server_at(port, step_seconds=step).send(MAIL)
        assert time.monotonic() - began < step * (MOST_STEPS + 4)
    assert refused.value.failure is GatewayFailure.TRANSIENT


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody but us believes, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.mark.parametrize("way", ["smtp+starttls", "smtps"])
def test_a_password_goes_only_to_a_server_we_believe(certificate: Path, way: str) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    with mail_server(own, is_tls_at_once=way == "smtps") as box:
        server = replace(server_at(box.port, way), host="localhost", user="tjs", password="oikea sana")
        with pytest.raises(GatewayError):
            server.send(MAIL)
        assert (box.passwords, box.kept) == ([], [])
        replace(server, tls=ssl.create_default_context(cafile=str(certificate))).send(MAIL)
        assert (box.passwords, len(box.kept)) == ([(b"tjs", b"oikea sana")], 1)
        with pytest.raises(GatewayError) as refused:
            replace(server, tls=ssl.create_default_context(cafile=str(certificate)), password="vaara sana").send(MAIL)
    assert refused.value.failure is GatewayFailure.TRANSIENT


def test_a_signed_head_is_mailed_as_it_stands(box: Mailbox) -> None:
    line = f"tjs-head-1 41 {'a' * 64} 2026-11-23T06:00:00Z {'b' * 64} {'c' * 128}"
    HeadMail(server_at(box.port), "tilintarkastaja@esimerkki.fi").tell(line)
    [message] = box.kept
    assert part(message, "plain").strip() == line
    assert message["To"] == "tilintarkastaja@esimerkki.fi"


@pytest.mark.parametrize(
    ("url", "sent_from", "fault"),
    [
        ("http://esimerkki.fi", "", "TJS_SMTP_URL"),
        ("smtps://", "", "TJS_SMTP_URL"),
        ("smtps://esimerkki.fi:99999", "", "TJS_SMTP_URL"),
        ("smtp://tjs:sana@esimerkki.fi", "", "clear text"),
        ("smtps://tjs:salasanä@esimerkki.fi", "", "ASCII"),
        ("", "moderointi", "TJS_MAIL_FROM"),
        ("", "a@esimerkki.fi, b@esimerkki.fi", "TJS_MAIL_FROM"),
        ("", "a@esimerkki.fi\nBcc: b@esimerkki.fi", "TJS_MAIL_FROM"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_the_password(url: str, sent_from: str, fault: str) -> None:
    [told] = MailSettings(url, sent_from).faults()
    assert fault in told
    assert "sana" not in told


def test_what_a_url_says_of_the_server_is_understood() -> None:
    mail = MailSettings("smtps://tjs%40talo:sa%2Fna@esimerkki.fi", "TJS <moderointi@esimerkki.fi>")
    assert mail.faults() == []
    assert (mail.way, mail.host, mail.port, mail.user, mail.password) == (
        "smtps",
        "esimerkki.fi",
        465,
        "tjs@talo",
        "sa/na",
    )
    assert (mail.is_on, mail.sender.addr_spec) == (True, "moderointi@esimerkki.fi")
    assert MailSettings("smtp://tjs:sana@127.0.0.1:2525").faults() == []
