from __future__ import annotations

from tests.web.client import PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.models import Item
from tjs_moderation.services import routing


def asked(office: Office, text: str = "Miten pätkätyö näkyy eläkkeessä?") -> Item:
    with office.inside() as house:
        return house.receive("c1", text)


def free(office: Office) -> Item:
    item = asked(office)
    with office.inside() as house:
        topic = house.topic_id("yhdistystoiminta")
        routing.route(house.tiedottaja, item.id, item.version, topic, None, "Avoin kaikille.")
        return house.item("c1")


def test_the_topics_expert_is_proposed_with_the_reason_to_begin_from(office: Office, tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"/items/{asked(office).id}").form("/routing")
    with office.inside() as house:
        assert form.values["expert"] == str(house.expert)
        assert form.values["topic"] == str(house.topic_id("patkatyot"))
    assert form.values["why"].endswith("Aiheen ainoa asiantuntija.")


def test_what_is_routed_as_proposed_is_on_the_experts_desk_with_the_sentence(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = asked(office)
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/routing"), why="Sinä tunnet tämän.")
    assert "Asia on pöydällä: Päivi Salo." in page.text
    assert "Sinä tunnet tämän." in asiantuntija.get(f"/items/{item.id}").text


def test_a_routing_is_taken_back_by_the_button_that_tells_of_it(office: Office, tiedottaja: PageClient) -> None:
    item = asked(office)
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/routing"), why="Sinulle.")
    assert "Kysymys on ohjattu." in page.text
    [offer] = page.elements("form", **{"data-command": "take_back"})
    undo = page.form(offer.get("action", ""))
    assert "Ohjaus on peruttu." in tiedottaja.submit(undo).text
    with office.inside() as house:
        assert (house.item("c1").state, house.item("c1").expert_id) == (CaseState.QUESTION, None)
    tiedottaja.submit(undo, status=409)


def test_a_routing_without_its_sentence_or_its_expert_is_refused(office: Office, tiedottaja: PageClient) -> None:
    form = tiedottaja.get(f"/items/{asked(office).id}").form("/routing")
    assert "Kirjoita, miksi ohjaat" in tiedottaja.submit(form, status=422, why=" ").text
    page = tiedottaja.submit(form, status=422, expert="", why="Jollekulle.")
    assert "Valitse asiantuntija." in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Jollekulle."]


def test_an_expert_takes_what_anybody_may_take(office: Office, asiantuntija: PageClient) -> None:
    item = free(office)
    page = asiantuntija.submit(asiantuntija.get(f"/items/{item.id}").form("/take"))
    assert "Kysymys on nyt sinun pöydälläsi." in page.text
    with office.inside() as house:
        assert house.item("c1").expert_id == house.expert


def test_the_slower_of_two_experts_hears_who_took_it(office: Office, asiantuntija: PageClient) -> None:
    item = free(office)
    form = asiantuntija.get(f"/items/{item.id}").form("/take")
    with office.inside() as house:
        routing.take(house.tiedottaja, item.id, item.version)
    page = asiantuntija.submit(form, status=409)
    assert "Tiina Tiedottaja ehti ensin: otti kysymyksen itselleen" in page.text


def test_an_expert_gives_back_what_is_not_theirs(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/recall")
    page = asiantuntija.submit(form, why="Tämä kuuluu Leolle.")
    assert (page.heading, "Asia on palautettu tiedottajalle." in page.text) == ("Työpöytä", True)
    with office.inside() as house:
        assert house.item("c1").state is CaseState.QUESTION


def test_a_tiedottaja_takes_a_question_off_a_desk_and_sees_why_it_was_moved(
    office: Office, tiedottaja: PageClient
) -> None:
    item = office.question()
    form = tiedottaja.get(f"/items/{item.id}").form("/recall")
    page = tiedottaja.submit(form, why="Päivi on lomalla.")
    assert "Päivi on lomalla." in page.text
    assert page.form("/routing").fields >= {"topic", "expert", "why"}


def test_what_waits_for_approval_cannot_be_moved(office: Office, tiedottaja: PageClient) -> None:
    page = tiedottaja.get(f"/items/{office.submitted().id}")
    assert "routing" not in {form.get("id") for form in page.root.iter("form")}
