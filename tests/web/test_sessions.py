from __future__ import annotations

from flask import Flask

from tests.web.client import PageClient
from tests.web.conftest import EMAILS, PASSWORD, Clock
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE

TIINA = EMAILS[Role.TIEDOTTAJA]
NEW = "aivan uusi salasana"


def link_for(app: Flask, email: str = TIINA) -> str:
    with app.app_context():
        token = people.reset_password(CONSOLE, email)
    return f"/sign-in/link/{token}"


def attempt(person: PageClient, email: str, password: str) -> str:
    form = person.get("/sign-in").form("/sign-in")
    return person.submit(form, status=422, email=email, password=password).text


def test_signing_in_shows_whose_session_it_is(anybody: PageClient) -> None:
    assert "Tiina Tiedottaja" in anybody.sign_in(TIINA, PASSWORD).text


def test_a_wrong_password_and_a_wrong_address_are_told_alike(anybody: PageClient) -> None:
    assert attempt(anybody, TIINA, "väärä salasana") == attempt(anybody, "eikukaan@esimerkki.fi", "väärä salasana")


def test_what_was_typed_stays_except_the_password(anybody: PageClient) -> None:
    page = anybody.submit(anybody.get("/sign-in").form("/sign-in"), status=422, email=TIINA, password="väärä")
    values = page.form("/sign-in").values
    assert values["email"] == TIINA
    assert values["password"] == ""


def test_an_empty_form_says_what_is_missing(anybody: PageClient) -> None:
    page = anybody.submit(anybody.get("/sign-in").form("/sign-in"), status=422)
    assert "Kirjoita sähköpostiosoitteesi." in page.text
    assert [field.get("aria-invalid") for field in page.elements("input", name="email")] == ["true"]


def test_signing_in_goes_on_to_the_page_one_wanted(app: Flask) -> None:
    client = app.test_client()
    form = PageClient(client).get("/sign-in?next=/saannot").form("/sign-in")
    sent = client.post(form.action, data={**form.values, "email": TIINA, "password": PASSWORD})
    assert sent.location == "/saannot"


def test_a_session_begun_before_signing_in_does_not_outlive_it(app: Flask) -> None:
    person = PageClient(app.test_client())
    before = person.get("/sign-in").form("/sign-in").values["csrf_token"]
    person.sign_in(TIINA, PASSWORD)
    sent = person.client.post("/sign-out", data={"csrf_token": before})
    assert sent.status_code == 400


def test_signing_out_ends_the_session(tiedottaja: PageClient) -> None:
    page = tiedottaja.submit(tiedottaja.get("/saannot").form("/sign-out"))
    assert "Olet kirjautunut ulos." in page.text
    assert "Tiina Tiedottaja" not in tiedottaja.get("/saannot").text


def test_signing_out_by_a_mere_link_is_not_possible(tiedottaja: PageClient) -> None:
    assert tiedottaja.client.get("/sign-out").status_code == 405
    assert tiedottaja.client.post("/sign-out").status_code == 400


def test_somebody_let_go_is_out_at_once(app: Flask, tiedottaja: PageClient) -> None:
    with app.app_context():
        tiina = next(person for person in people.everybody() if person.email == TIINA)
        people.set_active(CONSOLE, tiina.id, is_active=False)
    assert "Tiina Tiedottaja" not in tiedottaja.get("/saannot").text


def test_guessing_passwords_is_stopped_after_ten_tries_a_minute(anybody: PageClient) -> None:
    form = anybody.get("/sign-in").form("/sign-in")
    for number in range(10):
        anybody.submit(form, status=422, email=f"n{number}@esimerkki.fi", password="arvaus")
    page = anybody.submit(form, status=429, email=TIINA, password=PASSWORD)
    assert page.heading == "Hetki, liian monta yritystä"


def test_guessing_one_persons_password_from_many_addresses_is_stopped(app: Flask) -> None:
    client = app.test_client()
    form = PageClient(client).get("/sign-in").form("/sign-in")
    data = {**form.values, "email": TIINA, "password": "arvaus"}
    statuses = [
        client.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}).status_code
        for number in range(21)
    ]
    assert statuses == [422] * 20 + [429]


def test_a_one_time_link_lets_one_choose_a_password_and_sign_in(app: Flask, anybody: PageClient) -> None:
    link = link_for(app)
    assert "Hei Tiina Tiedottaja!" in anybody.get(link).text
    page = anybody.submit(anybody.get(link).form(link), password=NEW, again=NEW)
    assert "Salasana on valittu." in page.text
    assert "Tiina Tiedottaja" in anybody.sign_in(TIINA, NEW).text


def test_a_link_works_once(app: Flask, anybody: PageClient) -> None:
    link = link_for(app)
    form = anybody.get(link).form(link)
    anybody.submit(form, password=NEW, again=NEW)
    assert "vanhentunut tai jo käytetty" in anybody.submit(form, status=404, password=NEW, again=NEW).text


def test_a_link_works_for_two_days(app: Flask, anybody: PageClient, clock: Clock) -> None:
    link = link_for(app)
    clock.now = clock.now.replace(day=5)
    assert "vanhentunut tai jo käytetty" in anybody.get(link, status=404).text


def test_a_short_password_or_two_different_ones_are_refused_and_the_link_still_works(
    app: Flask, anybody: PageClient
) -> None:
    link = link_for(app)
    form = anybody.get(link).form(link)
    assert "vähintään 12 merkkiä" in anybody.submit(form, status=422, password="lyhyt", again="lyhyt").text
    assert "eivät ole samat" in anybody.submit(form, status=422, password=NEW, again=NEW + "!").text
    anybody.submit(form, password=NEW, again=NEW)
