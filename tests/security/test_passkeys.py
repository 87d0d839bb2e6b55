"""Passkeys: made, shown instead of a code or instead of everything, and refused wherever something does not fit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.security.conftest import Doors, SignIn, give_password
from tests.support.authenticator import Authenticator
from tests.web.client import Page, PageClient
from tests.web.conftest import EMAILS
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE

TIINA = Role.TIEDOTTAJA
CLAIMS_NOTHING = '{"id": 1, "response": {"clientDataJSON": "e30"}}'


def options_for(person: PageClient, page: Page, action: str) -> dict[str, Any]:
    """What the script of the page fetches for the form to `action`."""
    token = page.form(action).values["csrf_token"]
    answer = person.client.post(f"{action}/options", headers={"X-CSRFToken": token, "Referer": "http://localhost/"})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json()
    return told


def add(person: PageClient, phone: Authenticator, status: int = 200, name: str = "Puhelin") -> Page:
    page = person.get("/me/security")
    answer = phone.create(options_for(person, page, "/me/security/passkeys"))
    return person.submit(page.form("/me/security/passkeys"), status=status, answer=answer, name=name)


def come_in(person: PageClient, phone: Authenticator, status: int = 200) -> Page:
    page = person.get("/sign-in")
    answer = phone.get(options_for(person, page, "/sign-in/passkey"))
    return person.submit(page.form("/sign-in/passkey"), status=status, answer=answer)


def is_in(person: PageClient) -> bool:
    return person.client.get("/me").status_code == 200


def test_a_passkey_alone_lets_somebody_in(doors: Doors, signed_in: SignIn) -> None:
    phone, person = Authenticator(), doors.browser()
    shown = add(signed_in(TIINA), phone)
    assert shown.heading == "Varakoodit"
    come_in(person, phone)
    assert is_in(person)
    assert "passkey_added" in doors.told(TIINA)
    assert "add_factor" in doors.verbs()


def test_with_a_passkey_the_password_alone_is_not_enough(doors: Doors, signed_in: SignIn) -> None:
    phone, person = Authenticator(), doors.browser()
    add(signed_in(TIINA), phone)
    page = give_password(person, TIINA)
    assert page.heading == "Vahvista kirjautuminen"
    answer = phone.get(options_for(person, page, "/sign-in/passkey"))
    person.submit(page.form("/sign-in/passkey"), answer=answer)
    assert is_in(person)


def test_somebody_elses_passkey_does_not_finish_my_signing_in(doors: Doors, signed_in: SignIn) -> None:
    mine, theirs, person = Authenticator(), Authenticator(), doors.browser()
    add(signed_in(TIINA), mine)
    add(signed_in(Role.ASIANTUNTIJA), theirs)
    page = give_password(person, TIINA)
    answer = theirs.get(options_for(person, page, "/sign-in/passkey"))
    person.submit(page.form("/sign-in/passkey"), status=422, answer=answer)
    assert not is_in(person)


def test_whoever_has_to_have_a_factor_makes_a_passkey_on_the_way_in(doors: Doors) -> None:
    doors.set(factor_roles=frozenset({str(TIINA)}))
    phone, person = Authenticator(), doors.browser()
    page = give_password(person, TIINA)
    answer = phone.create(options_for(person, page, "/sign-in/enrol/passkey"))
    person.submit(page.form("/sign-in/enrol/passkey"), answer=answer, name="Puhelin")
    assert is_in(person)
    come_in(doors.browser(), phone)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda phone: setattr(phone, "origin", "https://tjs-moderointi.example"),
        lambda phone: setattr(phone, "is_verified", False),
        lambda phone: setattr(phone, "key", Authenticator().key),
        lambda phone: setattr(phone, "credential_id", b"x" * 32),
        lambda phone: setattr(phone, "count", -1),
    ],
    ids=["another site", "nobody verified", "another key", "unknown", "a copy with an older counter"],
)
def test_what_does_not_fit_lets_nobody_in(doors: Doors, signed_in: SignIn, spoil: Any) -> None:
    phone, person = Authenticator(count=5), doors.browser()
    add(signed_in(TIINA), phone)
    spoil(phone)
    assert come_in(person, phone, status=422).heading == "Pääsyavain ei käynyt"
    assert not is_in(person)


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", '{"id": 1}', "{" * 30_000, '{"response": {"clientDataJSON": "e30"}}']
)
def test_an_answer_that_is_none_is_refused_plainly(doors: Doors, answer: str) -> None:
    person = doors.browser()
    person.submit(person.get("/sign-in").form("/sign-in/passkey"), status=422, answer=answer)


def test_an_answer_is_good_once(doors: Doors, signed_in: SignIn) -> None:
    phone, person = Authenticator(), doors.browser()
    add(signed_in(TIINA), phone)
    page = person.get("/sign-in")
    answer = phone.get(options_for(person, page, "/sign-in/passkey"))
    person.submit(page.form("/sign-in/passkey"), answer=answer)
    thief = doors.browser()
    thief.submit(thief.get("/sign-in").form("/sign-in/passkey"), status=422, answer=answer)
    assert not is_in(thief)


def test_an_answer_is_good_for_five_minutes(doors: Doors, signed_in: SignIn) -> None:
    phone, person = Authenticator(), doors.browser()
    add(signed_in(TIINA), phone)
    page = person.get("/sign-in")
    answer = phone.get(options_for(person, page, "/sign-in/passkey"))
    doors.clock.advance(minutes=5, seconds=1)
    person.submit(page.form("/sign-in/passkey"), status=422, answer=answer)


def test_a_challenge_we_never_made_is_no_challenge(doors: Doors, signed_in: SignIn) -> None:
    phone, person = Authenticator(), doors.browser()
    add(signed_in(TIINA), phone)
    answer = phone.get({"challenge": "AAAAAAAAAAAAAAAAAAAAAA", "rpId": "127.0.0.1"})
    person.submit(person.get("/sign-in").form("/sign-in/passkey"), status=422, answer=answer)


def test_a_passkey_cannot_be_put_under_somebody_elses_name(doors: Doors, signed_in: SignIn) -> None:
    tiina, other, phone = signed_in(TIINA), signed_in(Role.ASIANTUNTIJA), Authenticator()
    answer = phone.create(options_for(tiina, tiina.get("/me/security"), "/me/security/passkeys"))
    other.submit(other.get("/me/security").form("/me/security/passkeys"), status=422, answer=answer, name="Vieras")


def test_a_passkey_is_let_go_by_its_owner_alone(doors: Doors, signed_in: SignIn) -> None:
    phone, tiina, other = Authenticator(), signed_in(TIINA), signed_in(Role.ASIANTUNTIJA)
    add(tiina, phone)
    [remove] = [f for f in tiina.get("/me/security").elements("form") if f.get("action", "").endswith("/remove")]
    form = tiina.get("/me/security").form_of(remove)
    theirs = other.get("/me/security").form("/me/security/password")
    theirs.action = form.action
    other.submit(theirs, status=404)
    tiina.submit(form)
    come_in(doors.browser(), phone, status=422)
    assert "passkey_removed" in doors.told(TIINA)


def test_the_passkey_of_somebody_closed_opens_nothing(doors: Doors, signed_in: SignIn) -> None:
    phone = Authenticator()
    add(signed_in(TIINA), phone)
    with doors.app.app_context():
        people.set_active(CONSOLE, doors.person(TIINA).id, is_active=False)
    come_in(doors.browser(), phone, status=422)


def test_what_a_device_is_told_of_a_person_names_nobody(doors: Doors, signed_in: SignIn) -> None:
    tiina = signed_in(TIINA)
    told = options_for(tiina, tiina.get("/me/security"), "/me/security/passkeys")
    assert EMAILS[TIINA] not in json.dumps(told["user"]["id"])
    again = options_for(tiina, tiina.get("/me/security"), "/me/security/passkeys")
    assert (told["user"]["id"], told["challenge"] == again["challenge"]) == (again["user"]["id"], False)
    assert told["authenticatorSelection"]["userVerification"] == "required"
