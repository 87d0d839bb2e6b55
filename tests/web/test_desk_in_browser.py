"""The desk in a real browser: the keys, the next item at once, what goes over the wire, a small screen, paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect

from tests.web.conftest import EMAILS, PASSWORD
from tests.web.crowd import crowd
from tests.web.office import Office
from tjs_moderation.domain.keys import Command
from tjs_moderation.domain.vocabulary import ActState, CaseState, DecisionKind, Role
from tjs_moderation.services import casework, notes, own_settings, routing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

WIDE = ViewportSize(width=1280, height=900)


@pytest.fixture
def furnished(office: Office) -> Office:
    """A morning with something of everything."""
    office.question("c9")
    with office.inside() as house:
        for number in range(3):
            house.receive(f"c{number}", "Olet tollo.", author_external_id=f"p{number}", author_name=f"K{number}")
        notes.write_note(house.expert, house.item("c9").id, "Auttaisitko, @tiina?")
        house.receive("r1", "Vastaan.", parent_external_id="c2", is_own=True, author_external_id="page")
        free = house.receive("f1", "Kuka vain?", author_external_id="f", author_name="Vapaa")
        routing.route(house.tiedottaja, free.id, free.version, house.topic_id("yhdistystoiminta"), None, "Avoin.")
    return office


def sign_in(browser: Browser, address: str, role: Role, colours: str = "light") -> BrowserContext:
    context = browser.new_context(viewport=WIDE, color_scheme="dark" if colours == "dark" else "light")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill(EMAILS[role])
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Työpöytä")
    return context


def stands(page: Page, heading: str) -> None:
    """Wait until a page stands there, with its keys: they offer their help once they listen."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("button", name="Pikanäppäimet")).to_be_visible()


def test_the_keys_walk_decide_and_take_back(browser: Browser, furnished: Office, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/queues/removal")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    stands(page, "K2")
    page.keyboard.press("j")
    stands(page, "K1")
    page.keyboard.press("s")
    expect(page.locator(".notice", has_text="Säilytetty.")).to_be_visible()
    stands(page, "K0")
    expect(page.get_by_text("Peruste: Loukkaa tai solvaa")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("Poistetaan näkyvistä 5 min kuluttua.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Päätös on peruttu.")).to_be_visible()
    assert errors == []
    context.close()
    with furnished.inside() as house:
        assert house.item("c1").state is CaseState.DONE
        assert [act.state for act in house.acts(house.item("c0").id)] == [ActState.STOPPED]


def test_keys_can_be_chosen_and_leave_typing_alone(browser: Browser, furnished: Office, address: str) -> None:
    with furnished.inside() as house:
        own_settings.set_keys(house.tiedottaja, True, {Command.KEEP: "o", Command.GO: "y"})
        item = house.item("c0").id
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    page.goto(f"{address}/items/{item}?queue=removal")
    heading = page.get_by_role("heading", level=1)
    page.get_by_text("Peruste: Loukkaa tai solvaa").click()
    page.get_by_label("Omin sanoin").last.type("sjkpzo?")
    expect(heading).to_have_text("K0")
    heading.click()
    page.keyboard.press("e")
    expect(page.get_by_label("Aihe")).to_be_focused()
    heading.click()
    page.keyboard.press("v")
    expect(page.get_by_label("Vastauksen teksti")).to_be_focused()
    heading.click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("peru viimeisin päätös")
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.keyboard.press("k")
    stands(page, "Kysymykset")
    page.goto(f"{address}/queues/removal")
    page.keyboard.press("v")
    expect(page.get_by_label("Vastauksen teksti")).to_be_focused()
    heading.click()
    page.keyboard.press("o")
    expect(page.locator(".notice", has_text="Säilytetty.")).to_be_visible()
    context.close()


def test_keys_that_are_switched_off_do_nothing(browser: Browser, furnished: Office, address: str) -> None:
    with furnished.inside() as house:
        own_settings.set_keys(house.tiedottaja, False, {})
        item = house.item("c0").id
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    page.goto(f"{address}/items/{item}?queue=removal")
    for key in "s?/jgp":
        page.keyboard.press(key)
    expect(page.get_by_role("heading", level=1)).to_have_text("K0")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.get_by_role("button", name="Pikanäppäimet").click()
    expect(page.get_by_role("dialog")).to_contain_text("pois käytöstä")
    context.close()
    with furnished.inside() as house:
        assert house.item("c0").state is CaseState.REMOVAL


class Gate:
    """Holds what is decided before the server, until it is opened."""

    def __init__(self, app: Flask) -> None:
        self.inside, self.is_open = app.wsgi_app, Event()
        app.wsgi_app = self  # type: ignore[method-assign]  # Flask's own place for what stands before it

    def open(self) -> None:
        self.is_open.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/decisions"):
            self.is_open.wait(timeout=30)
        return self.inside(environ, start_response)


def test_the_next_item_is_there_before_the_server_has_answered(
    browser: Browser, furnished: Office, address: str
) -> None:
    with furnished.inside() as house:
        items = [house.item(f"c{number}") for number in range(3)]
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    heading = page.get_by_role("heading", level=1)
    gate = Gate(furnished.app)
    page.goto(f"{address}/items/{items[2].id}?queue=removal")
    has_read(page, items[1].id)
    page.keyboard.press("s")
    expect(heading).to_have_text("K1")
    assert page.url == f"{address}/items/{items[1].id}?queue=removal"
    expect(page.locator(".notice", has_text="Säilytetty.")).to_have_count(0)
    gate.open()
    expect(page.locator(".notice", has_text="Säilytetty.")).to_be_visible()
    with furnished.inside() as house:
        assert house.item("c2").state is CaseState.DONE
        casework.decide(house.tiedottaja, items[1].id, items[1].version, DecisionKind.KEEP)
    has_read(page, items[0].id)
    page.keyboard.press("s")
    expect(heading).to_have_text("Tilanne on muuttunut")
    context.close()


def test_little_goes_over_the_wire(browser: Browser, furnished: Office, address: str) -> None:
    with furnished.inside() as house:
        crowd(house, ["Olet tollo."] * 30)
        first = house.item("crowd-29").id
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # noqa: PLW0108  # as above
    page.goto(f"{address}/items/{first}?queue=removal")
    has_read(page)
    assert transferred(finished) <= 150_000
    finished.clear()
    page.keyboard.press("s")
    expect(page.locator(".notice", has_text="Säilytetty.")).to_be_visible()
    has_read(page)
    assert 0 < transferred(finished) <= 20_000
    assert {urlsplit(request.url).netloc for request in finished} == {urlsplit(address).netloc}
    context.close()


def has_read(page: Page, item_id: int | str = "") -> None:
    """Wait until the page has read the next item ahead."""
    expect(page.locator("#main")).to_have_attribute("data-ahead", re.compile(f"/items/{item_id}"))


def transferred(finished: list[Request]) -> int:
    """What came back for these requests, headers and bodies, in bytes."""
    sizes = [request.sizes() for request in finished]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_the_first_item_stands_on_a_small_screen_and_the_menu_works_without_scripts(
    browser: Browser, furnished: Office, address: str
) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    storage = context.storage_state()
    context.close()
    plain = browser.new_context(java_script_enabled=False, storage_state=storage)
    page = plain.new_page()
    page.goto(f"{address}/queues/removal")
    for width in (360, 320):
        page.set_viewport_size(ViewportSize(width=width, height=640))
        first = page.locator(".queue__entry").first.bounding_box()
        masthead = page.get_by_role("banner").bounding_box()
        assert masthead is not None
        assert masthead["height"] <= 60
        assert first is not None
        assert first["y"] + first["height"] <= 640
    way = page.get_by_role("link", name="Todisteet")
    expect(way).to_be_hidden()
    page.get_by_role("button", name="Valikko").press("Enter")
    way.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Todisteet")
    plain.close()


def test_a_story_is_printed_light_and_without_what_only_a_screen_needs(
    browser: Browser, furnished: Office, address: str
) -> None:
    with furnished.inside() as house:
        item = house.item("c9").id
    context = sign_in(browser, address, Role.TIEDOTTAJA, "dark")
    page = context.pages[0]
    page.goto(f"{address}/items/{item}/story")
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_text("Tulostanut Tiina Tiedottaja")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()
