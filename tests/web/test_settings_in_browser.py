"""The settings in a real browser: nothing for axe to find, even where one is overtaken, and nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.looking import look
from tests.web.office import Office
from tests.web.test_desk_in_browser import sign_in
from tjs_moderation.domain.vocabulary import ActKind, Role
from tjs_moderation.services import options
from tjs_moderation.services.transaction import user

pytestmark = pytest.mark.browser


def test_whoever_is_overtaken_reads_what_changed_and_saves_their_own(
    browser: Browser, office: Office, address: str
) -> None:
    context = sign_in(browser, address, Role.ATK_SUUNNITTELIJA, "dark")
    page = context.pages[0]
    page.goto(f"{address}/settings/hold-back")
    with office.inside() as house:
        options.set_hold_back(user(house.operator), {ActKind.REPLY: 600})
    page.get_by_label("Piilottaminen").fill("kaksi")
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_label("Piilottaminen")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Piilottaminen").fill("2,5")
    page.get_by_role("button", name="Tallenna").click()
    expect(page.locator("section[aria-labelledby=overtaken]")).to_contain_text("5 min → 10 min")
    look(page, "settings-overtaken")
    page.get_by_role("button", name="Tallenna").click()
    expect(page.get_by_text("Tallennettu.")).to_be_visible()
    expect(page.get_by_label("Piilottaminen")).to_have_value("2,5")
    context.close()
