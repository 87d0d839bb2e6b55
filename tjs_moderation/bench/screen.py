"""How soon the next item stands on the page after a decision, in a real browser; only where there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from tjs_moderation.bench.frame import Goal, Measurement, Sample, Sitting
from tjs_moderation.bench.yard import Yard, p95

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DECISIONS, _QUICK = 20, 3

# From the key to the first frame in which the next item can be seen.
_PRESS = """() => new Promise((done) => {
  const heading = document.querySelector("h1");
  const began = performance.now();
  const seen = () => done(performance.now() - began);
  const look = () => (heading.isConnected ? setTimeout(look) : requestAnimationFrame(seen));
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true, cancelable: true }));
  look();
})"""


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """A line a request would be measured with the rest."""


class Screen:
    """Somebody who reads a queue in a browser and keeps one item after the other."""

    def __init__(self, yard: Yard) -> None:
        self.yard = yard

    def next_items(self, is_quick: bool) -> Sequence[Sample]:
        """The p95 of the milliseconds from the key that keeps an item to the next one on the screen."""
        with _served(self.yard) as address, _browser() as browser:
            page = _signed_in(browser, self.yard, address)
            page.goto(f"{address}/queues/read")
            page.locator(".queue__link").first.click()
            taken = [self._next(page) for _ in range(_QUICK if is_quick else DECISIONS)]
        return [Sample(p95(taken))]

    def _next(self, page: Any) -> float:
        # Nobody decides in the first tenth of a second: the next item has been read by then.
        page.locator("#main[data-ahead]").wait_for()
        taken = float(page.evaluate(_PRESS))
        page.locator(".notice form[data-command=take_back]").wait_for()
        return taken


@cache
def is_there() -> bool:
    """Whether there is a browser, and what drives it: both come with the development install."""
    if find_spec("playwright") is None:
        return False
    with import_module("playwright.sync_api").sync_playwright() as driver:
        return Path(_chromium_of(driver)).is_file()


def sittings(yard: Yard) -> tuple[Sitting, ...]:
    """What is measured with a browser on an install."""
    measured = Measurement("next_item", "seuraava viesti näytöllä päätöksen jälkeen, p95", "ms", Goal(100, False))
    return (Sitting((measured,), Screen(yard).next_items),)


@contextmanager
def _served(yard: Yard) -> Iterator[str]:
    """The install's pages on a free port of the loopback address."""
    server = make_server("127.0.0.1", 0, yard.app, threaded=True, request_handler=_Silent)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@contextmanager
def _browser() -> Iterator[Any]:
    # Chromium's own sandbox does not work for root.
    switches = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with import_module("playwright.sync_api").sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium_of(driver), args=switches)
        yield browser
        browser.close()


def _chromium_of(driver: Any) -> str:
    return next(filter(None, map(shutil.which, NAMES)), None) or str(driver.chromium.executable_path)


def _signed_in(browser: Any, yard: Yard, address: str) -> Any:
    name, _, value = yard.cookie.partition("=")
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.add_cookies([{"name": name, "value": value, "url": address}])
    return context.new_page()
