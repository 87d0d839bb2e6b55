"""For those who watch over the console: is it up, and is it ready to work."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tjs_moderation.services import install
from tjs_moderation.web.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def is_up() -> ResponseReturnValue:
    """200 as long as the process answers."""
    return {"ok": True}


@blueprint.get("/readyz")
@public
def is_ready() -> ResponseReturnValue:
    """200 once the database and the queue answer and the migrations are done, 503 until then; names what is missing."""
    checks = install.readiness()
    return {"ok": all(checks.values()), **checks}, 200 if all(checks.values()) else 503
