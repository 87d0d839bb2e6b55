"""The rules are edited, checked, published, compared and brought back on pages, and nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.judgement import judge_for
from tjs_moderation.services import rules, trials
from tjs_moderation.services.transaction import CONSOLE

EDITOR = "/rules/edit"
RULES = 'sanat s:\n  tollo\n\nsääntö solvaus\n  kun lista: s\n  niin poista: loukkaus\n  koska "Loukkaa."\n'
SECOND = RULES.replace("tollo", "houkka")
FAULTY = "sääntö rikki\n  kun lista: puuttuu\n  niin heitä: ulos\n"


def type_in(
    client: PageClient, text: str, do: str, why: str = "", *, page: Page | None = None, status: int = 200
) -> Page:
    form = (page or client.get(EDITOR)).form(EDITOR)
    return client.submit(form, status, f"do={do}", text=text, why=why)


def live(office: Office) -> str:
    with office.inside():
        return rules.live_rules().text


def publish(office: Office, text: str, why: str) -> int:
    with office.inside():
        return rules.publish_rules(CONSOLE, text, why)


def test_the_editor_opens_with_the_rules_in_force_to_the_last_character(office: Office, tiedottaja: PageClient) -> None:
    assert tiedottaja.get(EDITOR).form(EDITOR).values["text"] == live(office)


def test_rules_without_faults_are_said_to_be_sound_and_not_published(office: Office, tiedottaja: PageClient) -> None:
    before = live(office)
    page = type_in(tiedottaja, RULES, "check", "Kesken")
    assert "Virheitä ei löytynyt." in page.text
    assert page.form(EDITOR).values["text"] == RULES
    assert page.form(EDITOR).values["why"] == "Kesken"
    assert live(office) == before


@pytest.mark.parametrize(("do", "status"), [("check", 200), ("publish", 422)])
def test_every_fault_is_told_at_its_line_with_a_way_to_it(
    office: Office, tiedottaja: PageClient, do: str, status: int
) -> None:
    before = live(office)
    page = type_in(tiedottaja, FAULTY, do, "Hyvä syy", status=status)
    ways = [(link.get("data-line"), link.get("href")) for link in page.elements("a") if link.get("data-line")]
    assert {("2", "#line-2"), ("3", "#line-3")} <= set(ways)
    faulty = [text_of(row) for row in page.elements("tr", class_="lines__faulty")]
    assert any("niin heitä: ulos" in row for row in faulty)
    assert all(page.elements("tr", id=href.removeprefix("#")) for _, href in ways if href)
    assert (page.form(EDITOR).values["text"], page.form(EDITOR).values["why"]) == (FAULTY, "Hyvä syy")
    assert live(office) == before


def test_publishing_asks_for_a_reason_and_keeps_the_text(office: Office, tiedottaja: PageClient) -> None:
    page = type_in(tiedottaja, RULES, "publish", "  ", status=422)
    assert "Kirjoita, miksi julkaiset säännöt." in page.text
    assert page.form(EDITOR).values["text"] == RULES
    assert live(office) != RULES


def test_published_rules_are_in_force_with_who_and_why(office: Office, tiedottaja: PageClient) -> None:
    page = type_in(tiedottaja, RULES, "publish", "Vain yksi sana")
    assert "Voimassa on nyt versio 2." in page.text
    assert "Tiina Tiedottaja" in page.text
    assert live(office) == RULES
    assert "Vain yksi sana" in tiedottaja.get("/rules/versions").text


def test_rules_that_change_nothing_are_not_published(tiedottaja: PageClient) -> None:
    page = tiedottaja.get(EDITOR)
    page = type_in(tiedottaja, page.form(EDITOR).values["text"], "publish", "Samat", page=page, status=422)
    assert "Mitään ei julkaistu." in page.text


def test_who_is_overtaken_keeps_the_text_and_sees_what_changed_meanwhile(
    office: Office, tiedottaja: PageClient
) -> None:
    opened = tiedottaja.get(EDITOR)
    publish(office, SECOND, "Toinen ehti")
    page = type_in(tiedottaja, RULES, "publish", "Minun syyni", page=opened, status=409)
    assert "Konsoli ehti ensin: julkaisi säännöt" in page.text
    assert "Toinen ehti" in page.text
    assert any("houkka" in text_of(added) for added in page.elements("ins"))
    assert (page.form(EDITOR).values["text"], page.form(EDITOR).values["why"]) == (RULES, "Minun syyni")
    assert live(office) == SECOND
    type_in(tiedottaja, RULES, "publish", "Tiedän", page=page)
    assert live(office) == RULES


def test_too_long_a_text_is_kept_and_refused(tiedottaja: PageClient) -> None:
    text = "# pitkä\n" * 70_000
    page = type_in(tiedottaja, text, "check", status=422)
    assert "Lyhennä se" in page.text
    assert page.form(EDITOR).values["text"] == text


def test_what_is_typed_into_the_editor_is_text_and_nothing_else(tiedottaja: PageClient) -> None:
    text = "</textarea><script>alert(1)</script>\n"
    page = type_in(tiedottaja, text, "check")
    assert page.form(EDITOR).values["text"] == text


def test_the_differences_of_two_versions_are_told_in_signs_and_in_words(office: Office, tiedottaja: PageClient) -> None:
    publish(office, RULES, "Yksi")
    publish(office, SECOND, "Kaksi")
    form = tiedottaja.get("/rules/versions").form("/rules/versions/differences")
    assert (form.method, form.values) == ("GET", {"old": "2", "new": "3"})
    page = tiedottaja.get(f"{form.action}?old=2&new=3")
    [removed], [added] = page.elements("tr", class_="lines__removed"), page.elements("tr", class_="lines__added")
    assert [text_of(cell) for cell in removed] == ["2", "", "poistettu: tollo"]
    assert [text_of(cell) for cell in added] == ["", "2", "lisätty: houkka"]
    assert "Tekstit ovat samat." in tiedottaja.get("/rules/versions/differences?old=2&new=2").text


def test_an_earlier_version_comes_back_as_a_new_one_with_a_reason(office: Office, tiedottaja: PageClient) -> None:
    publish(office, RULES, "Yksi")
    publish(office, SECOND, "Kaksi")
    path = "/rules/versions/2"
    page = tiedottaja.submit(tiedottaja.get(path).form(f"{path}/restore"), 422)
    assert "Kirjoita, miksi julkaiset säännöt." in page.text
    page = tiedottaja.submit(page.form(f"{path}/restore"), why="Vanha oli parempi")
    assert "Version 2 teksti on taas voimassa, versiona 4." in page.text
    assert live(office) == RULES


def test_bringing_back_is_refused_where_somebody_published_meanwhile(office: Office, tiedottaja: PageClient) -> None:
    publish(office, RULES, "Yksi")
    opened = tiedottaja.get("/rules/versions/1")
    publish(office, SECOND, "Kaksi")
    page = tiedottaja.submit(opened.form("/restore"), 409, why="Takaisin")
    assert "Konsoli ehti ensin" in page.text
    assert page.form("/restore").values["why"] == "Takaisin"
    assert live(office) == SECOND


def test_an_earlier_version_can_be_edited_further(office: Office, tiedottaja: PageClient) -> None:
    publish(office, RULES, "Yksi")
    publish(office, SECOND, "Kaksi")
    link = tiedottaja.get("/rules/versions/2").links()["Muokkaa tästä tekstistä"]
    assert tiedottaja.get(link).form(EDITOR).values["text"] == RULES


def test_a_draft_is_tried_in_the_background_and_what_would_change_is_shown(
    app: Flask, office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        items = [house.receive(f"c{number}", "Ilmaista rahaa! Klikkaa: https://voitto.example") for number in range(30)]
        house.receive("last", "Kiitos!")
    draft = RULES.replace("poista", "punnitse")
    page = type_in(tiedottaja, draft, "try", "Kesken")
    assert "Luettu 0/31." in page.text
    assert page.elements("meta", **{"http-equiv": "refresh"})
    assert tiedottaja.get(page.links()["Jatka luonnoksen muokkaamista"]).form(EDITOR).values["text"] == draft
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=judge_for)
    with office.inside():
        trials.run_waiting()
    with queries_of(app) as asked:
        page = tiedottaja.get(page.links()["Päivitä"])
    assert len(asked) <= BUDGET
    assert "Luettiin 31 viestiä. Niistä muuttuisi" in page.text
    assert not page.elements("meta", **{"http-equiv": "refresh"})
    assert {f"#{item.id}" for item in items} <= set(page.links())


def test_a_draft_with_faults_is_not_tried_and_stays(tiedottaja: PageClient) -> None:
    page = type_in(tiedottaja, FAULTY, "try", status=422)
    assert page.form(EDITOR).values["text"] == FAULTY


def test_too_many_trials_at_once_are_refused_and_the_draft_stays(tiedottaja: PageClient) -> None:
    for _ in range(trials.MOST_WAITING):
        type_in(tiedottaja, RULES, "try")
    page = type_in(tiedottaja, RULES, "try", "Vielä yksi", status=409)
    assert "Käynnissä on jo 3 kokeilua." in page.text
    assert page.form(EDITOR).values["text"] == RULES
    assert page.links()["Kokeilu 3"] == "/rules/trials/3"


@pytest.mark.parametrize(
    "path",
    [
        "/rules/trials/99",
        "/rules/edit?trial=99",
        "/rules/versions/99",
        "/rules/edit?version=99",
        f"/rules/edit?version={-(10**30)}",
        "/rules/versions/differences",
    ],
)
def test_a_version_that_is_not_there_is_not_found(tiedottaja: PageClient, path: str) -> None:
    tiedottaja.get(path, 404)


@pytest.mark.parametrize(
    "path", [EDITOR, "/rules/versions", "/rules/versions/2", "/rules/versions/differences?old=1&new=2"]
)
def test_the_pages_about_rules_ask_little_of_the_database(
    app: Flask, office: Office, tiedottaja: PageClient, path: str
) -> None:
    for number in range(12):
        publish(office, RULES.replace("tollo", f"tollo{number}"), "Sana")
    with queries_of(app) as asked:
        tiedottaja.get(path)
    assert len(asked) <= BUDGET
