"""The pages of notices: what I was told, how I want to hear of it, and my calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.support.mailbox import PostmanInMemory
from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient
from tests.web.conftest import EMAILS, NAMES, PASSWORD
from tests.web.office import QUESTION, Office
from tjs_moderation.domain.vocabulary import NoticeKind, Role
from tjs_moderation.extensions import db, limiter
from tjs_moderation.mail_settings import MailSettings
from tjs_moderation.models import CalendarFeed, Routing, User
from tjs_moderation.services import mailing, notices
from tjs_moderation.services.transaction import CONSOLE, transact
from tjs_moderation.web.calendar import ASKED_FROM_ONE_ADDRESS

DUE = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)


def tell(app: Flask, role: Role, *keys: str, item_id: int | None = None) -> None:
    with app.app_context(), transact(CONSOLE) as work:
        work.leave_no_entry()
        person = work.session.scalars(select(User.id).where(User.email == EMAILS[role])).one()
        for key in keys:
            notices.tell(work, person, NoticeKind.MENTIONED, item_id, key)


def bell(page: Page) -> str:
    [found] = page.elements("a", class_="bell")
    return " ".join("".join(found.itertext()).split())


def test_what_i_was_told_is_mine_alone_and_counted_on_every_page(
    app: Flask, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    tell(app, Role.TIEDOTTAJA, "1", "2")
    assert bell(tiedottaja.get("/")) == "Ilmoitukset 2 lukematta"
    assert bell(asiantuntija.get("/")) == "Ilmoitukset"
    assert "Sinulle ei ole vielä ilmoitettu mistään." in asiantuntija.get("/notices").text
    page = tiedottaja.get("/notices")
    assert page.text.count("Sinut mainittiin muistiinpanossa") == 2
    tell(app, Role.TIEDOTTAJA, "3")  # after the page was read
    after = tiedottaja.submit(page.form("/notices/read"))
    assert bell(after) == "Ilmoitukset 1 lukematta"
    assert asiantuntija.client.post("/notices/1/open", data={}).status_code == 400


def test_a_notice_leads_to_its_case_and_is_read_then(app: Flask, office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    page = asiantuntija.get("/notices")
    assert NAMES[Role.TIEDOTTAJA] in page.text
    [form] = [each for each in page.elements("form") if each.get("action", "").endswith("/open")]
    led_to = asiantuntija.submit(page.form_of(form))
    assert QUESTION in led_to.text
    assert led_to.form(f"/items/{item.id}/notes").method == "POST"
    assert bell(led_to) == "Ilmoitukset"


def test_a_case_that_is_opened_needs_no_notice_any_more(app: Flask, office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    ahead = asiantuntija.client.get(f"/items/{item.id}", headers={"Sec-Fetch-Dest": "empty"})
    assert ahead.status_code == 200
    assert bell(asiantuntija.get("/queues")) == "Ilmoitukset 1 lukematta"
    asiantuntija.get(f"/items/{item.id}")
    assert bell(asiantuntija.get("/queues")) == "Ilmoitukset"


def test_somebody_elses_notice_is_nobodys(app: Flask, tiedottaja: PageClient, asiantuntija: PageClient) -> None:
    tell(app, Role.TIEDOTTAJA, "1")
    app.config["WTF_CSRF_ENABLED"] = False
    assert asiantuntija.client.post("/notices/1/open").status_code == 404
    asiantuntija.client.post("/notices/read", data={"newest": "99"})
    assert bell(tiedottaja.get("/")) == "Ilmoitukset 1 lukematta"


def test_a_link_in_a_mail_opens_nothing_until_one_has_signed_in(
    app: Flask, office: Office, anybody: PageClient
) -> None:
    postman, wired = PostmanInMemory(), app.extensions["tjs_ports"]
    mail = MailSettings("smtp://localhost", "moderointi@esimerkki.fi")
    settings = wired.settings.with_changes(mail=mail)
    app.extensions["tjs_ports"] = replace(wired, settings=settings, postman=postman)
    item = office.question()
    with app.app_context():
        mailing.send_due()
    [link] = [urlsplit(line).path for line in postman.kept[0].text.splitlines() if line.startswith("http")]
    assert link == f"/items/{item.id}"
    door = anybody.get(link)
    assert (door.heading, QUESTION in door.text) == ("Kirjaudu sisään", False)
    inside = anybody.submit(door.form("/sign-in"), email=EMAILS[Role.ASIANTUNTIJA], password=PASSWORD)
    assert QUESTION in inside.text


def test_a_long_list_is_read_page_by_page_within_the_budget(app: Flask, tiedottaja: PageClient) -> None:
    tell(app, Role.TIEDOTTAJA, *map(str, range(65)))
    seen, path = 0, "/notices"
    while path:
        with queries_of(app) as asked:
            page = tiedottaja.get(path)
        assert len(asked) <= BUDGET
        seen += page.text.count("Sinut mainittiin")
        path = page.links().get("Vanhemmat", "")
    assert seen == 65


def test_i_choose_what_i_hear_of_by_mail(app: Flask, asiantuntija: PageClient) -> None:
    page = asiantuntija.get("/notices/choices")
    assert "Tässä talossa ei ole sähköpostia käytössä" in page.text
    form = page.form("/notices/choices")
    assert "approvals" not in form.fields
    told = asiantuntija.submit(form, mentions="none", answers="at_once")
    assert "Valintasi on tallennettu." in told.text
    assert {name: told.form("/notices/choices").values[name] for name in ("mentions", "answers", "desk")} == {
        "mentions": "none",
        "answers": "at_once",
        "desk": "at_once",
    }
    form.values["morning"] = "summary"
    asiantuntija.submit(form, status=422)


def test_my_calendar_shows_when_my_answers_are_due_and_no_word_of_what_was_asked(
    app: Flask, office: Office, asiantuntija: PageClient, anybody: PageClient
) -> None:
    item = office.question()
    with app.app_context(), transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.execute(update(Routing).where(Routing.item_id == item.id).values(due_at=DUE))
    made = asiantuntija.submit(asiantuntija.get("/notices/choices").form("/notices/calendar"))
    [shown] = made.elements("textarea", id="address")
    path = urlsplit((shown.text or "").strip()).path
    opened = anybody.client.get(path)
    assert (opened.status_code, opened.mimetype) == (200, "text/calendar")
    lines = opened.text.replace("\r\n ", "").split("\r\n")
    assert "DTEND:20260305T130000Z" in lines
    assert f"SUMMARY:Vastauksen määräaika: asia {item.id} (Pätkätyöt)" in lines
    assert any(line.startswith("URL:") and line.endswith(f"/items/{item.id}") for line in lines)
    assert "eläk" not in opened.text
    with app.app_context(), Session(db.engine) as session:
        assert session.scalars(select(CalendarFeed.token_hash)).one() not in path

    again = asiantuntija.submit(made.form("/notices/calendar"))
    assert anybody.client.get(path).status_code == 404
    [shown] = again.elements("textarea", id="address")
    newer = urlsplit((shown.text or "").strip()).path
    assert anybody.client.get(newer).status_code == 200
    gone = asiantuntija.submit(again.form("/notices/calendar/revoke"))
    assert "Kalenterin osoite ei enää toimi." in gone.text
    assert anybody.client.get(newer).status_code == 404


def test_an_answer_that_is_given_or_a_person_who_has_left_is_in_no_calendar(
    app: Flask, office: Office, asiantuntija: PageClient, anybody: PageClient
) -> None:
    made = asiantuntija.submit(asiantuntija.get("/notices/choices").form("/notices/calendar"))
    [shown] = made.elements("textarea", id="address")
    path = urlsplit((shown.text or "").strip()).path
    assert "VEVENT" not in anybody.client.get(path).text
    with app.app_context(), transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.execute(update(User).where(User.id == office.house.expert).values(is_active=False))
    assert anybody.client.get(path).status_code == 404


def test_keys_to_calendars_cannot_be_tried_without_end(app: Flask, anybody: PageClient) -> None:
    limit = int(ASKED_FROM_ONE_ADDRESS.split()[0])
    answers = [anybody.client.get(f"/kalenteri/{number}.ics").status_code for number in range(limit + 1)]
    with app.app_context():
        limiter.reset()
    assert answers == [404] * limit + [429]
