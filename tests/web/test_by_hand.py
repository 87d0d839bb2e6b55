from __future__ import annotations

import pytest

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient
from tests.web.office import DRAFT, Office
from tjs_moderation.domain.vocabulary import ActState, AnswerState, DecisionKind
from tjs_moderation.models import Act, Item
from tjs_moderation.services import casework


def insult(office: Office, external_id: str = "i1") -> Item:
    """A comment whose hiding waits to be done by hand."""
    with office.inside() as house:
        item = house.receive(external_id, "Olet tollo.", permalink="https://facebook.example/i1")
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
        house.wait_and_send()
    return item


def act_of(office: Office, item: Item) -> Act:
    with office.inside() as house:
        [act] = house.acts(item.id)
        return act


def test_nothing_to_do_says_so(tiedottaja: PageClient) -> None:
    assert "Mitään ei ole tehtävänä käsin." in tiedottaja.get("/by-hand").text


def test_hiding_by_hand_tells_what_to_do_where_and_about_which_words(office: Office, tiedottaja: PageClient) -> None:
    item = insult(office)
    page = tiedottaja.get("/by-hand")
    assert "Piilota tämä kommentti Facebookissa" in page.text
    assert "Olet tollo." in page.text
    assert page.links()["Avaa kanavassa (uusi välilehti)"] == "https://facebook.example/i1"
    page = tiedottaja.submit(page.form("/done"))
    assert "Merkitty tehdyksi." in page.text
    assert act_of(office, item).state is ActState.DONE
    with office.inside() as house:
        assert house.item("i1").is_hidden


def test_an_answer_by_hand_gives_the_words_to_copy(office: Office, tiedottaja: PageClient) -> None:
    item = office.approved()
    with office.inside() as house:
        house.wait_and_send()
    page = tiedottaja.get("/by-hand")
    assert "Vastaa tähän kommenttiin sivun nimissä Facebookissa" in page.text
    [copied] = [area for area in page.elements("textarea") if area.get("readonly") is not None]
    assert "".join(copied.itertext()).strip() == DRAFT
    tiedottaja.submit(page.form("/done"), result="https://facebook.example/c1?reply=2")
    assert act_of(office, item).result_external_id == "https://facebook.example/c1?reply=2"
    with office.inside() as house:
        assert house.answer(item.id).state is AnswerState.PUBLISHED


def test_what_could_not_be_done_stands_as_trouble_with_its_reason(office: Office, tiedottaja: PageClient) -> None:
    item = insult(office)
    tiedottaja.submit(tiedottaja.get("/by-hand").form("/impossible"), why="Kommentti oli jo poissa.")
    assert act_of(office, item).state is ActState.REFUSED
    assert "Kommentti oli jo poissa." in tiedottaja.get(f"/items/{item.id}").text


def test_a_reason_is_asked_for(office: Office, tiedottaja: PageClient) -> None:
    insult(office)
    form = tiedottaja.get("/by-hand").form("/impossible")
    assert "miksi toimi ei onnistunut" in tiedottaja.submit(form, status=422, why=" ").text


def test_an_address_too_long_to_keep_is_given_back(office: Office, tiedottaja: PageClient) -> None:
    office.approved()
    with office.inside() as house:
        house.wait_and_send()
    address = "https://facebook.example/" + "a" * 200
    page = tiedottaja.submit(tiedottaja.get("/by-hand").form("/done"), status=422, result=address)
    assert address in page.text


def test_what_a_colleague_has_marked_already_is_not_marked_again(office: Office, tiedottaja: PageClient) -> None:
    insult(office)
    form = tiedottaja.get("/by-hand").form("/done")
    tiedottaja.submit(form)
    assert "joku on jo merkinnyt sen" in tiedottaja.submit(form, status=409).text


def test_an_address_from_outside_that_is_no_web_page_is_no_link(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("i1", "Olet tollo.", permalink="javascript:alert(1)")
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
        house.wait_and_send()
    assert "ei kertonut viestin osoitetta" in tiedottaja.get("/by-hand").text


def test_a_long_list_is_read_page_by_page_within_the_budget(office: Office, tiedottaja: PageClient) -> None:
    for number in range(12):
        insult(office, f"i{number}")
    with queries_of(office.app) as asked:
        first = tiedottaja.get("/by-hand")
    assert len(asked) <= BUDGET, asked
    second = tiedottaja.get(first.links()["Seuraavat"])
    shown = [len(page.elements("article")) for page in (first, second)]
    assert shown == [10, 2]
    assert "Seuraavat" not in second.links()


@pytest.mark.parametrize("after", ["-1", "99999999999999999999", "abc"])
def test_a_strange_place_in_the_list_is_no_defect(tiedottaja: PageClient, after: str) -> None:
    tiedottaja.get(f"/by-hand?after={after}")
