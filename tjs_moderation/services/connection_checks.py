"""Looks after the connections: what a token is still worth, asked once a day and whenever somebody wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from tjs_moderation.domain.connection import TokenFacts, fault_of
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import GatewayError, SecretsError, TransitionError
from tjs_moderation.models import Channel, ChannelConnection
from tjs_moderation.services import pacing
from tjs_moderation.services.connections import facebook_channel, is_given_by_environment
from tjs_moderation.services.credentials import Secret, secrets_of
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import CONSOLE, Actor, reading, transact, user
from tjs_moderation.services.wiring import ports

CHECK_AGAIN = timedelta(days=1)
TRY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    channel_id: int
    app_id: str
    secrets: dict[Secret, str]


def check_connections() -> int:
    """Ask about every connection that has not been asked about for a day; gives how many were."""
    now = ports().clock()
    with reading() as session:
        rows = session.scalars(select(ChannelConnection).where(ChannelConnection.connected_at.is_not(None))).all()
        due = [row.channel_id for row in rows if _is_due(row, now)]
    for channel_id in due:
        _check(CONSOLE, channel_id)
    return len(due)


def check_as(user_id: int, channel_id: int) -> None:
    """Ask about one connection now. TransitionError where there is nothing to ask about."""
    with reading() as session:
        acting_user(session, user_id, Permission.RUN_CHANNELS)
        if is_given_by_environment(facebook_channel(session, channel_id)):
            raise TransitionError("channel_from_environment")
    if not _check(user(user_id), channel_id):
        raise TransitionError("choose_page_first")


def _is_due(row: ChannelConnection, now: datetime) -> bool:
    wait = TRY_AGAIN if row.check_failure else CHECK_AGAIN
    return row.checked_at is None or row.checked_at + wait <= now


def _check(actor: Actor, channel_id: int) -> bool:
    """Ask, and write down what was told; a token that opens nothing any more stops the channel."""
    kept = _kept(channel_id)
    if kept is None:
        return False
    failure, facts = "", None
    try:
        facts = ports().connector.look_at(kept.app_id, kept.secrets[Secret.APP_SECRET], kept.secrets[Secret.PAGE_TOKEN])
    except GatewayError as error:
        failure = error.detail or str(error.failure)
    _note(actor, kept, facts, failure)
    return True


def _kept(channel_id: int) -> _Kept | None:
    with reading() as session:
        row = session.get(ChannelConnection, channel_id)
        if row is None or not row.page_id:
            return None
        try:
            secrets = secrets_of(session, channel_id)
        except SecretsError:
            return None
    return _Kept(channel_id, row.app_id, secrets) if {Secret.APP_SECRET, Secret.PAGE_TOKEN} <= secrets.keys() else None


def _note(actor: Actor, kept: _Kept, facts: TokenFacts | None, failure: str) -> None:
    with transact(actor) as work:
        row = work.session.get(ChannelConnection, kept.channel_id, with_for_update=True)
        if row is None or row.app_id != kept.app_id:
            work.leave_no_entry()
            return
        row.checked_at, row.check_failure = work.now, failure
        if facts is not None and facts.is_valid:
            row.permissions = sorted(facts.permissions)
            row.token_expires_at, row.data_access_expires_at = facts.expires_at, facts.data_access_expires_at
        fault = fault_of(facts, kept.app_id, work.now) if facts is not None else None
        if fault is not None and facts is not None:
            row.check_failure = facts.failure or str(fault)
            if not facts.is_valid:
                pacing.halt(work, work.session.get_one(Channel, kept.channel_id), row.check_failure)
        work.record("check_connection", channel=kept.channel_id, failure=row.check_failure)


def note_reached(channel_name: str) -> None:
    """Remember that the channel has just used our verify token: it need not be shown any more."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        row = work.session.scalars(
            select(ChannelConnection)
            .join(Channel, Channel.id == ChannelConnection.channel_id)
            .where(Channel.name == channel_name)
        ).one_or_none()
        if row is not None:
            row.webhook_seen_at = work.now
