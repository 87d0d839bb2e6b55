"""Guessing passwords is stopped, and nobody can shut out somebody else by guessing."""

from __future__ import annotations

from typing import Any

from tests.security.conftest import Doors, give_password
from tests.web.client import PageClient
from tests.web.conftest import EMAILS, PASSWORD
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE

TIINA = Role.TIEDOTTAJA


def guess(person: PageClient, times: int, role: Role = TIINA) -> list[int]:
    """Guess a password, each time from another address."""
    form = person.get("/sign-in").form("/sign-in")
    data = {**form.values, "email": EMAILS[role], "password": "arvaus arvaus"}
    addresses: list[dict[str, Any]] = [{"REMOTE_ADDR": f"192.0.2.{number}"} for number in range(times)]
    return [person.client.post("/sign-in", data=data, environ_overrides=each).status_code for each in addresses]


def known_browser(doors: Doors) -> PageClient:
    """A browser on which Tiina has signed in before."""
    person = doors.browser()
    give_password(person, TIINA)
    person.submit(person.get("/me").form("/sign-out"))
    return person


def test_a_stranger_who_guesses_shuts_out_strangers_only(doors: Doors) -> None:
    known = known_browser(doors)
    assert guess(doors.browser(), 21) == [422] * 20 + [429]
    assert give_password(doors.browser(), TIINA, status=429).heading == "Hetki, liian monta yritystä"
    assert "Tiina Tiedottaja" in give_password(known, TIINA).text


def test_one_address_full_of_guesses_does_not_shut_out_a_known_browser_behind_it(doors: Doors) -> None:
    known, stranger = known_browser(doors), doors.browser()
    form = stranger.get("/sign-in").form("/sign-in")
    for number in range(9):  # one sign-in of this minute was the known browser's own
        stranger.submit(form, status=422, email=f"n{number}@esimerkki.fi", password="arvaus arvaus")
    give_password(doors.browser(), TIINA, status=429)
    give_password(known, TIINA)


def test_a_known_browser_has_a_budget_too(doors: Doors) -> None:
    assert guess(known_browser(doors), 11) == [422] * 10 + [429]


def test_a_browser_known_to_one_person_is_a_stranger_to_another(doors: Doors) -> None:
    known = known_browser(doors)
    assert guess(known, 21, Role.ASIANTUNTIJA) == [422] * 20 + [429]


def test_a_made_up_device_cookie_is_no_known_browser(doors: Doors) -> None:
    person = doors.browser()
    person.client.set_cookie("tjs-device", '{"made": "up"}')
    assert guess(person, 21)[-1] == 429


def test_whoever_was_shut_out_on_a_new_browser_comes_in_by_a_link(doors: Doors) -> None:
    guess(doors.browser(), 20)
    with doors.app.app_context():
        link = f"/sign-in/link/{people.reset_password(CONSOLE, EMAILS[TIINA])}"
    person = doors.browser()
    person.submit(person.get(link).form(link), password=PASSWORD, again=PASSWORD)
    assert "Tiina Tiedottaja" in give_password(person, TIINA).text


def test_how_long_to_wait_is_told(doors: Doors) -> None:
    guess(doors.browser(), 20)
    page = give_password(doors.browser(), TIINA, status=429)
    assert int(page.headers["Retry-After"]) > 60
    assert "minuuttia ja yritä uudelleen" in page.text


def test_a_new_device_is_told_of_and_a_known_one_is_not(doors: Doors) -> None:
    known = known_browser(doors)
    assert doors.told(TIINA) == ["new_device"]
    give_password(known, TIINA)
    assert doors.told(TIINA) == ["new_device"]
