"""Deciding many items as one through the pages, without any script."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Form, Page, PageClient, text_of
from tests.web.crowd import crowd
from tests.web.office import Office
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ActState, CaseState, DecisionKind
from tjs_moderation.models import Item
from tjs_moderation.services import casework
from tjs_moderation.services.bulk import AT_ONCE


@pytest.fixture
def insults(office: Office) -> list[Item]:
    with office.inside() as house:
        return crowd(house, ["Olet tollo."] * 3)


def choose(client: PageClient, items: list[Item], kind: str, queue: str = "removal", **more: str) -> Page:
    """Tick items on a queue's page and press one of its buttons."""
    page = client.get(f"/queues/{queue}")
    offered = [box.get("value") for box in page.elements("input", name="item")]
    wanted = [f"{item.id}:{item.version}" for item in items]
    assert set(wanted) <= set(offered)
    form = page.form("/bulk/new")
    assert f"kind={kind}" in form.buttons
    query = {**form.values, "kind": kind, "item": wanted, **more}
    answer = client.client.get("/bulk/new", query_string=query, follow_redirects=True)
    assert answer.status_code == 200
    return Page(answer)


def bulk_form(page: Page) -> Form:
    [form] = page.elements("form", id="bulk")
    return page.form_of(form)


def states(office: Office, items: list[Item]) -> list[CaseState]:
    with office.inside() as house:
        return [house.item(item.external_id).state for item in items]


def test_chosen_items_are_confirmed_removed_and_taken_back_with_one_button(
    office: Office, tiedottaja: PageClient, insults: list[Item]
) -> None:
    page = choose(tiedottaja, insults[:2], "remove")
    assert "2 viestiä poistetaan näkyvistä." in page.text
    assert "Varoaika ennen piilottamista: 5 min." in page.text
    page = tiedottaja.submit(bulk_form(page), reason="insulting", words="Samaa solvausta.")
    assert page.heading == "Poistettaviksi ehdotetut"
    assert "2 viestiä päätettiin poistaa näkyvistä." in page.text
    assert states(office, insults) == [CaseState.GOING_OUT, CaseState.GOING_OUT, CaseState.REMOVAL]
    [undo] = [form for form in page.elements("form") if form.get("data-command") == "take_back"]
    page = tiedottaja.submit(page.form_of(undo))
    assert "2 päätöstä peruttiin." in page.text
    assert states(office, insults) == [CaseState.REMOVAL] * 3
    with office.inside() as house:
        assert [act.state for act in house.acts(insults[0].id)] == [ActState.STOPPED]


def test_a_removal_of_many_needs_its_reason(office: Office, tiedottaja: PageClient, insults: list[Item]) -> None:
    page = tiedottaja.submit(bulk_form(choose(tiedottaja, insults, "remove")), status=422, words="Kaikki pois.")
    assert "Poistamiselle pitää valita peruste" in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Kaikki pois."]
    assert states(office, insults) == [CaseState.REMOVAL] * 3


def test_all_of_a_queue_is_counted_and_a_long_one_shows_its_progress(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        items = crowd(house, ["Olet tollo."] * (AT_ONCE + 15))
    count = len(items)
    assert f"Kaikki tämän jonon viestit ({count})" in tiedottaja.get("/queues/removal").text
    page = choose(tiedottaja, [], "keep", all="1")
    assert f"{count} viestiä säilytetään." in page.text
    page = tiedottaja.submit(bulk_form(page))
    assert f"Käyty läpi 0/{count}." in page.text
    [refresh] = [one for one in page.elements("meta") if one.get("http-equiv") == "refresh"]
    assert refresh.get("content") == "5"
    with office.inside():
        jobs.run("bulk")
    assert f"{count} viestiä säilytettiin." in tiedottaja.get("/bulk/1").text
    page = tiedottaja.submit(tiedottaja.get("/bulk/1").form("/bulk/1/undo"))
    with office.inside():
        jobs.run("bulk")
    assert f"{count} päätöstä peruttiin." in tiedottaja.get("/bulk/2").text
    assert set(states(office, items)) == {CaseState.REMOVAL}


def test_what_a_colleague_was_faster_with_is_skipped_and_said_who_did_what(
    office: Office, tiedottaja: PageClient, insults: list[Item]
) -> None:
    form = bulk_form(choose(tiedottaja, insults, "keep"))
    with office.inside() as house:
        casework.decide(house.tiedottaja, insults[1].id, insults[1].version, DecisionKind.REMOVE, "insulting")
    page = tiedottaja.submit(form)
    assert page.heading == "Joukkopäätös 1"
    for told in ("2 viestiä säilytettiin.", "1 viesti jäi väliin.", "Tiina Tiedottaja poisti näkyvistä."):
        assert told in page.text
    page = tiedottaja.submit(page.form("/bulk/1/undo"))
    assert "2 päätöstä peruttiin." in page.text
    assert "Tämä joukkopäätös on peruttu." in tiedottaja.get("/bulk/1").text


def test_before_confirming_one_sees_what_stays_as_it_is(
    office: Office, tiedottaja: PageClient, insults: list[Item]
) -> None:
    page = tiedottaja.get("/queues/removal")
    with office.inside() as house:
        casework.decide(house.tiedottaja, insults[0].id, insults[0].version, DecisionKind.KEEP)
    query = {"kind": "route", "queue": "removal", "item": [f"{item.id}:{item.version}" for item in insults]}
    page = Page(tiedottaja.client.get("/bulk/new", query_string=query))
    for told in ("2 viestiä ohjataan.", "1 viesti jää ennalleen.", "Tiina Tiedottaja säilytti."):
        assert told in page.text


def test_what_a_search_finds_is_decided_as_one(office: Office, tiedottaja: PageClient, insults: list[Item]) -> None:
    with office.inside() as house:
        house.receive("other", "Kiitos kurssista.")
        jobs.index()
    page = tiedottaja.get("/search?q=tollo")
    page = tiedottaja.submit(page.form("/bulk/new"), button="kind=weigh", all="1")
    assert "3 viestiä jätetään punnittavaksi." in page.text
    page = tiedottaja.submit(bulk_form(page), words="Onko tämä sitaatti?")
    assert page.heading == "Haku"
    assert states(office, insults) == [CaseState.WEIGH] * 3


def test_choosing_nothing_leads_back_with_a_word(tiedottaja: PageClient, insults: list[Item]) -> None:
    page = choose(tiedottaja, [], "keep")
    assert page.heading == "Poistettaviksi ehdotetut"
    assert "Valitse ensin viestit, joista päätät." in page.text


@pytest.mark.parametrize(
    "query", ["kind=take_back&item=1:1", "kind=x", "", "kind=keep&all=1", "kind=keep&item=x&item=9"]
)
def test_an_address_that_makes_no_sense_is_no_defect(tiedottaja: PageClient, query: str) -> None:
    assert tiedottaja.client.get(f"/bulk/new?{query}").status_code in {302, 422}


def test_experts_choose_nothing(office: Office, asiantuntija: PageClient) -> None:
    office.question()
    assert asiantuntija.get("/queues/expert").elements("input", name="item") == []


def test_three_hundred_chosen_items_cost_no_more_queries(office: Office, app: Flask, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        crowd(house, ["Olet tollo."] * 300)
    for path in ("/bulk/new?kind=remove&all=1&queue=removal", "/bulk"):
        with queries_of(app) as asked:
            tiedottaja.get(path)
        assert len(asked) <= BUDGET, "\n".join(asked)
