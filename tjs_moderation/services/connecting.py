"""Connecting a channel step by step. What was given at a step is kept, however far one goes on.

No transaction is open while the channel is asked: each verb asks first, then writes down what it was told.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tjs_moderation.domain.connection import WEBHOOK_FIELDS, OpenPage, TokenFacts, TokenKind, fault_of
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import (
    ConflictError,
    GatewayError,
    GatewayFailure,
    InvalidInputError,
    SecretsError,
    TransitionError,
)
from tjs_moderation.models import Channel, ChannelConnection
from tjs_moderation.services import channels, pacing
from tjs_moderation.services.connections import facebook_channel, is_given_by_environment
from tjs_moderation.services.credentials import Secret, forget_secrets, put_secret, secrets_of
from tjs_moderation.services.reach import acting_user
from tjs_moderation.services.transaction import Work, reading, transact, user
from tjs_moderation.services.wiring import ports

LONGEST_SECRET = 1000
_NOT_THIS_APP = {GatewayFailure.STOPPED, GatewayFailure.BAD_REQUEST, GatewayFailure.PERMISSION, GatewayFailure.REFUSED}


@dataclass(frozen=True, slots=True)
class _Known:
    """What had been given before the channel was asked."""

    app_id: str = ""
    page: OpenPage = field(default_factory=lambda: OpenPage("", ""))
    app_secret: str = field(default="", repr=False)
    user_token: str = field(default="", repr=False)


def give_app(user_id: int, channel_id: int, app_id: str, app_secret: str) -> None:
    """Say which app of Meta's this is. InvalidInputError where id and secret do not belong together."""
    _known(user_id, channel_id)
    if not (app_id.isascii() and app_id.isdigit() and len(app_id) <= 30):
        raise InvalidInputError("app_id_odd")
    _check_secret(app_secret, "app_secret_odd")
    try:
        name = ports().connector.app_name(app_id, app_secret)
    except GatewayError as error:
        if error.failure in _NOT_THIS_APP:
            raise InvalidInputError("app_and_secret_differ") from error
        raise
    with transact(user(user_id)) as work:
        row = _row(work, user_id, channel_id)
        if row.app_id != app_id:
            forget_secrets(work, channel_id, (Secret.USER_TOKEN, Secret.PAGE_TOKEN))
            _forget_page(row)
        row.app_id, row.app_name = app_id, name[:200]
        put_secret(work, channel_id, Secret.APP_SECRET, app_secret)
        if Secret.VERIFY_TOKEN not in secrets_of(work.session, channel_id):
            put_secret(work, channel_id, Secret.VERIFY_TOKEN, secrets.token_urlsafe(24))
        work.record("connect_app", channel=channel_id, app=app_id)


def give_token(user_id: int, channel_id: int, token: str) -> None:
    """Give a token. A user's is exchanged for one that lasts; where it opens a single page, that page is chosen.

    InvalidInputError where it cannot be used, with a `TokenFault` or `token_opens_no_page` as its message.
    """
    known = _known(user_id, channel_id, needs_app=True)
    _check_secret(token, "token_odd")
    facts = _facts(known, token)
    if facts.kind is TokenKind.PAGE:
        page = ports().connector.page(known.app_secret, facts.page_id, token)
        _keep_token(user_id, channel_id, known, facts, (page,), "")
        return
    is_short = facts.kind is TokenKind.USER
    lasting = ports().connector.lengthen(known.app_id, known.app_secret, token) if is_short else token
    pages = ports().connector.pages(known.app_secret, lasting)
    if not pages:
        lacks = "pages_show_list" not in facts.permissions
        raise InvalidInputError("token_lacks_show_list" if lacks else "token_opens_no_page")
    _keep_token(user_id, channel_id, known, facts, pages, lasting)


def choose_page(user_id: int, channel_id: int, page_id: str) -> None:
    """Choose one of the pages the token opens. InvalidInputError where it opens no such page (any more)."""
    known = _known(user_id, channel_id, needs_app=True)
    if not known.user_token:
        raise TransitionError("give_token_first")
    pages = ports().connector.pages(known.app_secret, known.user_token)
    page = next((page for page in pages if page.id == page_id), None)
    if page is None:
        raise InvalidInputError("token_opens_no_such_page")
    facts = _facts(known, page.token)
    with transact(user(user_id)) as work:
        row = _row(work, user_id, channel_id, known)
        _keep_page(work, row, page, facts)
        work.record("choose_page", channel=channel_id, page=page.id)


def subscribe(user_id: int, channel_id: int) -> None:
    """Have the page tell us at once of what happens on it. GatewayError where it will not."""
    known = _known(user_id, channel_id, needs_app=True)
    if not known.page.token:
        raise TransitionError("choose_page_first")
    ports().connector.subscribe(known.app_secret, known.page, WEBHOOK_FIELDS)
    with transact(user(user_id)) as work:
        _row(work, user_id, channel_id, known).subscribed = list(WEBHOOK_FIELDS)
        work.record("subscribe_page", channel=channel_id, page=known.page.id, fields=list(WEBHOOK_FIELDS))


def connect(user_id: int, channel_id: int, days: int | None) -> None:
    """Begin to read and act: what is older than `days` days stays out (0: from now on; None: everything is read)."""
    known = _known(user_id, channel_id, needs_app=True)
    if not known.page.token:
        raise TransitionError("choose_page_first")
    with transact(user(user_id)) as work:
        row = _row(work, user_id, channel_id, known)
        row.connected_at, row.pages = work.now, []
        forget_secrets(work, channel_id, (Secret.USER_TOKEN,))
        channel = work.session.get_one(Channel, channel_id)
        channel.external_id = row.page_id
        pacing.set_going(channel)
        channels.begin_at(work, channel_id, None if days is None else work.now - timedelta(days=days))
        work.nudge("walk")
        work.nudge("send")
        work.record("connect_channel", channel=channel_id, page=row.page_id, days=days)


def disconnect(user_id: int, channel_id: int) -> None:
    """Forget everything that opens the channel. Nothing leaves any more: acts that are due become a person's to do."""
    try:
        known = _known(user_id, channel_id)
    except SecretsError:
        known = _Known()  # what cannot be opened can still be thrown away
    if known.page.token:
        # The page goes on telling somebody who does not listen where this fails; that does no harm.
        with suppress(GatewayError):
            ports().connector.unsubscribe(known.app_secret, known.page)
    with transact(user(user_id)) as work:
        acting_user(work.session, user_id, Permission.RUN_CHANNELS)
        row = work.session.get(ChannelConnection, channel_id, with_for_update=True)
        if row is None:
            raise TransitionError("channel_not_connected")
        forget_secrets(work, channel_id)
        work.session.delete(row)
        pacing.set_going(work.session.get_one(Channel, channel_id))
        work.nudge("send")
        work.record("disconnect_channel", channel=channel_id)


def _known(user_id: int, channel_id: int, *, needs_app: bool = False) -> _Known:
    with reading() as session:
        acting_user(session, user_id, Permission.RUN_CHANNELS)
        if is_given_by_environment(facebook_channel(session, channel_id)):
            raise TransitionError("channel_from_environment")
        row = session.get(ChannelConnection, channel_id)
        kept = secrets_of(session, channel_id)
    if needs_app and (row is None or not row.app_id or Secret.APP_SECRET not in kept):
        raise TransitionError("give_app_first")
    if row is None:
        return _Known()
    page = OpenPage(row.page_id, row.page_name, kept.get(Secret.PAGE_TOKEN, ""))
    return _Known(row.app_id, page, kept.get(Secret.APP_SECRET, ""), kept.get(Secret.USER_TOKEN, ""))


def _facts(known: _Known, token: str) -> TokenFacts:
    facts = ports().connector.look_at(known.app_id, known.app_secret, token)
    fault = fault_of(facts, known.app_id, ports().clock())
    if fault is not None:
        raise InvalidInputError(str(fault))
    return facts


def _keep_token(
    user_id: int, channel_id: int, known: _Known, facts: TokenFacts, pages: tuple[OpenPage, ...], lasting: str
) -> None:
    only = pages[0] if len(pages) == 1 else None
    of_page = _facts(known, only.token) if only is not None else facts
    with transact(user(user_id)) as work:
        row = _row(work, user_id, channel_id, known)
        forget_secrets(work, channel_id, (Secret.USER_TOKEN, Secret.PAGE_TOKEN))
        _forget_page(row)
        if lasting:
            put_secret(work, channel_id, Secret.USER_TOKEN, lasting)
        row.pages = [[page.id, page.name] for page in pages]
        _note(row, work, facts)
        if only is not None:
            _keep_page(work, row, only, of_page)
        work.record("connect_token", channel=channel_id, kind=str(facts.kind), pages=[page.id for page in pages])


def _keep_page(work: Work, row: ChannelConnection, page: OpenPage, facts: TokenFacts) -> None:
    row.page_id, row.page_name = page.id, page.name[:200]
    row.subscribed, row.connected_at = [], None
    put_secret(work, row.channel_id, Secret.PAGE_TOKEN, page.token)
    _note(row, work, facts)


def _note(row: ChannelConnection, work: Work, facts: TokenFacts) -> None:
    row.token_kind, row.permissions = str(facts.kind), sorted(facts.permissions)
    row.token_expires_at, row.data_access_expires_at = facts.expires_at, facts.data_access_expires_at
    row.checked_at, row.check_failure = work.now, ""


def _forget_page(row: ChannelConnection) -> None:
    row.page_id, row.page_name, row.pages, row.subscribed, row.connected_at = "", "", [], [], None


def _row(work: Work, user_id: int, channel_id: int, known: _Known | None = None) -> ChannelConnection:
    """The connection, made where there is none; ConflictError where another app was given meanwhile."""
    acting_user(work.session, user_id, Permission.RUN_CHANNELS)
    facebook_channel(work.session, channel_id)
    row = work.session.get(ChannelConnection, channel_id, with_for_update=True)
    if known is not None and (row is None or row.app_id != known.app_id):
        raise ConflictError("connection_changed")
    if row is None:
        row = ChannelConnection(channel_id=channel_id, app_id="", app_name="", page_id="", page_name="", token_kind="")
        row.pages, row.permissions, row.subscribed, row.check_failure = [], [], [], ""
        work.session.add(row)
        work.session.flush()
    return row


def _check_secret(secret: str, fault: str) -> None:
    """A secret has to fit into a header; it is never repeated in the refusal."""
    if not secret or len(secret) > LONGEST_SECRET or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise InvalidInputError(fault)
