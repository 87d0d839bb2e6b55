"""The token, the secret and what people wrote stay out of addresses, logs and errors."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
import requests

from tests.support.simulator import PAGE_TOKEN, RunningSimulator
from tjs_moderation.domain.ports import OutwardAct
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.errors import TjsError
from tjs_moderation.gateways.facebook import FacebookChannel, FacebookCredentials

SECRET_WORDS = "Aino on sairauslomalla"


class WatchedSession(requests.Session):
    """Remembers the addresses it was sent to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.addresses.append(str(request.url))
        return super().send(request, **kwargs)


@pytest.mark.parametrize("fault", ["500", "html", "dropped", "expired_token", "temporary", "success_false", "delay"])
def test_no_error_and_no_log_repeats_secrets_or_words(
    simulator: RunningSimulator, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    post = simulator.state.publish("Luento", post_id="1")
    comment = simulator.state.comment(post.id, simulator.state.meet("Aino"), SECRET_WORDS)
    details = {"message": SECRET_WORDS} if fault in ("expired_token", "temporary") else {"seconds": 2.3}
    simulator.fail(fault, **details)
    with pytest.raises(TjsError) as failure:
        simulator.channel().perform(OutwardAct("key", ActKind.REPLY, f"1_{comment.id}", SECRET_WORDS))
    told = caplog.text + "".join(traceback.format_exception(failure.value)) + repr(failure.value.__dict__)
    for secret in (PAGE_TOKEN, simulator.app_secret, SECRET_WORDS):
        assert secret not in told


def test_the_token_is_in_no_address_even_where_meta_puts_it_into_the_next_one(simulator: RunningSimulator) -> None:
    for number in range(120):
        simulator.state.publish(f"julkaisu {number}")
    session = WatchedSession()
    credentials = FacebookCredentials(simulator.page_id, simulator.page_token, simulator.app_secret)
    channel = FacebookChannel(credentials, graph_url=simulator.url, session=session)
    first = channel.posts()
    channel.posts(first.next_cursor)
    assert len(session.addresses) == 2
    assert PAGE_TOKEN not in "".join(session.addresses) + str(first.next_cursor)


def test_a_next_page_at_another_host_is_still_asked_from_our_own(simulator: RunningSimulator) -> None:
    for number in range(120):
        simulator.state.publish(f"julkaisu {number}")
    session = WatchedSession()
    session.headers["Host"] = "elsewhere.example"  # the simulator builds the next address from it
    credentials = FacebookCredentials(simulator.page_id, simulator.page_token, simulator.app_secret)
    channel = FacebookChannel(credentials, graph_url=simulator.url, session=session)
    first = channel.posts()
    assert (first.entries[0].permalink or "").startswith("http://elsewhere.example/")
    assert len(channel.posts(first.next_cursor).entries) == 20
    assert all(address.startswith(simulator.url) for address in session.addresses)
