"""What was removed, on one page and in one file; who reads it leaves an entry."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from flask import Flask

from tests.web.client import PageClient
from tests.web.conftest import PASSWORD
from tests.web.office import Office
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind, Role
from tjs_moderation.models import Item
from tjs_moderation.services import casework, people
from tjs_moderation.services.transaction import CONSOLE

INSULT = "Olet tollo, sanoi naapurin variksenpelätin."
TAIL = "sanoi naapurin variksenpelätin."
SECRET = "Tämä jää meidän kahden väliseksi."


@pytest.fixture
def removed(office: Office) -> Item:
    """A comment that was removed and is hidden on its channel."""
    office.connect()
    with office.inside() as house:
        item = house.receive("i1", INSULT)
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting", "Suora solvaus.")
        house.wait_and_send()
        return house.item("i1")


def verbs(office: Office, item: Item) -> list[str]:
    with office.inside() as house:
        return [verb for _, verb in house.trail(item.id)]


def test_a_removed_text_is_read_where_it_is_worked_on_and_put_away_afterwards(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("i1", INSULT)
    assert TAIL in tiedottaja.get(f"/items/{item.id}").text
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    assert TAIL in tiedottaja.get(f"/items/{item.id}").text
    assert verbs(office, item).count("reveal") == 0


@pytest.mark.parametrize("page", ["", "/story", "/evidence"])
def test_what_is_put_away_is_shown_once_it_is_recorded(
    office: Office, removed: Item, tiedottaja: PageClient, page: str
) -> None:
    shut = tiedottaja.get(f"/items/{removed.id}{page}")
    assert TAIL not in shut.text
    assert verbs(office, removed).count("reveal") == 0
    told = tiedottaja.submit(shut.form("/reveal"))
    assert TAIL in told.text
    assert verbs(office, removed)[-1] == "reveal"
    assert TAIL not in tiedottaja.get(f"/items/{removed.id}{page}").text


def test_no_list_tells_what_is_put_away(office: Office, removed: Item, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        other = house.receive("i2", "Kiitos hyvästä kurssista.")
        jobs.index()
    for address in ("/queues/done", f"/items/{other.id}", "/search?q=tollo"):
        page = tiedottaja.get(address).text
        assert ("(suojattu teksti)" in page, "variksenpelätin" in page) == (True, False), address


def test_a_private_message_is_open_while_somebody_works_on_it_and_put_away_when_it_is_done(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("m1", SECRET, kind=ItemKind.MESSAGE, conversation_external_id="t1")
    assert SECRET in tiedottaja.get(f"/items/{item.id}").text
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    page = tiedottaja.get(f"/items/{item.id}")
    assert SECRET not in page.text
    assert SECRET in tiedottaja.submit(page.form("/reveal")).text


def test_an_expert_reads_nothing_that_is_not_theirs(removed: Item, asiantuntija: PageClient) -> None:
    token = asiantuntija.get("/").elements("input", name="csrf_token")[0].get("value")
    refused = asiantuntija.client.post(f"/items/{removed.id}/reveal", data={"csrf_token": token})
    assert (refused.status_code, INSULT in refused.text) == (404, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", ["Poiston perustelut", "Loukkaa tai solvaa", "piilotettu", "uudelleen"]),
        ("sv", ["Motivering", "Kränker eller smädar", "dolts"]),
        ("en", ["Statement of reasons", "Insults somebody", "hidden"]),
    ],
)
def test_the_writer_can_be_told_why_in_three_languages_without_the_text_or_a_name(
    removed: Item, tiedottaja: PageClient, language: str, words: list[str]
) -> None:
    page = tiedottaja.get(f"/items/{removed.id}/evidence/statement?lang={language}")
    for told in words:
        assert told in page.text
    for kept_back in (TAIL, "Suora solvaus.", "Kirjoittaja"):
        assert kept_back not in page.text
    article = page.elements("article")[0]
    assert "Tiina" not in "".join(article.itertext())


def test_the_archive_holds_everything_and_taking_it_is_recorded(
    office: Office, removed: Item, tiedottaja: PageClient
) -> None:
    form = tiedottaja.get(f"/items/{removed.id}/evidence").form("/evidence/archive")
    packed = tiedottaja.client.post(form.action, data=form.values)
    assert verbs(office, removed)[-1] == "export_evidence"
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {
        "todisteet.json",
        "todisteet.html",
        "perustelut-fi.html",
        "perustelut-sv.html",
        "perustelut-en.html",
    }
    told = json.loads(files["todisteet.json"])
    [text] = told["texts"]
    assert (text["text"], text["entry"] is not None) == (INSULT, True)
    assert [(one["kind"], one["by"], one["reason"]) for one in told["decisions"]] == [
        ("remove", "Tiina Tiedottaja", "insulting")
    ]
    assert [(act["kind"], act["state"]) for act in told["acts"]] == [("hide", "done")]
    assert told["author"]["name"] == "Kirjoittaja"
    assert "Suora solvaus." in files["todisteet.html"]


def test_a_complaint_goes_from_the_writers_words_to_the_text_shown_again(
    app: Flask, office: Office, removed: Item, tiedottaja: PageClient
) -> None:
    page = tiedottaja.get(f"/items/{removed.id}/evidence")
    page = tiedottaja.submit(page.form("/appeals"), words="En tarkoittanut ketään.")
    assert "ratkaisee joku muu tiedottaja" in page.text
    with office.inside():
        people.add_user(CONSOLE, "Toini Toinen", "toini@esimerkki.fi", Role.TIEDOTTAJA, (), PASSWORD)
    second = PageClient(app.test_client())
    second.come_in("toini@esimerkki.fi", PASSWORD)
    page = second.get(second.get("/").links()[f"#{removed.id} Kirjoittaja"])
    form = next(form for form in page.root.iter("form") if "/appeals/" in form.get("action", ""))
    page = second.submit(page.form_of(form), outcome="restored", words="Puhui naapurista.")
    for told in ("En tarkoittanut ketään.", "viesti palautetaan näkyviin", "Toini Toinen", "Puhui naapurista."):
        assert told in page.text
    with office.inside() as house:
        house.wait_and_send()
        assert not house.item("i1").is_hidden
    story = second.get(f"/items/{removed.id}/story").text
    for told in (
        "kirjasi oikaisupyynnön",
        "En tarkoittanut ketään.",
        "Puhui naapurista.",
        "viesti palautetaan näkyviin",
    ):
        assert told in story
