"""The door by which Facebook sends what happens on the page. It answers before any work, in plain text, never 5xx."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from tjs_moderation.errors import TjsError
from tjs_moderation.extensions import limiter
from tjs_moderation.services import connection_checks, hooks
from tjs_moderation.web.access import signed

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")

CHANNEL = "facebook"
SIGNATURE = "X-Hub-Signature-256"
LONGEST_CHALLENGE = 1000
"""Meta's are numbers of about ten digits."""


@blueprint.get("/facebook")
@signed
@limiter.exempt
def verify() -> Response:
    """Meta asks whether this is where we want to listen: its challenge back to whoever knows the word agreed upon."""
    hook = hooks.hook_of(CHANNEL)
    challenge = request.args.get("hub.challenge", "")
    is_asking = request.args.get("hub.mode") == "subscribe" and 0 < len(challenge) <= LONGEST_CHALLENGE
    is_invited = hook is not None and hook.is_invited(request.args.get("hub.verify_token", ""))
    if not (is_asking and is_invited):
        return _say("Wrong verify token or no challenge.", 403)
    with suppress(TjsError, SQLAlchemyError):  # the answer is right whether or not it can be written down
        connection_checks.note_reached(CHANNEL)
    return _say(challenge, 200)


@blueprint.post("/facebook")
@signed
@limiter.exempt
def receive() -> Response:
    """Keep a body that is signed, and answer. What is in it is a worker's business."""
    request.max_content_length = hooks.LARGEST_BODY
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        return _say(f"Too large: a body may have at most {hooks.LARGEST_BODY} bytes.", 413)
    except HTTPException:
        return _say("The body did not come whole.", 400)
    hook = hooks.hook_of(CHANNEL)
    if hook is None or not hook.is_signed(body, request.headers.get(SIGNATURE, "")):
        hooks.count_refusal()
        return _say("Wrong signature.", 403)
    hooks.keep(CHANNEL, body)
    return _say("", 200)


def _say(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")
