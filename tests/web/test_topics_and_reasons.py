"""The pages of topics and reasons: one place for each, every fault at its field, nothing lost, nothing deleted."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Form, Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import DecisionReason
from tjs_moderation.services import casework, rules
from tjs_moderation.services.transaction import user

TOPICS, REASONS = "/settings/topics", "/settings/reasons"


def topic_address(office: Office, slug: str) -> str:
    with office.inside() as house:
        return f"{TOPICS}/{house.topic_id(slug)}"


def reason_address(office: Office, code: str) -> str:
    with office.inside():
        return f"{REASONS}/{db.session.scalars(select(DecisionReason.id).where(DecisionReason.code == code)).one()}"


def errors(page: Page) -> list[str]:
    return [text_of(error) for error in page.elements("p", class_="field__error")]


def in_use(page: Page, address: str) -> Form:
    [form] = [form for form in page.root.iter("form") if form.get("action") == f"{address}/use"]
    return page.form_of(form)


def known(office: Office) -> dict[str, tuple[str, ...]]:
    """The topics as the judge knows them."""
    with office.inside():
        return {topic.code: topic.examples for topic in parse_rule_set(rules.live_rules().text).topics}


def chosen(page: Page) -> list[Element]:
    return [box for box in page.elements("input", name="experts") if box.get("checked") is not None]


def test_a_topic_is_added_with_words_examples_and_an_expert(office: Office, tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"{TOPICS}/new").form("/new")
    examples = "Mistä näen palkkani?\n\nMitä ”lisä” tarkoittaa?"
    told = {"name": "Palkkaus", "code": "palkkaus", "hints": "palkka,\n lisä", "examples": examples}
    page = tiedottaja.submit(form, 200, None, experts=str(office.house.expert), **told)
    assert "Aihe on lisätty." in page.text
    assert known(office)["palkkaus"] == ("Mistä näen palkkani?", "Mitä ”lisä” tarkoittaa?")
    again = tiedottaja.get(page.links()["Palkkaus"])
    assert again.form(page.links()["Palkkaus"]).values["hints"] == "palkka, lisä"
    assert len(chosen(again)) == 1


def test_every_fault_of_a_topic_stands_at_its_field_and_what_was_typed_stays(tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"{TOPICS}/new").form("/new")
    typed = {"name": "", "code": "Iso Tunnus", "hints": "hyvä, ??", "sure": "#", "examples": "a" * 501}
    page = tiedottaja.submit(form, 422, **typed)
    assert len(errors(page)) == 5
    values = page.form("/new").values
    assert {name: values[name] for name in typed} == typed


def test_whoever_is_overtaken_sees_the_others_words_and_keeps_their_own(
    office: Office, tiedottaja: PageClient, app: Flask
) -> None:
    address = topic_address(office, "ewc")
    mine, theirs = (tiedottaja.get(address).form(address) for _ in range(2))
    tiedottaja.submit(theirs, examples="Mikä on EWC?")
    page = tiedottaja.submit(mine, 409, name="Eurooppa")
    assert "Esimerkit – → Mikä on EWC?" in page.text
    again = page.form(address)
    assert (again.values["name"], again.values["examples"]) == ("Eurooppa", "Mikä on EWC?")
    assert "Eurooppa" not in tiedottaja.get(TOPICS).text
    assert "Eurooppa" in tiedottaja.submit(again).text
    assert known(office)["ewc"] == ("Mikä on EWC?",)


def test_a_topic_is_taken_out_of_use_and_back(office: Office, tiedottaja: PageClient) -> None:
    address = topic_address(office, "ewc")
    page = tiedottaja.submit(in_use(tiedottaja.get(address), address), button="is_active=no")
    assert "pois käytöstä" in page.text
    assert "ewc" not in known(office)
    tiedottaja.submit(in_use(tiedottaja.get(address), address), button="is_active=yes")
    assert "ewc" in known(office)


def test_a_topic_that_only_the_rules_know_is_shown_and_can_be_taken_in(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        text = rules.live_rules().text + "\naihe palkkaus\n  sanat: palkka, lisä\n"
        rules.publish_rules(user(house.tiedottaja), text, "Palkkaus")
    page = tiedottaja.get(TOPICS)
    assert "Säännöissä on aiheita, joita ei ole täällä." in page.text
    form = tiedottaja.get(page.links()["palkkaus"]).form("/new")
    assert (form.values["code"], form.values["hints"]) == ("palkkaus", "palkka, lisä")
    assert "palkkaus" in tiedottaja.submit(form, name="Palkkaus").text


def test_the_operator_looks_and_changes_nothing(office: Office, atk_suunnittelija: PageClient) -> None:
    for address in (topic_address(office, "ewc"), reason_address(office, "insulting")):
        page = atk_suunnittelija.get(address)
        assert "Tämän muuttaa tiedottaja." in page.text
        atk_suunnittelija.submit(page.form(address), 403)
        atk_suunnittelija.get(f"{address.rpartition('/')[0]}/new", 403)


def test_a_reason_is_added_worded_anew_and_taken_out_of_the_decision_form(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.")
    form = tiedottaja.get(f"{REASONS}/new").form("/new")
    assert len(errors(tiedottaja.submit(form, 422, code="Iso", fi=""))) == 2
    tiedottaja.submit(form, code="copyright", fi="Loukkaa tekijänoikeutta", sv="Bryter mot upphovsrätten")
    assert "Loukkaa tekijänoikeutta" in tiedottaja.get(f"/items/{item.id}").text
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "copyright")
    address = reason_address(office, "copyright")
    tiedottaja.submit(tiedottaja.get(address).form(address), fi="Rikkoo tekijänoikeutta")
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Rikkoo tekijänoikeutta" in page.text
    tiedottaja.submit(in_use(tiedottaja.get(address), address), button="is_active=no")
    with office.inside() as house:
        other = house.receive("c2", "Olet tollo.")
    assert "Rikkoo tekijänoikeutta" not in tiedottaja.get(f"/items/{other.id}").text
    assert "Rikkoo tekijänoikeutta" in tiedottaja.get(f"/items/{item.id}").text


def test_a_code_that_is_taken_is_refused_at_its_field(tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"{REASONS}/new").form("/new")
    assert errors(tiedottaja.submit(form, 409, code="insulting", fi="Toinen")) == [
        "Peruste insulting on jo olemassa. Valitse toinen tunnus."
    ]


@pytest.mark.parametrize("path", [TOPICS, f"{TOPICS}/1", f"{TOPICS}/new", REASONS, f"{REASONS}/1"])
def test_the_pages_ask_little_of_the_database(app: Flask, tiedottaja: PageClient, path: str) -> None:
    with queries_of(app) as asked:
        tiedottaja.get(path)
    assert len(asked) <= BUDGET
