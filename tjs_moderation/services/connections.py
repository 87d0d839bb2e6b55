"""What is known of the channels' connections, for the pages and the checks. Reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.connection import Step, steps_done, steps_open
from tjs_moderation.domain.vocabulary import ChannelKind
from tjs_moderation.errors import NotFoundError, SecretsError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, ChannelConnection, ChannelSecret
from tjs_moderation.services.credentials import FACEBOOK, Secret, secrets_of
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How far a channel's connecting has come.

    `given` names the secrets that are there, none of them said aloud; the verify token alone is shown, since it has to
    be copied to Meta, and only until Meta has used it. `trouble` is the code of what keeps the secrets shut.
    """

    channel: Channel
    connection: ChannelConnection | None
    given: frozenset[Secret] = frozenset()
    verify_token: str = field(default="", repr=False)
    trouble: str = ""
    is_from_environment: bool = False

    @property
    def done(self) -> frozenset[Step]:
        """The steps behind us."""
        row = self.connection
        return steps_done(
            has_app=bool(row and row.app_id) and Secret.APP_SECRET in self.given,
            has_token=bool(self.given & {Secret.USER_TOKEN, Secret.PAGE_TOKEN}),
            has_page=Secret.PAGE_TOKEN in self.given,
            is_subscribed=bool(row and row.subscribed),
            is_on=bool(row and row.connected_at),
        )

    @property
    def open(self) -> frozenset[Step]:
        """The steps that can be taken now."""
        return steps_open(self.done)


def connection_state(channel_id: int) -> ConnectionState:
    """How far the connecting of a channel has come. NotFoundError where there is no such channel to connect."""
    channel = facebook_channel(db.session(), channel_id)
    row = db.session.get(ChannelConnection, channel_id)
    names = db.session.scalars(select(ChannelSecret.name).where(ChannelSecret.channel_id == channel_id))
    given = frozenset(map(Secret, names))
    try:
        secrets: Mapping[Secret, str] = secrets_of(db.session(), channel_id)
        trouble = ""
    except SecretsError as error:
        secrets, trouble = {}, str(error)
    has_used = row is not None and row.webhook_seen_at is not None
    return ConnectionState(
        channel,
        row,
        given,
        "" if has_used else secrets.get(Secret.VERIFY_TOKEN, ""),
        trouble,
        is_given_by_environment(channel),
    )


def facebook_channel(session: Session, channel_id: int) -> Channel:
    """The channel, where it is one that can be connected. Raises NotFoundError."""
    channel = session.get(Channel, channel_id)
    if channel is None or channel.kind is not ChannelKind.FACEBOOK:
        raise NotFoundError("channel")
    return channel


def is_given_by_environment(channel: Channel) -> bool:
    """Whether the environment says how this channel is reached, so that nothing in the console counts."""
    return channel.name == FACEBOOK and ports().settings.facebook.is_given


def callback_address() -> str:
    """Where Meta is to send its events."""
    return f"{ports().settings.base_url}/hooks/facebook"
