"""Finding in a real browser: nothing for axe to find, and the key that leads to the field."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.looking import look
from tests.web.office import Office
from tests.web.test_desk_in_browser import sign_in
from tjs_moderation import jobs
from tjs_moderation.domain.ports import IncomingPost
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import intake, notes, saved_searches
from tjs_moderation.services.transaction import channel

pytestmark = pytest.mark.browser


@pytest.fixture
def furnished(office: Office) -> Office:
    """A hit in every part, and two searches that are kept."""
    office.drafted("Koulutuksesta päättää hallitus.")
    with office.inside() as house:
        channel_id = house.channel_id()
        post = IncomingPost("1000_1", text="Syksyn koulutukset on julkaistu. Ilmoittaudu ennen lokakuun loppua.")
        intake.take_in_posts(channel(channel_id), channel_id, [post])
        house.receive("f1", "Olin koulutuksessa, ja se oli hyvä. " * 12, author_external_id="m", author_name="Meri")
        house.receive("f2", "Olet tollo.", author_external_id="t", author_name="Koulutus-Timo")
        notes.write_note(house.tiedottaja, house.item("f1").id, "Kiitos koulutuksen pitäjälle!")
        for name in ("Koulutukset", "Viikon kysymykset pätkätöistä ja eläkkeistä"):
            saved_searches.save_search(house.tiedottaja, name, "q=koulutus")
        jobs.index()
    return office


@pytest.mark.usefixtures("furnished")
def test_axe_finds_nothing_however_a_search_ends(browser: Browser, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    for name, path in {
        "found": "/search?q=koulutus",
        "bounds": "/search?q=koulutus&kind=comment&since=2026-01-01&queue=kaikki",
        "nothing": "/search?q=tuntematon",
        "fault": "/search?q=%3F",
    }.items():
        page.goto(address + path)
        look(page, f"search-{name}")
    context.close()


@pytest.mark.usefixtures("furnished")
def test_the_key_leads_to_the_field_and_typing_is_left_alone(browser: Browser, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    field = page.get_by_label("Hae sanoilla")
    for path in ("/", "/search", "/queues/removal"):
        page.goto(address + path)
        page.keyboard.press("/")
        expect(field).to_be_focused()
    page.keyboard.type("koulutus/ammatti")
    expect(field).to_have_value("koulutus/ammatti")
    field.fill("koulutus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Haku")
    page.get_by_role("link", name="Meri").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meri")
    context.close()
