from __future__ import annotations

import pytest
from flask import Flask

from tests.web.client import Page, PageClient, text_of
from tests.web.conftest import signed_in
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import ActKind, ActState, CaseState, DecisionKind, ItemKind, Role
from tjs_moderation.models import Item
from tjs_moderation.services import casework
from tjs_moderation.web.decisions import _about


def insults(office: Office, *texts: str) -> list[Item]:
    with office.inside() as house:
        return [
            house.receive(f"c{number}", text, author_external_id=f"p{number}", author_name=f"K{number}")
            for number, text in enumerate(texts or ("Olet tollo.",))
        ]


def state_of(office: Office, external_id: str) -> CaseState:
    with office.inside() as house:
        return house.item(external_id).state


def decide(client: PageClient, path: str, form_id: str, status: int = 200, **filled: str) -> Page:
    """Send one of the forms that lead to the same address, as a person finds it by its place on the page."""
    page = client.get(path)
    [form] = page.elements("form", id=form_id)
    return client.submit(page.form_of(form), status=status, **filled)


def test_keeping_leads_to_the_next_item_of_the_queue(office: Office, tiedottaja: PageClient) -> None:
    first, second = insults(office, "Olet tollo.", "Sinäkin tollo.")
    page = decide(tiedottaja, f"/items/{second.id}?queue=removal", "keep")
    assert "Säilytetty." in page.text
    assert page.heading == "K0"
    assert state_of(office, "c1") is CaseState.DONE
    page = decide(tiedottaja, f"/items/{first.id}?queue=removal", "keep", words="Huumoria.", reason="quoted")
    assert page.heading == "Poistettaviksi ehdotetut"
    assert "Tässä jonossa ei ole mitään." in page.text


def test_after_the_last_item_of_a_queue_comes_the_first_that_was_passed_over(
    office: Office, tiedottaja: PageClient
) -> None:
    last, *_ = insults(office, "Olet tollo.", "Sinä tollo.", "Hän tollo.")
    assert decide(tiedottaja, f"/items/{last.id}?queue=removal", "keep").heading == "K2"


def test_removing_says_when_it_leaves_and_is_taken_back_with_one_button(office: Office, tiedottaja: PageClient) -> None:
    [item] = insults(office)
    page = decide(tiedottaja, f"/items/{item.id}", "remove", words="Suora solvaus.")
    assert "Poistetaan näkyvistä 5 min kuluttua." in page.text
    assert "Piilottaminen: odottaa lähtöä, lähtee tänään klo 10.05." in page.text
    assert "Loukkaa tai solvaa: Suora solvaus." in page.text
    [undo] = [form for form in page.elements("form") if form.get("data-command") == "take_back"][:1]
    page = tiedottaja.submit(page.form_of(undo))
    assert "Päätös on peruttu." in page.text
    with office.inside() as house:
        house.wait_and_send()
        assert [act.state for act in house.acts(item.id)] == [ActState.STOPPED]
        assert house.item("c0").state is CaseState.REMOVAL


def test_the_undo_is_offered_once(office: Office, tiedottaja: PageClient) -> None:
    [item] = insults(office)
    assert "Peru" in decide(tiedottaja, f"/items/{item.id}?queue=removal", "keep").text.split()
    assert "Säilytetty." not in tiedottaja.get("/queues/removal").text


def test_the_usual_reason_is_chosen_beforehand_and_every_one_can_be_chosen(
    office: Office, tiedottaja: PageClient
) -> None:
    [item] = insults(office)
    page = tiedottaja.get(f"/items/{item.id}")
    [chosen] = [radio for radio in page.elements("input", type="radio") if radio.get("checked") is not None]
    assert chosen.get("value") == "insulting"
    assert len(page.elements("input", type="radio")) == 9


def test_a_removal_without_a_reason_is_refused_and_what_was_written_is_kept(
    office: Office, tiedottaja: PageClient
) -> None:
    [item] = insults(office)
    page = decide(tiedottaja, f"/items/{item.id}", "remove", status=422, reason="", words="Pitkä perustelu.")
    assert "Poistamiselle pitää valita peruste" in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Pitkä perustelu."]
    assert state_of(office, "c0") is CaseState.REMOVAL


@pytest.mark.parametrize("sent", [{"kind": "burn"}, {"kind": "take_back"}, {"version": "x"}, {"version": "9" * 30}])
def test_a_form_that_was_tampered_with_is_refused_in_words(
    office: Office, tiedottaja: PageClient, sent: dict[str, str]
) -> None:
    [item] = insults(office)
    assert decide(tiedottaja, f"/items/{item.id}", "keep", status=422, **sent).heading == "Jotain pitää korjata"


def test_the_slower_of_two_people_sees_what_the_other_did_and_keeps_their_words(
    office: Office, tiedottaja: PageClient
) -> None:
    [item] = insults(office)
    mine = tiedottaja.get(f"/items/{item.id}")
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP, "harsh")
        house.clock.advance(minutes=3)
    [form] = mine.elements("form", id="remove")
    page = tiedottaja.submit(mine.form_of(form), status=409, words="Minusta tämä loukkaa.")
    assert page.heading == "Tilanne on muuttunut"
    assert "Tiina Tiedottaja ehti ensin: säilytti, 3 minuuttia sitten." in page.text
    assert [text_of(area) for area in page.root.iter("textarea")] == ["Minusta tämä loukkaa."]
    with office.inside() as house:
        assert house.acts(item.id) == []


def test_two_browsers_that_decide_the_same_item_decide_it_once(office: Office, tiedottaja: PageClient) -> None:
    [item] = insults(office)
    other = signed_in(office.app, Role.TIEDOTTAJA)
    pages = [client.get(f"/items/{item.id}") for client in (tiedottaja, other)]
    forms = [page.form_of(page.elements("form", id="remove")[0]) for page in pages]
    tiedottaja.submit(forms[0])
    other.submit(forms[1], status=409)
    with office.inside() as house:
        assert [act.kind for act in house.acts(item.id)] == [ActKind.HIDE]


def test_what_the_channel_cannot_hide_is_said_before_anybody_tries(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.", can_hide=False)
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Kanava ei anna piilottaa tätä kommenttia" in page.text
    assert page.elements("form", id="remove") == []
    assert page.elements("form", id="keep")


def test_a_question_that_needs_no_answer_is_closed(office: Office, tiedottaja: PageClient) -> None:
    insults(office, "Miten voi?")
    with office.inside() as house:
        item = house.item("c0")
    page = decide(tiedottaja, f"/items/{item.id}?queue=question", "close", words="Tervehdys.")
    assert "Suljettu ilman vastausta." in page.text
    assert state_of(office, "c0") is CaseState.DONE


def test_deleting_is_a_second_step_and_asks_twice(office: Office, tiedottaja: PageClient) -> None:
    [item] = insults(office)
    office.connect()
    path = f"/items/{item.id}"
    assert tiedottaja.get(path).elements("form", id="delete") == []
    decide(tiedottaja, path, "remove")
    assert tiedottaja.get(path).elements("form", id="delete") == []
    with office.inside() as house:
        house.wait_and_send()
    page = decide(tiedottaja, path, "delete", status=422)
    assert "Vahvista lopullinen poisto" in page.text
    page = decide(tiedottaja, path, "delete", is_sure="yes")
    assert "Poistetaan lopullisesti 5 min kuluttua." in page.text
    with office.inside() as house:
        house.wait_and_send()
        assert house.item("c0").is_gone
    page = tiedottaja.get(path)
    assert "poistettu kanavasta" in page.text
    assert page.elements("form", id="take-back") == []


def test_a_removal_of_a_private_message_has_nothing_to_do_on_the_channel(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("m1", "Olet tollo.", kind=ItemKind.MESSAGE, conversation_external_id="t1")
    page = decide(tiedottaja, f"/items/{item.id}", "remove")
    assert "Poistettu. Kanavassa ei ole tehtävää." in page.text


def test_an_expert_decides_nothing(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    page = asiantuntija.get(f"/items/{item.id}")
    assert page.elements("form", id="keep") == []
    token = page.form("/sign-out").values["csrf_token"]
    sent = {"csrf_token": token, "kind": "keep", "version": str(item.version)}
    assert asiantuntija.client.post(f"/items/{item.id}/decisions", data=sent).status_code == 403


def test_a_page_that_has_read_ahead_is_told_what_was_decided_and_no_more(
    office: Office, tiedottaja: PageClient
) -> None:
    with office.inside() as house:
        item = house.receive("c1", "Olet tollo.")
    page = tiedottaja.get(f"/items/{item.id}?queue=removal")
    form = page.form_of(page.elements("form", id="keep")[0])
    headers = {"Referer": "http://localhost/", "X-Has-Read-Ahead": "yes"}
    told = tiedottaja.client.post(form.action, data=form.values, headers=headers)
    assert told.status_code == 200
    assert "Säilytetty." in told.text
    assert "Olet tollo." not in told.text
    [counts] = Page(told).elements("div", class_="desk__counts")
    assert "Poistettaviksi ehdotetut 0" in text_of(counts)


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.2, "1 s"), (20, "20 s"), (59.4, "59 s"), (59.9, "1 min"), (299, "5 min"), (300, "5 min")]
)
def test_what_still_waits_is_told_in_minutes_or_in_seconds(app: Flask, seconds: float, told: str) -> None:
    with app.test_request_context():
        assert _about(seconds) == told
