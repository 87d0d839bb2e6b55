"""Deciding many items as one: chosen on a list, confirmed, worked item by item, taken back as one."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import BulkKind, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.services import bulk, bulk_outlook, desk, options
from tjs_moderation.services.bulk import Order
from tjs_moderation.services.bulk_outlook import Standing
from tjs_moderation.services.casefile import form_choices
from tjs_moderation.services.transaction import look_anew, new_nonce
from tjs_moderation.web import bulk_words
from tjs_moderation.web.access import me, permission, safe_next
from tjs_moderation.web.bulk_choice import chosen_in, picks_in
from tjs_moderation.web.chronicle import Names, person_in
from tjs_moderation.web.forms import member_sent, number_chosen
from tjs_moderation.web.undo import offer_undo

blueprint = Blueprint("bulk", __name__, url_prefix="/bulk")

ONE = "/<int(max=2147483647):bulk_id>"
READY_SHOWN = 30
"""How many of the items that will be decided the page of confirmation lists."""


@blueprint.get("/new")
@permission(Permission.DECIDE)
def confirm() -> ResponseReturnValue:
    """What would happen to how many of what was chosen, with the form that does it."""
    kind, person = _kind_asked(), me()
    chosen = chosen_in(person, request.args)
    if not chosen.picks:
        flash(gettext("Valitse ensin viestit, joista päätät."), "warning")
        return redirect(chosen.place)
    outlook = bulk_outlook.outlook(person, kind, chosen.picks)
    return render_template(
        "bulk/confirm.html",
        kind=kind,
        chosen=chosen,
        outlook=outlook,
        shown=outlook.ready[:READY_SHOWN],
        choices=form_choices(),
        names=_names(one.actor for one in outlook.left),
        cap=options.bulk_cap(db.session()),
        key=new_nonce(),
        words=bulk_words,
    )


@blueprint.post("")
@permission(Permission.DECIDE)
def start() -> ResponseReturnValue:
    """Do it: at once where it is little, otherwise by a worker."""
    order = Order(
        member_sent("kind", BulkKind),
        request.form.get("reason") or None,
        request.form.get("words", ""),
        number_chosen("topic"),
        number_chosen("expert"),
    )
    if order.kind is BulkKind.TAKE_BACK:
        raise InvalidInputError("unknown_field")
    place, key = safe_next(request.form.get("place")), request.form.get("key", "")[:32] or new_nonce()
    bulk_id = bulk.start(me().id, order, picks_in(request.form.get("items", "").split()), key, place)
    return _onward(bulk_id)


@blueprint.get("")
@permission(Permission.DECIDE)
def index() -> str:
    """The newest bulks."""
    return render_template("bulk/index.html", bulks=bulk_outlook.newest_bulks(), words=bulk_words)


@blueprint.get(ONE)
@permission(Permission.DECIDE)
def show(bulk_id: int) -> str:
    """How a bulk stands; while it is under way, the page brings itself up to date."""
    standing = bulk_outlook.standing_of(me(), bulk_id)
    names = _names(row.actor for row, _ in standing.skipped)
    return render_template("bulk/show.html", standing=standing, bulk=standing.bulk, names=names, words=bulk_words)


@blueprint.post(f"{ONE}/undo")
@permission(Permission.DECIDE)
def undo(bulk_id: int) -> ResponseReturnValue:
    """Take a bulk back as one."""
    return _onward(bulk.undo(me().id, bulk_id))


def _onward(bulk_id: int) -> ResponseReturnValue:
    """Back to the list where everything was done, otherwise to the page that tells what was not, or not yet."""
    look_anew()
    standing = bulk_outlook.standing_of(me(), bulk_id)
    if not standing.is_over or standing.skipped:
        return redirect(url_for("bulk.show", bulk_id=bulk_id))
    _tell(standing)
    return redirect(safe_next(standing.bulk.place))


def _tell(standing: Standing) -> None:
    done = standing.bulk
    told = bulk_words.was(done.kind, done.done_count)
    if standing.can_be_taken_back:
        offer_undo(told, url_for("bulk.undo", bulk_id=done.id), {})
    else:
        flash(told, "done")


def _kind_asked() -> BulkKind:
    kinds = [kind for kind in BulkKind if kind is not BulkKind.TAKE_BACK and kind == request.args.get("kind")]
    if not kinds:
        raise InvalidInputError("unknown_field")
    return kinds[0]


def _names(actors: Iterable[str]) -> Names:
    return Names(desk.names_of({person_in(actor) for actor in actors} - {0}), {})
