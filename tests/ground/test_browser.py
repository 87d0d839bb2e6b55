"""The browser and its accessibility checker see what the page tests count on them to see."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def _violations(browser: Browser, body: str) -> list[str]:
    page = browser.new_page()
    page.set_content(f"<!doctype html><html lang='fi'><title>Sivu</title><main><h1>Sivu</h1>{body}</main></html>")
    found = Axe().run(page).response["violations"]
    page.close()
    return [violation["id"] for violation in found]


def test_axe_finds_nothing_on_a_sound_page(browser: Browser) -> None:
    assert _violations(browser, "<img src='' alt='Kahvikuppi'>") == []


def test_axe_finds_a_picture_without_words(browser: Browser) -> None:
    assert _violations(browser, "<img src=''>") == ["image-alt"]
