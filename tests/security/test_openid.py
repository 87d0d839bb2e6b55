"""Signing in by the organisation's provider: who exists already comes in, and nothing that does not fit is believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from tests.security.conftest import Doors
from tests.support.openid import CLIENT_ID, Provider, running_provider
from tests.web.client import Page, PageClient
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE

TIINA = Role.TIEDOTTAJA


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, doors: Doors) -> Provider:
    running.signs_with, running.algorithm, running.claims, running.issuer_told = None, "RS256", {}, ""
    running.faults.clear()
    doors.set(oidc_issuer=running.url, oidc_client_id=CLIENT_ID, oidc_name="Esimerkkitunnus")
    doors.app.extensions.pop("tjs_oidc", None)
    return running


def come_in(person: PageClient, provider: Provider, status: int = 200, **changed: str) -> Page:
    sent = person.client.get("/sign-in/openid")
    assert sent.status_code == 302, sent.text
    return person.get(provider.authorise(sent.location, **changed), status=status)


def is_in(person: PageClient) -> bool:
    return person.client.get("/me").status_code == 200


def test_a_person_of_the_house_comes_in(doors: Doors, provider: Provider) -> None:
    person = doors.browser()
    assert "Kirjaudu: Esimerkkitunnus" in person.get("/sign-in").links()
    come_in(person, provider)
    assert is_in(person)
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["scope"].split() == ["openid", "email"]
    assert "openid_added" in doors.told(TIINA)


def test_one_goes_on_to_the_page_one_wanted_and_to_no_other_site(doors: Doors, provider: Provider) -> None:
    for wanted, reached in (("/saannot", "/saannot"), ("https://evil.example/", "/")):
        person = doors.browser()
        sent = person.client.get("/sign-in/openid", query_string={"next": wanted})
        assert person.client.get(provider.authorise(sent.location)).location == reached


LIES: dict[str, dict[str, Any]] = {
    "an address nobody has": {"email": "kukaan@esimerkki.fi"},
    "an address not verified": {"email_verified": False},
    "verified in words only": {"email_verified": "true"},
    "another nonce": {"nonce": "another"},
    "another audience": {"aud": "another"},
    "another issuer": {"iss": "https://evil.example"},
    "over": {"exp": int(time.time()) - 600},
    "nobody": {"sub": ""},
}


@pytest.mark.parametrize("claims", LIES.values(), ids=LIES)
def test_what_does_not_fit_lets_nobody_in(doors: Doors, provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims, person = claims, doors.browser()
    assert come_in(person, provider, status=422).heading == "Kirjautuminen ei onnistunut"
    assert not is_in(person)


def test_a_token_signed_by_somebody_else_or_nobody_is_not_believed(doors: Doors, provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    come_in(doors.browser(), provider, status=422)
    provider.algorithm = "none"
    come_in(doors.browser(), provider, status=422)


@pytest.mark.parametrize("changed", [{"state": "another"}, {"iss": "https://evil.example"}, {"error": "access_denied"}])
def test_an_answer_to_something_else_is_not_believed(doors: Doors, provider: Provider, changed: dict[str, str]) -> None:
    person = doors.browser()
    come_in(person, provider, status=422, **changed)
    assert not is_in(person)


def test_an_answer_brought_by_another_browser_is_not_believed(doors: Doors, provider: Provider) -> None:
    mine, victim = doors.browser(), doors.browser()
    path = provider.authorise(mine.client.get("/sign-in/openid").location)
    victim.get(path, status=422)
    assert not is_in(victim)


def test_a_code_without_our_verifier_is_worth_nothing(doors: Doors, provider: Provider) -> None:
    person = doors.browser()
    path = provider.authorise(person.client.get("/sign-in/openid").location)
    provider.asked["code_challenge"] = "of another challenge"
    person.get(path, status=422)
    assert provider.faults == ["the verifier does not fit the challenge"]


def test_a_provider_under_another_name_is_not_asked(doors: Doors, provider: Provider) -> None:
    provider.issuer_told = "https://evil.example"
    come_in(doors.browser(), provider, status=422)


def test_an_address_given_to_somebody_else_there_opens_nothing_here(doors: Doors, provider: Provider) -> None:
    come_in(doors.browser(), provider)
    provider.claims = {"sub": "person-2"}
    come_in(doors.browser(), provider, status=422)
    provider.claims = {"email": "uusi.osoite@esimerkki.fi"}
    come_in(doors.browser(), provider)


def test_somebody_closed_does_not_come_in_from_outside_either(doors: Doors, provider: Provider) -> None:
    come_in(doors.browser(), provider)
    with doors.app.app_context():
        people.set_active(CONSOLE, doors.person(TIINA).id, is_active=False)
    come_in(doors.browser(), provider, status=422)


def test_whoever_has_to_have_a_second_factor_is_asked_unless_the_provider_has(doors: Doors, provider: Provider) -> None:
    doors.set(factor_roles=frozenset({str(TIINA)}))
    assert come_in(doors.browser(), provider).heading == "Ota toinen tunniste käyttöön"
    provider.claims = {"amr": ["pwd", "mfa"]}
    person = doors.browser()
    come_in(person, provider)
    assert is_in(person)


def test_without_a_provider_there_is_no_such_way(doors: Doors) -> None:
    person = doors.browser()
    assert [link for link in person.get("/sign-in").links() if "Kirjaudu:" in link] == []
    person.get("/sign-in/openid", status=404)
    person.get("/sign-in/openid/back?code=a&state=b", status=404)
