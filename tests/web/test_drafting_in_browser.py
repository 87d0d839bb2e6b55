"""As one types, what there is to remark stands beside the box, and an earlier answer comes into it at a press."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import ready_answers
from tjs_moderation.services.ready_answers import Draft


@pytest.mark.browser
def test_remarks_and_ready_answers_come_while_one_types(office: Office, address: str, browser: Browser) -> None:
    item = office.question()
    with office.inside() as house:
        draft = Draft("Eläke", "Hei {nimi}! Eläkettä kertyy.", house.expert, topic_id=house.topic_id("patkatyot"))
        ready_answers.add(house.tiedottaja, draft)
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{address}/sign-in?next=/items/{item.id}")
    page.fill("input[name=email]", EMAILS[Role.ASIANTUNTIJA])
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    box = page.locator("#answer-text")
    box.fill("😀 Kysy minulta.")
    remark = page.locator(".remark", has_text="minä-muotoa")
    expect(remark).to_be_visible()
    expect(page.locator("[data-remarks-told]")).to_have_text("1 huomautus")
    remark.get_by_role("button").click()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert box.evaluate(chosen) == "minulta"
    page.locator("[data-aids] summary", has_text="Eläke").click()
    page.locator("[data-aids]").get_by_role("button", name="Käytä pohjana").click()
    expect(box).to_have_value("😀 Kysy minulta.\n\nHei Kirjoittaja! Eläkettä kertyy.")
    box.fill("Eläkettä kertyy.")
    expect(page.locator("[data-remarks-told]")).to_have_text("Tarkistuksissa ei ole huomautettavaa.")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()
