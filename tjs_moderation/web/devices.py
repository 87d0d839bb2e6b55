"""Browsers that somebody has signed in on: they keep a budget of their own for wrong passwords.

Whoever guesses at a person's password from elsewhere uses up the strangers' budget, and never shuts the person out
(OWASP's "device cookies"). The cookie lets nobody in. It names nobody: whom it knows stands there as a keyed digest.
"""

from __future__ import annotations

import hmac
import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug import Response

KNOWN_SECONDS = 180 * 24 * 60 * 60
MOST_PEOPLE = 5
"""So many people one browser knows: a shared computer at the office."""


def name_here(email: str) -> str:
    """What this browser is called among those that this person has signed in on; empty where it is not."""
    return _known().get(_digest(email), "")


def remember(response: Response, email: str) -> None:
    """Let the browser that gets this response know that this person has signed in on it."""
    known = _known()
    known[_digest(email)] = known.pop(_digest(email), "") or secrets.token_hex(8)
    newest = dict(list(known.items())[-MOST_PEOPLE:])
    response.set_cookie(
        _cookie(),
        _serializer().dumps(newest),
        max_age=KNOWN_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _known() -> dict[str, str]:
    try:
        known = _serializer().loads(request.cookies.get(_cookie(), ""), max_age=KNOWN_SECONDS)
    except BadSignature:
        return {}
    return known if isinstance(known, dict) else {}


def _cookie() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="tjs-device")


def _digest(email: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, b"device:" + email.strip().lower().encode("utf-8", "replace"), "sha256").hex()[:32]
