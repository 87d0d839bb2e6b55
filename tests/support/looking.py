"""What is wrong with a page in the browser: wide and light by all of axe, narrow and dark by what that changes."""

from __future__ import annotations

import os
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, ViewportSize

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
"""axe-core's own script, to be put into a page once."""

LOOKS = [
    "color-contrast",
    "target-size",
    "scrollable-region-focusable",
    "link-in-text-block",
    "button-name",
    "link-name",
]
"""The rules whose answer can change with colours and width; the others look at what stands in the page."""

WIDE, NARROW, NARROWEST = (ViewportSize(width=width, height=800) for width in (1280, 360, 320))


def look(page: Page, name: str) -> None:
    """Assert that nothing is wrong with the page that is shown; take pictures where somebody wants them.

    Each width and each scheme is looked at once: to cross them found nothing more, and took twice the time.
    """
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    wrong = faults_of(page)
    _take_picture(page, f"{name}-wide")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    wrong += faults_of(page, LOOKS)
    _take_picture(page, f"{name}-narrow")
    page.set_viewport_size(NARROWEST)
    assert wrong + too_wide(page) == [], f"{name}: {wrong + too_wide(page)}"


def faults_of(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds on a page, by all of its rules or by these; it is put into the page where it is not there yet."""
    # Of what axe fetches beforehand only sound is asked about: the rule about style sheets is none of its usual ones.
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    if rules is not None:
        options["runOnly"] = {"type": "rule", "values": rules}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options).then(answer => answer.violations)", options)
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


def too_wide(page: Page) -> list[str]:
    """What of the page has to be scrolled sideways, in words."""
    width, most = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} px wide at {most} px"] if width > most else []


def _take_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("TJS_TEST_PICTURES"):  # of the tests alone
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
