"""Passkeys in a real browser, with the authenticator that Chromium has for tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.web.conftest import EMAILS, PASSWORD, Clock, make_app
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db, limiter

pytestmark = pytest.mark.browser


@pytest.fixture
def address(prepared_install: Path, tmp_path: Path) -> Iterator[str]:
    """The console under a name, for a passkey is bound to one and not to a number."""
    app = make_app(shutil.copytree(prepared_install, tmp_path / "install"), Clock())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    ports = app.extensions["tjs_ports"]
    base_url = f"http://localhost:{server.port}"
    app.extensions["tjs_ports"] = replace(ports, settings=ports.settings.with_changes(base_url=base_url))
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield base_url
    server.shutdown()
    serving.join()
    server.server_close()
    with app.app_context():
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


def with_authenticator(context: BrowserContext) -> Page:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return page


def test_a_passkey_is_made_and_lets_one_in_without_a_password(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = with_authenticator(context)
    heading = page.get_by_role("heading", level=1)
    page.goto(f"{address}/sign-in?next=/me/security")
    page.get_by_label("Sähköposti").fill(EMAILS[Role.TIEDOTTAJA])
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    page.get_by_label("Pääsyavaimen nimi").fill("Kannettava")
    page.get_by_role("button", name="Tee pääsyavain").click()
    expect(heading).to_have_text("Varakoodit")
    context.clear_cookies()
    page.goto(f"{address}/sign-in?next=/me/security")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    expect(heading).to_have_text("Kirjautumisesi")
    expect(page.get_by_text("Kannettava")).to_be_visible()
    context.close()


def test_without_scripts_the_form_of_passkeys_is_not_in_the_way(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    expect(page.get_by_role("button", name="Kirjaudu sisään")).to_be_visible()
    expect(page.get_by_role("button", name="Kirjaudu pääsyavaimella")).to_be_hidden()
    context.close()
