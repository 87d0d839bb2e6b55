"""The numbers page: what it counts, for whom, over which days, and as files."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient, text_of
from tests.web.office import Office
from tjs_moderation.domain.ports import IncomingPost
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.services import answers, casework
from tjs_moderation.services.intake import take_in_posts
from tjs_moderation.services.transaction import CONSOLE

SVG = "{http://www.w3.org/2000/svg}"


def a_week_of_work(office: Office) -> None:
    """A post with counts, three comments, one decision against a proposal and one with it, and a published answer."""
    with office.inside() as house:
        post = IncomingPost(
            "1000_1", text="=Kurssi alkaa", created_at=house.clock.now, counts={"shares": 4, "reactions": 11}
        )
        take_in_posts(CONSOLE, house.channel_id(), [post])
        for external_id, kind, reason in (
            ("c1", DecisionKind.KEEP, None),
            ("c2", DecisionKind.REMOVE, "insulting"),
            ("c3", None, None),
        ):
            item = house.receive(external_id, "Olet tollo.")
            if kind:
                casework.decide(house.tiedottaja, item.id, item.version, kind, reason)


def rows(client: PageClient, address: str) -> list[list[str]]:
    answer = client.client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_page_tells_what_was_written_decided_and_posted(office: Office, tiedottaja: PageClient) -> None:
    a_week_of_work(office)
    page = tiedottaja.get("/numbers")
    assert page.heading == "Luvut"
    assert "poistettava" in page.text
    assert "1 / 2" in page.text
    assert ["Tiina Tiedottaja", "2", "0", "0", "0"] in rows(tiedottaja, "/numbers/loads.csv")
    assert "=Kurssi alkaa" in page.text
    plots = page.elements(f"{SVG}svg", role="img")
    assert len(plots) == 3
    assert all(text_of(next(plot.iter(f"{SVG}{told}"))) for plot in plots for told in ("title", "desc"))


def test_every_table_is_had_as_a_file_without_formulas(office: Office, tiedottaja: PageClient) -> None:
    a_week_of_work(office)
    page = tiedottaja.get("/numbers?days=90")
    ways = {way for way in page.links().values() if ".csv" in way}
    assert len(ways) == 8
    assert all("days=90" in way for way in ways)
    for way in ways:
        assert len(rows(tiedottaja, way)) > 1
    assert rows(tiedottaja, "/numbers/posts.csv")[1][:1] == ["'=Kurssi alkaa"]
    arrivals = rows(tiedottaja, "/numbers/arrivals.csv?days=90")
    assert len(arrivals) == 91
    assert arrivals[-1][1:] == ["0", "0", "3", "0", "3"]


def test_the_page_tells_how_questions_were_answered_and_by_when(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    office.connect()
    item = office.question()
    office.house.clock.advance(minutes=30)
    asiantuntija.get(f"/items/{item.id}")
    office.house.clock.advance(hours=1)
    with office.inside() as house:
        answers.save_draft(house.expert, item.id, "Kyllä kertyy.")
        answer = house.answer(item.id)
        answers.submit(house.expert, answer.id, answer.version)
        house.clock.advance(hours=4)
        answer = house.answer(item.id)
        answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
        house.wait_and_send()
        house.receive("c9", "Milloin kurssi on?")
    page = tiedottaja.get("/numbers")
    assert "Kysymyksiä 2, joista vastattu 1 (50 %)." in page.text
    assert "Määräajassa julkaistiin 1 / 1." in page.text
    answered = ["1", "1", "100", "1", "1", "0", "1 h", "4 h", "12 h", "12 h"]
    topic = office.topic_name("patkatyot")
    told = {row[0]: row[1:] for row in rows(tiedottaja, "/numbers/questions.csv")}
    assert told[topic] == answered
    assert told["ei aihetta"][:3] == ["1", "0", "0"]
    weeks = [row[1:] for row in rows(tiedottaja, "/numbers/answers.csv?days=7") if row[1] == "2"]
    assert weeks == [["2", "1", "50", *answered[3:]]]


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ("", 30),
        ("?days=365", 53),
        ("?since=2026-02-01&until=2026-02-10", 10),
        ("?since=2026-02-01&until=2999-01-01", 30),
        ("?since=2018-01-01", 99),
    ],
)
def test_the_address_says_which_days(tiedottaja: PageClient, asked: str, days: int) -> None:
    assert len(rows(tiedottaja, f"/numbers/arrivals.csv{asked}")) == 1 + days
    assert "Osoitteessa oli aika" not in tiedottaja.get(f"/numbers{asked}").text


@pytest.mark.parametrize("asked", ["since=eilen", "days=paljon", "since=2027-01-01", "since=1970-01-01", "until=x"])
def test_a_period_that_cannot_be_is_said_to_be_none(tiedottaja: PageClient, asked: str) -> None:
    page = tiedottaja.get(f"/numbers?{asked}")
    assert "Osoitteessa oli aika" in page.text
    assert page.elements("a", **{"aria-current": "true"})[0].text == "30 päivää"


def test_only_the_tiedottaja_and_the_operator_see_who_did_how_much(
    tiedottaja: PageClient, asiantuntija: PageClient, atk_suunnittelija: PageClient
) -> None:
    for person in (tiedottaja, atk_suunnittelija):
        assert "Työn jakautuminen" in person.get("/numbers").text
        assert rows(person, "/numbers/loads.csv")
    assert "Työn jakautuminen" not in asiantuntija.get("/numbers").text
    asiantuntija.get("/numbers/loads.csv", status=403)
    tiedottaja.get("/numbers/muuta.csv", status=404)


def test_a_week_without_a_post_is_said_here_and_in_the_morning(office: Office, tiedottaja: PageClient) -> None:
    warning = "ei ole julkaistu mitään 7 päivään"
    assert "ei ole julkaistu mitään" not in tiedottaja.get("/").text
    a_week_of_work(office)
    office.house.clock.advance(days=6, hours=23)
    assert warning not in tiedottaja.get("/").text
    office.house.clock.advance(hours=1)
    for address in ("/", "/numbers"):
        assert warning in tiedottaja.get(address).text


def test_the_page_keeps_to_its_budget(app: Flask, office: Office, tiedottaja: PageClient) -> None:
    a_week_of_work(office)
    with queries_of(app) as asked:
        tiedottaja.get("/numbers?days=365")
    assert len(asked) <= BUDGET
    assert not any("FROM decision" in statement or "FROM assessment" in statement for statement in asked)


def test_days_to_come_hold_nothing(office: Office, tiedottaja: PageClient) -> None:
    a_week_of_work(office)
    office.house.clock.advance(days=40)
    assert "1 / 2" not in tiedottaja.get("/numbers").text
    assert "1 / 2" in tiedottaja.get("/numbers?days=90").text
