"""Asking about the ways into a page, without a secret in any address, log or error."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime, timedelta

import pytest

from tests.facebook.test_secrecy import WatchedSession
from tests.support.simulator import APP_SECRET, PAGE_TOKEN, USER_TOKEN, RunningSimulator
from tjs_moderation.domain.connection import (
    PERMISSIONS,
    WEBHOOK_FIELDS,
    OpenPage,
    TokenFacts,
    TokenFault,
    TokenKind,
    fault_of,
    lacking,
)
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.facebook import FacebookConnector
from tjs_moderation.simulator.access import TokenKind as SimulatedKind

APP_ID = "4000"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def connector(simulator: RunningSimulator, session: WatchedSession | None = None) -> FacebookConnector:
    return FacebookConnector(graph_url=simulator.url, session=session, timeout_seconds=(2.0, 2.0))


def test_an_app_whose_id_and_secret_belong_together_tells_its_name(simulator: RunningSimulator) -> None:
    assert connector(simulator).app_name(APP_ID, APP_SECRET) == "Harjoitussovellus"


def test_a_wrong_secret_is_found_out(simulator: RunningSimulator) -> None:
    with pytest.raises(GatewayError) as refusal:
        connector(simulator).app_name(APP_ID, "wrong")
    assert refusal.value.failure is GatewayFailure.STOPPED


def test_a_pages_token_is_told_from_a_users(simulator: RunningSimulator) -> None:
    page = connector(simulator).look_at(APP_ID, APP_SECRET, PAGE_TOKEN)
    user = connector(simulator).look_at(APP_ID, APP_SECRET, USER_TOKEN)
    assert (page.kind, page.page_id, page.expires_at, page.is_valid) == (TokenKind.PAGE, "1000", None, True)
    assert page.data_access_expires_at is not None
    assert (user.kind, user.page_id) == (TokenKind.USER, "")
    assert lacking(page.permissions) == ()


def test_a_token_nobody_gave_out_is_invalid_with_its_code(simulator: RunningSimulator) -> None:
    facts = connector(simulator).look_at(APP_ID, APP_SECRET, "never given out".replace(" ", "-"))
    assert (facts.is_valid, facts.failure) == (False, "190")


def test_an_expired_token_says_so(simulator: RunningSimulator) -> None:
    simulator.access.issue("old", SimulatedKind.USER, subcode=463)
    facts = connector(simulator).look_at(APP_ID, APP_SECRET, "old")
    assert fault_of(facts, APP_ID, NOW) is TokenFault.EXPIRED


def test_a_longer_token_opens_pages_with_tokens_that_never_end(simulator: RunningSimulator) -> None:
    simulator.access.other_pages["2000"] = "Toinen sivu"
    asked = connector(simulator)
    longer = asked.lengthen(APP_ID, APP_SECRET, USER_TOKEN)
    pages = asked.pages(APP_SECRET, longer)
    assert [(page.id, page.name) for page in pages] == [("1000", "Harjoitussivu"), ("2000", "Toinen sivu")]
    assert asked.look_at(APP_ID, APP_SECRET, pages[0].token).expires_at is None


def test_a_page_is_subscribed_and_let_go(simulator: RunningSimulator) -> None:
    page = connector(simulator).page(APP_SECRET, "1000", PAGE_TOKEN)
    connector(simulator).subscribe(APP_SECRET, page, WEBHOOK_FIELDS)
    assert list(simulator.state.subscribed_fields) == list(WEBHOOK_FIELDS)
    connector(simulator).unsubscribe(APP_SECRET, page)
    assert list(simulator.state.subscribed_fields) == []


def test_a_missing_permission_is_named(simulator: RunningSimulator) -> None:
    simulator.access.scopes -= {"pages_manage_metadata"}
    with pytest.raises(GatewayError, match="pages_manage_metadata"):
        connector(simulator).subscribe(APP_SECRET, OpenPage("1000", "", PAGE_TOKEN), ("feed",))


def test_no_secret_stands_in_an_address(simulator: RunningSimulator) -> None:
    session = WatchedSession()
    asked = connector(simulator, session)
    asked.app_name(APP_ID, APP_SECRET)
    asked.look_at(APP_ID, APP_SECRET, USER_TOKEN)
    asked.pages(APP_SECRET, asked.lengthen(APP_ID, APP_SECRET, USER_TOKEN))
    asked.page(APP_SECRET, "1000", PAGE_TOKEN)
    addresses = " ".join(session.addresses)
    assert len(session.addresses) == 5
    assert not [secret for secret in (APP_SECRET, USER_TOKEN, PAGE_TOKEN) if secret in addresses]


@pytest.mark.parametrize("fault", ["500", "html", "dropped", "expired_token", "temporary", "error_with_200", "flat"])
def test_every_kind_of_trouble_is_a_gateway_error_without_secrets(
    simulator: RunningSimulator, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    simulator.fail(fault, times=3)
    asked = connector(simulator)
    for attempt in (
        lambda: asked.look_at(APP_ID, APP_SECRET, USER_TOKEN),
        lambda: asked.lengthen(APP_ID, APP_SECRET, USER_TOKEN),
        lambda: asked.unsubscribe(APP_SECRET, OpenPage("1000", "", PAGE_TOKEN)),
    ):
        with pytest.raises(GatewayError) as failure:
            attempt()
        told = caplog.text + "".join(traceback.format_exception(failure.value))
        assert not [secret for secret in (APP_SECRET, USER_TOKEN, PAGE_TOKEN) if secret in told]


def test_a_token_that_cannot_stand_in_a_header_is_refused_without_asking(simulator: RunningSimulator) -> None:
    with pytest.raises(GatewayError) as refusal:
        connector(simulator).pages(APP_SECRET, "line\nbreak")
    assert refusal.value.failure is GatewayFailure.BAD_REQUEST


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        (TokenFacts(TokenKind.PAGE, APP_ID, permissions=frozenset(PERMISSIONS)), None),
        (TokenFacts(TokenKind.SYSTEM_USER, APP_ID, permissions=frozenset(PERMISSIONS)), None),
        (TokenFacts(TokenKind.APP, APP_ID), TokenFault.OF_AN_APP),
        (TokenFacts(TokenKind.PAGE, "4001", permissions=frozenset(PERMISSIONS)), TokenFault.OF_ANOTHER_APP),
        (TokenFacts(TokenKind.PAGE, APP_ID, is_valid=False, failure="190/460"), TokenFault.INVALID),
        (TokenFacts(TokenKind.PAGE, APP_ID, is_valid=False, failure="190/463"), TokenFault.EXPIRED),
        (
            TokenFacts(TokenKind.PAGE, APP_ID, permissions=frozenset(PERMISSIONS), expires_at=NOW - timedelta(1)),
            TokenFault.EXPIRED,
        ),
        (TokenFacts(TokenKind.PAGE, APP_ID, permissions=frozenset({"pages_messaging"})), TokenFault.LACKS_READING),
    ],
)
def test_what_is_wrong_with_a_token_is_one_thing(facts: TokenFacts, fault: TokenFault | None) -> None:
    assert fault_of(facts, APP_ID, NOW) is fault
