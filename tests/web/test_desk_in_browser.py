"""The desk in a real browser: nothing for axe to find, in light and dark, wide and narrow; and the keys."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import ActState, CaseState, Role
from tjs_moderation.services import notes, routing

pytestmark = pytest.mark.browser

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=700)


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


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, furnished: Office, address: str, colours: str
) -> None:
    with furnished.inside() as house:
        insult, question = house.item("c0").id, house.item("c9").id
    pages = {
        Role.TIEDOTTAJA: ["/", "/queues/removal", "/queues/trouble", f"/items/{insult}?queue=removal"],
        Role.ASIANTUNTIJA: ["/", "/queues/expert", f"/items/{question}"],
        Role.ATK_SUUNNITTELIJA: ["/"],
    }
    for role, paths in pages.items():
        context = sign_in(browser, address, role, colours)
        page = context.pages[0]
        for path in paths:
            for viewport in (WIDE, NARROW):
                page.set_viewport_size(viewport)
                page.goto(address + path)
                assert faults(page) == [], f"{role} {path} {viewport}"
                assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], f"{role} {path}"
        context.close()


def test_the_keys_walk_decide_and_take_back(browser: Browser, furnished: Office, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/queues/removal")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("K2")
    page.keyboard.press("j")
    expect(heading).to_have_text("K1")
    page.keyboard.press("s")
    expect(page.get_by_text("Säilytetty.")).to_be_visible()
    expect(heading).to_have_text("K0")
    page.keyboard.press("p")
    expect(page.get_by_label("Loukkaa tai solvaa")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Poistetaan näkyvistä 5 min kuluttua.")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Päätös on peruttu.")).to_be_visible()
    assert errors == []
    context.close()
    with furnished.inside() as house:
        assert house.item("c1").state is CaseState.DONE
        assert [act.state for act in house.acts(house.item("c0").id)] == [ActState.STOPPED]


def test_the_keys_can_be_switched_off_and_leave_typing_alone(browser: Browser, furnished: Office, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    with furnished.inside() as house:
        page.goto(f"{address}/items/{house.item('c0').id}?queue=removal")
    page.get_by_label("Omin sanoin").last.type("sjkpz?")
    expect(page.get_by_role("heading", level=1)).to_have_text("K0")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    page.get_by_label("Käytä pikanäppäimiä tässä selaimessa").uncheck()
    page.get_by_role("button", name="Sulje", exact=True).click()
    page.keyboard.press("s")
    page.reload()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("K0")
    context.close()
    with furnished.inside() as house:
        assert house.item("c0").state is CaseState.REMOVAL
