"""A private conversation on its page: the whole talk, ours and theirs, until when, by whom, and for whose eyes."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient
from tests.web.office import QUESTION, Office
from tjs_moderation.domain.ports import Attachment
from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind
from tjs_moderation.models import Item
from tjs_moderation.services import answers, casework, routing

TALK: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1", "author_external_id": "p8"}


def talk(office: Office, *texts: str, **told: Any) -> list[Item]:
    """Messages of one person in one conversation, a minute apart; the last lies on the expert's desk."""
    with office.inside() as house:
        items = []
        for number, text in enumerate(texts):
            house.clock.advance(minutes=1)
            items.append(house.receive(f"m{number}", text, **TALK | told))
        last = house.item(items[-1].external_id)
        topic = house.topic_id("patkatyot")
        routing.route(house.tiedottaja, last.id, last.version, topic, house.expert, "Aihe on pätkätyöt.")
    return items


def test_the_whole_talk_stands_there_ours_and_theirs(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    office.connect()
    items = talk(office, "Hei!", QUESTION)
    page = asiantuntija.get(f"/items/{items[1].id}/conversation")
    assert page.text.index("Hei!") < page.text.index(QUESTION)
    assert "Vastauksen pitää lähteä viimeistään ma 9.3. klo 10.02. Aikaa on 7 päivää." in page.text
    assert "Kirjoittaja" not in page.links()
    assert page.links()["Siirry vastaamaan"] == f"/items/{items[1].id}#answer"
    with office.inside() as house:
        answers.save_draft(house.expert, items[1].id, "Kyllä kertyy.")
        answer = house.answer(items[1].id)
        answers.submit(house.expert, answer.id, answer.version)
        answer = house.answer(items[1].id)
        assert "Siirry vastaukseen" in asiantuntija.get(f"/items/{items[1].id}/conversation").text
        answers.approve(house.tiedottaja, answer.id, answer.version, items[1].id)
        house.wait_and_send()
        again = house.receive("m7", "Entä lomaa?", **TALK)
    page = asiantuntija.get(f"/items/{again.id}/conversation")
    assert page.text.index(QUESTION) < page.text.index("Kyllä kertyy.") < page.text.index("Entä lomaa?")
    assert "Kirjoitti Päivi Salo, hyväksyi Tiina Tiedottaja" in page.text


def test_once_it_is_done_with_the_texts_are_put_away(office: Office, tiedottaja: PageClient) -> None:
    [item] = talk(office, QUESTION)
    with office.inside() as house:
        now = house.item("m0")
        casework.decide(house.tiedottaja, now.id, now.version, DecisionKind.NO_ANSWER)
    page = tiedottaja.get(f"/items/{item.id}/conversation")
    assert QUESTION not in page.text
    assert "keskustelun tekstit on suojattu" in page.text


def test_what_we_said_stands_once_when_the_channel_tells_of_it(office: Office, tiedottaja: PageClient) -> None:
    facebook = office.connect()
    [item] = talk(office, QUESTION)
    with office.inside() as house:
        answers.save_draft(house.expert, item.id, "Kyllä kertyy.")
        answer = house.answer(item.id)
        answers.submit(house.expert, answer.id, answer.version)
        answer = house.answer(item.id)
        answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
        house.wait_and_send()
        [done] = facebook.happened.values()
        house.receive(str(done.external_id), "Kyllä kertyy.", **TALK | {"is_own": True})
        again = house.receive("m7", "Entä lomaa?", **TALK)
    page = tiedottaja.get(f"/items/{again.id}/conversation")
    assert page.text.count("Kyllä kertyy.") == 1
    assert "Kirjoitti Päivi Salo" in page.text


def test_attachments_are_links(office: Office, tiedottaja: PageClient) -> None:
    files = (Attachment("image", "https://kuvat.example/1", "Palkkalaskelma"), Attachment("file", "javascript:paha()"))
    [item] = talk(office, QUESTION, attachments=files)
    page = tiedottaja.get(f"/items/{item.id}/conversation")
    assert page.links()["Palkkalaskelma"] == "https://kuvat.example/1"
    assert not any("javascript" in way for way in page.links().values())


def test_when_the_window_has_closed_the_page_says_so(office: Office, tiedottaja: PageClient) -> None:
    [item] = talk(office, QUESTION)
    office.house.clock.advance(days=8)
    assert "Facebook ei enää ota vastausta" in tiedottaja.get(f"/items/{item.id}/conversation").text


def test_only_those_who_must_see_it(office: Office, asiantuntija: PageClient) -> None:
    [item] = talk(office, QUESTION)
    office.colleague().get(f"/items/{item.id}/conversation", status=404)
    with office.inside() as house:
        now = house.item("m0")
        routing.route(house.tiedottaja, now.id, now.version, None, house.other_expert, "Leo tietää.")
    asiantuntija.get(f"/items/{item.id}/conversation", status=404)


def test_a_comment_is_no_conversation(office: Office, tiedottaja: PageClient) -> None:
    tiedottaja.get(f"/items/{office.question().id}/conversation", status=404)


def test_a_long_talk_is_paged_within_the_budget(app: Flask, office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        for number in range(51):
            house.clock.advance(seconds=1)
            house.bring(f"n{number}", f"Viesti {number}.", **TALK)
    items = talk(office, "Viesti 51.")
    with queries_of(app) as asked:
        page = tiedottaja.get(f"/items/{items[-1].id}/conversation")
    assert len(asked) <= BUDGET
    assert "Viesti 51." in page.text
    assert "Viesti 1." not in page.text
    page = tiedottaja.get(page.links()["Aiemmat viestit"])
    assert "Viesti 0." in page.text
    assert "Viesti 1." in page.text
    assert "Viesti 2." not in page.text
