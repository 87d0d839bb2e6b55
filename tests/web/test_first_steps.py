"""The first steps of a new install, and the guide: led through, helped in place, and left alone when all is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient, text_of
from tests.web.conftest import EMAILS, PASSWORD
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import SignInLink, TopicExpert, User
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web import first_steps, guide, house_settings

TEMPLATES = Path(__file__).parents[2] / "templates"


def badges(client: PageClient) -> list[str]:
    return [text_of(badge) for badge in client.get("/first-steps").elements("span", class_="badge")]


def test_a_new_install_says_what_is_done_and_what_comes_next(tiedottaja: PageClient) -> None:
    assert "Seuraavaksi: Sivu tai tiedosto." in tiedottaja.get("/").text
    assert badges(tiedottaja) == ["tehty", "seuraavaksi", "tekemättä", "tekemättä", "tekemättä"]
    page = tiedottaja.get("/first-steps")
    assert "EWC eli eurooppalainen yritysneuvosto" in page.text
    assert {"Tuo tiedosto", "Aiheet", "Kokeile sääntöjä"} <= set(page.links())
    assert "Yhdistä sivu" not in page.links()


def test_who_runs_it_is_shown_other_ways(atk_suunnittelija: PageClient) -> None:
    page = atk_suunnittelija.get("/first-steps")
    assert {"Lisää ihmisiä", "Yhdistä sivu", "Ihmisten aiheet"} <= set(page.links())
    assert "Säännöistä vastaa tiedottaja." in page.text
    assert not [form for form in page.root.iter("form") if form.get("action", "").endswith("/rules")]


def test_rules_are_accepted_as_they_came(tiedottaja: PageClient) -> None:
    tiedottaja.submit(tiedottaja.get("/first-steps").form("/rules"))
    assert badges(tiedottaja)[3] == "tehty"


def test_the_steps_are_put_aside_for_everybody(tiedottaja: PageClient, atk_suunnittelija: PageClient) -> None:
    tiedottaja.submit(tiedottaja.get("/first-steps").form("/close"))
    for client in (tiedottaja, atk_suunnittelija):
        assert "Ensiaskeleet" not in client.get("/").text


def test_an_expert_is_not_bothered_with_them(asiantuntija: PageClient) -> None:
    assert "Ensiaskeleet" not in asiantuntija.get("/").text
    asiantuntija.get("/first-steps", 403)


def test_an_install_with_nobody_tells_the_command_and_opens_no_door(app: Flask, anybody: PageClient) -> None:
    assert "tjs-moderation user add" not in anybody.get("/sign-in").text
    with app.app_context():
        for model in (TopicExpert, SignInLink, User):
            db.session.execute(delete(model))
        db.session.commit()
    page = anybody.get("/sign-in")
    assert "tjs-moderation user add" in page.text
    assert {form.get("action") for form in page.root.iter("form")} == {"/sign-in", "/sign-in/passkey"}
    with app.app_context():
        people.add_user(CONSOLE, "Arto Laine", EMAILS[Role.ATK_SUUNNITTELIJA], Role.ATK_SUUNNITTELIJA, (), PASSWORD)
    assert "Seuraavaksi: Ihmiset." in anybody.sign_in(EMAILS[Role.ATK_SUUNNITTELIJA], PASSWORD).text


def test_the_guide_is_read_in_the_console_with_its_pictures(asiantuntija: PageClient) -> None:
    page = asiantuntija.get("/help")
    assert page.heading == "Käyttöopas"
    pictures = [picture.get("src", "") for picture in page.root.iter("img")]
    assert pictures
    with asiantuntija.client.get(pictures[0]) as picture:
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert "/help/rules" in page.links().values()
    assert asiantuntija.get("/help/operations").heading == "Running it"


def test_help_in_place_leads_to_parts_the_guide_has(office: Office, tiedottaja: PageClient) -> None:
    ids = {element.get("id") for element in tiedottaja.get("/help").root.iter() if element.get("id")}
    named = {panel.help for panel in house_settings.PANELS} | {told.help for told in first_steps.STEPS.values()}
    for template in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'{{ help\("([^"]+)"', template.read_text()))
    assert len(named) > 8
    assert named <= ids


def test_only_the_manuals_are_read_there(tiedottaja: PageClient) -> None:
    for name in ("security", "../pyproject", "..%2Fpyproject.toml"):
        tiedottaja.get(f"/help/{name}", 404)
    assert tiedottaja.client.get("/help/pictures/..%2F..%2Fpyproject.toml").status_code == 404


@pytest.mark.parametrize(("heading", "expected"), [("Mitä nyt?", "mitä-nyt"), ("Aamu: Työpöytä", "aamu-työpöytä")])
def test_a_heading_is_reached_by_the_name_the_forges_give_it(heading: str, expected: str) -> None:
    assert guide.slug(heading) == expected


def test_the_steps_ask_little_of_the_database(app: Flask, tiedottaja: PageClient) -> None:
    with queries_of(app) as asked:
        tiedottaja.get("/first-steps")
    assert len(asked) <= BUDGET
