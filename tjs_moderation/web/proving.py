"""What is sensitive asks for the password again, where that was some time ago: an open screen is not its owner."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from flask import Flask, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tjs_moderation.models import User
from tjs_moderation.services import factors, people, user_sessions
from tjs_moderation.web.access import is_sensitive, me
from tjs_moderation.web.coming_in import COOKIE_KEY
from tjs_moderation.web.throttle import Budget

FIELD = "proof_password"
WRONG = Budget("proof", "10 per hour")
log = structlog.get_logger()
_NOT_REPEATED = {FIELD, "csrf_token"}


def ask() -> ResponseReturnValue | None:
    """Ask for the password before a sensitive act; what was sent comes back with the answer, so nothing is lost."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or not is_sensitive() or current_user.sign_in.is_proved:
        return None
    proof = request.form.get(FIELD)
    if proof is not None and _is_proof(me(), proof):
        session[COOKIE_KEY] = user_sessions.prove(current_user.sign_in)
        return None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_REPEATED]
    page = render_template(
        "sessions/prove.html", sent=sent, field=FIELD, is_wrong=proof is not None, has_password=bool(me().password_hash)
    )
    return page, HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": "Password"}


def _is_proof(person: User, proof: str) -> bool:
    """Whether this is the password, or a code of the phone for somebody who has none."""
    WRONG.check(str(person.id))
    is_right = people.is_password_of(person, proof) if person.password_hash else factors.pass_code(person, proof)
    if not is_right:
        log.warning("proof_failed", person=person.id)
        WRONG.spend(str(person.id))
    return is_right


def register(app: Flask) -> None:
    """Ask once it is known that the form is one of ours."""
    app.before_request(ask)
