"""Sign-ins on the server: how long they last, what ends them, and that what is over lets nobody in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.security.conftest import Doors, SignIn, give_password
from tests.support.queries import queries_of
from tests.web.client import PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tjs_moderation.domain.vocabulary import Role, SignInStage
from tjs_moderation.extensions import db
from tjs_moderation.services import duties, factors, people, user_sessions
from tjs_moderation.services.transaction import CONSOLE

NEW = "aivan uusi sanapari 7"
TIINA = Role.TIEDOTTAJA


def is_in(person: PageClient) -> bool:
    return person.client.get("/me").status_code == 200


def cookie_of(person: PageClient) -> str:
    cookie = person.client.get_cookie("tjs")
    assert cookie is not None
    return cookie.value


def test_a_cookie_kept_from_before_signing_out_lets_nobody_in(doors: Doors) -> None:
    person = doors.browser()
    give_password(person, TIINA)
    kept = cookie_of(person)
    person.submit(person.get("/me").form("/sign-out"))
    person.client.set_cookie("tjs", kept)
    assert not is_in(person)


def test_every_sign_in_has_a_key_of_its_own_and_ends_the_one_before(doors: Doors) -> None:
    person = doors.browser()
    give_password(person, TIINA)
    first = cookie_of(person)
    person.submit(person.get("/me").form("/sign-out"))
    person.client.set_cookie("tjs", first)
    give_password(person, TIINA)
    assert is_in(person)
    person.client.set_cookie("tjs", first)
    assert not is_in(person)


def test_what_the_database_holds_opens_nothing(doors: Doors, signed_in: SignIn) -> None:
    with doors.app.app_context():
        key = user_sessions.begin(doors.person(TIINA).id, SignInStage.IN)
        with Session(db.engine) as session:
            stored = str(session.execute(text("SELECT * FROM user_session")).all())
    assert key not in stored


@pytest.mark.parametrize(("hours", "lasts"), [(1.9, True), (2.1, False)])
def test_a_sign_in_that_nobody_uses_ends_after_two_hours(
    doors: Doors, signed_in: SignIn, hours: float, lasts: bool
) -> None:
    person = signed_in(TIINA)
    doors.clock.advance(hours=hours)
    assert is_in(person) is lasts


def test_a_sign_in_that_is_used_all_day_ends_in_the_evening(doors: Doors, signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    for _ in range(7):
        doors.clock.advance(hours=1.7)
        assert is_in(person)
    doors.clock.advance(hours=0.2)
    assert not is_in(person)


def test_what_was_written_before_the_sign_in_ended_is_given_back(doors: Doors, signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    form = person.get("/me").form("/me/language")
    doors.clock.advance(hours=3)
    data = {**form.values, "text": "Pitkä vastaus, jota kirjoitin koko aamun."}
    answer = person.client.post(form.action, data=data, headers={"Referer": "http://localhost/me"})
    assert answer.status_code == 401
    assert "Pitkä vastaus, jota kirjoitin koko aamun." in answer.text
    elsewhere = person.client.post(form.action, data=data, headers={"Referer": "https://evil.example/"})
    assert (elsewhere.status_code, elsewhere.location) == (302, "/sign-in")


def test_a_page_left_open_keeps_nobody_signed_in(doors: Doors, signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    for _ in range(4):
        doors.clock.advance(minutes=31)
        person.client.get("/live")
    assert not is_in(person)


def test_a_request_asks_once_who_it_is_and_notes_it_at_most_once_a_minute(doors: Doors, signed_in: SignIn) -> None:
    person = signed_in(TIINA)
    for seconds, writes in ((0, 0), (61, 1), (30, 0)):
        doors.clock.advance(seconds=seconds)
        with queries_of(doors.app) as asked:
            assert is_in(person)
        about = [statement for statement in asked if "user_session" in statement]
        assert [statement.startswith("UPDATE") for statement in about] == [False] + [True] * writes


def test_who_somebody_is_is_found_by_an_index(doors: Doors) -> None:
    with doors.app.app_context(), queries_of(doors.app) as asked:
        user_sessions.find("no such key")
        with Session(db.engine) as session:
            plan = session.execute(text(f"EXPLAIN QUERY PLAN {asked[0].replace('?', 'NULL')}")).all()
    assert not [row for row in plan if str(row[-1]).startswith("SCAN")], plan


CHANGES: dict[str, Callable[[int], object]] = {
    "a new link": lambda tiina: people.reset_password(CONSOLE, EMAILS[TIINA]),
    "a password given by command": lambda tiina: people.reset_password(CONSOLE, EMAILS[TIINA], NEW),
    "a password changed": lambda tiina: people.change_password(people.by_id(tiina), PASSWORD, NEW),
    "an account closed": lambda tiina: people.set_active(CONSOLE, tiina, is_active=False),
    "another role": lambda tiina: duties.set_role(CONSOLE, tiina, Role.ASIANTUNTIJA),
    "factors reset": lambda tiina: factors.reset_factors(CONSOLE, tiina),
    "an end put by the atk": lambda tiina: user_sessions.end_all(CONSOLE, tiina),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_somebodys_rights_ends_their_sign_ins_and_nobody_elses(
    doors: Doors, signed_in: SignIn, change: Callable[[int], object]
) -> None:
    tiina, other = signed_in(TIINA), signed_in(Role.ASIANTUNTIJA)
    with doors.app.app_context():
        change(doors.person(TIINA).id)
    assert (is_in(tiina), is_in(other)) == (False, True)


def test_a_changed_password_keeps_one_in_here_and_ends_it_elsewhere(doors: Doors, signed_in: SignIn) -> None:
    here, elsewhere = signed_in(TIINA), signed_in(TIINA)
    before = cookie_of(here)
    form = here.get("/me/security").form("/me/security/password")
    page = here.submit(form, current=PASSWORD, password=NEW, again=NEW)
    assert "Salasana on vaihdettu." in page.text
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    here.client.set_cookie("tjs", before)
    assert not is_in(here)
    assert "password_chosen" in doors.told(TIINA)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"current": "joku muu lause", "password": NEW, "again": NEW}, "Nykyinen salasana ei ole oikein."),
        ({"current": PASSWORD, "password": "salasana2026", "again": "salasana2026"}, "kokeillaan ensimmäisten"),
        ({"current": PASSWORD, "password": "Tiinatiina99", "again": "Tiinatiina99"}, "kokeillaan ensimmäisten"),
        ({"current": PASSWORD, "password": NEW, "again": NEW + "!"}, "eivät ole samat"),
        ({"current": PASSWORD, "password": "lyhyt", "again": "lyhyt"}, "vähintään 12 merkkiä"),
    ],
)
def test_a_password_that_will_not_do_is_told_plainly_and_changes_nothing(
    doors: Doors, signed_in: SignIn, sent: dict[str, str], told: str
) -> None:
    person = signed_in(TIINA)
    page = person.submit(person.get("/me/security").form("/me/security/password"), status=422, **sent)
    assert told in page.text
    give_password(doors.browser(), TIINA)


def test_ones_own_sign_ins_are_listed_and_ended(doors: Doors, signed_in: SignIn) -> None:
    here, elsewhere = signed_in(TIINA), doors.browser()
    elsewhere.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/1 Firefox/140.0"
    give_password(elsewhere, TIINA)
    page = here.get("/me/security")
    assert "Firefox, Linux" in page.text
    [end] = [form for form in page.elements("form") if form.get("action", "").endswith("/end")]
    here.submit(here.get("/me/security").form_of(end))
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_all_other_sign_ins_end_at_once(signed_in: SignIn) -> None:
    here, *others = (signed_in(TIINA) for _ in range(3))
    here.submit(here.get("/me/security").form("/me/security/sign-ins/end-others"))
    assert [is_in(each) for each in (here, *others)] == [True, False, False]


def test_nobody_ends_a_sign_in_of_somebody_else_by_its_number(doors: Doors, signed_in: SignIn) -> None:
    tiina, other = signed_in(TIINA), signed_in(Role.ASIANTUNTIJA)
    with doors.app.app_context():
        [sign_in] = user_sessions.of(doors.person(TIINA).id)
    form = other.get("/me/security").form("/me/security/password")
    form.action = f"/me/security/sign-ins/{sign_in.id}/end"
    other.submit(form, status=404)
    assert is_in(tiina)


def test_the_atk_sees_and_ends_the_sign_ins_of_anybody(doors: Doors, signed_in: SignIn) -> None:
    tiina, arto = signed_in(TIINA), signed_in(Role.ATK_SUUNNITTELIJA)
    address = f"/people/{doors.person(TIINA).id}/sign-ins"
    page = arto.submit(arto.get(address).form(f"{address}/end"))
    assert "Hän ei ole kirjautuneena missään." in page.text
    assert not is_in(tiina)
    assert doors.verbs()[-1] == "end_sign_ins"


def test_sign_ins_that_are_over_are_cleared_away_with_the_next_one(doors: Doors, signed_in: SignIn) -> None:
    signed_in(TIINA)
    doors.clock.advance(hours=13)
    signed_in(Role.ASIANTUNTIJA)
    with doors.app.app_context(), Session(db.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM user_session")) == 1


def test_a_sensitive_act_asks_for_the_password_again_and_loses_nothing(doors: Doors, signed_in: SignIn) -> None:
    arto = signed_in(Role.ATK_SUUNNITTELIJA)
    doors.clock.advance(minutes=11)
    form = arto.get("/people").form("/people")
    asked = arto.submit(form, status=401, name="Leo Aalto", email="leo@esimerkki.fi", role="asiantuntija")
    assert asked.heading == "Vahvista, että se olet sinä"
    wrong = arto.submit(asked.form("/people"), status=401, proof_password="väärä lause tämä")
    assert "Se ei ollut oikein." in wrong.text
    before = cookie_of(arto)
    added = arto.submit(wrong.form("/people"), proof_password=PASSWORD)
    assert cookie_of(arto) != before
    assert added.heading == "Kirjautumislinkki: Leo Aalto"
    again = arto.get("/people").form("/people")
    arto.submit(again, name="Lea Aalto", email="lea@esimerkki.fi", role="asiantuntija")


def test_guessing_the_password_at_an_open_screen_is_stopped(doors: Doors, signed_in: SignIn) -> None:
    arto = signed_in(Role.ATK_SUUNNITTELIJA)
    doors.clock.advance(minutes=11)
    asked = arto.submit(arto.get("/people").form("/people"), status=401, name="Leo", email="leo@esimerkki.fi")
    for _ in range(10):
        asked = arto.submit(asked.form("/people"), status=401, proof_password="arvaus arvaus")
    arto.submit(asked.form("/people"), status=429, proof_password=PASSWORD)
