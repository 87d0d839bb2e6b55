"""Takes the pictures of README and the user's guide, from the demo. `make pictures` runs it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from tests.browser.pages import Desk
from tests.support.browser import running_browser
from tests.support.running_demo import running_demo

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = ViewportSize(width=1280, height=860)


def main() -> None:
    """Write every picture anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_demo() as demo, running_browser() as browser:
        tiina = Desk.of(browser, demo, "tiina@tjs.example")
        tiina.page.set_viewport_size(WIDE)
        _take(tiina.page, demo.console, "/", "tyopoyta")
        _take(tiina.page, demo.console, "/queues/removal", "jono")
        _open_first(tiina.page)
        _save(tiina.page, "tapaus")
        tiina.page.goto(f"{demo.console}/queues/approval")
        _open_first(tiina.page)
        tiina.page.locator("#answer").scroll_into_view_if_needed()
        _save(tiina.page, "vastaus")


def _take(page: Page, console: str, path: str, name: str) -> None:
    page.goto(f"{console}{path}")
    _save(page, name)


def _open_first(page: Page) -> None:
    page.locator(".queue__entry").first.get_by_role("link").click()


def _save(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
