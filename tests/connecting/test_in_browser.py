"""Connecting and health in a real browser: nothing for axe to find, in light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.support.house import PASSWORD, House
from tests.support.looking import look
from tests.support.simulator import APP_SECRET, USER_TOKEN, RunningSimulator

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: Flask, house: House) -> Iterator[str]:
    """The console, served on a free port of the loopback address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


def sign_in(browser: Browser, address: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill("aatos@tjs.example")
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Työpöytä")
    return page


def test_connecting_is_open_to_everybody(
    browser: Browser, address: str, house: House, simulator: RunningSimulator
) -> None:
    simulator.access.scopes -= {"pages_messaging"}
    simulator.access.other_pages["2000"] = "Paikallisosasto"
    page = sign_in(browser, address)
    page.goto(f"{address}/channels/{house.channel_id()}/connection")
    look(page, "connect-1")
    page.get_by_label("Sovelluksen tunnus").fill("4000")
    page.locator("#app_secret").fill("wrong")
    page.get_by_role("button", name="Tarkista ja tallenna", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ei tunnista")
    look(page, "connect-2")
    page.locator("#app_secret").fill(APP_SECRET)
    page.get_by_role("button", name="Tarkista ja tallenna", exact=True).click()
    page.locator("#token").fill(USER_TOKEN)
    page.get_by_role("button", name="Tarkista ja tallenna avain").click()
    page.get_by_role("button", name="Valitse sivu").click()
    look(page, "connect-3")
    page.get_by_role("button", name="Ota kanava käyttöön").click()
    expect(page.get_by_text("Kanava on käytössä.")).to_be_visible()
    page.get_by_role("link", name="Katkaise yhteys…").click()
    look(page, "connect-4")
    page.goto(f"{address}/health")
    look(page, "health")
    page.context.close()
