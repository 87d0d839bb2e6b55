"""What every answer says to the browser: nothing inline, nothing from elsewhere, nothing kept that is private."""

from __future__ import annotations

from flask import Flask, Response, request

from tjs_moderation.services.wiring import ports
from tjs_moderation.web import assets

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Our own pages get the whole address (Flask-WTF compares it over https), everybody else gets nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_YEAR_SECONDS = 365 * 24 * 60 * 60
_ONLY_HTTPS = {"Strict-Transport-Security": f"max-age={_YEAR_SECONDS}; includeSubDomains"}
_FOR_PROGRAMS = ALWAYS | {"Cache-Control": "no-store"}


def register(app: Flask) -> None:
    """Put the headers on every answer of `app`."""
    app.after_request(_add)


def for_programs(has_https: bool) -> dict[str, str]:
    """The headers of an answer that is no page and passes no view."""
    return _FOR_PROGRAMS | _ONLY_HTTPS if has_https else _FOR_PROGRAMS


def _add(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or ports().settings.has_https:
        response.headers.update(_ONLY_HTTPS)
    if not assets.is_asset(request.endpoint):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
