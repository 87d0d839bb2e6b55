"""Deciding about an item, taking a decision back, and going on to the next."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import ActState, DecisionKind, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.models import Act, Item
from tjs_moderation.services import casework, desk
from tjs_moderation.services.transaction import look_anew
from tjs_moderation.services.wiring import ports
from tjs_moderation.web import queues
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import duration
from tjs_moderation.web.forms import member_sent, number_sent
from tjs_moderation.web.items import address_of, back_to_item, place_in_queue
from tjs_moderation.web.undo import offer_undo

blueprint = Blueprint("decisions", __name__, url_prefix="/items/<int(max=2147483647):item_id>")

HAS_READ_AHEAD = "X-Has-Read-Ahead"
"""The header by which js/ahead.js says that it needs no next page."""


@blueprint.post("/decisions")
@permission(Permission.DECIDE)
def decide(item_id: int) -> ResponseReturnValue:
    """Keep, remove, delete, or close without an answer; then on to the next item of the queue."""
    kind, version = member_sent("kind", DecisionKind), number_sent("version")
    if kind is DecisionKind.TAKE_BACK:
        raise InvalidInputError("unknown_field")
    if kind is DecisionKind.DELETE and request.form.get("is_sure") != "yes":
        raise InvalidInputError("deletion_unconfirmed")
    reason, words = request.form.get("reason") or None, request.form.get("words", "")
    decision_id = casework.decide(me().id, item_id, version, kind, reason, words)
    item, act = desk.aftermath(decision_id)
    _tell(kind, item, act, decision_id)
    return _told_alone() if HAS_READ_AHEAD in request.headers else redirect(_next_address(item))


@blueprint.post("/decisions/<int(max=2147483647):decision_id>/undo")
@permission(Permission.DECIDE)
def take_back(item_id: int, decision_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    casework.take_back(me().id, decision_id, number_sent("version"), request.form.get("words", ""))
    flash(gettext("Päätös on peruttu."), "done")
    return back_to_item(item_id)


def _tell(kind: DecisionKind, item: Item, act: Act | None, decision_id: int) -> None:
    """Say what was decided and when it leaves, with a way to take it back at once."""
    queue, after = place_in_queue()
    offer_undo(
        _said(kind, act),
        url_for("decisions.take_back", item_id=item.id, decision_id=decision_id),
        {"version": item.version, "queue": queue or "", "after": after},
    )


def _told_alone() -> str:
    """What a page that shows the next item already still wants to know, and nothing it has."""
    look_anew()
    person, (queue, _) = me(), place_in_queue()
    return render_template("items/told.html", entries=queues.entries(person, desk.counts(person)), queue=queue)


def _said(kind: DecisionKind, act: Act | None) -> str:
    if kind is DecisionKind.KEEP:
        return str(gettext("Säilytetty."))
    if kind is DecisionKind.WEIGH:
        return str(gettext("Jätetty punnittavaksi."))
    if kind is DecisionKind.NO_ANSWER:
        return str(gettext("Suljettu ilman vastausta."))
    if act is None or act.state is ActState.DONE:
        return str(gettext("Poistettu. Kanavassa ei ole tehtävää."))
    time = _about((act.not_before - ports().clock()).total_seconds())
    if kind is DecisionKind.DELETE:
        return str(gettext("Poistetaan lopullisesti %(time)s kuluttua.", time=time))
    return str(gettext("Poistetaan näkyvistä %(time)s kuluttua.", time=time))


def _about(seconds: float) -> str:
    """How long something still waits: whole minutes, or seconds where it is less than one."""
    return duration(60 * round(seconds / 60) if seconds >= 59.5 else max(1, round(seconds)))


def _next_address(item: Item) -> str:
    """Where work goes on: the next item of the queue, the first after the last, the queue itself where it is empty."""
    queue, _ = place_in_queue()
    if queue is None:
        return address_of(item.id)
    person = me()
    following = desk.next_in_queue(person, queue, item) or desk.next_in_queue(person, queue)
    if following is None or following == item.id:
        return url_for("queues.show", state=queue)
    return address_of(following)
