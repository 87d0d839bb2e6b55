"""A mark for each request: in its answer, and in every line of the log that it and the tasks it asks for leave."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, unbind_contextvars

from tjs_moderation.logs import ORIGIN
from tjs_moderation.services.wiring import ports
from tjs_moderation.web import assets

HEADER = "X-Request-ID"

_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Mark every request to `app`; before anything else that looks at one."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def _begin() -> None:
    g.request_mark, g.request_begun = _mark(), time.perf_counter()
    bind_contextvars(**{ORIGIN: g.request_mark})


def _mark() -> str:
    """What the proxy in front has marked it with; anybody else could put anything into our log."""
    given = request.headers.get(HEADER, "") if ports().settings.proxies else ""
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = g.request_mark
    if not assets.is_asset(request.endpoint):
        # The view and not the address: that may hold what somebody searched for, or the token of a link.
        took = round(1000 * (time.perf_counter() - g.request_begun))
        log.info("answered", method=request.method, view=request.endpoint, status=response.status_code, ms=took)
    return response


def _end(_error: BaseException | None) -> None:
    unbind_contextvars(ORIGIN)
