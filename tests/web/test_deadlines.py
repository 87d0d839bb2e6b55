"""Deadlines as people read them: on the desk, in the morning and on the item's page, and where they are set."""

from __future__ import annotations

import re

from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.extensions import db
from tjs_moderation.services import notes, options, routing


def plain(page: Page) -> str:
    return re.sub(r"\s+", " ", page.text)


def piles(page: Page) -> list[str]:
    return [text_of(heading) for main in page.root.iter("main") for heading in main.iter("h2")]


def test_an_expert_reads_by_when_to_answer_in_words(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    with office.inside() as house:
        house.clock.advance(days=1)
    assert "Määräaika huomenna klo 10.00" in plain(asiantuntija.get("/"))
    assert "Määräaika huomenna klo 10.00" in plain(asiantuntija.get(f"/items/{item.id}"))


def test_what_is_overdue_says_so_and_leads_the_morning_after_what_must_go(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = office.question()
    with office.inside() as house:
        house.clock.advance(days=3)
        house.receive("c2", "Olet tollo.", author_external_id="b")
        house.receive("c3", "Milloin kurssi alkaa?", author_external_id="c")
    page = tiedottaja.get("/")
    assert piles(page)[:3] == ["Poistettaviksi ehdotetut 1", "Määräaika ohi 1", "Kysymykset 1"]
    assert "määräaika ohi eilen klo 10.00" in plain(page)
    for person in (tiedottaja, asiantuntija):
        assert "määräaika ohi eilen klo 10.00" in plain(person.get(f"/items/{item.id}"))


def test_a_deadline_is_told_no_more_once_the_answer_is_written(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    with office.inside() as house:
        house.clock.advance(days=9)
    assert "määräaika" not in plain(tiedottaja.get(f"/items/{item.id}")).lower()
    assert "Määräaika ohi" not in plain(tiedottaja.get("/"))


def test_those_who_are_to_be_heard_are_ticked_and_the_note_names_them(office: Office, tiedottaja: PageClient) -> None:
    office.colleague()
    with office.inside() as house:
        item = house.receive("c1", "Miten pätkätyö näkyy eläkkeessä?")
        leo = house.other_expert
    form = tiedottaja.get(f"/items/{item.id}").form("/routing")
    page = tiedottaja.submit(form, heard=str(leo), why="Sinä tunnet tämän.")
    assert "@leo Kuultavaksi: Sinä tunnet tämän." in page.text
    assert "@leo Kuultavaksi: Sinä tunnet tämän." in tiedottaja.get(f"/items/{item.id}/story").text


def test_the_houses_time_is_set_on_its_page(office: Office, tiedottaja: PageClient) -> None:
    assert "Vastausaika: 2 työpäivää." in tiedottaja.get("/settings").text
    form = tiedottaja.get("/settings/answer-time").form("/settings/answer-time")
    page = tiedottaja.submit(form, amount="1", unit="hours")
    assert "2 työpäivää" in page.text
    assert "1 työtunti" in page.text
    refused = tiedottaja.submit(form, status=422, amount="0")
    assert "Kirjoita vähintään 1." in refused.text
    with office.inside():
        assert options.answer_time(db.session()).amount == 1


def test_a_topics_own_time_is_set_with_the_topic_and_can_be_left_out(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        path = f"/settings/topics/{house.topic_id('patkatyot')}"
    page = tiedottaja.submit(tiedottaja.get(path).form(path), answer_amount="4", answer_unit="hours")
    assert "Aihe on tallennettu." in page.text
    item = office.question()
    assert "Määräaika tänään klo 14.00" in plain(tiedottaja.get(f"/items/{item.id}"))
    form = tiedottaja.get(path).form(path)
    assert (form.values["answer_amount"], form.values["answer_unit"]) == ("4", "hours")
    tiedottaja.submit(form, answer_amount="")
    assert tiedottaja.get(path).form(path).values["answer_amount"] == ""


def test_many_overdue_questions_cost_the_morning_no_more_queries(
    office: Office, app: Flask, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    with office.inside() as house:
        for number in range(12):
            item = house.receive(f"x{number}", "Milloin?", author_external_id=f"p{number}")
            routing.route(house.tiedottaja, item.id, item.version, None, house.expert, "Sopii.")
        for number, text in enumerate(("Olet tollo.", "Milloin?", "kelvoton", "Kiitos.")):
            item = house.receive(f"y{number}", text, author_external_id=f"q{number}")
            notes.write_note(house.tiedottaja, item.id, "@päivi")
        house.clock.advance(days=9)
    for person in (tiedottaja, asiantuntija):
        person.get("/")
        with queries_of(app) as asked:
            page = person.get("/")
        assert "määräaika ohi" in plain(page)
        assert len(asked) <= BUDGET, "\n".join(asked)
