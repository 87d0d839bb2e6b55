"""Every page anybody can come to, in a real browser: nothing for axe to find, in light and dark, wide and narrow;
nothing wider than the window, and nothing asked of anybody but the server.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.support.every_page import NO_PAGES, crawl, parts_of
from tests.support.looking import LOOKS, NARROW, NARROWEST, WIDE, faults_of, too_wide
from tests.web.client import PageClient
from tests.web.conftest import EMAILS, Clock, make_app, signed_in
from tests.web.office import Office
from tests.web.test_desk_in_browser import sign_in
from tests.web.test_rule_editing import RULES
from tjs_moderation.domain.vocabulary import BulkKind, DecisionKind, ItemKind, Role, SignInStage
from tjs_moderation.extensions import db, limiter
from tjs_moderation.models import Author
from tjs_moderation.services import answers, bulk, casework, own_settings, people, ready_answers, routing, trials
from tjs_moderation.services.ready_answers import Draft
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web.locales import SOURCE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HALF_WAY = {SignInStage.FACTOR: "/sign-in/code", SignInStage.ENROLMENT: "/sign-in/enrol"}
NOT_LINKED = frozenset(
    {"hints.show", "connecting.ask_to_disconnect", "sessions.sign_in", "second_step.show", "enrolment.show"}
)
"""Pages that need what this office has not: what a channel sent by itself, and a channel that is connected; and the
pages on the way in, which are looked at by themselves."""


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
        answer = answers.save_draft(house.expert, asked.id, "Torstaina.", None)
        answers.save_draft(house.expert, asked.id, "Torstaina kello 17, kertoo Päivi.", house.answer(asked.id).version)
        topic, day = house.topic_id("patkatyot"), house.clock.now.date()
        offered = Draft(
            "Kurssien ajat", "Hei {nimi}, kurssi on {milloin}.", house.expert, "Ohjelma", topic, day.replace(day=1)
        )
        ready_answers.add(house.tiedottaja, offered)
        told: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"}
        message = house.receive("m1", "Entä lauantaina?", author_external_id="m", author_name="Viestijä", **told)
        why = "Sinulle tämäkin."
        routing.route(house.tiedottaja, message.id, message.version, house.topic_id("patkatyot"), house.expert, why)
        picks = [bulk.Pick(insults[2].id, insults[2].version)]
        bulk.start(house.tiedottaja, bulk.Order(BulkKind.KEEP), picks, "walk")
        trial = trials.start_trial(house.tiedottaja, RULES, 1)
        token = people.add_user(CONSOLE, "Uusi", "uusi@esimerkki.fi", Role.ASIANTUNTIJA)[1]
        item = house.item("i3")
        kalle = db.session.scalars(select(Author.id).where(Author.external_id == "p")).one()
    return [
        f"/rules/trials/{trial}",
        f"/bulk/new?kind=remove&item={item.id}:{item.version}&queue=removal",
        f"/sign-in/link/{token}",
        "/search?q=tollo",
        "/rules/versions/differences?old=1&new=1",
        f"/answers/{answer}/versions",
        f"/items/{message.id}/conversation",
        f"/items/{insults[1].id}/evidence",
        f"/privacy/people/{kalle}",
        f"/privacy/people/{kalle}/erase",
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


def look_in_words(page: Page, address: str, path: str, locale: str) -> list[str]:
    """What is wrong with a page in another language: words are longer, and say which language they are in.

    Colours and structure do not depend on the language; to look at them again would take most of the suite's time.
    """
    page.goto(address + path)
    said = page.evaluate("document.documentElement.lang")
    return too_wide(page) + ([] if said == locale else [f"says it is in {said!r}"])


class Walk:
    """Who has come to which pages, so that none is looked at again for a role that finds nothing new on it."""

    def __init__(self, app: Flask, addresses: list[str]) -> None:
        self.app, self.addresses = app, addresses
        self.parts: defaultdict[str, frozenset[str]] = defaultdict(frozenset)

    def new_pages(self, role: Role) -> list[str]:
        """The pages on which this role finds what nobody before did."""
        client = signed_in(self.app, role).client
        fetched: dict[str, str] = {}

        def fetch(path: str) -> str | None:
            answer = client.get(path, follow_redirects=True)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                return None
            fetched[path] = answer.text
            return answer.text

        found = crawl(self.app, fetch, ["/", *self.addresses])
        return [path for endpoint, path in found.items() if self._is_new(endpoint, parts_of(fetched[path]))]

    def _is_new(self, endpoint: str, parts: frozenset[str]) -> bool:
        seen = self.parts[endpoint]
        self.parts[endpoint] = seen | parts
        return not parts <= seen or not parts


def test_nothing_is_wrong_with_any_page_for_anybody(
    browser: Browser, app: Flask, office: Office, address: str, addresses: list[str]
) -> None:
    asked: set[str] = set()
    walk = Walk(app, addresses)
    wrong: dict[str, list[str]] = {}
    others = [locale for locale in app.config["TJS_LANGUAGES"] if locale != SOURCE]
    stranger = browser.new_context().new_page()
    wrong["/sign-in"] = look(stranger, address, "/sign-in")
    for stage, path in HALF_WAY.items():
        stranger.context.add_cookies([{"name": "tjs", "value": half_way(app, stage), "url": address}])
        wrong[path] = look(stranger, address, path)
    stranger.context.close()
    for role in Role:
        pages = walk.new_pages(role)
        context = sign_in(browser, address, role)
        page = context.pages[0]
        page.on("request", lambda request: asked.add(request.url))
        for path in pages:
            wrong[f"{role} {path}"] = look(page, address, path)
            if path.endswith("/evidence"):
                # What is printed is in the language asked for, whoever asks.
                wrong[f"{path}/statement"] = look(page, address, f"{path}/statement")
        for locale in others:
            speak(office, role, locale)
            page.set_viewport_size(NARROWEST)
            for path in pages:
                wrong[f"{role} {path} {locale}"] = look_in_words(page, address, path, locale)
        context.close()
    assert {where: what for where, what in wrong.items() if what} == {}
    assert {url for url in asked if not url.startswith(address)} == set()
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert gets - walk.parts.keys() - NO_PAGES == NOT_LINKED


def half_way(app: Flask, stage: SignInStage) -> str:
    """The cookie of somebody who has come in as far as `stage`."""
    person = PageClient(app.test_client())
    person.come_in(EMAILS[Role.TIEDOTTAJA], stage=stage)
    cookie = person.client.get_cookie("tjs")
    assert cookie is not None
    return cookie.value


def speak(office: Office, role: Role, locale: str) -> None:
    """Show this role's pages in another language from here on."""
    with office.inside() as house:
        ids = {Role.TIEDOTTAJA: house.tiedottaja, Role.ASIANTUNTIJA: house.expert}
        own_settings.set_language(ids.get(role, house.operator), locale)
