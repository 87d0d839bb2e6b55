"""What opens the Facebook channel: from the environment, or else from the console's own sealed secrets.

One rule: as soon as the environment names a page id, page token, app secret or verify token, the environment alone
counts, and what the console keeps is not used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tjs_moderation.errors import SecretsError
from tjs_moderation.models import AuditHead, Channel, ChannelConnection, ChannelSecret
from tjs_moderation.services import code_secrets, person_keys
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact
from tjs_moderation.services.vault import Vault, add_key, drop_old_keys, known_keys, open_vault, vault_to_fill
from tjs_moderation.services.wiring import ports

FACEBOOK = "facebook"
"""The name of the channel that an install begins with."""


class Secret(StrEnum):
    """What of a channel is kept sealed. `USER_TOKEN` is kept only until the page has been chosen and connected."""

    APP_SECRET = "app_secret"  # noqa: S105  # the name of one
    VERIFY_TOKEN = "verify_token"  # noqa: S105  # the name of one
    USER_TOKEN = "user_token"  # noqa: S105  # the name of one
    PAGE_TOKEN = "page_token"  # noqa: S105  # the name of one


@dataclass(frozen=True, slots=True)
class FacebookAccess:
    """What is known of the way in, as far as it has been given; values are empty until then.

    `is_on`: the channel may be read and acted on. `trouble` is empty, or the code of the SecretsError that keeps the
    secrets shut: then the channel is off, and everything on it is done by hand.
    """

    app_id: str = ""
    page_id: str = ""
    page_token: str = field(default="", repr=False)
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    is_on: bool = False
    is_from_environment: bool = False
    trouble: str = ""


def facebook_access(session: Session | None = None) -> FacebookAccess:
    """The way in as it stands now. Asks the database each time, so that every process follows a change at once."""
    given = ports().settings.facebook
    if given.is_given:
        return FacebookAccess(
            page_id=given.page_id,
            page_token=given.page_token,
            app_secret=given.app_secret,
            verify_token=given.verify_token,
            is_on=given.is_on,
            is_from_environment=True,
        )
    if session is not None:
        return _kept_access(session)
    with reading() as looking:
        return _kept_access(looking)


def _kept_access(session: Session) -> FacebookAccess:
    connection = session.scalars(
        select(ChannelConnection)
        .join(Channel, Channel.id == ChannelConnection.channel_id)
        .where(Channel.name == FACEBOOK),
    ).one_or_none()
    if connection is None:
        return FacebookAccess()
    try:
        found = secrets_of(session, connection.channel_id)
    except SecretsError as error:
        return FacebookAccess(app_id=connection.app_id, page_id=connection.page_id, trouble=str(error))
    page_token = found.get(Secret.PAGE_TOKEN, "")
    return FacebookAccess(
        app_id=connection.app_id,
        page_id=connection.page_id,
        page_token=page_token,
        app_secret=found.get(Secret.APP_SECRET, ""),
        verify_token=found.get(Secret.VERIFY_TOKEN, ""),
        is_on=bool(connection.connected_at and connection.page_id and page_token),
    )


def secrets_of(session: Session, channel_id: int) -> dict[Secret, str]:
    """The secrets of a channel. Raises SecretsError where they cannot be opened."""
    sealed = session.execute(
        select(ChannelSecret.name, ChannelSecret.sealed).where(ChannelSecret.channel_id == channel_id),
    ).all()
    if not sealed:
        return {}
    vault = open_vault()
    return {Secret(name): vault.open(_place(channel_id, name), text) for name, text in sealed}


def put_secret(work: Work, channel_id: int, name: Secret, secret: str) -> None:
    """Keep one secret of a channel in place of the one before. Raises SecretsError where there is no key for it."""
    _hold_keys(work)
    sealed = vault_to_fill().seal(_place(channel_id, name), secret)
    row = work.session.get(ChannelSecret, (channel_id, str(name)))
    if row is None:
        work.session.add(ChannelSecret(channel_id=channel_id, name=str(name), sealed=sealed, put_at=work.now))
    else:
        row.sealed, row.put_at = sealed, work.now


def forget_secrets(work: Work, channel_id: int, names: Iterable[Secret] = tuple(Secret)) -> None:
    """Delete secrets of a channel: all of them unless named."""
    wanted = [str(name) for name in names]
    work.session.execute(
        delete(ChannelSecret).where(ChannelSecret.channel_id == channel_id, ChannelSecret.name.in_(wanted)),
    )


def rotate_key() -> int:
    """Seal every secret anew with a new key, then let the old one go; gives how many there were.

    The key file holds both keys until everything is sealed with the new one, so that a command which is killed at any
    point loses nothing, and is simply given again. Where the environment gives the keys, the first of them is the new
    one; it is left to a person to take the others away. Raises SecretsError.
    """
    settings = ports().settings
    if settings.credentials_keys and len(settings.credentials_keys) == 1:
        raise SecretsError("secrets_key_in_environment")
    with transact(CONSOLE) as work:
        _hold_keys(work)
        if not settings.credentials_keys:
            add_key()
        vault = open_vault()
        sealed = work.session.scalars(select(ChannelSecret)).all()
        for row in sealed:
            place = _place(row.channel_id, row.name)
            row.sealed = vault.seal(place, vault.open(place, row.sealed))
        count = len(sealed) + person_keys.reseal(work.session, vault) + code_secrets.reseal(work.session, vault)
        work.record("rotate_key", secrets=count)
    if not settings.credentials_keys:
        _let_old_keys_go()
    return count


def _let_old_keys_go() -> None:
    """Drop the old keys, having seen that the newest one opens everything."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        _hold_keys(work)
        newest = Vault(known_keys(ports().settings)[:1])
        for row in work.session.scalars(select(ChannelSecret)):
            newest.open(_place(row.channel_id, row.name), row.sealed)
        person_keys.check_opens(work.session, newest)
        code_secrets.check_opens(work.session, newest)
        drop_old_keys()


def unreadable_secrets(session: Session) -> str:
    """Empty where every secret there is opens; otherwise the code of what keeps them shut."""
    try:
        for channel_id in session.scalars(select(ChannelSecret.channel_id).distinct()):
            secrets_of(session, channel_id)
        person_keys.ring(session)
        code_secrets.check_readable(session)
    except SecretsError as error:
        return str(error)
    return ""


def _place(channel_id: int, name: str) -> str:
    return f"channel:{channel_id}:{name}"


def _hold_keys(work: Work) -> None:
    """Let nobody seal anything or change the keys meanwhile: both wait for the head of the log, on either database."""
    work.session.scalars(select(AuditHead).with_for_update()).one()
