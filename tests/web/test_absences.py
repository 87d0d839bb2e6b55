"""Absences and topics on the pages: one's own, and everybody's for those who may."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.extensions import db
from tjs_moderation.services import absences, people

DAYS: dict[str, Any] = {"first_day": "2026-03-09", "last_day": "2026-03-13"}


def errors(page: Page) -> list[str]:
    return [text_of(error) for error in page.elements("p", class_="field__error")]


def test_an_expert_tells_when_they_are_away_and_takes_it_back(office: Office, asiantuntija: PageClient) -> None:
    page = asiantuntija.get(asiantuntija.get("/me").links()["Aiheet ja poissaolot"])
    assert "Poissaoloja ei ole merkitty." in page.text
    page = asiantuntija.submit(page.form("/me/absences"), **DAYS, substitute=str(office.house.tiedottaja))
    assert "Poissaolo on merkitty." in page.text
    assert "ma 9.3.2026 – pe 13.3.2026" in page.text
    assert "Sijaisena Tiina Tiedottaja." in page.text
    page = asiantuntija.submit(page.form("/end"))
    assert page.heading == "Aiheet ja poissaolot"
    assert "Poissaoloja ei ole merkitty." in page.text


def test_days_can_be_written_as_finns_write_them(office: Office, asiantuntija: PageClient) -> None:
    form = asiantuntija.get("/me/duties").form("/me/absences")
    page = asiantuntija.submit(form, first_day="9.3.2026", last_day="13.3.2026")
    assert "ma 9.3.2026 – pe 13.3.2026" in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_day": "", "last_day": "huomenna"}, ["Kirjoita päivä muodossa 24.12.2026."] * 2),
        ({"first_day": "2026-03-13", "last_day": "2026-03-09"}, ["Poissaolo päättyy ennen kuin se alkaa."]),
        ({"first_day": "2026-02-02", "last_day": "2026-02-03"}, ["Poissaolo on jo ohi."]),
    ],
)
def test_days_that_cannot_be_are_told_and_what_was_written_stays(
    asiantuntija: PageClient, sent: dict[str, Any], said: list[str]
) -> None:
    page = asiantuntija.submit(asiantuntija.get("/me/duties").form("/me/absences"), status=422, **sent)
    assert all(told in error for told, error in zip(said, errors(page), strict=True))
    values = page.form("/me/absences").values
    assert {name: values[name] for name in sent} == sent


def test_a_tiedottaja_and_the_operator_tell_of_anybodys_absence(
    office: Office, tiedottaja: PageClient, atk_suunnittelija: PageClient
) -> None:
    form = tiedottaja.get(tiedottaja.get("/").links()["Poissaolot"]).form("/people/absences")
    page = tiedottaja.submit(form, person=str(office.house.expert), **DAYS)
    assert "Päivi Salo" in page.text
    page = atk_suunnittelija.get(atk_suunnittelija.get("/people").links()["Poissaolot"])
    assert "Päivi Salo" in page.text
    assert "Poissaoloja ei ole merkitty." in atk_suunnittelija.submit(page.form("/end")).text


def test_an_absence_of_nobody_is_refused(tiedottaja: PageClient) -> None:
    page = tiedottaja.submit(tiedottaja.get("/people/absences").form("/people/absences"), status=422, **DAYS)
    assert errors(page) == ["Valitse henkilö."]


def test_an_expert_chooses_their_own_topics(office: Office, asiantuntija: PageClient) -> None:
    form = asiantuntija.get("/me/duties").form("/me/topics")
    data = {"csrf_token": form.values["csrf_token"], "topics": ["ewc", "koulutus"]}
    asiantuntija.client.post("/me/topics", data=data)
    with office.inside() as house:
        paivi = next(person for person in people.everybody() if person.id == house.expert)
        assert {topic.slug for topic in paivi.topics} == {"ewc", "koulutus"}


def test_who_is_away_stands_beside_the_form_that_routes_with_the_substitute(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Miten pätkätyö näkyy eläkkeessä?")
        today = house.clock.now.date()
        absences.add_absence(house.expert, house.expert, today, today, house.tiedottaja)
        db.session.remove()
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Päivi Salo 2.3. asti (sijaisena Tiina Tiedottaja)" in page.text
    form = page.form("/routing")
    assert form.values["expert"] == str(office.house.tiedottaja)
    assert form.values["why"].endswith("Päivi Salo on poissa, ja Tiina Tiedottaja on sijainen.")


def test_the_pages_keep_to_their_budget(app: Flask, asiantuntija: PageClient, tiedottaja: PageClient) -> None:
    for person, path in ((asiantuntija, "/me/duties"), (tiedottaja, "/people/absences")):
        with queries_of(app) as asked:
            person.get(path)
        assert len(asked) <= BUDGET
