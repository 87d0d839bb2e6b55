from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.hooks.meta import APP_SECRET, PAGE_ID, VERIFY_TOKEN, Body, comment, encoded, feed, of_page, send
from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient
from tests.web.office import Office
from tjs_moderation import jobs
from tjs_moderation.domain.hints import HintTrouble
from tjs_moderation.gateways.facebook import FacebookHook
from tjs_moderation.web.hints import TROUBLES


def receive(office: Office, *bodies: Body | bytes) -> None:
    """Facebook sends these, and a worker works them."""
    hook = FacebookHook(PAGE_ID, APP_SECRET, VERIFY_TOKEN)
    ports = office.app.extensions["tjs_ports"]
    office.app.extensions["tjs_ports"] = replace(ports, hooks=lambda: {"facebook": hook})
    client = office.app.test_client()
    for body in bodies:
        assert send(client, body if isinstance(body, bytes) else encoded(body)).status_code == 200
    with office.inside():
        jobs.work_hints()


def test_an_empty_list_says_that_everything_is_done(tiedottaja: PageClient) -> None:
    assert "Kaikki, mitä kanavat ovat lähettäneet, on käsitelty." in tiedottaja.get("/hints").text


def test_the_way_there_is_shown_to_those_who_work_it(
    tiedottaja: PageClient, atk_suunnittelija: PageClient, asiantuntija: PageClient
) -> None:
    shown = ["Tapahtumat" in person.get("/").links() for person in (tiedottaja, atk_suunnittelija, asiantuntija)]
    assert shown == [True, True, False]


def test_a_hint_says_what_it_is_and_why_it_waits(office: Office, tiedottaja: PageClient) -> None:
    receive(office, feed(comment("edited", 7)), of_page(changes=[{"field": "leadgen", "value": {}}]))
    page = tiedottaja.get("/hints")
    assert "Facebook: feed/comment/edited" in page.text
    assert "Kanavaan ei ole yhteyttä" in page.text
    assert "Facebook: leadgen" in page.text
    assert "Konsoli ei tunne tällaista tapahtumaa." in page.text


def test_the_body_is_for_operators_and_is_text(
    office: Office, tiedottaja: PageClient, atk_suunnittelija: PageClient
) -> None:
    receive(office, feed(comment("mute", 7, "<script>alert(1)</script>")))
    assert "Katso lähetys" not in tiedottaja.get("/hints").links()
    way = atk_suunnittelija.get("/hints").links()["Katso lähetys"]
    tiedottaja.get(way, status=403)
    page = atk_suunnittelija.get(way)
    assert "<script>alert(1)</script>" in page.text
    assert page.elements("script", src="") == []


@pytest.mark.parametrize("body", [b"\xff\x00\x1b[31m", b"x" * 50_000, b""])
def test_any_bytes_can_be_looked_at(office: Office, atk_suunnittelija: PageClient, body: bytes) -> None:
    receive(office, body)
    page = atk_suunnittelija.get(atk_suunnittelija.get("/hints").links()["Katso lähetys"])
    assert f"lähetyksen koko {len(body)} tavua" in page.text
    assert ("Loppu on jätetty pois" in page.text) is (len(body) > 20_000)


def test_trying_again_and_setting_aside(office: Office, tiedottaja: PageClient) -> None:
    receive(office, feed(comment("edited", 7)))
    page = tiedottaja.submit(tiedottaja.get("/hints").form("/again"))
    assert "Yritetään uudelleen." in page.text
    assert "yritetään uudelleen" in page.text
    old = page.form("/aside")
    assert "pantiin syrjään" in tiedottaja.submit(old).text
    assert "Kaikki, mitä kanavat ovat lähettäneet" in tiedottaja.get("/hints").text
    assert "Joku on jo pannut tapahtuman syrjään." in tiedottaja.submit(old, status=409).text


def test_refused_bodies_are_told(office: Office, tiedottaja: PageClient) -> None:
    send(office.app.test_client(), b"{}", "sha256=x")
    assert "Torjuttuja lähetyksiä" in tiedottaja.get("/hints").text


def test_a_long_list_is_read_page_by_page_within_the_budget(office: Office, tiedottaja: PageClient, app: Flask) -> None:
    receive(office, feed(*[comment("mute", number) for number in range(25)]))
    with queries_of(app) as asked:
        first = tiedottaja.get("/hints")
    assert len(asked) <= BUDGET, asked
    second = tiedottaja.get(first.links()["Seuraavat"])
    assert [len(page.elements("article")) for page in (first, second)] == [20, 5]
    assert "Seuraavat" not in second.links()


@pytest.mark.parametrize("after", ["-1", "99999999999999999999", "abc"])
def test_a_strange_place_in_the_list_is_no_defect(tiedottaja: PageClient, after: str) -> None:
    tiedottaja.get(f"/hints?after={after}")


def test_every_trouble_has_its_words() -> None:
    assert set(TROUBLES) == set(HintTrouble)


def test_what_was_done_on_facebook_itself_is_in_the_items_story(office: Office, tiedottaja: PageClient) -> None:
    receive(office, feed(comment("add", 7, "Tuhma")), feed(comment("remove", 7, None)))
    with office.inside() as house:
        item = house.item("1_7")
    words = "Viesti poistettiin kanavasta, mutta ei konsolista"
    assert words in tiedottaja.get(f"/items/{item.id}").text
    assert "Facebook kertoi, että viesti oli poistettu sieltä" in tiedottaja.get(f"/items/{item.id}/story").text
