"""The way into a page: what a token is, a longer one in exchange, the pages it opens, and their webhooks.

Everything goes in the header or the body of a call, never in its address. Where Meta documents a GET whose parameters
are secret, it is asked with a POST that says `method=get`, which the Graph API takes for the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import requests

from tjs_moderation.domain.connection import OpenPage, TokenFacts, TokenKind
from tjs_moderation.errors import ConfigurationError, GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook.client import (
    DEFAULT_API_VERSION,
    DEFAULT_GRAPH_URL,
    DEFAULT_TIMEOUT_SECONDS,
    Answer,
    GraphClient,
)
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials

_KINDS = {kind.value: kind for kind in TokenKind}
_MAX_LISTS = 20


class FacebookConnector:
    """Asks the Graph API about tokens and pages; implements `domain.connection.Connector`."""

    def __init__(
        self,
        *,
        graph_url: str = DEFAULT_GRAPH_URL,
        api_version: str = DEFAULT_API_VERSION,
        session: requests.Session | None = None,
        timeout_seconds: tuple[float, float] = DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        self._graph_url, self._api_version = graph_url, api_version
        self._session, self._timeout_seconds = session, timeout_seconds

    def app_name(self, app_id: str, app_secret: str) -> str:
        """The name of the app, asked with its own token, which only the right secret makes."""
        about = self._described(app_id, app_secret, f"{app_id}|{app_secret}")
        if about.get("is_valid") is not True:
            raise GatewayError(GatewayFailure.STOPPED, _failure_in(about))
        return str(about.get("application") or "")

    def look_at(self, app_id: str, app_secret: str, token: str) -> TokenFacts:
        """What `debug_token` says of a token."""
        about = self._described(app_id, app_secret, token)
        kind = _KINDS.get(str(about.get("type", "")).lower(), TokenKind.UNKNOWN)
        return TokenFacts(
            kind=kind,
            app_id=str(about.get("app_id") or ""),
            is_valid=about.get("is_valid") is True,
            permissions=frozenset(map(str, _list_in(about, "scopes"))),
            expires_at=_moment(about.get("expires_at")),
            data_access_expires_at=_moment(about.get("data_access_expires_at")),
            page_id=str(about.get("profile_id") or "") if kind is TokenKind.PAGE else "",
            failure=_failure_in(about),
        )

    def lengthen(self, app_id: str, app_secret: str, token: str) -> str:
        """A long-lived token in exchange for a user's short one."""
        answer = _asked(
            self._client(f"{app_id}|{app_secret}"),
            "oauth",
            "access_token",
            grant_type="fb_exchange_token",
            client_id=app_id,
            client_secret=app_secret,
            fb_exchange_token=token,
        )
        longer = answer.get("access_token")
        if not isinstance(longer, str) or not longer:
            raise GatewayError(GatewayFailure.BAD_REQUEST, "an exchange without a token")
        return longer

    def pages(self, app_secret: str, token: str) -> tuple[OpenPage, ...]:
        """The pages of whoever the token belongs to, each with a token of its own."""
        client, found, cursor = self._client(token, app_secret), [], None
        for _ in range(_MAX_LISTS):
            listed = client.read_list("me", "accounts", cursor=cursor, fields="id,name,access_token", limit="100")
            found += [_page(entry) for entry in listed.entries if isinstance(entry, dict) and entry.get("id")]
            cursor = listed.next_cursor
            if cursor is None:
                break
        return tuple(sorted((page for page in found if page.token), key=lambda page: (page.name, page.id)))

    def page(self, app_secret: str, page_id: str, token: str) -> OpenPage:
        """The page of a page's token, with its name."""
        answer = self._client(token, app_secret).read(page_id or "me", fields="id,name")
        return OpenPage(str(answer.get("id") or page_id), str(answer.get("name") or ""), token)

    def subscribe(self, app_secret: str, page: OpenPage, fields: Collection[str]) -> None:
        """Have the page send these webhook fields to the app."""
        answer = _asked(
            self._client(page.token, app_secret), page.id, "subscribed_apps", subscribed_fields=",".join(fields)
        )
        if str(answer.get("success")).lower() != "true":
            raise GatewayError(GatewayFailure.REFUSED, "success false")

    def unsubscribe(self, app_secret: str, page: OpenPage) -> None:
        """Have the page send nothing more to the app."""
        try:
            self._client(page.token, app_secret).delete(page.id, "subscribed_apps")
        except OutcomeUnknownError as error:
            raise GatewayError(GatewayFailure.TRANSIENT, str(error)) from error

    def _described(self, app_id: str, app_secret: str, token: str) -> Mapping[str, object]:
        answer = _asked(self._client(f"{app_id}|{app_secret}"), "debug_token", method="get", input_token=token)
        about = answer.get("data")
        if not isinstance(about, dict):
            raise GatewayError(GatewayFailure.BAD_REQUEST, "a description without data")
        return about

    def _client(self, token: str, app_secret: str = "") -> GraphClient:
        try:
            credentials = FacebookCredentials("me", token, app_secret)
        except ConfigurationError as error:
            raise GatewayError(GatewayFailure.BAD_REQUEST, "a token with odd characters") from error
        return GraphClient(
            credentials,
            graph_url=self._graph_url,
            api_version=self._api_version,
            session=self._session,
            timeout_seconds=self._timeout_seconds,
        )


def _asked(client: GraphClient, *path: str, **form: str) -> Answer:
    """The answer to a POST after which nothing has to be read back: asking once more does no harm."""
    try:
        return client.write(*path, **form)
    except OutcomeUnknownError as error:
        raise GatewayError(GatewayFailure.TRANSIENT, str(error)) from error


def _page(entry: Mapping[str, object]) -> OpenPage:
    return OpenPage(str(entry["id"]), str(entry.get("name") or ""), str(entry.get("access_token") or ""))


def _list_in(about: Mapping[str, object], name: str) -> list[object]:
    found = about.get(name)
    return found if isinstance(found, list) else []


def _moment(seconds: object) -> datetime | None:
    """A moment as Meta writes it; 0 or nothing is never."""
    if not isinstance(seconds, int | float) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _failure_in(about: Mapping[str, object]) -> str:
    """Code and subcode of why a token is invalid, e.g. `190/463`; its words are not repeated."""
    error = about.get("error")
    if not isinstance(error, dict):
        return ""
    told = [error.get("code"), error.get("subcode") or error.get("error_subcode")]
    return "/".join(str(number) for number in told if isinstance(number, int))
