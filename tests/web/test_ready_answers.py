"""Vastauspohjat: who keeps them, what is filled in, and what happens when their day has passed."""

from __future__ import annotations

import pytest

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient
from tests.web.office import DRAFT, Office
from tjs_moderation.domain.vocabulary import AnswerState
from tjs_moderation.services import ready_answers
from tjs_moderation.services.ready_answers import Draft

TEXT = "Hei {nimi}! Eläkettä kertyy {päivä} alkaen. Lisätietoja: {linkki}"


def ready(office: Office, title: str = "Eläkkeen kertyminen", **told: object) -> int:
    with office.inside() as house:
        usual = {"title": title, "text": TEXT, "owner_id": house.expert, "topic_id": house.topic_id("patkatyot")}
        return ready_answers.add(house.tiedottaja, Draft(**{**usual, **told}))  # type: ignore[arg-type]  # as the table has them


def test_an_expert_keeps_those_of_their_own_topics_only(office: Office, asiantuntija: PageClient) -> None:
    form = asiantuntija.get("/vastauspohjat/new").form("/vastauspohjat/new")
    with office.inside() as house:
        own, other = house.topic_id("patkatyot"), house.topic_id("ewc")
    page = asiantuntija.submit(form, title="Eläke", text=TEXT, topic=str(own))
    assert "Vastauspohja on lisätty." in page.text
    assert "Eläke" in page.links()
    asiantuntija.submit(form, 422, title="Toinen", text=TEXT, topic=str(other))
    general = ready(office, "Yleinen", topic_id=None)
    page = asiantuntija.get(f"/vastauspohjat/{general}")
    assert "hoitavat tiedottaja ja aiheen asiantuntijat" in page.text
    assert not page.elements("textarea")


def test_what_is_known_is_filled_in_and_what_is_left_holds_the_answer_back(
    office: Office, asiantuntija: PageClient
) -> None:
    ready_id, item = ready(office), office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    form.action = f"/items/{item.id}/answer/write"
    form.fields.add("base")
    page = asiantuntija.submit(form, text="", base=f"r{ready_id}")
    assert "Hei Kirjoittaja! Eläkettä kertyy 2.3.2026 alkaen. Lisätietoja: {linkki}" in page.text
    assert "Kohta {linkki} on täyttämättä." in page.text
    page = asiantuntija.submit(page.form("/answer"), button="action=submit")
    assert "mutta sitä ei lähetetty" in page.text


def test_those_out_of_date_are_flagged_and_offered_last(office: Office, asiantuntija: PageClient) -> None:
    with office.inside() as house:
        today = house.clock.now.date()
    ready(office, "A vanhentunut", best_before=today.replace(day=1))
    ready(office, "B tuore", best_before=today)
    page = asiantuntija.get("/vastauspohjat")
    assert page.text.index("A vanhentunut") < page.text.index("B tuore")
    item = office.question()
    page = asiantuntija.get(f"/items/{item.id}/answer/write")
    assert page.text.index("B tuore") < page.text.index("A vanhentunut")
    assert page.text.count("vanhentunut") == 2


def test_those_of_other_topics_and_out_of_use_are_not_offered(office: Office, asiantuntija: PageClient) -> None:
    with office.inside() as house:
        other = house.topic_id("ewc")
    ready(office, "Muu aihe", topic_id=other)
    retired = ready(office, "Käytöstä pois")
    page = asiantuntija.get(f"/vastauspohjat/{retired}")
    asiantuntija.submit(page.form("/use"), button="is_active=no")
    ready(office, "Yleinen", topic_id=None)
    page = asiantuntija.get(f"/items/{office.question().id}/answer/write")
    assert "Yleinen" in page.text
    assert "Muu aihe" not in page.text
    assert "Käytöstä pois" not in page.text


def test_a_published_answer_becomes_a_ready_one_with_a_button(office: Office, asiantuntija: PageClient) -> None:
    office.connect()
    item = office.approved()
    with office.inside() as house:
        house.wait_and_send()
        assert house.answer(item.id).state is AnswerState.PUBLISHED
    page = asiantuntija.get(f"/items/{item.id}")
    form = asiantuntija.get(page.links()["Tee vastauspohja"]).form("/vastauspohjat/new")
    assert form.values["text"].strip() == DRAFT
    asiantuntija.submit(form, title="Eläke pätkätyöstä")
    assert "Eläke pätkätyöstä" in asiantuntija.get("/vastauspohjat").links()


def test_whoever_is_overtaken_loses_nothing(office: Office, asiantuntija: PageClient, tiedottaja: PageClient) -> None:
    ready_id = ready(office)
    mine = asiantuntija.get(f"/vastauspohjat/{ready_id}").form(f"/vastauspohjat/{ready_id}")
    theirs = tiedottaja.get(f"/vastauspohjat/{ready_id}").form(f"/vastauspohjat/{ready_id}")
    tiedottaja.submit(theirs, title="Eläke ja pätkätyö")
    page = asiantuntija.submit(mine, 409, sources="Laki 395/2006")
    again = page.form(f"/vastauspohjat/{ready_id}")
    assert (again.values["title"], again.values["sources"].strip()) == ("Eläke ja pätkätyö", "Laki 395/2006")
    asiantuntija.submit(again)
    assert "Nimi Eläkkeen kertyminen → Eläke ja pätkätyö" in asiantuntija.get(f"/vastauspohjat/{ready_id}").text


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"title": ""}, "Kirjoita nimi."),
        ({"title": "x" * 121}, "Nimessä saa olla enintään 120 merkkiä."),
        ({"text": ""}, "Kirjoita teksti."),
        ({"best_before": "joskus"}, "Kirjoita päivä muodossa 24.12.2026."),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field(
    office: Office, tiedottaja: PageClient, filled: dict[str, str], told: str
) -> None:
    form = tiedottaja.get("/vastauspohjat/new").form("/vastauspohjat/new")
    page = tiedottaja.submit(form, 422, **{"title": "Eläke", "text": TEXT, **filled})
    assert told in page.text


def test_the_page_asks_little_of_the_database(office: Office, asiantuntija: PageClient) -> None:
    for number in range(5):
        ready(office, f"Pohja {number}")
    with queries_of(office.app) as asked:
        asiantuntija.get("/vastauspohjat")
    assert len(asked) <= BUDGET
