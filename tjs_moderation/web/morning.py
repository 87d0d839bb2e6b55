"""The first page of the day: what waits for the one who looks, in the order in which it hurts."""

from __future__ import annotations

from flask import Blueprint, render_template

from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.services import desk
from tjs_moderation.web.access import me, permission

blueprint = Blueprint("morning", __name__)

IN_ORDER_OF_PAIN = (
    CaseState.REMOVAL,
    CaseState.TROUBLE,
    CaseState.QUESTION,
    CaseState.EXPERT,
    CaseState.APPROVAL,
    CaseState.WEIGH,
    CaseState.READ,
    CaseState.GOING_OUT,
)


@blueprint.get("/")
@permission(Permission.SEE_DESK)
def show() -> str:
    """The morning view."""
    person = me()
    counts = desk.counts(person)
    waiting = [(state, counts[state]) for state in IN_ORDER_OF_PAIN if counts[state]]
    return render_template(
        "morning/show.html",
        waiting=waiting,
        mentions=desk.mentions(person),
        stopped=[channel for channel in desk.channels() if channel.stopped_reason],
    )
