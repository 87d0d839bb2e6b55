"""Connecting and health in a real browser: nothing for axe to find, in light and dark, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from werkzeug.serving import make_server

from tests.support.house import PASSWORD, House
from tests.support.simulator import APP_SECRET, USER_TOKEN, RunningSimulator

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

SIZES = {"wide": ViewportSize(width=1280, height=900), "narrow": ViewportSize(width=360, height=740)}


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


def sign_in(browser: Browser, address: str, colours: str, size: str) -> Page:
    context = browser.new_context(viewport=SIZES[size], color_scheme="dark" if colours == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill("aatos@tjs.example")
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Työpöytä")
    return page


def look(page: Page, name: str) -> None:
    """Let axe look, see that nothing has to be scrolled sideways, and take a picture where somebody wants one."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if folder := os.environ.get("TJS_TEST_PICTURES"):  # noqa: TID251  # of the tests alone
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", sorted(SIZES))
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_connecting_is_open_to_everybody(
    browser: Browser, address: str, house: House, simulator: RunningSimulator, colours: str, size: str
) -> None:
    simulator.access.scopes -= {"pages_messaging"}
    simulator.access.other_pages["2000"] = "Paikallisosasto"
    page = sign_in(browser, address, colours, size)
    page.goto(f"{address}/channels/{house.channel_id()}/connection")
    look(page, f"connect-1-{colours}-{size}")
    page.get_by_label("Sovelluksen tunnus").fill("4000")
    page.locator("#app_secret").fill("wrong")
    page.get_by_role("button", name="Tarkista ja tallenna", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ei tunnista")
    look(page, f"connect-2-{colours}-{size}")
    page.locator("#app_secret").fill(APP_SECRET)
    page.get_by_role("button", name="Tarkista ja tallenna", exact=True).click()
    page.locator("#token").fill(USER_TOKEN)
    page.get_by_role("button", name="Tarkista ja tallenna avain").click()
    page.get_by_role("button", name="Valitse sivu").click()
    look(page, f"connect-3-{colours}-{size}")
    page.get_by_role("button", name="Ota kanava käyttöön").click()
    expect(page.get_by_text("Kanava on käytössä.")).to_be_visible()
    page.get_by_role("link", name="Katkaise yhteys…").click()
    look(page, f"connect-4-{colours}-{size}")
    page.goto(f"{address}/health")
    look(page, f"health-{colours}-{size}")
    page.context.close()
