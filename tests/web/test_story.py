from __future__ import annotations

from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import DRAFT, QUESTION, Office
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Item
from tjs_moderation.services import casework, routing
from tjs_moderation.services.notes import write_note


def chapters(page: Page) -> list[str]:
    [timeline] = page.elements("ol", class_="story")
    return [text_of(entry) for entry in timeline.iter("li")]


def removed(office: Office) -> Item:
    with office.inside() as house:
        item = house.receive("i1", "Olet tollo.")
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting", "Suora solvaus.")
    return item


def test_a_story_is_told_from_the_beginning_with_everybodys_words(office: Office, tiedottaja: PageClient) -> None:
    office.connect()
    item = office.approved()
    with office.inside() as house:
        write_note(house.tiedottaja, item.id, "Hyvä vastaus.")
        house.wait_and_send()
    told = chapters(tiedottaja.get(f"/items/{item.id}/story"))
    expected = [
        ("toi viestin konsoliin", QUESTION),
        ("arvioi viestin", ""),
        ("ohjasi asian asiantuntijalle (Päivi Salo)", "Aihe on pätkätyöt."),
        ("kirjoitti vastausta (versio 1)", DRAFT),
        ("lähetti vastauksen hyväksyttäväksi (versio 1; ohitetut huomautukset: oma nimi allekirjoituksena)", ""),
        ("hyväksyi vastauksen (versio 1; ohitetut huomautukset: oma nimi allekirjoituksena)", ""),
        ("kirjoitti muistiinpanon", "Hyvä vastaus."),
        ("Facebook teki toimen: julkinen vastaus", ""),
    ]
    assert len(told) == len(expected)
    for chapter, (what, words) in zip(told, expected, strict=True):
        assert what in chapter
        assert words in chapter


def test_a_decision_is_told_with_its_reason_and_words(office: Office, tiedottaja: PageClient) -> None:
    item = removed(office)
    last = chapters(tiedottaja.get(f"/items/{item.id}/story"))[-1]
    for words in ("Tiina Tiedottaja poisti näkyvistä", "Loukkaa tai solvaa", "Suora solvaus."):
        assert words in last


def test_a_removed_text_is_behind_a_reveal_and_a_kept_one_is_not(office: Office, tiedottaja: PageClient) -> None:
    kept, gone = office.question(), removed(office)
    for item, is_hidden in ((kept, False), (gone, True)):
        page = tiedottaja.get(f"/items/{item.id}/story")
        assert bool(page.elements("form", id="reveal")) is is_hidden
        [text] = page.elements("p", class_="quote")
        assert (text_of(text) == "(suojattu teksti)") is is_hidden


def test_each_version_of_a_text_stands_where_it_came_in(office: Office, tiedottaja: PageClient) -> None:
    item = office.question()
    with office.inside() as house:
        house.receive("c1", "Muutettu pätkätyökysymys?")
    told = chapters(tiedottaja.get(f"/items/{item.id}/story"))
    assert QUESTION in told[0]
    assert "Muutettu pätkätyökysymys?" not in told[0]
    assert any("Muutettu pätkätyökysymys?" in chapter and QUESTION not in chapter for chapter in told[1:])


def test_the_sentence_with_which_a_question_was_given_back_is_told(office: Office, tiedottaja: PageClient) -> None:
    item = office.question()
    with office.inside() as house:
        routing.recall(house.expert, item.id, house.item("c1").version, "Ei ole minun alaani.")
    assert "Ei ole minun alaani." in chapters(tiedottaja.get(f"/items/{item.id}/story"))[-1]


def test_an_expert_reads_the_story_of_their_own_questions_only(office: Office, asiantuntija: PageClient) -> None:
    own, other = office.question(), removed(office)
    asiantuntija.get(f"/items/{own.id}/story")
    asiantuntija.get(f"/items/{other.id}/story", status=404)


def test_a_story_keeps_to_the_budget(app: Flask, office: Office, tiedottaja: PageClient) -> None:
    item = office.approved()
    with queries_of(app) as asked:
        tiedottaja.get(f"/items/{item.id}/story")
    assert len(asked) <= BUDGET, asked
