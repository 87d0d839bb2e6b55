"""The pages about rules in a real browser: nothing for axe to find, and from a fault one comes to its line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.support.looking import look
from tests.web.office import Office
from tests.web.test_desk_in_browser import sign_in
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import rules, trials
from tjs_moderation.services.transaction import CONSOLE

pytestmark = pytest.mark.browser


def test_what_becomes_of_a_draft_of_rules_is_open_to_everybody(browser: Browser, office: Office, address: str) -> None:
    with office.inside() as house:
        house.receive("c1", "Olet tollo.")
        house.receive("c2", "Missä tämä kurssi pidetään? Kelvoton ohje, ei siitä ota selvää.")
        text = rules.live_rules().text
        rules.publish_rules(CONSOLE, text.replace("idiootti", "idiootti, houkka", 1), "Houkka puuttui sanoista.")
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    page.goto(f"{address}/rules/versions/differences?old=1&new=2")
    look(page, "rules-differences")
    page.goto(f"{address}/rules/edit")
    page.get_by_label("Säännöt", exact=True).fill("sääntö rikki\n  niin heitä: ulos\n")
    page.get_by_role("button", name="Tarkista").click()
    look(page, "rules-faults")
    page.goto(f"{address}/rules/edit")
    page.get_by_role("button", name="Kokeile viimeisiin").click()
    look(page, "rules-trial-under-way")
    with office.inside():
        trials.run_waiting()
    # The page brings itself up to date.
    expect(page.get_by_role("heading", name="Mikä muuttuisi")).to_be_visible()
    look(page, "rules-trial")
    context.close()


def test_from_a_fault_one_comes_to_its_line_in_the_editor(browser: Browser, address: str) -> None:
    context = sign_in(browser, address, Role.TIEDOTTAJA)
    page = context.pages[0]
    page.goto(f"{address}/rules/edit")
    editor = page.get_by_label("Säännöt", exact=True)
    editor.fill("sääntö rikki\n  kun lista: puuttuu\n  niin heitä: ulos\n")
    page.get_by_role("button", name="Tarkista").click()
    page.get_by_role("link", name="Rivi 3").first.click()
    expect(editor).to_be_focused()
    selected = editor.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert selected == "  niin heitä: ulos"
    context.close()
