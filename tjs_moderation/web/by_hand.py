"""Acts that a person does on the channel with their own hands, where the console has no connection to it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import ActKind, ChannelKind, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import todo
from tjs_moderation.services.hand_work import HandWork, by_hand
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.forms import LARGEST_NUMBER, words_sent

blueprint = Blueprint("by_hand", __name__, url_prefix="/by-hand")

PAGE_SIZE = 10

WHAT_TO_DO = {
    ActKind.HIDE: (_("Piilota tämä kommentti Facebookissa"), _("Piilota tämä kommentti kanavassa")),
    ActKind.UNHIDE: (
        _("Palauta tämä kommentti näkyviin Facebookissa"),
        _("Palauta tämä kommentti näkyviin kanavassa"),
    ),
    ActKind.DELETE: (
        _("Poista tämä kommentti lopullisesti Facebookissa"),
        _("Poista tämä kommentti lopullisesti kanavassa"),
    ),
    ActKind.REPLY: (
        _("Vastaa tähän kommenttiin sivun nimissä Facebookissa"),
        _("Vastaa tähän kommenttiin organisaation nimissä"),
    ),
    ActKind.PRIVATE_MESSAGE: (
        _("Vastaa tähän yksityisviestiin sivun nimissä Facebookissa"),
        _("Vastaa tähän yksityisviestiin organisaation nimissä"),
    ),
}


@blueprint.app_template_filter("what_to_do")
def what_to_do(work: HandWork) -> str:
    """What is to be done with one's own hands, as a sentence."""
    on_facebook, elsewhere = WHAT_TO_DO[work.act.kind]
    return str(on_facebook if work.item.channel.kind is ChannelKind.FACEBOOK else elsewhere)


@blueprint.get("")
@permission(Permission.WORK_OUTBOX)
def show() -> str:
    """What waits to be done by hand, oldest first."""
    after = request.args.get("after", 0, type=int)
    found = by_hand(min(max(after, 0), LARGEST_NUMBER), PAGE_SIZE + 1)
    following = found[PAGE_SIZE - 1].act.id if len(found) > PAGE_SIZE else None
    return render_template("by_hand/show.html", work=found[:PAGE_SIZE], following=following, is_first=not after)


@blueprint.post("/<int(max=2147483647):act_id>/done")
@permission(Permission.WORK_OUTBOX)
def mark_done(act_id: int) -> ResponseReturnValue:
    """Say that it was done."""
    todo.mark_done(me().id, act_id, words_sent("result", 200) or None)
    flash(gettext("Kiitos. Merkitty tehdyksi."), "done")
    return redirect(url_for("by_hand.show"))


@blueprint.post("/<int(max=2147483647):act_id>/impossible")
@permission(Permission.WORK_OUTBOX)
def mark_impossible(act_id: int) -> ResponseReturnValue:
    """Say that it could not be done, and why."""
    why = words_sent("why", 1000)
    if not why:
        raise InvalidInputError("impossible_needs_why")
    todo.mark_impossible(me().id, act_id, why)
    flash(gettext("Merkitty: ei onnistunut. Asia odottaa selvittämistä ongelmien jonossa."), "done")
    return redirect(url_for("by_hand.show"))
