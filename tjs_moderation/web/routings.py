"""Whose desk a question lies on: routing it, taking it, giving it back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.services import routing
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import number_chosen, number_sent, numbers_sent
from tjs_moderation.web.items import back_to_item, place_in_queue
from tjs_moderation.web.undo import offer_undo

blueprint = Blueprint("routings", __name__, url_prefix="/items/<int(max=2147483647):item_id>")


@blueprint.post("/routing")
@permission(Permission.ROUTE)
def route(item_id: int) -> ResponseReturnValue:
    """Put the item on an expert's desk, with a sentence why."""
    topic_id, expert_id = number_chosen("topic"), number_chosen("expert")
    why, heard = request.form.get("why", ""), numbers_sent("heard")
    routed = routing.route(me().id, item_id, number_sent("version"), topic_id, expert_id, why, heard)
    queue, after = place_in_queue()
    offer_undo(
        gettext("Kysymys on ohjattu."),
        url_for("routings.take_back", item_id=item_id, routing_id=routed.routing_id),
        {"version": routed.version, "queue": queue or "", "after": after},
    )
    return back_to_item(item_id)


@blueprint.post("/routing/<int(max=2147483647):routing_id>/undo")
@permission(Permission.ROUTE)
def take_back(item_id: int, routing_id: int) -> ResponseReturnValue:
    """Take a routing back: the question returns to where it came from."""
    routing.unroute(me().id, routing_id, number_sent("version"))
    flash(gettext("Ohjaus on peruttu."), "done")
    return back_to_item(item_id)


@blueprint.post("/take")
@permission(Permission.DRAFT_ANSWER)
def take(item_id: int) -> ResponseReturnValue:
    """Take a question that anybody may take onto my own desk."""
    routing.take(me().id, item_id, number_sent("version"))
    flash(gettext("Kysymys on nyt sinun pöydälläsi."), "done")
    return back_to_item(item_id)


@blueprint.post("/recall")
@permission(Permission.DRAFT_ANSWER)
def recall(item_id: int) -> ResponseReturnValue:
    """Take the item off its expert's desk, back to the tiedottaja."""
    routing.recall(me().id, item_id, number_sent("version"), request.form.get("why", ""))
    flash(gettext("Asia on palautettu tiedottajalle."), "done")
    return back_to_item(item_id) if me().may(Permission.SEE_ALL_ITEMS) else redirect(url_for("morning.show"))
