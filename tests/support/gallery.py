"""Takes a picture of every page for everybody, from the demo, and has axe look at each by all of its rules.

Every page for each person, in every language, wide and narrow, light and dark: nothing is left out, as the tests do for
time's sake. `make gallery` runs it; what axe finds is printed, and it ends with 1. The pictures lie in build/gallery,
with a page that shows them all. `make gallery WHO="tiina-sv aatos-en"` takes these people in these languages alone.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from tests.conftest import settings_for
from tests.support.browser import running_browser
from tests.support.every_page import crawl
from tests.support.looking import faults_of, too_wide
from tests.support.running_demo import Demo, running_demo
from tjs_moderation.app import create_app
from tjs_moderation.cli.demo_morning import PEOPLE

FOLDER = Path(__file__).parents[2] / "build" / "gallery"
BESIDES = ("/tyyli", "/search?q=kiitos", "/queues/question", "/queues/approval", "/no-such-page")
"""What no link of the first page leads to."""


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    window: ViewportSize
    colours: Literal["light", "dark"]


_WIDE, _NARROW = ViewportSize(width=1280, height=860), ViewportSize(width=360, height=740)
LOOKS = (
    Look("wide", _WIDE, "light"),
    Look("narrow", _NARROW, "light"),
    Look("dark", _WIDE, "dark"),
    Look("narrow-dark", _NARROW, "dark"),
)


class Picture(NamedTuple):
    """A picture by its name, and what is wrong with the page it shows."""

    name: str
    faults: list[str]


def main(wanted: Sequence[str] = ()) -> int:
    """Write every picture anew, or those of the people in the languages that are `wanted`. Returns the exit status."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with running_demo() as demo, running_browser() as browser:
        pictures = list(take_all(browser, demo, FOLDER, wanted))
    _write_index([picture.name for picture in pictures])
    wrong = [f"{picture.name}: {fault}" for picture in pictures for fault in picture.faults]
    print("\n".join([*wrong, f"{len(pictures)} pictures, {len(wrong)} faults: {FOLDER / 'index.html'}"]))
    return 1 if wrong else 0


def take_all(browser: Browser, demo: Demo, folder: Path, wanted: Sequence[str] = ()) -> Iterator[Picture]:
    """Every picture that is wanted, all where nothing is said, made in `folder`."""
    with tempfile.TemporaryDirectory() as nowhere:
        app = create_app(settings_for(Path(nowhere)).with_changes(is_demo=True))
    if not wanted:
        yield from _take(_page(browser), demo, folder, "nobody", ["/sign-in", "/saannot"])
    for person in PEOPLE:
        who = person.email.partition("@")[0]
        locales = [locale for locale in app.config["TJS_LANGUAGES"] if not wanted or f"{who}-{locale}" in wanted]
        if not locales:
            continue
        page = _page(browser)
        _sign_in(page, demo, person.email)
        pages = _pages(app, page, demo)
        for locale in locales:
            _speak(page, demo, locale)
            yield from _take(page, demo, folder, f"{who}-{locale}", pages)
        page.context.close()


def _page(browser: Browser) -> Page:
    return browser.new_context(locale="fi-FI").new_page()


def _sign_in(page: Page, demo: Demo, email: str) -> None:
    page.goto(f"{demo.console}/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(demo.password)
    page.locator("main button.button--main").click()
    page.wait_for_url(f"{demo.console}/")


def _pages(app: Flask, page: Page, demo: Demo) -> list[str]:
    def fetch(path: str) -> str | None:
        answer = page.request.get(demo.console + path)
        is_page = answer.ok and answer.headers.get("content-type", "").startswith("text/html")
        return answer.text() if is_page else None

    return [*crawl(app, fetch, ["/", *BESIDES]).values(), *BESIDES[2:]]


def _speak(page: Page, demo: Demo, locale: str) -> None:
    """Choose the language of the pages, where there is more than one to choose from."""
    page.goto(f"{demo.console}/me")
    choice = page.locator("select[name=locale]")
    if choice.count():
        choice.select_option(locale)
        page.locator("form[action$='/language'] button").click()


def _take(page: Page, demo: Demo, folder: Path, who: str, paths: Sequence[str]) -> Iterator[Picture]:
    for path in paths:
        for look in LOOKS:
            page.set_viewport_size(look.window)
            page.emulate_media(color_scheme=look.colours)
            page.goto(demo.console + path)
            name = f"{who}{path.rstrip('/').replace('/', '-').replace('?', '-')}-{look.name}.png"
            page.screenshot(path=folder / name, full_page=True)
            yield Picture(name, faults_of(page) + too_wide(page))


def _write_index(pictures: Sequence[str]) -> None:
    shown = "".join(
        f'<figure><img src="{escape(name)}" width="400"><figcaption>{escape(name)}</figcaption></figure>'
        for name in pictures
    )
    (FOLDER / "index.html").write_text(f'<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title>{shown}')


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
