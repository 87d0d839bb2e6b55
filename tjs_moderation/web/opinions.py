"""Weighing an item by two: asking a second person, saying what one would do, asking no longer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import OpinionKind, Permission
from tjs_moderation.services import opinions
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import member_sent, number_sent
from tjs_moderation.web.items import back_to_item

blueprint = Blueprint("opinions", __name__, url_prefix="/items/<int(max=2147483647):item_id>/opinion")


@blueprint.post("")
@permission(Permission.DECIDE)
def ask(item_id: int) -> ResponseReturnValue:
    """Ask a second person what they would do with the item."""
    opinions.ask_opinion(me().id, item_id, number_sent("person"), request.form.get("words", ""))
    flash(gettext("Mielipidettä on pyydetty. Pyyntö näkyy työtoverin työpöydällä."), "done")
    return back_to_item(item_id)


@blueprint.post("/given")
@permission(Permission.GIVE_OPINION)
def give(item_id: int) -> ResponseReturnValue:
    """Say what I would do with the item, and why."""
    opinions.give_opinion(me().id, item_id, member_sent("kind", OpinionKind), request.form.get("words", ""))
    flash(gettext("Mielipiteesi on tallennettu. Kiitos!"), "done")
    return redirect(url_for("morning.show"))


@blueprint.post("/withdrawn")
@permission(Permission.DECIDE)
def withdraw(item_id: int) -> ResponseReturnValue:
    """Ask no longer."""
    opinions.withdraw_opinion(me().id, item_id)
    flash(gettext("Mielipidettä ei enää odoteta."), "done")
    return back_to_item(item_id)
