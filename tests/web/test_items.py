from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from tests.support.house import House
from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.crowd import crowd
from tests.web.office import Office
from tjs_moderation.domain.ports import Attachment
from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind
from tjs_moderation.models import Item
from tjs_moderation.services import casework, notes, routing


def received(office: Office, text: str = "Olet tollo, Maija.", **told: Any) -> Item:
    with office.inside() as house:
        return house.receive("c1", text, **told)


def section(page: Page, heading: str) -> str:
    found = [part for part in page.root.iter("section") if any(text_of(h2) == heading for h2 in part.iter("h2"))]
    return text_of(found[0]) if found else ""


def test_the_page_shows_what_was_written_and_why_the_console_proposes_what_it_does(
    office: Office, tiedottaja: PageClient
) -> None:
    page = tiedottaja.get(f"/items/{received(office, author_name='Marko Heikkilä').id}")
    assert page.heading == "Marko Heikkilä"
    assert [text_of(mark) for mark in page.root.iter("mark")] == ["tollo1"]
    why = section(page, "Miksi konsoli ehdottaa näin")
    assert "”tollo” loukkaa henkilöä. Sääntö: tests" in why
    assert "Säännöstön versio 1." in why
    assert page.elements("p", class_="quote")


def test_the_thread_tells_the_publics_words_from_ours(office: Office, tiedottaja: PageClient) -> None:
    first = received(office, "Kysynpä vain.")
    with office.inside() as house:
        house.receive("c2", "Vastaamme pian.", is_own=True, parent_external_id="c1", author_external_id="page")
        house.receive("c3", "Kiitos.", parent_external_id="c1")
    page = tiedottaja.get(f"/items/{first.id}")
    lines = [line for thread in page.elements("ol", class_="thread") for line in thread.iter("li")]
    assert ["is-ours" in line.get("class", "") for line in lines] == [False, True, False]
    classes = [[part.get("class") for part in line.iter("p")][1] for line in lines]
    assert classes == ["quote quote--small", "ours", "quote quote--small"]
    assert lines[0].get("aria-current") == "true"


def test_the_persons_history_tells_what_became_of_what_they_wrote_the_newest_first(
    office: Office, tiedottaja: PageClient
) -> None:
    office.connect()
    with office.inside() as house:
        kept, removed = (house.receive(name, text) for name, text in (("k0", "Moi taas."), ("c0", "Sinä tollo.")))
        casework.decide(house.tiedottaja, removed.id, removed.version, DecisionKind.REMOVE, "insulting")
        first = casework.decide(house.tiedottaja, kept.id, kept.version, DecisionKind.KEEP)
        casework.take_back(house.tiedottaja, first, house.item("k0").version)
        casework.decide(house.tiedottaja, kept.id, house.item("k0").version, DecisionKind.KEEP)
        house.wait_and_send()
    history = section(tiedottaja.get(f"/items/{received(office).id}"), "Sama kirjoittaja aiemmin")
    assert re.search(r"Poistettu näkyvistä .* piilotettu \(suojattu teksti\) Säilytetty .* Moi taas.", history)


def test_an_edited_text_shows_its_earlier_versions_and_no_marks_of_the_old_one(
    office: Office, tiedottaja: PageClient
) -> None:
    received(office)
    with office.inside() as house:
        edited = house.receive("c1", "Olet viisas, Maija.")
    page = tiedottaja.get(f"/items/{edited.id}")
    assert "Tekstin aiemmat versiot (1)" in page.text
    assert "Olet tollo, Maija." in page.text
    assert list(page.root.iter("mark")) == []


def test_what_came_from_outside_leads_nowhere_but_to_the_web(office: Office, tiedottaja: PageClient) -> None:
    attachments = (Attachment("photo", "javascript:alert(1)", "kuva"), Attachment("link", "https://esimerkki.fi", "x"))
    item = received(office, "<b>Hei</b>", permalink="javascript:alert(2)", attachments=attachments)
    page = tiedottaja.get(f"/items/{item.id}")
    assert page.links()["x"] == "https://esimerkki.fi"
    assert "<b>Hei</b>" in page.text
    assert "kuva" not in page.links()


def test_a_picture_without_words_says_that_it_has_none(office: Office, tiedottaja: PageClient) -> None:
    assert "(ei tekstiä)" in tiedottaja.get(f"/items/{received(office, '').id}").text


def test_a_colleague_sees_who_has_the_item_open_until_the_lease_is_over(office: Office, tiedottaja: PageClient) -> None:
    item = office.question()
    with office.inside() as house:
        casework.claim(house.expert, item.id)
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Päivi Salo käsittelee tätä." in page.text
    assert "Päivi Salo käsittelee tätä parhaillaan." in tiedottaja.submit(page.form("/claim")).text
    with office.inside() as house:
        house.clock.advance(minutes=6)
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/claim"))
    assert "Asia on sinun käsittelyssäsi." in page.text


def test_a_note_has_its_formatting_and_nothing_else(office: Office, tiedottaja: PageClient) -> None:
    item = received(office)
    form = tiedottaja.get(f"/items/{item.id}").form("/notes")
    page = tiedottaja.submit(form, text="*Huom* @päivi, katso #1. <script>alert(1)</script>")
    [note] = page.elements("article", class_="note")
    assert text_of(note).endswith("Huom @päivi, katso #1. <script>alert(1)</script>")
    assert [text_of(strong) for strong in note.iter("strong")] == ["Huom"]
    assert [span.get("title") for span in note.iter("span")] == ["Päivi Salo"]
    assert [link.get("href") for link in note.iter("a")] == ["/items/1"]


def test_a_note_that_names_a_stranger_is_refused_and_kept(office: Office, tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"/items/{received(office).id}").form("/notes")
    page = tiedottaja.submit(form, status=422, text="Mitä sanot, @olematon?")
    assert "@olematon" in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Mitä sanot, @olematon?"]


def test_an_expert_opens_only_what_is_theirs(office: Office, asiantuntija: PageClient) -> None:
    mine = office.question("c9")
    other = received(office)
    asiantuntija.get(f"/items/{mine.id}")
    asiantuntija.get(f"/items/{other.id}", status=404)
    token = asiantuntija.get(f"/items/{mine.id}").form("/sign-out").values["csrf_token"]
    for verb in ("claim", "notes", "take", "recall"):
        sent = {"csrf_token": token, "text": "Hei", "why": "Ei minun", "version": str(other.version)}
        assert asiantuntija.client.post(f"/items/{other.id}/{verb}", data=sent).status_code == 404, verb
    assert asiantuntija.client.post(f"/items/{mine.id}/routing", data={"csrf_token": token}).status_code == 403


def test_the_operator_opens_no_item(office: Office, atk_suunnittelija: PageClient) -> None:
    atk_suunnittelija.get(f"/items/{received(office).id}", status=403)


@pytest.mark.parametrize("address", ["/items/999", "/items/2147483648", "/items/99999999999999999999", "/items/x"])
def test_an_item_that_is_not_there_is_not_found(tiedottaja: PageClient, address: str) -> None:
    tiedottaja.get(address, status=404)


def test_an_expert_sees_the_conversation_they_answer_and_no_other_of_the_same_person(
    office: Office, asiantuntija: PageClient
) -> None:
    with office.inside() as house:
        private = {"kind": ItemKind.MESSAGE, "author_external_id": "p7"}
        house.receive("m0", "Salaisuus toisaalla.", conversation_external_id="t0", **private)
        house.receive("m1", "Ensin taustaa.", conversation_external_id="t1", **private)
        asked = house.receive("m2", "Miten pätkätyö?", conversation_external_id="t1", **private)
        routing.route(house.tiedottaja, asked.id, asked.version, None, house.expert, "Sinulle.")
    page = asiantuntija.get(f"/items/{asked.id}")
    assert "Ensin taustaa." in page.text
    assert "Salaisuus" not in page.text
    assert "yksityisviesti" in page.text


def furnished(house: House) -> Item:
    """An item with everything there can be about it, in a full house."""
    crowd(house, ["Olet tollo."] * 300)
    item = house.receive("rich", "Mitä, tollo?", author_external_id="p1")
    crowd(house, ["Vastaan tähän."] * 40, parent="rich")
    crowd(house, ["Taas minä."] * 20, author="p1")
    for number in range(10):
        notes.write_note(house.tiedottaja, item.id, f"Muistiinpano {number}, @päivi.")
        decision = casework.decide(
            house.tiedottaja, item.id, house.item("rich").version, DecisionKind.REMOVE, "insulting"
        )
        casework.take_back(house.tiedottaja, decision, house.item("rich").version)
    for why in ("Sinulle.", "Sittenkin sinulle."):
        routing.route(house.tiedottaja, item.id, house.item("rich").version, None, house.expert, why)
    return item


def test_a_rich_item_beside_its_queue_costs_no_more_queries(
    office: Office, app: Flask, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    with office.inside() as house:
        item = furnished(house)
    for person, queue in ((tiedottaja, "removal"), (asiantuntija, "expert")):
        person.get(f"/items/{item.id}")  # the first reading is written down, once
        with queries_of(app) as asked:
            assert person.get(f"/items/{item.id}?queue={queue}").elements("nav", class_="desk__list")
        assert len(asked) <= BUDGET, "\n".join(asked)
