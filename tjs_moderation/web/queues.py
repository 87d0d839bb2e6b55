"""The queues: how much waits in each, and the items of one, the most urgent first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.errors import NotFoundError
from tjs_moderation.models import Item, User
from tjs_moderation.services import desk
from tjs_moderation.services.desk import Counts, Key
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.words import word

blueprint = Blueprint("queues", __name__)

IN_ORDER_OF_PAIN = (
    CaseState.REMOVAL,
    CaseState.TROUBLE,
    CaseState.APPROVAL,
    CaseState.QUESTION,
    CaseState.WEIGH,
    CaseState.READ,
    CaseState.ARRIVED,
    CaseState.EXPERT,
    CaseState.GOING_OUT,
    CaseState.DONE,
)
"""Every queue as the desk lists them: what hurts most first, what waits for others after it, what is over last."""

OF_AN_EXPERT = (CaseState.EXPERT, CaseState.APPROVAL, CaseState.GOING_OUT, CaseState.TROUBLE, CaseState.DONE)
"""The queues an expert's questions pass through."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS = re.compile(r"([0-9])_(-?[0-9]{1,18})_([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One line of the list of queues."""

    state: CaseState
    name: str
    count: int


def key_in_address(key: Key) -> str:
    """A place in a queue as an address holds it: urgency, microseconds since 1970, and id."""
    return f"{key.urgency}_{(key.sorted_at - _EPOCH) // timedelta(microseconds=1)}_{key.id}"


def key_from_address(written: str) -> Key | None:
    """The place in a queue that an address names; None where it names none."""
    found = _ADDRESS.fullmatch(written)
    if found is None:
        return None
    urgency, microseconds, item_id = map(int, found.groups())
    try:
        return Key(urgency, _EPOCH + timedelta(microseconds=microseconds), item_id)
    except OverflowError:
        return None


def key_of(item: Item) -> Key:
    """The place of an item in its queue."""
    return Key(item.urgency, item.sorted_at, item.id)


def queue_in_address(person: User, written: str | None) -> CaseState | None:
    """The queue an address names, if this person has it; None otherwise."""
    return next((state for state in queues_of(person) if state == written), None)


def queues_of(person: User) -> Sequence[CaseState]:
    """The queues this person works with, in order."""
    return IN_ORDER_OF_PAIN if person.may(Permission.SEE_ALL_ITEMS) else OF_AN_EXPERT


def queue_name(person: User, state: CaseState) -> str:
    """What a queue is called: an expert's own questions are called theirs."""
    if state is CaseState.EXPERT and not person.may(Permission.SEE_ALL_ITEMS):
        return str(_("Pöydälläni"))
    return word(state)


def entries(person: User, counts: Counts) -> tuple[QueueEntry, ...]:
    """The list of queues with their counts. What has arrived unread is listed only where something has."""
    return tuple(
        QueueEntry(state, queue_name(person, state), counts[state])
        for state in queues_of(person)
        if counts[state] or state is not CaseState.ARRIVED
    )


@blueprint.get("/queues")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def front() -> ResponseReturnValue:
    """On to the first queue in which something waits."""
    person = me()
    counts = desk.counts(person)
    waiting = [state for state in queues_of(person) if counts[state]]
    return redirect(url_for("queues.show", state=(waiting or queues_of(person))[0]))


@blueprint.get("/queues/<state>")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def show(state: str) -> ResponseReturnValue:
    """A page of one queue, with a look at its first item."""
    person, after = me(), request.args.get("after", "")
    queue, key = queue_in_address(person, state), key_from_address(after)
    if queue is None:
        raise NotFoundError("queue")
    if after and key is None:
        flash(gettext("Osoitteessa oli kohta, jota jonossa ei ole. Näet jonon alusta."), "warning")
        return redirect(url_for("queues.show", state=queue))
    # First the counts: what is told live begins where they were read.
    counts, page = desk.counts(person), desk.queue_page(person, queue, key)
    return render_template(
        "queues/show.html",
        queue=queue,
        name=queue_name(person, queue),
        seq=counts.seq,
        waiting_count=counts[queue],
        entries=entries(person, counts),
        page=page,
        names=desk.names_of(set().union(*(row.people for row in page.rows))),
        after=after,
        next_after=key_in_address(page.next_key) if page.next_key else None,
    )
