"""One call to the simulated Graph API from end to end: who calls, which fault it meets, what the ledger keeps."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlencode

from flask import Response, current_app, g, request

from tjs_moderation.simulator.access import Access, TokenKind
from tjs_moderation.simulator.faults import NO_FAULT, Fault, FaultPlan
from tjs_moderation.simulator.fieldspec import Field, parse_fields
from tjs_moderation.simulator.ledger import Deed, Ledger
from tjs_moderation.simulator.news import news_of
from tjs_moderation.simulator.objects import Thing
from tjs_moderation.simulator.postman import Postman
from tjs_moderation.simulator.problems import GraphProblemError, bad_parameter
from tjs_moderation.simulator.render import Renderer
from tjs_moderation.simulator.state import PageState

P = ParamSpec("P")
Answer = Mapping[str, object]
_SECRET = ("access_token", "appsecret_proof", "client_secret", "fb_exchange_token", "input_token")
_EXCHANGE = "/oauth/access_token"
_PROXY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Simulation:
    """Everything one simulator holds."""

    state: PageState
    access: Access
    faults: FaultPlan = field(default_factory=FaultPlan)
    ledger: Ledger = field(default_factory=Ledger)
    postman: Postman = field(init=False)

    def __post_init__(self) -> None:
        postman = Postman(self.state.page.id, self.access.app_secret, self.state.clock, self.faults)
        object.__setattr__(self, "postman", postman)
        self.state.watch = self._tell

    def _tell(self, verb: str, thing: Thing) -> None:
        """Have the postman bring what happened to whoever subscribed, if the page lets its news out at all."""
        told = news_of(self.state, verb, thing)
        if told is not None and told[0] in self.state.subscribed_fields:
            self.postman.tell(*told)


@dataclass(slots=True)
class Call:
    """The call at hand: its parameters from the query and the body together, and what it has brought about."""

    version: str
    parameters: dict[str, Any]
    token: str
    fault: Fault = NO_FAULT
    kind: TokenKind = TokenKind.PAGE
    deeds: list[Deed] = field(default_factory=list)

    @property
    def is_reading(self) -> bool:
        """Whether it asks for something: a GET, or a POST that says so in its body (`method=get`)."""
        return request.method == "GET" or self.text("method").lower() == "get" or request.path.endswith(_EXCHANGE)

    @property
    def fields(self) -> tuple[Field, ...] | None:
        """The fields asked for, or None for the usual ones."""
        asked = self.text("fields")
        return parse_fields(asked) if asked else None

    def text(self, name: str) -> str:
        """A parameter as text; empty when it was not given."""
        value = self.parameters.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    @property
    def texts(self) -> dict[str, str]:
        """All parameters as text."""
        return {name: self.text(name) for name in self.parameters}

    def structure(self, name: str) -> dict[str, Any]:
        """A parameter that is a JSON object, given as such or written into a form field."""
        value = self.parameters.get(name)
        try:
            value = json.loads(value) if isinstance(value, str) else value
        except ValueError as error:
            raise bad_parameter(f"Param {name} must be a JSON object") from error
        if not isinstance(value, dict):
            raise bad_parameter(f"The parameter {name} is required")
        return value


def simulation() -> Simulation:
    """What the running simulator holds."""
    return cast(Simulation, current_app.extensions["simulator"])


def this_call() -> Call:
    """The call being answered."""
    return cast(Call, g.call)


def renderer() -> Renderer:
    """Shows things for this call."""
    return Renderer(simulation().state, request.url_root, _address)


def graph_call(view: Callable[P, Answer]) -> Callable[P, Response]:
    """A view of the Graph API: checked, carried out under the lock, answered as JSON."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        held, call = simulation(), this_call()
        with held.state.lock:
            held.access.check_version(call.version, held.state.clock.now().date())
            call.kind = held.access.check_token(call.token, call.text("appsecret_proof"), held.state.clock.now())
            if call.fault.name == "success_false":
                return as_json({"success": False})
            return as_json(view(*args, **kwargs))

    return answered


def open_call(view: Callable[P, Answer]) -> Callable[P, Response]:
    """A view of the Graph API that needs no token: its parameters say who calls."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        held, call = simulation(), this_call()
        with held.state.lock:
            held.access.check_version(call.version, held.state.clock.now().date())
            return as_json(view(*args, **kwargs))

    return answered


def begin_call() -> Response | None:
    """Read the call and let it meet its fault; an answer here ends it before anything is done."""
    call = Call((request.view_args or {}).pop("version", ""), _parameters(), _token())
    g.call = call
    call.fault = simulation().faults.draw("GET" if call.is_reading else request.method, request.path)
    if call.fault.name == "delay":
        time.sleep(call.fault.number("seconds", 0.2))
    refusal = call.fault.refusal()
    if refusal is not None:
        raise refusal
    match call.fault.name:
        case "500":
            return Response("", status=500)
        case "html":
            return Response(_PROXY_PAGE, status=502, mimetype="text/html")
        case "flat":
            return as_json(
                {"error_code": 190, "error_description": "Invalid token", "error_type": "OAuthException"}, 400
            )
        case "dropped":
            return Response("", status=504)
        case _:
            return None


def end_call(response: Response) -> Response:
    """Write the ledger, tell the usage, and let the faults of the way back happen."""
    call = this_call()
    _tell_usage(response, call.fault)
    if call.fault.name == "missing_from" and response.is_json:
        response = as_json(_without_authors(response.get_json()), response.status_code)
    if call.fault.name == "empty_page_with_next" and _is_list(response):
        response = as_json({"data": [], "paging": {"next": _address(_path_of_call(), call.texts)}})
    is_lost = call.fault.name in ("lost_answer", "dropped")
    if call.is_reading:
        simulation().ledger.note_read(_path_of_call())
    else:
        body = {name: value for name, value in call.parameters.items() if name not in _SECRET}
        simulation().ledger.write(
            simulation().state.clock.now(),
            request.method,
            request.path,
            body,
            response.status_code,
            fault=call.fault.name,
            was_answered=not is_lost,
            deeds=tuple(call.deeds),
        )
    if call.fault.name == "slow_answer":
        time.sleep(call.fault.number("seconds", 0.2))
    return _lose(response) if is_lost else response


def answer_problem(problem: GraphProblemError) -> Response:
    """An error in Meta's shape."""
    return as_json(problem.body(), problem.status)


def as_json(value: object, status: int = 200) -> Response:
    """JSON as Meta sends it: everything beyond ASCII escaped."""
    return Response(json.dumps(value), status=status, mimetype="application/json")


def _parameters() -> dict[str, Any]:
    parameters: dict[str, Any] = dict(request.args.items())
    parameters.update(request.form.items())
    body = request.get_json(silent=True)
    if isinstance(body, dict):
        parameters.update(body)
    return parameters


def _token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return str(_parameters().get("access_token", ""))


def _path_of_call() -> str:
    return request.path.removeprefix(f"/{this_call().version}/")


def _address(path: str, parameters: Mapping[str, str]) -> str:
    # Meta's own `next` carries the token, however the call itself was authorised.
    call = this_call()
    query = {"access_token": call.token} | {name: value for name, value in parameters.items() if name not in _SECRET}
    return f"{request.url_root}{call.version}/{path}?{urlencode(query)}"


def _is_list(response: Response) -> bool:
    return response.is_json and response.status_code == 200 and "data" in response.get_json()


def _without_authors(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_authors(inner) for key, inner in value.items() if key != "from"}
    return [_without_authors(inner) for inner in value] if isinstance(value, list) else value


def _tell_usage(response: Response, fault: Fault) -> None:
    is_throttled = fault.name == "throttle"
    percent = 104 if is_throttled else simulation().faults.usage_percent
    counts = {"call_count": percent, "total_time": 1, "total_cputime": 1}
    minutes = int(fault.number("minutes", 1)) if is_throttled else 0
    of_page = {"type": "pages", **counts, "estimated_time_to_regain_access": minutes}
    response.headers["X-App-Usage"] = json.dumps(counts)
    response.headers["X-Business-Use-Case-Usage"] = json.dumps({simulation().state.page.id: [of_page]})


def _lose(response: Response) -> Response:
    """Cut the connection, so that the caller never hears; without a real one, a gateway's timeout stands for it."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
        return response
    return Response(_PROXY_PAGE, status=504, mimetype="text/html")
