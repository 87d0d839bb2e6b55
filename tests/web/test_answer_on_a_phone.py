"""An answer from a mail to the page, on a phone: two people, a small screen, and a page that the visitor looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.looking import faults_of, too_wide
from tests.support.mailbox import PostmanInMemory
from tests.support.simulator import PAGE_ID, RunningSimulator, running_simulator
from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.mail_settings import MailSettings
from tjs_moderation.models import Item
from tjs_moderation.services import routing, walking
from tjs_moderation.simulator import MovableClock, PageState

pytestmark = pytest.mark.browser

PHONE = ViewportSize(width=360, height=740)
QUESTION = "Miten pätkätyö näkyy eläkkeessä?"
FIRST = "Pätkätyöstäkin kertyy eläkettä."
ANSWER = "Pätkätyöstäkin kertyy eläkettä. Lue lisää Eläketurvakeskuksen sivuilta."


@pytest.fixture
def facebook(office: Office, address: str) -> Iterator[RunningSimulator]:
    """The page that the house answers for, with a question on it; the house can also send mail."""
    with running_simulator(PageState(PAGE_ID, clock=MovableClock(office.house.clock))) as page:
        page.state.publish("Luento työelämästä torstaina", post_id="1000_1")
        page.state.comment("1000_1", page.state.meet("Elli Kysyjä"), QUESTION)
        wired, channel = office.app.extensions["tjs_ports"], page.channel()
        settings = wired.settings.with_changes(
            mail=MailSettings("smtp://localhost", "tjs@example.fi"), base_url=address
        )
        office.app.extensions["tjs_ports"] = replace(
            wired, channels=lambda: {"facebook": channel}, settings=settings, postman=PostmanInMemory()
        )
        yield page


def question_by_mail(office: Office) -> str:
    """Take the question in and route it; gives the address in the mail that its expert gets."""
    with office.inside() as house:
        walking.walk_all()
        jobs.assess()
        with Session(db.engine) as session:
            item = session.scalars(select(Item).where(~Item.is_own)).one()
        routing.route(
            house.tiedottaja, item.id, item.version, house.topic_id("patkatyot"), house.expert, "Sinun aiheesi."
        )
        jobs.mail()
        [mail] = [each for each in postman(office).kept if each.to == EMAILS[Role.ASIANTUNTIJA]]
    [link, *_] = re.findall(r"http\S+/items/\d+\S*", mail.text)
    return str(link)


def postman(office: Office) -> PostmanInMemory:
    found: PostmanInMemory = office.app.extensions["tjs_ports"].postman
    return found


def come_in(browser: Browser, link: str, role: Role) -> Page:
    """Follow a link on a phone: it opens nothing by itself, one signs in first."""
    page = browser.new_context(viewport=PHONE, locale="fi-FI", has_touch=True).new_page()
    page.goto(link)
    page.get_by_label("Sähköposti").fill(EMAILS[role])
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu sisään").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Elli Kysyjä")
    return page


def look(page: Page) -> None:
    assert faults_of(page) + too_wide(page) == []
    assert page.locator("html").get_attribute("lang") == "fi"


def submit(page: Page) -> None:
    page.get_by_role("button", name="Tallenna ja lähetä hyväksyttäväksi").click()
    expect(page.get_by_text("Vastaus odottaa tiedottajan hyväksyntää.")).to_be_visible()


def test_an_answer_goes_from_a_mail_to_the_page(
    browser: Browser, office: Office, address: str, facebook: RunningSimulator
) -> None:
    link = question_by_mail(office)
    expert = come_in(browser, link, Role.ASIANTUNTIJA)
    look(expert)
    expert.get_by_label("Vastauksen teksti").fill(FIRST)
    expect(expert.get_by_text("Luonnos on tallessa")).to_be_visible()
    expert.goto(link)  # the lid was closed: nothing was pressed
    expect(expert.get_by_label("Vastauksen teksti")).to_have_value(FIRST)
    submit(expert)

    officer = come_in(browser, link, Role.TIEDOTTAJA)
    look(officer)
    officer.get_by_label("Mitä vastauksessa pitää korjata?").fill("Kerro, mistä saa lisää tietoa.")
    officer.get_by_role("button", name="Palauta asiantuntijalle").click()
    expect(officer.get_by_text("Vastaus on palautettu asiantuntijalle.")).to_be_visible()

    expert.goto(link)
    expect(expert.get_by_text("Kerro, mistä saa lisää tietoa.").first).to_be_visible()
    expert.get_by_label("Vastauksen teksti").fill(ANSWER)
    submit(expert)
    look(expert)

    officer.goto(link)
    officer.get_by_role("button", name="Hyväksy ja julkaise").click()
    expect(officer.get_by_text("Vastaus on hyväksytty.").first).to_be_visible()
    look(officer)
    with office.inside() as house:
        house.wait_and_send()
    visitor = browser.new_context(viewport=PHONE).new_page()
    visitor.goto(facebook.url)
    expect(visitor.get_by_text(ANSWER)).to_be_visible()
    for page in (expert, officer, visitor):
        page.context.close()
