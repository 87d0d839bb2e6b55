"""Where whoever finds a hole in the console is to write (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, url_for

from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import public

blueprint = Blueprint("security_txt", __name__)

GOOD_FOR = timedelta(days=180)


@blueprint.get("/.well-known/security.txt")
@public
def show() -> Response:
    """The file. 404 where nobody is named."""
    settings = ports().settings
    if not settings.security_contact:
        abort(404)
    expires = (ports().clock() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.security_contact,
        "Expires": expires.isoformat().replace("+00:00", "Z"),
        "Preferred-Languages": "fi, sv, en",
        "Canonical": settings.base_url + url_for("security_txt.show"),
    }
    return Response("".join(f"{name}: {value}\n" for name, value in lines.items()), mimetype="text/plain")
