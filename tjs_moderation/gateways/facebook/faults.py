"""Meta's errors, in all their shapes, sorted by code and subcode into what can be done about them.

The words of an error are never looked at and never passed on: they can be localised, and can repeat what people wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError

_THROTTLED = frozenset({4, 17, 32, 341, 613, 80001, 80006})
_STOPPED = frozenset({102, 190, 368, 492})
_PERMISSION = frozenset({3, 10, 283, *range(200, 300)})
_TRANSIENT = frozenset({1, 2, 1200})
_NOT_DONE_FOR_SURE = frozenset({1200})
"""A transient no that says itself that the message did not leave."""

_SEND_REFUSED = frozenset({551, 10900, 10903})
_SEND_REFUSED_IN_DETAIL = frozenset({(10, 2018278), (10, 2018065), (10, 2018108), (100, 2018001), (200, 1545041)})
OUTSIDE_WINDOW = (10, 2018278)
TOO_MUCH_AT_ONCE = 1
"""Where it does not pass by itself, this code asks for a smaller page."""

_NAMES = {
    (190, 458): "the app is not installed",
    (190, 459): "the account is checkpointed",
    (190, 460): "the password was changed",
    (190, 463): "the token has expired",
    (190, 464): "the account is not confirmed",
    (190, 466): "the token was invalidated",
    (190, 467): "the token is invalid",
    (190, 492): "the person has no role on the page",
    (190, 2069032): "a page token is required",
    OUTSIDE_WINDOW: "outside the window for answers",
    (10900, None): "a private reply was sent before",
    (551, None): "the person cannot be reached",
    (200, 1545041): "the person cannot be reached",
    (100, 2018001): "no such person",
}


@dataclass(frozen=True, slots=True)
class GraphFault:
    """What an error answer tells. `is_readable` is False for a body not the Graph API's own (a proxy's HTML)."""

    status: int
    code: int | None = None
    subcode: int | None = None
    kind: str = ""
    is_transient: bool | None = None
    trace: str = ""
    is_readable: bool = True

    @property
    def detail(self) -> str:
        """Code, subcode, a word on it and Meta's trace: what one needs to ask Meta, and nothing about people."""
        if self.code is None:
            return f"HTTP {self.status}" if self.is_readable else f"HTTP {self.status}, not an answer of the Graph API"
        number = f"{self.code}/{self.subcode}" if self.subcode is not None else f"{self.code}"
        name = _NAMES.get((self.code, self.subcode), "")
        return ", ".join(part for part in (number, name, f"trace {self.trace}" if self.trace else "") if part)

    @property
    def may_mean_gone(self) -> bool:
        """An older form of 100/33 has no subcode, and then looks exactly like a wrong proof of the app's secret."""
        return self.code == 100 and self.subcode is None and self.kind == "GraphMethodException"


class GraphError(GatewayError):
    """A GatewayError that came as an answer; `fault` is what it told, `permission` the one that the call needed."""

    def __init__(
        self,
        fault: GraphFault,
        failure: GatewayFailure,
        *,
        retry_after_seconds: float | None = None,
        permission: str = "",
    ) -> None:
        is_permission = failure is GatewayFailure.PERMISSION and permission
        detail = f"{fault.detail}, needs {permission}" if is_permission else fault.detail
        super().__init__(failure, detail, retry_after_seconds)
        self.fault = fault


def read_fault(status: int, body: object, *, is_json: bool = True) -> GraphFault | None:
    """The error in an answer, or None where there is none. It may come with HTTP 200, and without any key but one."""
    if not is_json:
        return GraphFault(status, is_readable=False)
    told = _error_in(body)
    if told is None:
        return None if 200 <= status < 300 else GraphFault(status)
    transient = told.get("is_transient")
    return GraphFault(
        status,
        _number(told.get("code", told.get("error_code"))),
        _number(told.get("error_subcode")),
        _word(told.get("type", told.get("error_type"))),
        transient if isinstance(transient, bool) else None,
        _word(told.get("fbtrace_id")),
    )


def failure_of(fault: GraphFault) -> GatewayFailure:
    """What kind of no it is (the classes of section 4 of the reference, and the refusals of the Send API)."""
    if fault.code is None:
        return _failure_of_status(fault)
    if fault.code in _SEND_REFUSED or (fault.code, fault.subcode) in _SEND_REFUSED_IN_DETAIL:
        return GatewayFailure.REFUSED
    if (fault.code, fault.subcode) == (100, 33):
        return GatewayFailure.GONE
    for failure, codes in (
        (GatewayFailure.THROTTLED, _THROTTLED),
        (GatewayFailure.STOPPED, _STOPPED),
        (GatewayFailure.PERMISSION, _PERMISSION),
    ):
        if fault.code in codes:
            return failure
    return _failure_that_may_pass(fault)


def error_for(
    fault: GraphFault, *, is_write: bool, retry_after_seconds: float | None = None, permission: str = ""
) -> GraphError | OutcomeUnknownError:
    """The error to raise. A write that met trouble on the other side, rather than a no, may have happened."""
    failure = failure_of(fault)
    is_trouble = failure is GatewayFailure.TRANSIENT and fault.code not in _NOT_DONE_FOR_SURE
    if is_write and (is_trouble or fault.status >= 500):
        return OutcomeUnknownError(fault.detail)
    wait_seconds = retry_after_seconds if failure is GatewayFailure.THROTTLED else None
    return GraphError(fault, failure, retry_after_seconds=wait_seconds, permission=permission)


def _failure_of_status(fault: GraphFault) -> GatewayFailure:
    if fault.status == 429:
        return GatewayFailure.THROTTLED
    if fault.status >= 500 or not fault.is_readable:
        return GatewayFailure.TRANSIENT
    return {401: GatewayFailure.STOPPED, 403: GatewayFailure.PERMISSION}.get(fault.status, GatewayFailure.BAD_REQUEST)


def _failure_that_may_pass(fault: GraphFault) -> GatewayFailure:
    """Code 1 may say of itself that it does not pass; a code we do not know may say that it does."""
    if fault.is_transient is False and fault.code == 1:
        return GatewayFailure.BAD_REQUEST
    is_passing = fault.code in _TRANSIENT or fault.is_transient is True or fault.status >= 500
    return GatewayFailure.TRANSIENT if is_passing else GatewayFailure.BAD_REQUEST


def _error_in(body: object) -> Mapping[str, object] | None:
    if not isinstance(body, Mapping):
        return None
    error = body.get("error")
    if isinstance(error, Mapping):
        return error
    is_flat = any(key in body for key in ("error_type", "error_message", "error_code", "error_description"))
    return body if is_flat or isinstance(error, str) else None


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value if isinstance(value, int) else None


def _word(value: object) -> str:
    """A short plain word; anything else is left out, so that no text of people's comes through here."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value) else ""
