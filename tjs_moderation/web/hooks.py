"""The door by which Facebook sends what happens on the page. It answers before any work, in plain text.

It stands in front of the app, not among its views: no session, no form, no page has to do with it, and asking each body
for all that would cost more than keeping it. Whoever comes proves itself by a signature that is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from tjs_moderation.errors import TjsError
from tjs_moderation.services import connection_checks, hooks
from tjs_moderation.services.wiring import ports
from tjs_moderation.web import headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/hooks/facebook"
CHANNEL = "facebook"
SIGNATURE = "X-Hub-Signature-256"
LONGEST_CHALLENGE = 1000
"""Meta's are numbers of about ten digits."""

_log = structlog.get_logger()


class HookDoor:
    """WSGI in front of `app`: answers what comes to `PATH`, hands everything else on."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. Only a database that cannot be reached gives a 503: then Meta sends the body again."""
        if environ.get("PATH_INFO") != PATH:
            return self._inner(environ, start_response)
        with self._app.app_context():
            try:
                answer = _answer(Request(environ))
            except (SQLAlchemyError, TjsError) as error:
                _log.error("hook_not_kept", reason=type(error).__name__)
                answer = _say("Not kept. Send it again later.", HTTPStatus.SERVICE_UNAVAILABLE)
        return answer(environ, start_response)


def register(app: Flask) -> None:
    """Put the door in front of `app`."""
    app.wsgi_app = HookDoor(app)  # type: ignore[method-assign]  # the way Flask's own documentation gives


def _answer(request: Request) -> Response:
    if request.method == "POST":
        return _receive(request)
    if request.method in {"GET", "HEAD"}:
        return _verify(request)
    answer = _say("Only GET and POST.", HTTPStatus.METHOD_NOT_ALLOWED)
    answer.headers["Allow"] = "GET, HEAD, POST"
    return answer


def _verify(request: Request) -> Response:
    """Meta asks whether this is where we want to listen: its challenge back to whoever knows the word agreed upon."""
    hook = hooks.hook_of(CHANNEL)
    challenge = request.args.get("hub.challenge", "")
    is_asking = request.args.get("hub.mode") == "subscribe" and 0 < len(challenge) <= LONGEST_CHALLENGE
    is_invited = hook is not None and hook.is_invited(request.args.get("hub.verify_token", ""))
    if not (is_asking and is_invited):
        return _say("Wrong verify token or no challenge.", HTTPStatus.FORBIDDEN)
    with suppress(TjsError, SQLAlchemyError):  # the answer is right whether or not it can be written down
        connection_checks.note_reached(CHANNEL)
    return _say(challenge)


def _receive(request: Request) -> Response:
    """Keep a body that is signed, and answer. What is in it is a worker's business."""
    request.max_content_length = hooks.LARGEST_BODY
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        words = f"Too large: a body may have at most {hooks.LARGEST_BODY} bytes."
        return _say(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except HTTPException:
        return _say("The body did not come whole.", HTTPStatus.BAD_REQUEST)
    hook = hooks.hook_of(CHANNEL)
    if hook is None or not hook.is_signed(body, request.headers.get(SIGNATURE, "")):
        hooks.count_refusal()
        return _say("Wrong signature.", HTTPStatus.FORBIDDEN)
    hooks.keep(CHANNEL, body)
    return _say("")


def _say(words: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(
        words, status, headers.for_programs(ports().settings.has_https), content_type="text/plain; charset=utf-8"
    )
