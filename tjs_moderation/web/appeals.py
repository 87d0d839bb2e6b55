"""Complaints about removals: writing one down, and the second look at it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import AppealOutcome, Permission
from tjs_moderation.services import appeals
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import member_sent, number_sent, words_sent

blueprint = Blueprint("appeals", __name__, url_prefix="/items/<int(max=2147483647):item_id>/appeals")


@blueprint.post("")
@permission(Permission.DECIDE)
def file_one(item_id: int) -> ResponseReturnValue:
    """Write down that somebody complains of a removal."""
    appeals.file_appeal(me().id, item_id, words_sent("words"))
    flash(gettext("Oikaisupyyntö on kirjattu. Joku muu kuin poiston tekijä katsoo asian uudelleen."), "done")
    return redirect(url_for("evidence.show", item_id=item_id))


@blueprint.post("/<int(max=2147483647):appeal_id>")
@permission(Permission.DECIDE)
def decide(item_id: int, appeal_id: int) -> ResponseReturnValue:
    """Say what the second look came to."""
    outcome = member_sent("outcome", AppealOutcome)
    appeals.decide_appeal(me().id, appeal_id, number_sent("version"), outcome, words_sent("words"))
    if outcome is AppealOutcome.RESTORED:
        flash(gettext("Viesti palautetaan näkyviin."), "done")
    else:
        flash(gettext("Poisto jäi voimaan."), "done")
    return redirect(url_for("evidence.show", item_id=item_id))
