"""The rules' page: a sentence is tried without a trace, a draft's faults are told, shadow rules are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.judge import PlainJudge
from tests.web.office import Office
from tjs_moderation.domain.judgement import judge_for
from tjs_moderation.domain.ports import Assessment, Reading, Reason
from tjs_moderation.domain.vocabulary import Hours, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Item
from tjs_moderation.services import options, rules
from tjs_moderation.services.transaction import CONSOLE

DRAFT = """\
sanat kokeiltavat:
  kurssi

sääntö kurssista
  kun lista: kokeiltavat
  niin punnitse: kova kritiikki
  koska "Kommentti puhuu kurssista: ”{kohta}”."
"""


@pytest.fixture
def judged(app: Flask) -> None:
    """The judge that works here is the console's own."""
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=judge_for)


def try_out(client: PageClient, text: str, draft: str = "", status: int = 200) -> Page:
    return client.submit(client.get("/rules").form("/rules/try"), status, text=text, draft=draft)


@pytest.mark.usefixtures("judged")
def test_a_typed_sentence_is_seen_with_reasons_marked_words_and_its_target(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "Olet idiootti!")
    assert "poistettava" in page.text
    assert "puhuteltu: sinä tai te" in page.text
    assert text_of(page.elements("mark")[0]).startswith("idiootti")
    assert page.elements("li", id="live-reason-1")


@pytest.mark.usefixtures("judged")
def test_a_question_is_seen_as_one_with_its_topic(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "Kuinka EWC perustetaan?")
    assert "kysymys" in page.text
    assert "ewc" in page.text


@pytest.mark.usefixtures("judged")
def test_a_draft_is_tried_beside_the_rules_in_force(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "Kurssi alkaa maanantaina.", DRAFT)
    assert "Kommentti puhuu kurssista: ”Kurssi”." in page.text
    assert page.elements("li", id="draft-reason-1")
    assert not page.elements("li", id="live-reason-1")


@pytest.mark.usefixtures("judged")
def test_the_faults_of_a_draft_are_told_with_their_lines_and_nothing_typed_is_lost(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "Kurssi alkaa.", "sääntö rikki\n  kun lista: puuttuu\n  niin heitä: ulos")
    assert "Rivi 2:" in page.text
    assert "Rivi 3:" in page.text
    assert page.form("/rules/try").values["draft"].startswith("sääntö rikki")
    assert page.form("/rules/try").values["text"] == "Kurssi alkaa."


def test_nothing_typed_is_told_plainly_and_the_draft_stays(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "  ", DRAFT, status=422)
    assert "Kirjoita lause, jota haluat kokeilla." in page.text
    assert "kokeiltavat" in page.form("/rules/try").values["draft"]


def test_what_is_typed_is_text_and_nothing_else(tiedottaja: PageClient) -> None:
    page = try_out(tiedottaja, "<script>alert(1)</script> tollo")
    assert "<script>alert(1)</script> tollo" in page.text


def test_trying_leaves_no_trace(app: Flask, tiedottaja: PageClient, caplog: pytest.LogCaptureFixture) -> None:
    def kept() -> tuple[int | None, int | None]:
        with app.app_context(), Session(db.engine) as session:
            entries = session.scalar(select(func.count()).select_from(AuditEntry))
            return entries, session.scalar(select(func.count()).select_from(Item))

    before = kept()
    try_out(tiedottaja, "Salainen lause, tollo!", DRAFT)
    assert kept() == before
    assert "Salainen" not in caplog.text


class ShadowedJudge(PlainJudge):
    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for assessment in super().assess(readings):
            said = (Reason("insult", 0, 1, "x", "Varjo.", "varjosääntö"),)
            yield replace(assessment, shadows=said, shadow_outcome=Outcome.REMOVE, automatic="solvaus")


def test_shadow_rules_are_counted_with_the_way_to_examples_in_few_queries(
    app: Flask, office: Office, tiedottaja: PageClient
) -> None:
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=lambda rules: ShadowedJudge())
    with office.inside() as house:
        for number in range(5):
            house.receive(f"c{number}", "Kiitos!")
        item = house.receive("last", "Kiitos!")
    with queries_of(app) as asked:
        page = tiedottaja.get("/rules")
    row = [text_of(cell) for cell in page.elements("tr")[1]]
    assert row[:5] == ["varjosääntö", "6", "6", "0", "0"]
    assert page.links()[f"#{item.id}"] == f"/items/{item.id}"
    assert len(asked) <= BUDGET


def test_the_page_says_what_rules_may_do_by_themselves(office: Office, tiedottaja: PageClient) -> None:
    assert "Automaattinen piilottaminen on pois käytöstä." in tiedottaja.get("/rules").text
    with office.inside():
        options.set_automatic(CONSOLE, is_on=True, cap_per_day=7, hours=Hours.WORKING)
    assert "enintään 7 viestiä päivässä (vain työaikana)" in tiedottaja.get("/rules").text
    assert "Enintään päivässä: 20 → 7" in tiedottaja.get("/proof").text


RULES = 'sanat s:\n  tollo\n\nsääntö solvaus\n  kun lista: s\n  niin poista: loukkaus\n  koska "Loukkaa."\n'


@pytest.fixture
def hiding(app: Flask, office: Office) -> Office:
    """An office where rules hide by themselves."""
    office.connect()
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], judge=lambda rules: ShadowedJudge())
    with office.inside():
        rules.publish_rules(CONSOLE, RULES.replace("\n  koska", "\n  automaattisesti: piilota\n  koska"), "Kokeilu")
        options.set_automatic(CONSOLE, is_on=True, cap_per_day=1, hours=Hours.ALWAYS)
    return office


def test_what_rules_have_hidden_waits_on_the_desk_to_be_confirmed_or_taken_back(
    app: Flask, hiding: Office, tiedottaja: PageClient
) -> None:
    with hiding.inside() as house:
        item = house.receive("c1", "Olet tollo.")
        house.wait_and_send()
    tiedottaja.get("/")
    with queries_of(app) as asked:
        morning = tiedottaja.get("/")
    assert "Näistä säännöt ovat piilottaneet 1." in morning.text
    assert "Sääntö ”solvaus” piilotti tämän. Vahvista tai peru." in morning.text
    assert len(asked) <= BUDGET
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Sääntö ”solvaus” poisti tämän näkyvistä automaattisesti." in page.text
    confirmed = next(form for form in page.elements("form", id="remove"))
    tiedottaja.submit(page.form_of(confirmed), reason="insulting")
    assert "Näistä säännöt ovat piilottaneet" not in tiedottaja.get("/").text
    story = tiedottaja.get(f"/items/{item.id}/story").text
    assert "Sääntöjoukko piilotti viestin automaattisesti (sääntö solvaus)" in story


def test_what_was_left_to_people_says_why_on_its_page_and_in_its_story(hiding: Office, tiedottaja: PageClient) -> None:
    with hiding.inside() as house:
        house.receive("c1", "Olet tollo.")
        item = house.receive("c2", "Olet tollo.")
    assert "päivän yläraja oli täynnä: sääntö solvaus" in tiedottaja.get(f"/items/{item.id}").text
    assert "päivän yläraja oli täynnä" in tiedottaja.get(f"/items/{item.id}/story").text
