"""Whose turn it is to work the hints of a channel: a lease, so that a worker that died holds nobody up for long."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from tjs_moderation.errors import ConflictError
from tjs_moderation.models import Channel, HintTurn
from tjs_moderation.services.transaction import Work, transact
from tjs_moderation.services.transaction import channel as by_channel

LEASE = timedelta(seconds=180)
"""From each step anew; longer than any one look at a channel takes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of one worker at a channel."""

    channel_id: int
    lease_key: str

    def go_on(self, work: Work) -> None:
        """Hold on to the turn in this transaction. ConflictError where another worker has it by now."""
        held = work.session.get(HintTurn, self.channel_id, with_for_update=True)
        if held is None or held.lease_key != self.lease_key:
            raise ConflictError("lease_lost")
        held.leased_until = work.now + LEASE


@contextmanager
def turn_at(channel_id: int) -> Iterator[Turn | None]:
    """The turn at a channel for as long as the `with` lasts; None where another worker has it."""
    turn = _take(channel_id)
    try:
        yield turn
    finally:
        if turn is not None:
            _give_back(turn)


def _take(channel_id: int) -> Turn | None:
    with transact(by_channel(channel_id)) as work:
        work.leave_no_entry()
        # Two who begin the first turn of a channel at once wait for each other here.
        work.session.get_one(Channel, channel_id, with_for_update=True)
        held = work.session.get(HintTurn, channel_id, with_for_update=True)
        if held is not None and held.leased_until > work.now:
            return None
        turn = Turn(channel_id, secrets.token_hex(16))
        if held is None:
            held = HintTurn(channel_id=channel_id)
            work.session.add(held)
        held.lease_key, held.leased_until = turn.lease_key, work.now + LEASE
    return turn


def _give_back(turn: Turn) -> None:
    with transact(by_channel(turn.channel_id)) as work:
        work.leave_no_entry()
        mine = HintTurn.channel_id == turn.channel_id, HintTurn.lease_key == turn.lease_key
        work.session.execute(delete(HintTurn).where(*mine))
