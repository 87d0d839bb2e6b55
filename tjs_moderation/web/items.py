"""An item's page: everything around it, and what can be done with it. Claims and notes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain import popularity
from tjs_moderation.domain.vocabulary import CaseState, ItemKind, Permission, Score
from tjs_moderation.services import casework, desk, notes, post_counts
from tjs_moderation.services.casefile import CaseFile, open_case
from tjs_moderation.services.wiring import ports
from tjs_moderation.web import post_plots, queues
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.happenings import happenings
from tjs_moderation.web.moves import Moves
from tjs_moderation.web.notices import read_here

DAYS_SHOWN = 60

blueprint = Blueprint("items", __name__, url_prefix="/items/<int(max=2147483647):item_id>")


@blueprint.get("")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def show(item_id: int) -> str:
    """The item, and beside it the queue one works through, where the address names one."""
    return page_of(item_id)


def page_of(item_id: int, *, is_revealed: bool = False) -> str:
    """The page of an item; `is_revealed`: with the text that is put away, for somebody whose reading is recorded."""
    person = me()
    counts = desk.counts(person)
    queue, after = place_in_queue()
    page = desk.queue_page(person, queue, queues.key_from_address(after)) if queue else None
    case = open_case(person, item_id, counts, ports().clock())
    _note_reading(case)
    read_here(item_id)
    return render_template(
        "items/show.html",
        case=case,
        is_revealed=is_revealed,
        moves=Moves(person, case),
        happenings=happenings(case),
        seq=counts.seq,
        entries=queues.entries(person, counts),
        queue=queue,
        page=page,
        names={user.id: user.name for user in case.people.values()},
        handles={user.handle: user.name for user in case.people.values() if user.is_active},
        scores=_scores(case),
        sees_history=_sees_history(case),
        page_address=page_address,
        after=after,
    )


@blueprint.get("/post")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def post(item_id: int) -> str:
    """How the post above the item has been shared, commented on and reacted to."""
    counted, wired = post_counts.post_of_item(me(), item_id), ports()
    return render_template(
        "items/post.html",
        item_id=item_id,
        post=counted.post,
        plots=post_plots.plots(counted, wired.settings.zone),
        figures=popularity.figures(counted.changes, wired.clock()),
        days=popularity.days(counted.changes, wired.settings.zone)[:DAYS_SHOWN],
    )


@blueprint.post("/claim")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def claim(item_id: int) -> ResponseReturnValue:
    """Say that I have the item open."""
    holder = casework.claim(me().id, item_id)
    if holder is None:
        flash(gettext("Asia on nyt sinun käsittelyssäsi. Työtoverit näkevät sen viiden minuutin ajan."), "done")
    else:
        flash(gettext("%(name)s käsittelee tätä parhaillaan.", name=holder), "warning")
    return back_to_item(item_id)


@blueprint.post("/notes")
@permission(Permission.WRITE_NOTE)
def write_note(item_id: int) -> ResponseReturnValue:
    """Write a note for colleagues."""
    notes.write_note(me().id, item_id, request.form.get("text", ""))
    flash(gettext("Muistiinpano on tallennettu."), "done")
    return back_to_item(item_id)


def page_address(number: int) -> str:
    """Where `#number` in a note leads."""
    return url_for("items.show", item_id=number)


def place_in_queue() -> tuple[CaseState | None, str]:
    """The queue the person works through and the page of it they see, from the address or the form; None where none."""
    queue = queues.queue_in_address(me(), request.values.get("queue"))
    after = request.values.get("after", "")
    return queue, after if queue and queues.key_from_address(after) else ""


def address_of(item_id: int) -> str:
    """The address of an item's page, in the queue the person works through."""
    queue, after = place_in_queue()
    return url_for("items.show", item_id=item_id, queue=queue, after=after or None)


def back_to_item(item_id: int) -> ResponseReturnValue:
    """On to the item's page."""
    return redirect(address_of(item_id))


def _note_reading(case: CaseFile) -> None:
    """Keep when the one on whose desk the item lies opened it first; a page that is only read ahead is not opened."""
    routing = case.routing
    is_looked_at = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if routing is not None and routing.expert_id == me().id and routing.read_at is None and is_looked_at:
        casework.see(me().id, case.item.id)


def _sees_history(case: CaseFile) -> bool:
    """What somebody wrote in private before is for those who see everything; an expert answers this conversation."""
    return me().may(Permission.SEE_ALL_ITEMS) or case.item.kind is ItemKind.COMMENT


def _scores(case: CaseFile) -> list[tuple[Score, float]]:
    """The numbers of the assessment, in the order of the labels."""
    numbers = case.assessment.scores if case.assessment else {}
    return [(score, numbers[score]) for score in Score if score in numbers]
