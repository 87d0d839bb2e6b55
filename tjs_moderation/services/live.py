"""What has just been done to items, for pages that are open: everything after the audit entry such a page knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.models import AuditEntry, AuditHead, AuditSubject, Item, Routing, User
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.transaction import reading

SPAN = 500
"""How many entries of the log one look reads at most; the next goes on."""

TOLD = frozenset(map(str, DecisionKind)) | frozenset(
    "remove_automatically route reroute take recall submit send_back approve stop_answer withdraw_answer "
    "give_opinion".split(),
)
"""The verbs that colleagues are told of."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to an item: the number of its entry, who by id and name, the verb, where the item stands now.

    `who_id` is None and `who` the kind of actor where it was nobody of the house.
    """

    seq: int
    item_id: int
    who_id: int | None
    who: str
    verb: str
    state: CaseState


@dataclass(frozen=True, slots=True)
class News:
    """What came after a cursor, oldest first, and the cursor to go on from."""

    last: int
    deeds: Sequence[Deed]


def news(person: User, after: int | None) -> News:
    """What was done after entry `after` to items this person may see; nothing, and where the log stands, for None.

    One query while nothing happens. That a question anybody could take was taken is told to all who could see it.
    """
    with reading() as session:
        head = session.scalar(select(AuditHead.seq)) or 0
        if after is None or after >= head:
            return News(head, ())
        until = min(head, after + SPAN)
        return News(until, _deeds(session, person, after, until))


def _deeds(session: Session, person: User, after: int, until: int) -> list[Deed]:
    was_for_anybody = exists().where(Routing.item_id == Item.id, Routing.expert_id.is_(None))
    rows = session.execute(
        select(AuditEntry.seq, AuditEntry.actor, AuditEntry.verb, Item.id, Item.state)
        .join(AuditSubject, AuditSubject.seq == AuditEntry.seq)
        .join(Item, Item.id == AuditSubject.item_id)
        .where(AuditEntry.seq > after, AuditEntry.seq <= until, AuditEntry.verb.in_(TOLD))
        .where(or_(visible_to(person), (AuditEntry.verb == "take") & was_for_anybody))
        .order_by(AuditEntry.seq),
    ).all()
    ids = {_person_in(row.actor) for row in rows} - {None}
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).all()) if ids else {}
    return [
        Deed(seq, item_id, who_id, names.get(who_id or 0, actor.partition(":")[0]), verb, state)
        for seq, actor, verb, item_id, state in rows
        for who_id in [_person_in(actor)]
    ]


def _person_in(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "user" else None
