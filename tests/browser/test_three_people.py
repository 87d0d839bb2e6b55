"""The main job by hand: a visitor writes on the page, three people work, and the page shows what came of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import Desk, wait_until
from tests.support.running_demo import Demo, running_demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

INSULT = "Sinä Leo olet täysi idiootti, häpeäisit."
QUESTION = "Miten eurooppalainen yritysneuvosto perustetaan meille?"
FIRST_DRAFT = "Neuvottelut aloitetaan pyynnöstä."
ANSWER = "Neuvottelut aloitetaan, kun vähintään sata työntekijää kahdesta maasta pyytää sitä kirjallisesti."


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    with running_demo() as running:
        yield running


def write_on_page(visitor: Page, demo: Demo, name: str, text: str) -> None:
    visitor.goto(demo.page)
    form = visitor.locator("form[action*='/posts/'][action*='comments']").first
    if not form.is_visible():
        visitor.locator("details", has=form).first.locator("summary").first.click()
    form.get_by_label("Nimesi").fill(name)
    form.get_by_label("Teksti").fill(text)
    form.get_by_role("button", name="Lähetä kommentti").click()


def shows(visitor: Page, demo: Demo, text: str) -> bool:
    visitor.goto(demo.page)
    return bool(visitor.get_by_text(text).count())


def test_an_insult_is_hidden_and_a_question_answered_through_the_pages(browser: Browser, demo: Demo) -> None:
    visitor = browser.new_context().new_page()
    write_on_page(visitor, demo, "Ville Vihainen", INSULT)
    write_on_page(visitor, demo, "Elli Euroopasta", QUESTION)
    assert shows(visitor, demo, INSULT)

    aatos = Desk.of(browser, demo, "aatos@tjs.example")
    aatos.read_channels_now()
    tiina = Desk.of(browser, demo, "tiina@tjs.example")
    tiina.open_item("removal", INSULT)
    tiina.remove("Loukkaa tai solvaa", "Suora solvaus, joka kohdistuu nimettyyn ihmiseen.")
    tiina.open_item("question", QUESTION)
    tiina.route("Inka Asiantuntija")

    inka = Desk.of(browser, demo, "inka@tjs.example")
    inka.open_item("expert", QUESTION)
    inka.submit_answer(FIRST_DRAFT)
    tiina.open_item("approval", QUESTION)
    tiina.send_back("Kerro vielä, kuka pyytää ja miten.")
    inka.open_item("expert", QUESTION)
    inka.submit_answer(ANSWER)
    tiina.open_item("approval", QUESTION)
    tiina.approve()
    assert not shows(visitor, demo, ANSWER)

    wait_until(lambda: shows(visitor, demo, ANSWER))
    wait_until(lambda: not shows(visitor, demo, INSULT))
    assert not shows(visitor, demo, FIRST_DRAFT)
    # Else the server waits for their streams when it is stopped.
    for context in browser.contexts:
        context.close()
