"""What the web throws at any site: other hosts, other sites, odd bytes, large bodies, words that want to be code."""

from __future__ import annotations

import io
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.conftest import Doors, SignIn
from tests.web.client import PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.errors import ConfigurationError
from tjs_moderation.logs import configure_logs
from tjs_moderation.services import people
from tjs_moderation.settings import read_settings

ARTO = Role.ATK_SUUNNITTELIJA
TIINA = Role.TIEDOTTAJA
ENVIRONMENT = {"TJS_SECRET_KEY": "x" * 20}


def test_the_console_answers_to_its_own_names_alone(doors: Doors, anybody: PageClient) -> None:
    doors.app.config["TRUSTED_HOSTS"] = ["moderointi.esimerkki.fi"]
    assert anybody.client.get("/saannot", headers={"Host": "moderointi.esimerkki.fi:8000"}).status_code == 200
    for host in ("evil.example", "moderointi.esimerkki.fi.evil.example", "evil.example:80"):
        assert anybody.client.get("/saannot", headers={"Host": host}).status_code == 400, host


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ({}, ()),
        ({"TJS_BASE_URL": "https://a.fi"}, ("a.fi", "localhost", "127.0.0.1", "[::1]")),
        ({"TJS_BASE_URL": "https://a.fi", "TJS_TRUSTED_HOSTS": "b.fi, c.fi"}, ("b.fi", "c.fi")),
        ({"TJS_BASE_URL": "http://0.0.0.0:8000", "TJS_DEMO": "1"}, ()),
    ],
)
def test_its_names_are_those_of_its_address_unless_others_are_said(
    tmp_path: Path, told: dict[str, str], hosts: tuple[str, ...]
) -> None:
    assert read_settings({**ENVIRONMENT, "TJS_INSTANCE_PATH": str(tmp_path), **told}).trusted_hosts == hosts


def test_settings_of_signing_in_that_cannot_be_are_all_named(tmp_path: Path) -> None:
    told = {
        "TJS_SESSION_IDLE_SECONDS": "0",
        "TJS_PROOF_SECONDS": "0",
        "TJS_SECOND_FACTOR": "kaikki",
        "TJS_OIDC_ISSUER": "https://a.fi",
        "TJS_SECURITY_CONTACT": "turva@a.fi",
    }
    with pytest.raises(ConfigurationError) as caught:
        read_settings({**ENVIRONMENT, "TJS_INSTANCE_PATH": str(tmp_path), **told})
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize(
    ("told", "roles"),
    [
        ({}, {"tiedottaja", "atk-suunnittelija"}),
        ({"TJS_DEMO": "1"}, set()),
        ({"TJS_SECOND_FACTOR": "nobody"}, set()),
        ({"TJS_SECOND_FACTOR": "asiantuntija, tiedottaja"}, {"asiantuntija", "tiedottaja"}),
    ],
)
def test_who_has_to_show_a_second_factor_is_a_setting(tmp_path: Path, told: dict[str, str], roles: set[str]) -> None:
    found = read_settings({**ENVIRONMENT, "TJS_INSTANCE_PATH": str(tmp_path), **told})
    assert found.sign_in.factor_roles == roles


def test_a_link_in_words_leads_to_the_consoles_own_address_whatever_host_was_asked(
    doors: Doors, signed_in: SignIn
) -> None:
    arto = signed_in(ARTO)
    form = arto.get("/people").form(f"/people/{doors.person(TIINA).id}/link")
    cookie = arto.client.get_cookie("tjs")
    assert cookie is not None
    arto.client.set_cookie("tjs", cookie.value, domain="evil.example")
    page = arto.client.post(form.action, data=form.values, headers={"Host": "evil.example"}).text
    assert "http://127.0.0.1:8000/sign-in/link/" in page
    assert "evil.example" not in page


def test_nobody_elses_pages_may_read_ours(anybody: PageClient) -> None:
    headers = anybody.client.get("/saannot", headers={"Origin": "https://evil.example"}).headers
    assert not [name for name, _ in headers if name.lower().startswith("access-control")]
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH"])
def test_a_method_no_page_has_is_refused(anybody: PageClient, method: str) -> None:
    assert anybody.client.open("/sign-in", method=method).status_code == 405


def test_over_https_cookies_are_the_hosts_own_and_no_scripts(doors: Doors) -> None:
    doors.app.config.update(SESSION_COOKIE_NAME="__Host-tjs", SESSION_COOKIE_SECURE=True)
    person = PageClient(doors.app.test_client())
    form = PageClient(person.client).get("/sign-in").form("/sign-in")
    data = {**form.values, "email": EMAILS[TIINA], "password": PASSWORD}
    headers = {"Referer": "https://localhost/"}
    answer = person.client.get("/sign-in", base_url="https://localhost")
    token = answer.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = person.client.post(
        "/sign-in", data={**data, "csrf_token": token}, base_url="https://localhost", headers=headers
    )
    assert sent.status_code == 302
    cookies = {line.split("=")[0]: line for line in sent.headers.getlist("Set-Cookie")}
    assert cookies.keys() == {"__Host-tjs", "__Host-tjs-device"}
    for line in cookies.values():
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; ")), line
        assert "Domain" not in line
        assert len(line) < 4096


def test_signing_out_asks_the_browser_to_forget_the_pages(signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    form = person.get("/me").form("/sign-out")
    assert person.client.post(form.action, data=form.values).headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize(
    "name", ["{{ 7 * 191 }}", "{% raise %}", "${7*191}", "<script>alert(1337)</script>", "%(name)s"]
)
def test_a_name_that_wants_to_be_code_is_a_name(signed_in: SignIn, name: str) -> None:
    arto = signed_in(ARTO)
    page = arto.submit(arto.get("/people").form("/people"), name=name, email="leo@esimerkki.fi", role="asiantuntija")
    assert page.heading == f"Kirjautumislinkki: {name}"


def test_a_line_of_the_log_stays_one_line() -> None:
    configure_logs()
    render = structlog.get_config()["processors"][-1]
    told = {"event": "tried", "level": "warning", "timestamp": "now", "told": 'a" b\nlevel=error event=made_up'}
    assert render(None, "warning", told).splitlines() == [
        r'timestamp=now level=warning event=tried told="a\" b\nlevel=error event=made_up"'
    ]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/passkey", "/me/keys"])
def test_a_form_of_more_than_four_megabytes_is_refused_unread(doors: Doors, signed_in: SignIn, path: str) -> None:
    client = signed_in(TIINA).client
    assert client.post(path, data={"email": "x" * (4 * 1024 * 1024)}).status_code == 413


def test_a_file_may_be_larger_than_a_form_and_has_a_limit_too(doors: Doors, signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    form = person.get("/import").form("/import")
    large = b"id,text\n1," + b"x" * 50_000
    for limit, status in ((60_000, 302), (30_000, 413)):
        doors.app.config.update(MAX_CONTENT_LENGTH=20_000, TJS_UPLOAD_LIMIT=limit)
        data = {**form.values, "file": (io.BytesIO(large), "kommentit.csv")}
        answer = person.client.post(form.action, data=data, headers={"Referer": "http://localhost/"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    "content",
    [
        b"\x1f\x8b\x08" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'[{"id": 1e999999999}]',
    ],
    ids=["gzip", "zip", "entities", "deep list", "deep object", "a number without end"],
)
def test_a_file_that_would_burst_is_refused_in_one_sentence(doors: Doors, signed_in: SignIn, content: bytes) -> None:
    person, begun = signed_in(TIINA), time.process_time()
    form = person.get("/import").form("/import")
    data = {**form.values, "file": (io.BytesIO(content), "kommentit.csv")}
    answer = person.client.post(form.action, data=data, headers={"Referer": "http://localhost/"}, follow_redirects=True)
    assert answer.status_code in {200, 422}
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "text", ["a@" * 120, "a" * 64 + "@" + "a." * 90, "@" * 254, "a@" + "." * 250, "a@b" + ".c" * 120]
)
def test_an_address_that_wants_to_be_thought_about_long_is_not(doors: Doors, text: str) -> None:
    begun = time.process_time()
    with doors.app.app_context():
        people.authenticate(text, "arvaus arvaus")
        assert people._EMAIL.fullmatch(text) is None or len(text) < 300
    assert time.process_time() - begun < 1


@pytest.fixture
def seeing(signed_in: SignIn) -> PageClient:
    return signed_in(TIINA)


ODD = (
    st.text(max_size=60)
    | st.integers().map(str)
    | st.sampled_from(["", "-1", "9" * 40, "\x00", "1e9", "٣", "%00", "\ud800"])
)
QUIET = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


ASKED = (
    ("/live", "after"),
    ("/queues/read", "after"),
    ("/search", "q"),
    ("/numbers", "days"),
    ("/proof", "before"),
    ("/notices", "before"),
    ("/sign-in", "next"),
)


@settings(QUIET, max_examples=70)
@given(asked=st.sampled_from(ASKED), value=ODD)
def test_no_value_in_an_address_breaks_a_page(seeing: PageClient, asked: tuple[str, str], value: str) -> None:
    path, name = asked
    value = value.encode("utf-8", "replace").decode()
    answer = seeing.client.get(path, query_string={name: value})
    assert answer.status_code < 500, (path, value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ANSWERS = st.one_of(
    st.text(max_size=40),
    JSON.map(json.dumps),
    st.fixed_dictionaries({"id": JSON, "rawId": JSON, "type": JSON, "response": JSON}).map(json.dumps),
)


@QUIET
@given(answer=ANSWERS)
def test_no_answer_of_a_passkey_breaks_a_page_or_lets_anybody_in(app: Flask, answer: str) -> None:
    client, app.config["WTF_CSRF_ENABLED"] = app.test_client(), False
    sent = client.post("/sign-in/passkey", data={"answer": answer.encode("utf-8", "replace")})
    assert sent.status_code in {422, 429}
    assert client.get("/me").status_code == 302


def test_whoever_finds_a_hole_is_told_where_to_write(doors: Doors, anybody: PageClient) -> None:
    assert anybody.client.get("/.well-known/security.txt").status_code == 404
    ports = doors.app.extensions["tjs_ports"]
    changed = ports.settings.with_changes(security_contact="mailto:turva@esimerkki.fi")
    doors.app.extensions["tjs_ports"] = replace(ports, settings=changed)
    told = anybody.client.get("/.well-known/security.txt")
    assert told.mimetype == "text/plain"
    assert told.text.splitlines()[:2] == ["Contact: mailto:turva@esimerkki.fi", "Expires: 2026-08-29T00:00:00Z"]
