from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient
from tests.web.office import Office
from tjs_moderation.domain.health import Health
from tjs_moderation.domain.ports import IncomingPost
from tjs_moderation.errors import GatewayError, GatewayFailure, NotAllowedError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Channel
from tjs_moderation.services import channels, walk_threads, walking
from tjs_moderation.services.checkup.channel import threads
from tjs_moderation.services.intake import take_in_posts
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web.channel_words import in_plain_words
from tjs_moderation.web.health_words import tell


def stop(app: Flask, reason: str = "190/463, the token has expired, trace A1") -> None:
    with app.app_context(), Session(db.engine) as session:
        session.scalars(select(Channel).where(Channel.name == "facebook")).one().stopped_reason = reason
        session.commit()


def test_channels_without_a_connection_are_worked_by_hand(atk_suunnittelija: PageClient) -> None:
    page = atk_suunnittelija.get("/channels")
    assert "Facebook-yhteyttä ei ole määritetty." in page.text
    assert page.text.count("hoidetaan käsin") == 2


def test_a_connected_channel_says_when_it_was_last_read(office: Office, atk_suunnittelija: PageClient) -> None:
    office.connect()
    assert "ei vielä kertaakaan" in atk_suunnittelija.get("/channels").text
    with office.inside():
        walking.walk_all()
    assert "Luettu viimeksi juuri nyt" in atk_suunnittelija.get("/channels").text


def test_a_stopped_channel_says_why_and_is_tried_again(
    app: Flask, office: Office, atk_suunnittelija: PageClient
) -> None:
    office.connect()
    stop(app)
    page = atk_suunnittelija.get("/channels")
    assert "Sivun valtuus ei enää kelpaa." in page.text
    assert "trace A1" in page.text
    page = atk_suunnittelija.submit(page.form("/resume"))
    assert "Kanavaa yritetään uudelleen." in page.text
    assert "pysähtynyt" not in page.text
    with app.app_context(), Session(db.engine) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.verb, last.actor) == ("resume_channel", f"user:{office.house.operator}")


def test_a_channel_that_goes_on_already_is_not_resumed_again(app: Flask, atk_suunnittelija: PageClient) -> None:
    stop(app)
    form = atk_suunnittelija.get("/channels").form("/resume")
    atk_suunnittelija.submit(form)
    assert "ei ole enää pysähdyksissä" in atk_suunnittelija.submit(form, status=409).text


def test_only_those_who_run_channels_resume_them(app: Flask, office: Office) -> None:
    stop(app)
    with office.inside() as house:
        with pytest.raises(NotAllowedError):
            channels.resume(house.tiedottaja, house.channel_id())
        with pytest.raises(NotFoundError):
            channels.resume(house.operator, 999)


def test_the_page_keeps_to_its_budget(app: Flask, atk_suunnittelija: PageClient) -> None:
    with queries_of(app) as asked:
        atk_suunnittelija.get("/channels")
    assert len(asked) <= BUDGET


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("190", "Sivun valtuus ei enää kelpaa"),
        ("190/463, the token has expired", "Sivun valtuus ei enää kelpaa"),
        ("10/2018278, outside the window for answers", "Yksityisviestiin saa vastata vain määräajan"),
        ("10, needs pages_messaging", "puuttuu oikeus"),
        ("299, trace X", "puuttuu oikeus"),
        ("throttled", "pyytää odottamaan"),
        ("HTTP 502", "ei vastannut kunnolla"),
        ("190 ihmistä kävi", ""),
        ("Kommentti oli jo poissa.", ""),
        ("", ""),
    ],
)
def test_what_a_channel_says_is_told_in_plain_words(app: Flask, detail: str, words: str) -> None:
    with app.test_request_context():
        told = in_plain_words(detail)
    assert words in told if words else told == ""


@pytest.mark.parametrize("failure", list(GatewayFailure))
def test_every_kind_of_no_has_its_words(app: Flask, failure: GatewayFailure) -> None:
    with app.test_request_context():
        assert in_plain_words(failure)


def test_the_way_to_the_channels_is_shown_to_those_who_run_them(
    atk_suunnittelija: PageClient, tiedottaja: PageClient
) -> None:
    assert "Kanavat" in atk_suunnittelija.get("/").links()
    assert "Kanavat" not in tiedottaja.get("/").links()


def fail(office: Office, kind: str, external_id: str, detail: str, times: int = 1) -> None:
    with office.inside() as house:
        for _ in range(times):
            error = GatewayError(GatewayFailure.PERMISSION, detail)
            walk_threads.note_failure(house.channel_id(), kind, external_id, error, round_=1)


def test_what_cannot_be_read_is_shown_with_its_reason_and_when_it_is_tried_again(
    office: Office, atk_suunnittelija: PageClient
) -> None:
    office.connect()
    assert "Mitä ei saatu luettua" not in atk_suunnittelija.get("/channels").text
    with office.inside() as house:
        take_in_posts(CONSOLE, house.channel_id(), [IncomingPost("1000_1", text="Kurssi alkaa tiistaina")])
    fail(office, "comments", "1000_1", "200, needs pages_read_user_content", times=3)
    fail(office, "conversations", "", "HTTP 502")
    shown = atk_suunnittelija.get("/channels").text
    assert "Kurssi alkaa tiistaina" in shown
    assert "Keskustelujen luettelo" in shown
    assert "Yritetty 3 kertaa" in shown
    assert "Sivun valtuudesta puuttuu oikeus tähän." in shown
    assert "needs pages_read_user_content" in shown
    assert "Uusi yritys aikaisintaan tänään klo" in shown


def test_what_is_gone_from_the_channel_is_no_trouble(office: Office, atk_suunnittelija: PageClient) -> None:
    office.connect()
    with office.inside() as house:
        gone = GatewayError(GatewayFailure.GONE, "100/33")
        walk_threads.note_failure(house.channel_id(), "comments", "1000_1", gone, round_=1)
    assert "Mitä ei saatu luettua" not in atk_suunnittelija.get("/channels").text


def test_many_threads_that_fail_cost_the_page_no_more(
    app: Flask, office: Office, atk_suunnittelija: PageClient
) -> None:
    for number in range(30):
        fail(office, "comments", f"1000_{number}", "HTTP 502")
    with queries_of(app) as asked:
        page = atk_suunnittelija.get("/channels")
    assert len(asked) <= BUDGET
    assert "Näistä näkyy 10 sitkeintä." in page.text
    assert page.text.count("Julkaisun kommentit") == 10


@pytest.mark.parametrize(("times", "health"), [(0, Health.OK), (1, Health.OK), (3, Health.WARN)])
def test_what_keeps_failing_is_told_as_something_to_look_at(office: Office, times: int, health: Health) -> None:
    with office.inside() as house, Session(db.engine) as session:
        fail(office, "comments", "1000_1", "HTTP 502", times)
        found = threads(session, session.get_one(Channel, house.channel_id()))
        told = tell(found, ZoneInfo("Europe/Helsinki"))
    assert found.health is health
    assert ("HTTP" not in told.seen and "ei vastannut kunnolla" in told.seen) is bool(times)
    assert bool(told.todo) is (health is Health.WARN)
