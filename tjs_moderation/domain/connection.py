"""What it takes to reach a channel: what a token is, what it lets us do, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class TokenKind(StrEnum):
    """Whose token it is, as Meta's `debug_token` says."""

    USER = "user"
    PAGE = "page"
    SYSTEM_USER = "system_user"
    APP = "app"
    UNKNOWN = "unknown"


class TokenFault(StrEnum):
    """Why a token cannot be used."""

    INVALID = "token_invalid"
    EXPIRED = "token_expired"
    OF_ANOTHER_APP = "token_of_another_app"
    OF_AN_APP = "token_of_an_app"
    LACKS_READING = "token_lacks_reading"


PERMISSIONS = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "pages_manage_metadata",
    "pages_messaging",
)
"""What the console asks of Meta, in the order in which they are needed."""

TO_READ = frozenset({"pages_read_engagement", "pages_read_user_content"})
"""Without these nothing can be read, and connecting makes no sense."""

WEBHOOK_FIELDS = (
    "feed",
    "messages",
    "message_echoes",
    "message_edits",
    "message_deliveries",
    "message_reads",
    "messaging_postbacks",
)
"""What a page is asked to tell us of at once."""

EXPIRES_SOON = timedelta(days=14)
"""How long before its end a token is spoken of."""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the channel says of a token. Times are None where it never ends; `failure` is a code where it is invalid.

    `page_id` is the page of a page's token, empty otherwise.
    """

    kind: TokenKind
    app_id: str = ""
    is_valid: bool = True
    permissions: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    page_id: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that a token opens, with the page's own token."""

    id: str
    name: str
    token: str = field(default="", repr=False)


class Connector(Protocol):
    """Asks a channel about the ways into it. Every call is bounded in time; all raise `GatewayError`."""

    def app_name(self, app_id: str, app_secret: str) -> str:
        """The name of the app, where id and secret belong together."""

    def look_at(self, app_id: str, app_secret: str, token: str) -> TokenFacts:
        """What kind of token it is, and what it opens."""

    def lengthen(self, app_id: str, app_secret: str, token: str) -> str:
        """A user's token that lasts for weeks, in exchange for one that lasts for an hour."""

    def pages(self, app_secret: str, token: str) -> tuple[OpenPage, ...]:
        """The pages a user's token opens, each with a token of its own; by name."""

    def page(self, app_secret: str, page_id: str, token: str) -> OpenPage:
        """The page of a page's token."""

    def subscribe(self, app_secret: str, page: OpenPage, fields: Collection[str]) -> None:
        """Have the page tell us at once of what happens on it."""

    def unsubscribe(self, app_secret: str, page: OpenPage) -> None:
        """Have it tell us no more."""


def fault_of(facts: TokenFacts, app_id: str, now: datetime) -> TokenFault | None:
    """Why this token cannot be used by this app; None where it can."""
    if not facts.is_valid:
        return TokenFault.EXPIRED if facts.failure.endswith("/463") else TokenFault.INVALID
    if facts.kind is TokenKind.APP:
        return TokenFault.OF_AN_APP
    if facts.app_id and facts.app_id != app_id:
        return TokenFault.OF_ANOTHER_APP
    if facts.expires_at is not None and facts.expires_at <= now:
        return TokenFault.EXPIRED
    return None if facts.permissions >= TO_READ else TokenFault.LACKS_READING


def lacking(permissions: Collection[str]) -> tuple[str, ...]:
    """The permissions that are not there, in the order in which they are needed."""
    return tuple(name for name in PERMISSIONS if name not in permissions)


def ends_at(expires_at: datetime | None, data_access_expires_at: datetime | None) -> datetime | None:
    """When a token opens nothing more: at its own end, or when its access to people's data ends; None for never."""
    return min((moment for moment in (expires_at, data_access_expires_at) if moment is not None), default=None)


class Step(StrEnum):
    """What is done in turn until a channel is connected."""

    APP = "app"
    TOKEN = "token"  # noqa: S105  # a step
    PAGE = "page"
    EVENTS = "events"
    START = "start"


def steps_done(*, has_app: bool, has_token: bool, has_page: bool, is_subscribed: bool, is_on: bool) -> frozenset[Step]:
    """The steps that are behind us; each needs the one before, but events can be ordered at any time after the page."""
    done = {Step.APP} if has_app else set()
    if has_app and has_token:
        done.add(Step.TOKEN)
        if has_page:
            done.add(Step.PAGE)
            done |= {Step.EVENTS} if is_subscribed else set()
            done |= {Step.START} if is_on else set()
    return frozenset(done)


def steps_open(done: frozenset[Step]) -> frozenset[Step]:
    """The steps that can be taken now. Reading may start without the events: they make it quicker, not possible."""
    for step in (Step.APP, Step.TOKEN, Step.PAGE):
        if step not in done:
            return frozenset({step})
    return frozenset({Step.EVENTS, Step.START}) - done
