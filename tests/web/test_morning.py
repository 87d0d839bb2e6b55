from __future__ import annotations

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel
from tjs_moderation.services import answers, casework, notes, routing


def piles(page: Page) -> list[str]:
    return [text_of(heading) for main in page.root.iter("main") for heading in main.iter("h2")]


def names(page: Page) -> list[str]:
    return [text_of(link) for link in page.elements("a", class_="queue__link")]


def test_what_hurts_most_comes_first_with_how_much_there_is(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        house.receive("c1", "Kiitos kurssista.", author_external_id="a", author_name="Kiittäjä")
        house.receive("c2", "Milloin kurssi alkaa?", author_external_id="b", author_name="Kysyjä")
        house.receive("c3", "Olet tollo.", author_external_id="c", author_name="Loukkaaja")
        house.clock.advance(hours=-1)
        house.receive("c4", "Minä uhkaan sinua.", author_external_id="d", author_name="Uhkaaja")
        house.receive("c5", "Kurssi oli kelvoton.", author_external_id="e", author_name="Arvostelija")
    page = tiedottaja.get("/")
    assert piles(page)[:4] == ["Poistettaviksi ehdotetut 2", "Kysymykset 1", "Punnittavat 1", "Luettavat 1"]
    assert names(page) == ["Uhkaaja", "Loukkaaja", "Kysyjä", "Arvostelija", "Kiittäjä"]


def test_a_pile_shows_its_first_few_and_the_way_to_the_rest(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        for number in range(5):
            house.receive(f"c{number}", "Olet tollo.")
    page = tiedottaja.get("/")
    assert len(names(page)) == 3
    assert page.links()["Kaikki 5"] == "/queues/removal"


def test_who_sees_no_items_is_not_sent_to_listen_for_them(atk_suunnittelija: PageClient) -> None:
    page = atk_suunnittelija.get("/")
    assert not page.elements("div", id="live")
    assert not [script for script in page.elements("script") if "live.js" in script.get("src", "")]


def test_an_empty_morning_says_so(tiedottaja: PageClient, asiantuntija: PageClient) -> None:
    assert "Mikään ei odota sinua juuri nyt." in tiedottaja.get("/").text
    assert "Mikään ei odota sinua juuri nyt." in asiantuntija.get("/").text


def test_an_expert_sees_their_own_questions_and_what_anybody_may_take(office: Office, asiantuntija: PageClient) -> None:
    office.question("c1", "Oma pätkätyö?")
    with office.inside() as house:
        free = house.receive("c2", "Kenelle tahansa?", author_external_id="b", author_name="Vapaa")
        routing.route(house.tiedottaja, free.id, free.version, house.topic_id("yhdistystoiminta"), None, "Avoin.")
        house.receive("c3", "Ei kenellekään?", author_external_id="c", author_name="Muu")
    page = asiantuntija.get("/")
    assert piles(page) == ["Omalla pöydälläni 1", "Kuka tahansa voi ottaa 1"]
    assert names(page) == ["Kirjoittaja", "Vapaa"]


def test_a_returned_draft_is_on_its_experts_desk_with_the_sentence_why(
    office: Office, asiantuntija: PageClient
) -> None:
    item = office.submitted()
    with office.inside() as house:
        answer = house.answer(item.id)
        answers.send_back(house.tiedottaja, answer.id, answer.version, "Kerro vielä, mistä päivästä alkaen.")
    page = asiantuntija.get("/")
    assert piles(page)[0] == "Palautettu sinulle 1"
    assert "Kerro vielä, mistä päivästä alkaen." in page.text


def test_the_operator_sees_the_channels_and_nothing_the_public_wrote(
    office: Office, atk_suunnittelija: PageClient
) -> None:
    with office.inside() as house:
        house.receive("c1", "Olet tollo.")
    page = atk_suunnittelija.get("/")
    assert "Facebook: ei vielä luettu" in page.text
    assert "tollo" not in page.text
    assert names(page) == []


def test_a_stopped_channel_is_told_before_all_else(office: Office, app: Flask, tiedottaja: PageClient) -> None:
    with office.inside(), Session(db.engine) as session:
        session.execute(update(Channel).where(Channel.name == "facebook").values(stopped_reason="190"))
        session.commit()
    [notice] = tiedottaja.get("/").elements("div", class_="notice--error")
    assert "Kanava on pysähtynyt" in text_of(notice)


def test_a_mention_waits_until_it_is_marked_as_seen(office: Office, asiantuntija: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.")
        notes.write_note(house.tiedottaja, item.id, "Mitä *sinä* sanot, @päivi?")
    page = asiantuntija.get("/")
    assert "Sinua kutsutaan 1" in piles(page)
    assert [text_of(strong) for strong in page.root.iter("strong")] == ["sinä"]
    assert asiantuntija.get(page.links()[f"#{item.id}"].partition("#")[0]).heading == "Kirjoittaja"
    assert "Sinua kutsutaan 1" in piles(asiantuntija.get("/"))
    page = asiantuntija.submit(page.form("/seen"))
    assert "Merkitty nähdyksi." in page.text
    assert "Sinua kutsutaan" not in page.text


def test_what_has_to_be_done_by_hand_is_on_the_morning_page(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.")
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
        house.wait_and_send()
    page = tiedottaja.get("/")
    assert "Tee käsin kanavassa" in piles(page)
    assert names(page) == ["Piilottaminen"]


def test_the_morning_costs_no_more_queries_with_much_to_tell(
    office: Office, app: Flask, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    office.submitted()
    with office.inside() as house:
        for number in range(60):
            text = ("Olet tollo.", "Milloin?", "kelvoton", "Kiitos.")[number % 4]
            item = house.receive(f"x{number}", text, author_external_id=f"p{number}")
            notes.write_note(house.expert, item.id, "@tiina.tiedottaja") if item.expert_id else None
    for person in (tiedottaja, asiantuntija):
        with queries_of(app) as asked:
            person.get("/")
        assert len(asked) <= BUDGET, "\n".join(asked)
