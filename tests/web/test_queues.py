from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.support.queries import queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.crowd import crowd
from tests.web.office import Office, changed
from tjs_moderation.models import Author, Item, ItemText, Post, User
from tjs_moderation.services import casework, own_settings, routing
from tjs_moderation.services.desk import PAGE_SIZE, Key
from tjs_moderation.web.queues import key_from_address, key_in_address

MOST_STATEMENTS = 5
"""Who is there, how much waits, the lines, and what the people and the topics in them are called."""


def names(page: Page) -> list[str]:
    return [text_of(link) for link in page.elements("a", class_="queue__link")]


def counts(page: Page) -> dict[str, str]:
    [nav] = page.elements("nav", class_="counts")
    return {text_of(link).rpartition(" ")[0]: text_of(link).rpartition(" ")[2] for link in nav.iter("a")}


def test_the_queues_open_at_the_first_one_in_which_something_waits(office: Office, tiedottaja: PageClient) -> None:
    assert tiedottaja.get("/queues").heading == "Poistettaviksi ehdotetut"
    with office.inside() as house:
        house.receive("c1", "Kurssi oli kelvoton.")
    assert tiedottaja.get("/queues").heading == "Punnittavat"


def test_a_line_says_what_is_proposed_and_why_who_wrote_and_where(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        house.receive("c1", "Olet tollo, eikö niin?", author_name="Marko Heikkilä", created_at=house.clock.now)
        house.clock.advance(hours=2)
    page = tiedottaja.get("/queues/removal")
    [line] = page.elements("li", class_="queue__entry")
    for told in ("Marko Heikkilä", "2 tuntia sitten", "poistettava", "loukkaus", "kysymys", "Olet tollo"):
        assert told in text_of(line)
    assert "”tollo” loukkaa henkilöä." in text_of(line)
    [badge] = [badge for badge in line.iter("span") if "badge--remove" in badge.get("class", "")]
    assert [shape.get("aria-hidden") for shape in badge] == ["true"]
    assert counts(page)["Poistettaviksi ehdotetut"] == "1"


def test_a_line_that_was_drawn_before_tells_what_has_changed_since(office: Office, tiedottaja: PageClient) -> None:
    item, house = office.question(), office.house

    def line() -> str:
        [entry] = tiedottaja.get("/queues/expert").elements("li", class_="queue__entry")
        return text_of(entry)

    changes: Mapping[str, Callable[[], object]] = {
        "Päivi Salo käsittelee tätä.": lambda: casework.claim(house.expert, item.id),
        "Katri Kirjoittaja": lambda: changed(update(Author).values(name="Katri Kirjoittaja")),
        "Julkaisu: Uusi otsikko": lambda: changed(update(Post).values(text="Uusi otsikko")),
        "Miksi?": lambda: changed(update(ItemText).values(text="Miksi?")),
        "piilotettu": lambda: changed(update(Item).values(is_hidden=True)),
        "Pasi Salo": lambda: changed(update(User).where(User.id == house.expert).values(name="Pasi Salo")),
        "5 päivää sitten": lambda: house.clock.advance(days=5),
        "för 5 dagar sedan": lambda: own_settings.set_language(house.tiedottaja, "sv"),
    }
    for told, change in changes.items():
        assert told not in line()
        with office.inside():
            change()
        assert told in line()
    assert "käsittelee" not in line()
    [look] = tiedottaja.get("/queues/expert").elements("section", class_="desk__preview")
    for told in ("Katri Kirjoittaja", "Uusi otsikko", "Miksi?"):
        assert told in text_of(look)


def test_a_line_is_drawn_for_each_as_they_may_use_it(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    office.question()
    for person, chooses in ((tiedottaja, True), (asiantuntija, False), (tiedottaja, True)):
        [entry] = person.get("/queues/expert").elements("li", class_="queue__entry")
        assert ("Valitse: Kirjoittaja" in text_of(entry)) is chooses


def test_a_question_says_what_it_is_about_until_it_is_somebodys(office: Office, tiedottaja: PageClient) -> None:
    name = office.topic_name("patkatyot")
    with office.inside() as house:
        item = house.receive("c1", "Miten pätkätyö päättyy?")
        house.receive("c2", "Milloin?")

    def topics(queue: str) -> list[list[str]]:
        lines = tiedottaja.get(f"/queues/{queue}").elements("li", class_="queue__entry")
        return [
            [text_of(mark) for mark in line.iter("span") if "badge--topic" in mark.get("class", "")] for line in lines
        ]

    assert sorted(topics("question")) == [[], [name]]
    with office.inside() as house:
        routing.route(house.tiedottaja, item.id, item.version, None, house.expert, "Sinulle.")
    assert topics("expert") == [[]]


def test_the_first_item_is_read_beside_the_list(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo & torvi.")
    page = tiedottaja.get("/queues/removal")
    assert [text_of(mark) for mark in page.root.iter("mark")] == ["tollo1"]
    assert page.links()["Avaa ja päätä"] == f"/items/{item.id}?queue=removal"


def test_an_empty_queue_says_what_to_do_next(tiedottaja: PageClient) -> None:
    page = tiedottaja.get("/queues/trouble")
    assert "Tässä jonossa ei ole mitään." in page.text
    assert page.links()["Työpöydälle"] == "/"


def test_the_pager_shows_every_item_once_though_all_came_at_the_same_moment(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        crowd(house, ["Olet tollo."] * (2 * PAGE_SIZE + 5))
    page = tiedottaja.get("/queues/removal")
    seen = names(page)
    while "Seuraavat" in page.links():
        page = tiedottaja.get(page.links()["Seuraavat"])
        seen += names(page)
    assert sorted(seen) == sorted(f"K{number}" for number in range(2 * PAGE_SIZE + 5))
    assert page.links()["Jonon alkuun"] == "/queues/removal"


@pytest.mark.parametrize("after", ["x", "1_2", "9_999999999999999999_1", "1_1_1'--", "-1_5_5"])
def test_a_place_that_is_none_shows_the_queue_from_its_beginning(
    office: Office, tiedottaja: PageClient, after: str
) -> None:
    with office.inside() as house:
        house.receive("c1", "Olet tollo.")
    page = tiedottaja.get(f"/queues/removal?after={after}")
    assert "Näet jonon alusta." in page.text
    assert names(page) == ["Kirjoittaja"]


@given(
    st.integers(0, 9),
    st.datetimes(timezones=st.just(UTC)),
    st.integers(1, 2**31 - 1),
)
def test_an_address_holds_the_place_exactly(urgency: int, sorted_at: datetime, item_id: int) -> None:
    key = Key(urgency, sorted_at, item_id)
    assert key_from_address(key_in_address(key)) == key


@given(st.text())
def test_no_address_whatsoever_breaks_the_page(written: str) -> None:
    key = key_from_address(written)
    assert key is None or key_in_address(key)


def test_a_queue_nobody_knows_is_not_found(tiedottaja: PageClient) -> None:
    tiedottaja.get("/queues/kaikki", status=404)


def test_an_expert_has_their_own_queues_and_only_their_own_items_in_them(
    office: Office, asiantuntija: PageClient
) -> None:
    office.question("c1", "Oma pätkätyö?")
    with office.inside() as house:
        other = house.receive("c2", "Toisen kysymys?", author_external_id="b", author_name="Toinen")
        routing.route(house.tiedottaja, other.id, other.version, house.topic_id("ewc"), house.tiedottaja, "Otan itse.")
        house.receive("c3", "Olet tollo.")
    page = asiantuntija.get("/queues")
    assert page.heading == "Pöydälläni"
    assert names(page) == ["Kirjoittaja"]
    assert counts(page)["Pöydälläni"] == "1"
    assert "Poistettaviksi ehdotetut" not in page.text
    asiantuntija.get("/queues/removal", status=404)


def test_the_operator_has_no_queues(atk_suunnittelija: PageClient) -> None:
    atk_suunnittelija.get("/queues", status=403)
    atk_suunnittelija.get("/queues/removal", status=403)
    assert "Jonot" not in atk_suunnittelija.get("/").links()


def test_a_page_of_three_hundred_items_costs_no_more_queries(
    office: Office, app: Flask, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        for item in crowd(house, ["Miten pätkätyö päättyy?"] * 300)[:5]:
            routing.route(house.tiedottaja, item.id, item.version, None, house.expert, "Kysymys.")
    for queue in ("question", "expert"):
        with queries_of(app) as asked:
            assert names(tiedottaja.get(f"/queues/{queue}"))
        assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)
