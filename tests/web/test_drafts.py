"""The draft box: what is typed is kept, both of two texts are seen and chosen between, and every version is listed."""

from __future__ import annotations

from typing import Any

from tests.web.client import Page, PageClient, text_of
from tests.web.office import DRAFT, Office
from tests.web.test_answers import box
from tjs_moderation.models import Item
from tjs_moderation.services import answers


def typed(client: PageClient, page: Page, text: str, **known: object) -> dict[str, Any]:
    """What the page's script would send while somebody types, and what it is told."""
    form = page.form("/answer")
    sent = {**form.values, "text": text, **{name: str(value) for name, value in known.items()}}
    [box_form] = [each for each in page.root.iter("form") if each.get("action") == form.action]
    answer = client.client.post(box_form.get("data-keep", ""), data=sent, headers={"Referer": "http://localhost/"})
    told: dict[str, Any] = answer.get_json()
    return told


def open_item(client: PageClient, item: Item) -> Page:
    return client.get(f"/items/{item.id}")


def test_what_was_typed_stands_in_the_box_again(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    page = open_item(asiantuntija, item)
    kept = typed(asiantuntija, page, "Keske")
    assert "Luonnos on tallessa, klo" in kept["told"]
    typed(asiantuntija, page, "Keskeneräinen", draft=kept["draft"], saves=kept["saves"])
    page = open_item(asiantuntija, item)
    assert box(page) == "Keskeneräinen"
    assert "Jatkat siitä, mihin jäit." in page.text
    assert "beside" not in {element.get("id") for element in page.root.iter()}


def test_both_of_two_tabs_texts_are_seen_and_chosen_between(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    one, two = open_item(asiantuntija, item), open_item(asiantuntija, item)
    typed(asiantuntija, one, "Kännykässä kirjoitettu")
    assert "muuallakin" in typed(asiantuntija, two, "Koneella kirjoitettu")["told"]
    page = open_item(asiantuntija, item)
    assert {box(page)} < {"Kännykässä kirjoitettu", "Koneella kirjoitettu"}
    assert "Muut keskeneräiset tekstisi" in page.text
    first = box(page)
    page = asiantuntija.get(page.links()["Jatka tätä tekstiä"])
    assert box(page) != first
    page = asiantuntija.submit(page.form("/drop"))
    assert "Muut keskeneräiset tekstisi" not in page.text


def test_a_text_begun_on_an_older_version_is_not_put_over_the_newer(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.drafted("Alku.")
    typed(asiantuntija, open_item(asiantuntija, item), "Alku, ja Päivin jatko.")
    tiedottaja.submit(open_item(tiedottaja, item).form("/answer"), button="action=save", text="Alku, ja Tiinan jatko.")
    page = open_item(asiantuntija, item)
    assert box(page) == "Alku, ja Tiinan jatko."
    assert "aloitettu versiosta 1" in page.text
    assert "Päivin" in [text_of(added) for added in page.root.iter("ins")]


def test_the_text_of_a_refused_save_is_kept_too(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.drafted("Alku.")
    mine = open_item(asiantuntija, item).form("/answer")
    tiedottaja.submit(open_item(tiedottaja, item).form("/answer"), button="action=save", text="Tiinan.")
    page = asiantuntija.submit(mine, status=409, button="action=save", text="Päivin.")
    assert "Tekstisi on myös tallessa keskeneräisenä" in page.text
    assert "Päivin." in open_item(asiantuntija, item).text
    asiantuntija.submit(page.form("/answer"), button="action=save", text="Tiinan ja Päivin.")
    assert "Päivin." not in open_item(asiantuntija, item).text.replace("Tiinan ja Päivin.", "")


def test_what_the_server_says_no_to_it_says_in_words(office: Office, asiantuntija: PageClient) -> None:
    page = open_item(asiantuntija, office.question())
    assert "Lyhennä se" in typed(asiantuntija, page, "x" * 20_001)["told"]


def test_a_colleagues_unfinished_text_is_nowhere_to_be_seen(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.question()
    typed(asiantuntija, open_item(asiantuntija, item), "Aivan kesken")
    assert "Aivan kesken" not in open_item(tiedottaja, item).text


def test_an_expert_sees_what_was_made_of_their_text(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.submitted("Kysy meiltä lisää.")
    tiedottaja.submit(open_item(tiedottaja, item).form("/answer"), button="action=save", text="Kysy TJS:stä lisää.")
    page = open_item(asiantuntija, item)
    assert "Mitä tekstiisi muutettiin" in page.text
    assert [text_of(added) for added in page.root.iter("ins")] == ["TJS:stä"]
    assert "Mitä tekstiisi muutettiin" not in open_item(tiedottaja, item).text


def test_every_version_and_return_is_listed_with_what_changed(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.submitted(DRAFT)
    with office.inside() as house:
        answer = house.answer(item.id)
        answers.send_back(house.tiedottaja, answer.id, answer.version, "Ilman nimeä, kiitos.")
    form = open_item(asiantuntija, item).form("/answer")
    asiantuntija.submit(form, button="action=submit", text="Pätkätyöstäkin kertyy eläkettä.")
    page = tiedottaja.get(open_item(tiedottaja, item).links()["Kaikki versiot"])
    told = ["kirjoitti version 2", "palautti version 1", "Ilman nimeä, kiitos.", "kirjoitti version 1"]
    assert sorted(told, key=page.text.index) == told
    assert [text_of(gone) for gone in page.root.iter("del")] == ["Terveisin Päivi"]
    assert "Ilman nimeä, kiitos." in tiedottaja.get(f"/items/{item.id}/story").text
    office.colleague().get(f"/answers/{answer.id}/versions", status=404)


def test_an_answer_is_approved_for_the_time_that_was_chosen(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    form = open_item(tiedottaja, item).form("/approve")
    page = tiedottaja.submit(form, status=422, when="chosen", chosen_at="2026-02-01T10:00")
    assert "tuleva päivä" in page.text
    page = tiedottaja.submit(form, when="chosen", chosen_at="2026-03-05T09:30")
    assert "Lähtee to 5.3. klo 9.30" in page.text
