"""Two people at one queue, each in a browser of their own; many items decided as one by keys, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.triage import Triage
from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import CaseState, Role
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web.live import Seats

pytestmark = pytest.mark.browser

TERO = "tero@esimerkki.fi"


@pytest.fixture
def queue(office: Office) -> Office:
    """Four insults of K0 … K3 wait, and there is a second tiedottaja."""
    with office.inside() as house:
        people.add_user(CONSOLE, "Tero Toinen", TERO, Role.TIEDOTTAJA, (), PASSWORD)
        for number in range(4):
            house.receive(f"c{number}", "Olet tollo.", author_external_id=f"p{number}", author_name=f"K{number}")
    return office


@pytest.fixture
def tiina(browser: Browser, queue: Office, address: str) -> Iterator[Triage]:
    person = Triage.of(browser, address, EMAILS[Role.TIEDOTTAJA], PASSWORD)
    yield person
    person.close()


@pytest.fixture
def tero(browser: Browser, queue: Office, address: str) -> Iterator[Triage]:
    person = Triage.of(browser, address, TERO, PASSWORD)
    yield person
    person.close()


def states(queue: Office) -> list[CaseState]:
    with queue.inside() as house:
        return [house.item(f"c{number}").state for number in range(4)]


def test_what_one_decides_greys_before_the_other_and_the_slower_is_told_who_and_what(
    queue: Office, tiina: Triage, tero: Triage
) -> None:
    with queue.inside() as house:
        item = house.item("c2").id
    tiina.open("/queues/removal")
    second = tiina.page.context.new_page()
    second.goto(f"{tiina.address}/items/{item}?queue=removal")
    tiina.page.bring_to_front()
    tero.open(f"/items/{item}?queue=removal")
    tero.page.locator("#keep").get_by_role("button", name="Säilytä").click()
    tero.sees("Säilytetty.")

    card = tiina.card("K2")
    expect(card).to_contain_text("Tero Toinen säilytti")
    expect(card.get_by_role("checkbox")).to_be_disabled()
    expect(tiina.page.locator(".queue__entry.is-decided")).to_have_count(1)
    expect(tiina.page.get_by_role("status").filter(has_text="K2: Tero Toinen säilytti")).to_be_attached()
    assert [tiina.faults(colours) for colours in ("light", "dark")] == [[], []]

    expect(second.locator(".item-news")).to_contain_text("Tero Toinen säilytti")
    second.locator("#weigh").get_by_role("button", name="Jätä punnittavaksi").click()
    expect(second.get_by_text("Tero Toinen ehti ensin: säilytti")).to_be_visible()


def test_who_finds_no_seat_for_a_stream_asks_every_few_seconds(queue: Office, tiina: Triage, tero: Triage) -> None:
    queue.app.extensions["tjs_seats"] = Seats(0, 1.0)
    tiina.page.clock.install()
    with tiina.page.expect_response("**/live?after=*"):
        tiina.open("/queues/removal")
    tero.open("/queues/removal")
    tero.choose("K1")
    tero.decide_chosen("Säilytä", "Säilytä 1 viesti")
    tero.sees("1 viesti säilytettiin.")
    tiina.page.clock.fast_forward(6_000)
    expect(tiina.card("K1")).to_contain_text("Tero Toinen säilytti")


def test_keys_choose_a_range_and_one_key_takes_the_bulk_back(queue: Office, tiina: Triage) -> None:
    tiina.open("/queues/removal")
    tiina.press("j", "x", "j", "j", "Shift+X")
    expect(tiina.page.locator("#selected")).to_have_text("3 valittu")
    tiina.page.locator("#selection").get_by_role("button", name="Poista näkyvistä").click()
    tiina.sees("3 viestiä poistetaan näkyvistä.")
    assert [tiina.faults(colours) for colours in ("light", "dark")] == [[], []]
    tiina.page.get_by_label("Loukkaa tai solvaa").check()
    tiina.page.get_by_role("button", name="Poista näkyvistä 3 viestiä").click()
    tiina.sees("3 viestiä päätettiin poistaa näkyvistä.")
    assert states(queue) == [CaseState.REMOVAL] + [CaseState.GOING_OUT] * 3
    tiina.press("z")
    tiina.sees("3 päätöstä peruttiin.")
    assert states(queue) == [CaseState.REMOVAL] * 4


def test_without_scripts_many_are_decided_as_one_and_taken_back(browser: Browser, queue: Office, address: str) -> None:
    person = Triage.of(browser, address, TERO, PASSWORD, has_scripts=False)
    person.open("/queues/removal")
    person.choose("K0", "K3")
    person.decide_chosen("Säilytä", "Säilytä 2 viestiä")
    person.sees("2 viestiä säilytettiin.")
    assert states(queue) == [CaseState.DONE, CaseState.REMOVAL, CaseState.REMOVAL, CaseState.DONE]
    person.page.get_by_role("button", name="Peru", exact=True).click()
    person.sees("2 päätöstä peruttiin.")
    person.close()
    assert states(queue) == [CaseState.REMOVAL] * 4
