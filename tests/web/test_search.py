"""The search page: its address holds everything, it marks what it found, and shows nobody what is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.support.queries import queries_of
from tests.web.client import Form, Page, PageClient, text_of
from tests.web.crowd import crowd
from tests.web.office import Office, changed
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.models import Author, Item, ItemText
from tjs_moderation.services import notes, own_settings
from tjs_moderation.services.search import PAGE_SIZE
from tjs_moderation.web.asking import NAMES

MOST_STATEMENTS = 9
"""Who is there, what can be chosen, where the log stands, what is found, what the person and the house have set."""


def found(page: Page) -> list[str]:
    return [text_of(link) for link in page.elements("a", class_="queue__link")]


def marks(page: Page) -> list[str]:
    return [text_of(mark) for mark in page.root.iter("mark")]


def forgetting(page: Page) -> list[Form]:
    return [page.form_of(form) for form in page.root.iter("form") if form.get("action", "").endswith("/forget")]


@pytest.fixture
def furnished(office: Office) -> Office:
    """A few things to find, indexed."""
    office.question("q1", "Kuka maksaa koulutuksen?")
    with office.inside() as house:
        house.receive("c1", "Olin koulutuksessa & se oli <hyvä>.", author_external_id="m", author_name="Meri Koulu")
        house.clock.advance(hours=1)
        house.receive(
            "m1", "Koulutus, kahden kesken.", author_external_id="s", author_name="Salla", kind=ItemKind.MESSAGE
        )
        notes.write_note(house.tiedottaja, house.item("c1").id, "Kysytään lakimieheltä.")
        jobs.index()
    return office


@pytest.mark.usefixtures("furnished")
def test_what_is_found_is_shown_newest_first_with_its_words_marked(tiedottaja: PageClient) -> None:
    page = tiedottaja.get("/search?q=koulutus")
    assert found(page) == ["Salla", "Meri Koulu", "Kirjoittaja"]
    assert marks(page) == ["Koulutus", "koulutuksessa", "koulutuksen"]
    assert "Olin koulutuksessa & se oli <hyvä>." in page.text


@pytest.mark.usefixtures("furnished")
def test_what_is_found_listens_for_what_colleagues_do_to_it_and_can_be_chosen(tiedottaja: PageClient) -> None:
    page = tiedottaja.get("/search?q=koulutus")
    [live] = page.elements("div", id="live")
    assert int(live.get("data-after", "")) > 0
    assert [entry.get("data-queue") for entry in page.elements("li", class_="queue__entry")] == [
        "read",
        "read",
        "expert",
    ]
    assert len(page.elements("input", **{"data-command": "select"})) == 3


def test_a_hit_that_was_drawn_before_tells_what_has_changed_since(furnished: Office, tiedottaja: PageClient) -> None:
    house = furnished.house

    def line() -> str:
        [entry] = tiedottaja.get("/search?q=maksaa").elements("li", class_="queue__entry")
        return text_of(entry)

    changes: Mapping[str, Callable[[], object]] = {
        "Katri Kirjoittaja": lambda: changed(update(Author).values(name="Katri Kirjoittaja")),
        "Kuka maksaa eikä kysy": lambda: changed(update(ItemText).values(text="Kuka maksaa eikä kysy?")),
        "piilotettu": lambda: changed(update(Item).values(is_hidden=True)),
        "5 päivää sitten": lambda: house.clock.advance(days=5),
        "för 5 dagar sedan": lambda: own_settings.set_language(house.tiedottaja, "sv"),
    }
    for told, change in changes.items():
        assert told not in line()
        with furnished.inside():
            change()
        assert told in line()


@pytest.mark.usefixtures("furnished")
def test_a_hit_is_drawn_for_each_search_and_for_each_as_they_may_use_it(
    tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    for words, found_there in (("maksaa", ["maksaa"]), ("kuka", ["Kuka"]), ("maksaa", ["maksaa"])):
        for person, chooses in ((tiedottaja, True), (asiantuntija, False)):
            page = person.get(f"/search?q={words}")
            assert marks(page) == found_there
            assert bool(page.elements("input", **{"data-command": "select"})) is chooses


@pytest.mark.usefixtures("furnished")
def test_a_hit_in_a_note_shows_the_note_and_a_hit_in_a_name_the_name(tiedottaja: PageClient) -> None:
    page = tiedottaja.get("/search?q=lakimies")
    assert marks(page) == ["lakimieheltä"]
    assert "Muistiinpano: Kysytään lakimieheltä." in page.text
    assert marks(tiedottaja.get("/search?q=meri")) == ["Meri"]
    assert found(tiedottaja.get("/search?writer=salla")) == ["Salla"]


def test_a_long_text_is_shown_around_what_was_found(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        house.receive("c1", "Alku. " + "ja niin edelleen " * 60 + "kerho kokoontui " + "vielä lisää " * 60)
        jobs.index()
    page = tiedottaja.get("/search?q=kerho")
    [entry] = page.elements("p", class_="search__text")
    assert marks(page) == ["kerho"]
    assert len(text_of(entry)) < 300
    assert text_of(entry).split()[1] in {"ja", "niin", "edelleen"}
    assert text_of(entry).endswith("…")


@pytest.mark.usefixtures("furnished")
def test_the_form_shows_what_the_address_asks_for(tiedottaja: PageClient) -> None:
    told = {"q": "koulutus", "kind": "message", "queue": "question", "since": "2026-01-01", "writer": "salla"}
    form = tiedottaja.get(f"/search?{urlencode(told)}").form("/search")
    assert {name: form.values[name] for name in NAMES if form.values[name]} == told
    assert "rajauksia käytössä 4" in tiedottaja.get(f"/search?{urlencode(told)}").text
    page = tiedottaja.submit(form, queue="")
    assert found(page) == ["Salla"]


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize(
    "address", ["queue=kaikki", "since=eilen", "until=9999-12-31", "topic=x'--", "channel=999999999999", "before=x"]
)
def test_a_bound_nobody_knows_is_left_out_and_said_so(tiedottaja: PageClient, address: str) -> None:
    page = tiedottaja.get(f"/search?q=koulutus&{address}")
    assert "Osoitteessa oli rajaus, jota konsoli ei tunne." in page.text
    assert len(found(page)) == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("?!", "Haussa ei ole yhtään sanaa."),
        ("a" * 10_000, "Haku on liian pitkä."),
        ("a b c d e f g h i j k l m n o p q r s t u v x", "Haussa on liian monta sanaa."),
        ('" OR NEAR( *', "Ei löytynyt"),
    ],
)
def test_a_bad_query_gets_one_clear_sentence(tiedottaja: PageClient, words: str, told: str) -> None:
    page = tiedottaja.get(f"/search?q={quote(words)}")
    assert told in page.text
    assert found(page) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dictionaries(st.sampled_from([*NAMES, "before"]), st.text(max_size=40)))
def test_no_address_whatsoever_breaks_the_page_or_shows_what_is_not_theirs(
    furnished: Office, asiantuntija: PageClient, told: dict[str, str]
) -> None:
    page = asiantuntija.get("/search?" + urlencode(told, errors="replace"))
    assert set(found(page)) <= {"Kirjoittaja"}


@pytest.mark.usefixtures("furnished")
def test_an_expert_finds_only_their_own_and_the_operator_has_no_search(
    asiantuntija: PageClient, atk_suunnittelija: PageClient
) -> None:
    assert found(asiantuntija.get("/search?q=koulutus")) == ["Kirjoittaja"]
    assert found(asiantuntija.get("/search?kind=message")) == []
    assert found(asiantuntija.get("/search?q=salla")) == []
    atk_suunnittelija.get("/search?q=koulutus", status=403)
    assert "Hae" not in atk_suunnittelija.get("/").text


def test_the_pager_shows_every_hit_once(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        crowd(house, ["Kokous taas."] * (2 * PAGE_SIZE + 5))
        jobs.index()
    page = tiedottaja.get("/search?q=kokous&kind=comment")
    seen = found(page)
    while "Vanhemmat" in page.links():
        page = tiedottaja.get(page.links()["Vanhemmat"])
        seen += found(page)
    assert sorted(seen) == sorted(f"K{number}" for number in range(2 * PAGE_SIZE + 5))
    assert page.links()["Uusimmat"] == "/search?q=kokous&kind=comment"


def test_what_is_not_indexed_yet_is_said(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        house.receive("c1", "Kokous.")
    page = tiedottaja.get("/search?q=kokous")
    assert "Kaikkein uusimmat muutokset eivät ole vielä haussa." in page.text
    with office.inside():
        jobs.index()
    page = tiedottaja.get("/search?q=kokous")
    assert "Kaikkein uusimmat" not in page.text
    assert found(page) == ["Kirjoittaja"]


@pytest.mark.usefixtures("furnished")
def test_a_saved_search_is_a_link_for_the_one_who_saved_it(tiedottaja: PageClient, asiantuntija: PageClient) -> None:
    page = tiedottaja.get("/search?q=koulutus&kind=message&queue=")
    page = tiedottaja.submit(page.form("/search/saved"), name="  Koulutukset  viesteissä ")
    assert "Haku on tallennettu." in page.text
    page = tiedottaja.get("/search")
    assert page.links()["Koulutukset viesteissä"] == "/search?q=koulutus&kind=message"
    assert "Koulutukset viesteissä" not in asiantuntija.get("/search").text
    page = tiedottaja.get("/search?q=muuta")
    tiedottaja.submit(page.form("/search/saved"), name="Koulutukset viesteissä")
    page = tiedottaja.get("/search")
    assert page.links()["Koulutukset viesteissä"] == "/search?q=muuta"
    [form] = forgetting(page)
    asiantuntija.get("/search")
    page = tiedottaja.submit(form)
    assert "Tallennettu haku on poistettu." in page.text
    assert "Koulutukset viesteissä" not in tiedottaja.get("/search").text


@pytest.mark.usefixtures("furnished")
def test_nobody_lets_go_of_anothers_search(tiedottaja: PageClient, asiantuntija: PageClient) -> None:
    for person in (tiedottaja, asiantuntija):
        person.submit(person.get("/search?q=koulutus").form("/search/saved"), name="Oma")
    [theirs] = forgetting(tiedottaja.get("/search"))
    [form] = forgetting(asiantuntija.get("/search"))
    form.action = theirs.action
    asiantuntija.submit(form)
    assert "Oma" in tiedottaja.get("/search").links()
    assert "Oma" in asiantuntija.get("/search").links()


@pytest.mark.usefixtures("furnished")
@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        (" ", "q=koulutus", "Anna haulle nimi"),
        ("n" * 81, "q=koulutus", "Anna haulle nimi"),
        ("Oma", "nimi=1&q=", "Hae ensin jotakin"),
        ("Oma", "q=" + "&a=" * 60, "Hae ensin jotakin"),
    ],
)
def test_what_cannot_be_saved_is_said(tiedottaja: PageClient, name: str, address: str, told: str) -> None:
    form = tiedottaja.get("/search?q=koulutus").form("/search/saved")
    page = tiedottaja.submit(form, name=name, address=address)
    assert told in page.text
    assert "Oma" not in page.links()


def test_a_page_of_hits_costs_no_more_queries_than_any(office: Office, app: Flask, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        items = crowd(house, ["Kokous taas."] * 100)
        for item in items[-5:]:
            notes.write_note(house.tiedottaja, item.id, "Kokous.")
        jobs.index()
    with queries_of(app) as asked:
        assert len(found(tiedottaja.get("/search?q=kokous&topic=ewc&kind=comment"))) == 0
    assert len(asked) <= MOST_STATEMENTS
    with queries_of(app) as asked:
        assert len(found(tiedottaja.get("/search?q=kokous"))) == PAGE_SIZE
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


@pytest.mark.usefixtures("furnished")
def test_every_page_has_the_field_in_its_head(tiedottaja: PageClient) -> None:
    page = tiedottaja.submit(tiedottaja.get("/queues/question").form("/search"), q="koulutus")
    assert len(found(page)) == 3
