"""A private conversation on one page: the whole talk, until when it can be answered, and who is at work on it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import format_timedelta

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services.conversations import conversation_of
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import number_asked

_IN_DAYS_FROM = 2
"""From how many days on the time that is left is told in days: the last two are told in hours."""

blueprint = Blueprint("conversations", __name__)


@blueprint.get("/items/<int(max=2147483647):item_id>/conversation")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def show(item_id: int) -> str:
    """The conversation a message belongs to, its newest page or the one that the address names."""
    talk = conversation_of(me(), item_id, number_asked("before"))
    now = ports().clock()
    is_open = talk.window is None or talk.window.is_open(now, is_by_person=True)
    left = format_timedelta(talk.window.left(now), threshold=_IN_DAYS_FROM) if talk.window else ""
    return render_template("conversations/show.html", talk=talk, is_open=is_open, left=left)
