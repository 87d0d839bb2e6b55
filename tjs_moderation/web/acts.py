"""What people do about an outward act that is in trouble: have it tried again, or say how it ended."""

from __future__ import annotations

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.services import todo
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.items import back_to_item

blueprint = Blueprint("acts", __name__, url_prefix="/items/<int(max=2147483647):item_id>")

ONE = "/acts/<int(max=2147483647):act_id>"


@blueprint.post(f"{ONE}/try-again")
@permission(Permission.WORK_OUTBOX)
def try_again(item_id: int, act_id: int) -> ResponseReturnValue:
    """Have an act tried once more; one of which nothing is known is looked for on the channel first."""
    todo.try_again(me().id, act_id)
    flash(gettext("Yritetään uudelleen. Lataa sivu hetken päästä, niin näet, miten kävi."), "done")
    return back_to_item(item_id)


@blueprint.post(f"{ONE}/see-to")
@permission(Permission.WORK_OUTBOX)
def see_to(item_id: int, act_id: int) -> ResponseReturnValue:
    """Say how an act in trouble ended, having looked on the channel."""
    told = {"yes": True, "no": False}.get(request.form.get("has_happened", ""))
    if told is None:
        raise InvalidInputError("unknown_field")
    todo.see_to(me().id, act_id, told)
    flash(gettext("Merkitty: toimi tehtiin.") if told else gettext("Merkitty: toimea ei tehty."), "done")
    return back_to_item(item_id)
