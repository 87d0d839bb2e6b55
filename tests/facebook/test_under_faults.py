"""Everything goes wrong at random: nothing is done twice, nothing is missed, nothing is read twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import pytest

from tests.support.simulator import RunningSimulator
from tjs_moderation.domain.ports import ActDone, Incoming, OutwardAct
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook import FacebookChannel
from tjs_moderation.simulator.faults import NAMES

T = TypeVar("T")

PASSING = frozenset({GatewayFailure.TRANSIENT, GatewayFailure.THROTTLED})
FAULTS = NAMES - {"delay", "success_false"}
"""Without those that would only make the test slow, or end an act for good."""


def until_it_passes(attempt: Callable[[], T]) -> T:
    while True:
        try:
            return attempt()
        except GatewayError as error:
            if error.failure not in PASSING:
                raise


def carry_out(channel: FacebookChannel, act: OutwardAct) -> ActDone:
    """As the outbox does it: what is unknown is looked up before it is tried again."""
    while True:
        try:
            return until_it_passes(partial(channel.perform, act))
        except OutcomeUnknownError:
            found = until_it_passes(partial(channel.read_back, act))
            if found is not None:
                return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_act_happens_exactly_once(simulator: RunningSimulator, seed: int) -> None:
    state = simulator.state
    post = state.publish("Luento", post_id="1")
    targets = [state.comment(post.id, state.meet(f"Kävijä {number}"), "Milloin?").id for number in range(20)]
    simulator.faults.at_random(seed, 0.3, FAULTS)
    channel = simulator.channel()
    for target in targets:
        for kind in (ActKind.HIDE, ActKind.REPLY, ActKind.PRIVATE_MESSAGE):
            carry_out(channel, OutwardAct("key", kind, f"1_{target}", "Tiistaina", state.clock.now()))
    done = Counter((deed.kind, deed.target_id) for deed in simulator.ledger.deeds)
    assert done == {(kind, f"1_{each}"): 1 for kind in ("hide", "reply", "private_reply") for each in targets}
    assert any(not entry.was_answered and entry.deeds for entry in simulator.ledger.entries)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_walk_reads_every_comment_exactly_once(simulator: RunningSimulator, seed: int) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    for number in range(1050):
        simulator.state.comment(post.id, simulator.state.meet(f"Kävijä {number % 7}"), f"kommentti {number}")
    simulator.faults.at_random(seed, 0.5, FAULTS)
    channel = simulator.channel()
    found: list[Incoming] = []
    cursor: str | None = None
    while True:
        page = until_it_passes(partial(channel.comments, "1000_1", cursor))
        found += page.entries
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [comment.text for comment in found] == [f"kommentti {number}" for number in range(1050)]
