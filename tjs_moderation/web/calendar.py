"""My deadlines in a calendar of my own: its key is made, shown once and taken away here, and opens one file."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter.util import get_remote_address

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.extensions import limiter
from tjs_moderation.services import calendar_feed
from tjs_moderation.services.addresses import address
from tjs_moderation.web.access import me, permission, public
from tjs_moderation.web.notices import page_of_choices

blueprint = Blueprint("calendar", __name__)

ASKED_FROM_ONE_ADDRESS = "120 per hour"
"""Calendars ask anew every quarter of an hour; a house behind one address has a few dozen of them."""


@blueprint.get("/kalenteri/<token>.ics")
@limiter.limit(ASKED_FROM_ONE_ADDRESS, key_func=get_remote_address)
@public
def show(token: str) -> Response:
    """The calendar that this key opens, to whoever holds the key: calendars cannot sign in."""
    return Response(calendar_feed.read(token), mimetype="text/calendar")


@blueprint.post("/notices/calendar")
@permission(Permission.DRAFT_ANSWER)
def make() -> ResponseReturnValue:
    """Make a key, in place of the one before, and show the address once."""
    return page_of_choices(address("calendar.show", token=calendar_feed.make(me().id)))


@blueprint.post("/notices/calendar/revoke")
@permission(Permission.DRAFT_ANSWER)
def revoke() -> ResponseReturnValue:
    """Take the key away."""
    calendar_feed.revoke(me().id)
    flash(gettext("Kalenterin osoite ei enää toimi."), "done")
    return redirect(url_for("notices.choices"))
