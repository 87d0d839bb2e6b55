"""The first page of the day: what waits for the one who looks, in the order in which it hurts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tjs_moderation.domain.vocabulary import CaseState, Permission
from tjs_moderation.models import Channel, User
from tjs_moderation.services import desk, notes, numbers, second_looks
from tjs_moderation.services.desk import Counts, Row
from tjs_moderation.services.hand_work import by_hand
from tjs_moderation.web import channels, queues
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.items import page_address

blueprint = Blueprint("morning", __name__)

MINE_TO_DO = (
    CaseState.REMOVAL,
    CaseState.TROUBLE,
    CaseState.APPROVAL,
    CaseState.QUESTION,
    CaseState.WEIGH,
    CaseState.READ,
)
"""What waits for a tiedottaja."""

ELSEWHERE = (CaseState.EXPERT, CaseState.GOING_OUT)
"""What waits for somebody else, or is on its way, as a tiedottaja sees it."""

ELSEWHERE_FOR_EXPERT = (CaseState.APPROVAL, CaseState.GOING_OUT)
"""The same as an expert sees it."""

FIRST_FEW = 3


@dataclass(frozen=True, slots=True)
class Pile:
    """Something that waits: its queue and name, how much there is, the first few, how many rules have hidden."""

    state: CaseState
    name: str
    count: int
    rows: Sequence[Row]
    hidden: int = 0


@blueprint.get("/")
@permission(Permission.SEE_DESK)
def show() -> str:
    """The morning view, as each duty needs it."""
    person = me()
    counts, looks = desk.counts(person), second_looks.waiting_for(person)
    return render_template(
        "morning/show.html",
        seq=counts.seq,
        entries=queues.entries(person, counts),
        piles=_piles(person, counts),
        returned=_returned(person),
        silence=numbers.silence() if person.may(Permission.WORK_OUTBOX) else None,
        mentions=desk.mentions(person),
        opinions=looks.opinions,
        appeals=looks.appeals,
        handles={person.handle: person.name},
        page_address=page_address,
        hand_work=by_hand(limit=FIRST_FEW + 1) if person.may(Permission.WORK_OUTBOX) else (),
        first_few=FIRST_FEW,
        elsewhere=ELSEWHERE if person.may(Permission.SEE_ALL_ITEMS) else ELSEWHERE_FOR_EXPERT,
        channels=_channels(person),
        locked=_locked(person),
        imports=desk.recent_imports() if person.may(Permission.RUN_CHANNELS) else (),
    )


@blueprint.post("/mentions/<int(max=2147483647):item_id>/seen")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def see_mentions(item_id: int) -> ResponseReturnValue:
    """What named me on this item waits no longer."""
    notes.see_mentions(me().id, item_id)
    flash(gettext("Merkitty nähdyksi."), "done")
    return redirect(url_for("morning.show"))


def _piles(person: User, counts: Counts) -> list[Pile]:
    if not person.may(Permission.SEE_ROUTED_ITEMS):
        return []
    if not person.may(Permission.SEE_ALL_ITEMS):
        return [*_my_own(person, counts), *_anybodys(counts)]
    waiting = [state for state in MINE_TO_DO if counts[state]]
    firsts = desk.first_of(person, waiting, FIRST_FEW) if waiting or counts[CaseState.EXPERT] else desk.Firsts({})
    hidden = {CaseState.REMOVAL: desk.hidden_by_rules()} if CaseState.REMOVAL in waiting else {}
    piles = [
        Pile(state, queues.queue_name(person, state), counts[state], firsts.by_state[state], hidden.get(state, 0))
        for state in waiting
    ]
    late = [Pile(CaseState.EXPERT, gettext("Määräaika ohi"), firsts.late_count, firsts.late)] if firsts.late else []
    worst = 1 if CaseState.REMOVAL in waiting else 0
    return [*piles[:worst], *late, *piles[worst:], *_my_own(person, counts)]


def _my_own(person: User, counts: Counts) -> list[Pile]:
    if not counts.at_desk_of(person):
        return []
    rows = desk.my_questions(person, 2 * FIRST_FEW)
    return [Pile(CaseState.EXPERT, gettext("Omalla pöydälläni"), counts.at_desk_of(person), rows)]


def _anybodys(counts: Counts) -> list[Pile]:
    if not counts.for_anybody:
        return []
    rows = desk.questions_for_anybody(FIRST_FEW)
    return [Pile(CaseState.EXPERT, gettext("Kuka tahansa voi ottaa"), counts.for_anybody, rows)]


def _returned(person: User) -> Sequence[tuple[Row, str]]:
    return desk.returned_to(person) if person.may(Permission.DRAFT_ANSWER) else ()


def _channels(person: User) -> list[Channel]:
    """The channels, for those who depend on them."""
    if not (person.may(Permission.WORK_OUTBOX) or person.may(Permission.RUN_CHANNELS)):
        return []
    return list(desk.channels())


def _locked(person: User) -> str:
    """Why the secrets of a channel do not open, for those who depend on it; empty where they do."""
    if not (person.may(Permission.WORK_OUTBOX) or person.may(Permission.RUN_CHANNELS)):
        return ""
    return channels.locked()
