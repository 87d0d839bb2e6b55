"""Weighing an item by two, through the pages."""

from __future__ import annotations

from tests.web.client import PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Item
from tjs_moderation.services import casework, opinions


def asked(office: Office, tiedottaja: PageClient) -> Item:
    """An item in doubt that a tiedottaja has asked an expert about."""
    with office.inside() as house:
        item = house.receive("c1", "Kurssi oli kelvoton, tollot.")
    page = tiedottaja.get(f"/items/{item.id}")
    form = page.form(f"/items/{item.id}/opinion")
    page = tiedottaja.submit(form, person=str(office.house.expert), words="Onko tämä vielä arvostelua?")
    assert "Odottaa mielipidettä: Päivi Salo." in page.text
    return item


def test_the_second_person_finds_the_question_on_their_desk_and_both_words_stand_in_the_story(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = asked(office, tiedottaja)
    morning = asiantuntija.get("/")
    assert "Tiina Tiedottaja pyytää mielipidettäsi" in morning.text
    assert "Onko tämä vielä arvostelua?" in morning.text
    page = asiantuntija.get(f"/items/{item.id}")
    form = page.form("/opinion/given")
    morning = asiantuntija.submit(form, kind="keep", words="Kovaa, mutta asiasta.")
    assert "Mielipiteesi on tallennettu." in morning.text
    assert "pyytää mielipidettäsi" not in morning.text
    assert "Kovaa, mutta asiasta." in tiedottaja.get("/").text
    page = tiedottaja.get(f"/items/{item.id}")
    [told] = page.elements("div", class_="opinion")
    for words in ("Tiina Tiedottaja kysyi", "Onko tämä vielä arvostelua?", "Päivi Salo", "säilyttäisi", "Kovaa, mutta"):
        assert words in text_of(told)
    story = tiedottaja.get(f"/items/{item.id}/story").text
    assert "Onko tämä vielä arvostelua?" in story
    assert "säilyttäisi: Kovaa, mutta asiasta." in story
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    assert "Kovaa, mutta asiasta." not in tiedottaja.get("/").text


def test_an_opinion_that_comes_too_late_is_told_who_decided_and_keeps_its_words(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = asked(office, tiedottaja)
    form = asiantuntija.get(f"/items/{item.id}").form("/opinion/given")
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    page = asiantuntija.submit(form, status=409, kind="keep", words="Antaisin olla.")
    assert "Tiina Tiedottaja ehti ensin: poisti näkyvistä" in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Antaisin olla."]


def test_the_request_can_be_taken_back_and_nobody_asks_themselves(office: Office, tiedottaja: PageClient) -> None:
    item = asked(office, tiedottaja)
    page = tiedottaja.get(f"/items/{item.id}")
    page = tiedottaja.submit(page.form("/opinion/withdrawn"))
    assert "Mielipidettä ei enää odoteta." in page.text
    options = [one.get("value") for one in page.root.iter("option")]
    form = page.form(f"/items/{item.id}/opinion")
    assert form.values["person"] == str(office.house.expert)
    assert options
    tiedottaja.submit(form, status=422, person=str(office.house.tiedottaja))


def test_the_queue_says_whose_opinion_is_awaited(office: Office, tiedottaja: PageClient) -> None:
    asked(office, tiedottaja)
    with office.inside() as house:
        queue = house.item("c1").state
    [line] = tiedottaja.get(f"/queues/{queue}").elements("li", class_="queue__entry")
    assert "Odottaa mielipidettä: Päivi Salo." in text_of(line)


def test_leaving_an_item_to_be_weighed_moves_it_there_and_is_taken_back(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.")
        opinions.ask_opinion(house.tiedottaja, item.id, house.expert)
    page = tiedottaja.get(f"/items/{item.id}?queue=removal")
    [form] = page.elements("form", id="weigh")
    page = tiedottaja.submit(page.form_of(form))
    assert "Jätetty punnittavaksi." in page.text
    assert "Odottaa mielipidettä" in tiedottaja.get("/queues/weigh").text
    page = tiedottaja.get(f"/items/{item.id}")
    tiedottaja.submit(page.form("/undo"))
    assert "Odottaa mielipidettä" in tiedottaja.get("/queues/removal").text
