"""One call to the Graph API: authorised without the token in an address, bounded in time, its no in our own words."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, LocationParseError, NewConnectionError

from tjs_moderation.domain.ports import Usage
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials
from tjs_moderation.gateways.facebook.faults import error_for, read_fault
from tjs_moderation.gateways.facebook.permissions import permission_for
from tjs_moderation.gateways.facebook.usage import read_usage

DEFAULT_GRAPH_URL = "https://graph.facebook.com"
DEFAULT_API_VERSION = "v26.0"
DEFAULT_TIMEOUT_SECONDS = (5.0, 30.0)
"""To connect, and between two pieces of the answer."""

Answer = Mapping[str, Any]

_NEVER_SENT = (NewConnectionError, ConnectTimeoutError, LocationParseError, ssl.SSLCertVerificationError)
_SECRET_PARAMETERS = frozenset({"access_token", "appsecret_proof"})


@dataclass(frozen=True, slots=True)
class GraphList:
    """One page of a list: its entries as they came, and the cursor of the next page (None ends the walk)."""

    entries: tuple[object, ...]
    next_cursor: str | None


class GraphClient:
    """Calls the Graph API. `usage` is how much of its budget the page had used when it last told."""

    def __init__(
        self,
        credentials: FacebookCredentials,
        *,
        graph_url: str = DEFAULT_GRAPH_URL,
        api_version: str = DEFAULT_API_VERSION,
        session: requests.Session | None = None,
        timeout_seconds: tuple[float, float] = DEFAULT_TIMEOUT_SECONDS,
    ) -> None:
        self.usage = Usage()
        self._base_url = f"{graph_url.rstrip('/')}/{quote(api_version, safe='')}"
        self._proof = {"appsecret_proof": credentials.proof} if credentials.proof else {}
        self._bearer = _Bearer(credentials.page_token)
        self._session = session or requests.Session()
        self._timeout_seconds = timeout_seconds

    def read(self, *path: str, **parameters: str) -> Answer:
        """The answer to a GET on `path`, given in its segments. Raises GatewayError."""
        return self._call("GET", path, query=parameters | self._proof)

    def read_list(self, *path: str, cursor: str | None = None, **parameters: str) -> GraphList:
        """One page of a list; `cursor` as the page before gave it. Raises GatewayError."""
        answer = self.read(*path, **(_parameters_of(cursor) | parameters))
        entries = answer.get("data")
        if not isinstance(entries, list):
            raise GatewayError(GatewayFailure.BAD_REQUEST, "a list without data")
        return GraphList(tuple(entries), _cursor_in(answer, parameters))

    def write(self, *path: str, **form: str) -> Answer:
        """The answer to a POST of form fields. Raises GatewayError (nothing happened) or OutcomeUnknownError."""
        return self._call("POST", path, form=form | self._proof)

    def send(self, *path: str, document: Mapping[str, object]) -> Answer:
        """The answer to a POST of a JSON document. Raises as `write`."""
        return self._call("POST", path, document={**document, **self._proof})

    def delete(self, *path: str) -> Answer:
        """The answer to a DELETE. Raises as `write`."""
        return self._call("DELETE", path, query=self._proof)

    def _call(
        self,
        method: str,
        path: tuple[str, ...],
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        document: Mapping[str, object] | None = None,
    ) -> Answer:
        is_write = method != "GET"
        try:
            response = self._session.request(
                method,
                "/".join((self._base_url, *(quote(segment, safe="") for segment in path))),
                params=query,
                data=form,
                json=document,
                auth=self._bearer,
                timeout=self._timeout_seconds,
                allow_redirects=False,
            )
        except (requests.RequestException, OSError) as error:
            # Without its cause: the words of the libraries repeat the address with everything in it.
            raise _unanswered(error, is_write=is_write) from None
        return self._read_answer(response, is_write=is_write, permission=permission_for(method, path))

    def _read_answer(self, response: requests.Response, *, is_write: bool, permission: str) -> Answer:
        self.usage = read_usage(response.headers) or self.usage
        body, is_json = _body_of(response)
        fault = read_fault(response.status_code, body, is_json=is_json)
        if fault is not None:
            wait_seconds = self.usage.regain_access_seconds or _retry_after_seconds(response)
            raise error_for(fault, is_write=is_write, retry_after_seconds=wait_seconds, permission=permission)
        # Some writes have been answered with a bare `true`.
        return body if isinstance(body, dict) else {"success": body}


class _Bearer(AuthBase):
    """The token in its header. As `auth`, so that nothing in a .netrc takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _unanswered(error: Exception, *, is_write: bool) -> GatewayError | OutcomeUnknownError:
    name = type(error).__name__
    if isinstance(error, ValueError):  # requests: an address or a header that cannot be sent at all
        return GatewayError(GatewayFailure.BAD_REQUEST, name)
    if is_write and not _was_never_sent(error):
        return OutcomeUnknownError(name)
    return GatewayError(GatewayFailure.TRANSIENT, name)


def _was_never_sent(error: object) -> bool:
    """Whether the connection itself failed, so that certainly nothing reached the other side."""
    waiting, seen = [error], 0
    while waiting and seen < 16:
        seen += 1
        inner = waiting.pop()
        if isinstance(inner, _NEVER_SENT):
            return True
        if isinstance(inner, BaseException):
            waiting += [*inner.args, getattr(inner, "reason", None)]
    return False


def _body_of(response: requests.Response) -> tuple[object, bool]:
    """The JSON of an answer, and whether it is JSON at all."""
    try:
        return json.loads(response.content, parse_constant=lambda _: None), True
    except (ValueError, RecursionError):
        return None, False


def _retry_after_seconds(response: requests.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdecimal() else None


def _cursor_in(answer: Answer, ours: Mapping[str, str]) -> str | None:
    """What the next page needs beyond our own parameters.

    Only a missing `next` ends a walk, for the last page has cursors, too. The address in `next` is followed only so
    far: its host is not asked, and the token that stands in it is dropped.
    """
    paging = answer.get("paging")
    address = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(address, str) or not address:
        return None
    try:
        parameters = parse_qsl(urlsplit(address).query)
    except ValueError:
        raise GatewayError(GatewayFailure.BAD_REQUEST, "an unreadable address of the next page") from None
    return urlencode([pair for pair in parameters if pair[0] not in _SECRET_PARAMETERS and pair[0] not in ours])


def _parameters_of(cursor: str | None) -> dict[str, str]:
    return {name: value for name, value in parse_qsl(cursor or "") if name not in _SECRET_PARAMETERS}
