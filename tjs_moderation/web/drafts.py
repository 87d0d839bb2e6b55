"""What somebody types of an answer, kept while they type; and the way out of a text they need no longer."""

from __future__ import annotations

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue
from flask_babel import format_time, gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import TjsError
from tjs_moderation.services import drafts
from tjs_moderation.services.drafts import Kept, Typed
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.errors import status_of
from tjs_moderation.web.forms import number_chosen, text_sent
from tjs_moderation.web.items import back_to_item
from tjs_moderation.web.sentences import sentence

blueprint = Blueprint("drafts", __name__)


@blueprint.post("/items/<int(max=2147483647):item_id>/draft")
@permission(Permission.DRAFT_ANSWER)
def keep(item_id: int) -> ResponseReturnValue:
    """Keep what has been typed so far, for a script: `{"draft", "saves", "told"}`; refusals have only the last."""
    try:
        kept = drafts.keep(me().id, item_id, text_sent("text"), grew_from_sent(), typed_sent())
    except TjsError as error:
        return {"told": sentence(error)}, status_of(error)
    if kept is None:
        return {"told": gettext("Kaikki on tallessa.")}
    return {"draft": kept.typed.draft_id, "saves": kept.typed.saves, "told": _told(kept)}


@blueprint.post("/drafts/<int(max=2147483647):draft_id>/drop")
@permission(Permission.DRAFT_ANSWER)
def drop(draft_id: int) -> ResponseReturnValue:
    """Let a text of one's own go."""
    item_id = drafts.drop(me().id, draft_id)
    flash(gettext("Keskeneräinen teksti on poistettu."), "done")
    return back_to_item(item_id)


def typed_sent() -> Typed | None:
    """The kept draft that the text of the form grew from; None where it grew from none."""
    draft_id = number_chosen("draft")
    return None if draft_id is None else Typed(draft_id, number_chosen("saves") or 0)


def grew_from_sent() -> int:
    """The revision that stood in the box when the text was begun; 0 for none."""
    return number_chosen("grew_from") or 0


def _told(kept: Kept) -> str:
    if kept.is_apart:
        return str(gettext("Kirjoitat samaa vastausta muuallakin. Tämä on tallessa erikseen: lataa sivu ja valitse."))
    return str(gettext("Luonnos on tallessa, klo %(time)s.", time=format_time(ports().clock(), "short")))
