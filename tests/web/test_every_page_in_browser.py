"""Every page anybody can come to, in a real browser: nothing for axe to find, in light and dark, wide and narrow;
nothing wider than the window, and nothing asked of anybody but the server.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.every_page import LOOKS, NO_PAGES, crawl, faults_of, shape_of
from tests.web.conftest import Clock, make_app, signed_in
from tests.web.office import Office
from tests.web.test_desk_in_browser import sign_in
from tests.web.test_rule_editing import RULES
from tjs_moderation.domain.vocabulary import BulkKind, DecisionKind, Role
from tjs_moderation.extensions import db, limiter
from tjs_moderation.services import answers, bulk, casework, own_settings, people, routing, trials
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web.locales import SOURCE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WIDE, NARROW, NARROWEST = (ViewportSize(width=width, height=800) for width in (1280, 360, 320))

NOT_LINKED = frozenset({"hints.show", "connecting.ask_to_disconnect"})
"""Pages that need what this office has not: what a channel sent by itself, and a channel that is connected."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(prepared_install: Path, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """A demo, so that the page of components is there as well."""
    folder = tmp_path / "install"
    shutil.copytree(prepared_install, folder)
    app = make_app(folder, clock, is_demo=True)
    yield app
    with app.app_context():
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def addresses(app: Flask, office: Office) -> list[str]:
    """A house with something of everything in it; gives what no link leads to but people come to all the same."""
    office.submitted()
    with office.inside() as house:
        insults = [house.receive(f"i{n}", "Olet tollo.", author_external_id="p", author_name="Kalle") for n in range(4)]
        casework.decide(house.tiedottaja, insults[0].id, insults[0].version, DecisionKind.KEEP)
        casework.decide(
            house.tiedottaja, insults[1].id, insults[1].version, DecisionKind.REMOVE, "insulting", "Solvaus."
        )
        asked = house.receive("q1", "Milloin kurssi on?", author_external_id="q", author_name="Kysyjä")
        why = "Kuuluu sinulle."
        routing.route(house.tiedottaja, asked.id, asked.version, house.topic_id("patkatyot"), house.expert, why)
        answers.save_draft(house.expert, asked.id, "Torstaina.", None)
        picks = [bulk.Pick(insults[2].id, insults[2].version)]
        bulk.start(house.tiedottaja, bulk.Order(BulkKind.KEEP), picks, "walk")
        trial = trials.start_trial(house.tiedottaja, RULES, 1)
        token = people.add_user(CONSOLE, "Uusi", "uusi@esimerkki.fi", Role.ASIANTUNTIJA)[1]
        item = house.item("i3")
    return [
        f"/rules/trials/{trial}",
        f"/bulk/new?kind=remove&item={item.id}:{item.version}&queue=removal",
        f"/sign-in/link/{token}",
        "/search?q=tollo",
        "/rules/versions/differences?old=1&new=1",
        "/tyyli",
    ]


def look(page: Page, address: str, path: str) -> list[str]:
    """What is wrong with a page: its whole text is looked at wide and light, then what changes, narrow and dark.

    Each width and each scheme is looked at once: to cross them found nothing more, and took twice the time.
    """
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    answer = page.goto(address + path)
    assert answer is not None
    assert answer.ok, f"{path}: {answer.status}"
    wrong = faults_of(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    wrong += faults_of(page, LOOKS)
    page.set_viewport_size(NARROWEST)
    return wrong + too_wide(page)


def too_wide(page: Page) -> list[str]:
    width, most = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} px wide at {most} px"] if width > most else []


def look_in_words(page: Page, address: str, path: str) -> list[str]:
    """What is wrong with a page in another language: words are longer, and say which language they are in.

    Colours and structure do not depend on the language; to look at them again would take most of the suite's time.
    """
    page.set_viewport_size(NARROWEST)
    page.goto(address + path)
    return faults_of(page, ["html-has-lang", "html-lang-valid", "valid-lang"]) + too_wide(page)


class Walk:
    """Who has come to which pages, so that none is looked at twice that looks the same to axe for two roles."""

    def __init__(self, app: Flask, addresses: list[str]) -> None:
        self.app, self.addresses = app, addresses
        self.endpoints: set[str] = set()
        self.shapes: set[str] = set()

    def new_pages(self, role: Role) -> list[str]:
        """The pages this role comes to that nobody before came to in this shape."""
        client = signed_in(self.app, role).client
        shapes: dict[str, str] = {}

        def fetch(path: str) -> str | None:
            answer = client.get(path, follow_redirects=True)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                return None
            shapes[path] = shape_of(answer.text)
            return answer.text

        found = crawl(self.app, fetch, ["/", *self.addresses])
        self.endpoints |= found.keys()
        new = [path for path in found.values() if shapes[path] not in self.shapes]
        self.shapes |= {shapes[path] for path in new}
        return new


def test_nothing_is_wrong_with_any_page_for_anybody(
    browser: Browser, app: Flask, office: Office, address: str, addresses: list[str]
) -> None:
    asked: set[str] = set()
    walk = Walk(app, addresses)
    wrong: dict[str, list[str]] = {}
    others = [locale for locale in app.config["TJS_LANGUAGES"] if locale != SOURCE]
    stranger = browser.new_context().new_page()
    wrong["/sign-in"] = look(stranger, address, "/sign-in")
    stranger.context.close()
    walk.endpoints.add("sessions.sign_in")
    for role in Role:
        pages = walk.new_pages(role)
        context = sign_in(browser, address, role)
        page = context.pages[0]
        page.on("request", lambda request: asked.add(request.url))
        for path in pages:
            wrong[f"{role} {path}"] = look(page, address, path)
        for locale in others:
            speak(office, role, locale)
            for path in pages:
                wrong[f"{role} {path} {locale}"] = look_in_words(page, address, path)
        context.close()
    assert {where: what for where, what in wrong.items() if what} == {}
    assert {url for url in asked if not url.startswith(address)} == set()
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert gets - walk.endpoints - NO_PAGES == NOT_LINKED


def speak(office: Office, role: Role, locale: str) -> None:
    """Show this role's pages in another language from here on."""
    with office.inside() as house:
        ids = {Role.TIEDOTTAJA: house.tiedottaja, Role.ASIANTUNTIJA: house.expert}
        own_settings.set_language(ids.get(role, house.operator), locale)
