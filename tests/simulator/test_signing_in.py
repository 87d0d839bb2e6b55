"""The simulated Graph API as one comes to a token: debug_token, the exchange, the pages of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.simulator.calls import call, error, get
from tests.support.simulator import APP_SECRET, PAGE_TOKEN, USER_TOKEN, RunningSimulator
from tjs_moderation.simulator.access import TokenKind

APP_TOKEN = f"4000|{APP_SECRET}"


def exchange(simulator: RunningSimulator, **changed: str) -> requests.Response:
    form = {
        "grant_type": "fb_exchange_token",
        "client_id": "4000",
        "client_secret": APP_SECRET,
        "fb_exchange_token": USER_TOKEN,
    } | changed
    return requests.post(f"{simulator.url}/v26.0/oauth/access_token", data=form, timeout=5)


def described(simulator: RunningSimulator, token: str) -> Any:
    answer = call(simulator, "POST", "debug_token", token=APP_TOKEN, method="get", input_token=token)
    return answer.json()["data"]


def test_a_token_is_described_without_standing_in_an_address(simulator: RunningSimulator) -> None:
    page, user = described(simulator, PAGE_TOKEN), described(simulator, USER_TOKEN)
    assert (page["type"], page["profile_id"], page["expires_at"], page["app_id"]) == ("PAGE", "1000", 0, "4000")
    assert user["type"] == "USER"
    assert described(simulator, APP_TOKEN)["application"] == "Harjoitussovellus"


def test_a_post_to_debug_token_that_does_not_say_it_reads_is_refused(simulator: RunningSimulator) -> None:
    assert error(call(simulator, "POST", "debug_token", input_token=PAGE_TOKEN)) == (100, 33)


def test_an_app_token_with_a_wrong_secret_opens_nothing(simulator: RunningSimulator) -> None:
    answer = call(simulator, "POST", "debug_token", token="4000|wrong", method="get", input_token=PAGE_TOKEN)
    assert error(answer) == (190, None)


def test_an_expired_token_is_described_as_such_and_opens_nothing(simulator: RunningSimulator) -> None:
    soon = simulator.state.clock.now() + timedelta(hours=1)
    token = simulator.access.issue("an-hours-token", TokenKind.PAGE, page_id="1000", expires_at=soon)
    assert described(simulator, token)["is_valid"]
    simulator.advance(3601)
    assert described(simulator, token)["is_valid"] is False
    assert described(simulator, token)["error"]["subcode"] == 463
    assert error(call(simulator, "GET", "1000/feed", token=token)) == (190, 463)


def test_a_users_token_is_exchanged_for_one_that_lasts(simulator: RunningSimulator) -> None:
    answer = exchange(simulator).json()
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 5_184_000)
    [page] = get(simulator, "me/accounts", token=answer["access_token"])["data"]
    assert (page["id"], page["access_token"]) == ("1000", PAGE_TOKEN)
    assert described(simulator, page["access_token"])["expires_at"] == 0


def test_the_page_token_of_a_short_users_token_is_short_too(simulator: RunningSimulator) -> None:
    [page] = get(simulator, "me/accounts", token=USER_TOKEN)["data"]
    assert described(simulator, page["access_token"])["expires_at"] > 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"client_secret": "wrong"}, (1, None)),
        ({"client_id": "4001"}, (101, None)),
        ({"fb_exchange_token": "never given out"}, (190, None)),
        ({"grant_type": "password"}, (100, None)),
    ],
)
def test_an_exchange_says_what_is_wrong_with_it(
    simulator: RunningSimulator, changed: dict[str, str], expected: tuple[int, None]
) -> None:
    assert error(exchange(simulator, **changed)) == expected


def test_a_token_of_another_app_is_not_exchanged(simulator: RunningSimulator) -> None:
    token = simulator.access.issue("of-another-app", TokenKind.USER, app_id="4001")
    assert error(exchange(simulator, fb_exchange_token=token)) == (190, None)


def test_a_page_has_no_pages(simulator: RunningSimulator) -> None:
    assert error(call(simulator, "GET", "me/accounts")) == (100, None)


def test_without_the_permission_the_pages_of_a_person_are_an_empty_list(simulator: RunningSimulator) -> None:
    simulator.access.scopes -= {"pages_show_list"}
    assert get(simulator, "me/accounts", token=USER_TOKEN) == {"data": []}


def test_the_ledger_keeps_neither_questions_nor_secrets(simulator: RunningSimulator) -> None:
    described(simulator, PAGE_TOKEN)
    exchange(simulator)
    call(simulator, "POST", "1000/subscribed_apps", subscribed_fields="feed")
    call(simulator, "DELETE", "1000/subscribed_apps")
    assert [deed.kind for deed in simulator.ledger.deeds] == ["subscribe", "unsubscribe"]
    assert len(simulator.ledger.entries) == 2
    assert simulator.state.subscribed_fields == ()
