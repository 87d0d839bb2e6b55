"""What a bulk would do before it is begun, and how one stands. Reads for pages: few queries, however many items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.vocabulary import ActKind, BulkKind, BulkStep, CaseState, DecisionKind
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, AuditSubject, Bulk, BulkItem, Decision, Item, ItemText, User
from tjs_moderation.services import desk, options, placing, routing, search
from tjs_moderation.services.bulk import Pick
from tjs_moderation.services.deciding import answers_on_their_way, why_not
from tjs_moderation.services.reach import visible_to

NEWEST = 20
"""How many bulks the list shows."""

LEFT_SHOWN = 200
"""How many of the items that were skipped a page lists."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that was chosen; `why` is the code of why it would be left as it is, empty where it would not.

    `actor` and `verb` tell who changed it last, where it has changed since it was chosen.
    """

    item: Item
    text: str
    why: str = ""
    actor: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen to what was chosen: it would be done to `ready`, and `left` would stay as they are.

    What leaves for a channel waits `held_back_seconds` before.
    """

    ready: Sequence[Candidate]
    left: Sequence[Candidate]
    held_back_seconds: int = 0


def picks_of_queue(person: User, state: CaseState, most: int) -> list[Pick]:
    """The first `most` items of a queue, in its order, as they are now."""
    return [Pick(*row) for row in desk.versions_in_queue(person, state, most)]


def picks_of_search(person: User, wanted: search.Wanted, most: int) -> list[Pick]:
    """The newest `most` items that are found, as they are now."""
    ids = search.find_ids(person, wanted, most)
    rows = db.session.execute(select(Item.id, Item.version).where(Item.id.in_(ids))).all()
    versions = dict(rows)
    return [Pick(item_id, versions[item_id]) for item_id in ids if item_id in versions]


def outlook(person: User, kind: BulkKind, picks: Sequence[Pick]) -> Outlook:
    """What a bulk of `kind` would do to these items; those this person may not see are not there. Five queries."""
    session = db.session()
    asked = {pick.item_id: pick.version for pick in picks}
    rows = session.execute(
        select(Item, ItemText.text)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .where(Item.id.in_(asked), visible_to(person))
        .options(joinedload(Item.author)),
    ).all()
    found = {item.id: (item, text) for item, text in rows}
    refusals = _refusals(session, kind, [item for item, _ in found.values()])
    changed = [item_id for item_id, (item, _) in found.items() if item.version != asked[item_id]]
    deeds = _deeds(session, changed)
    chosen = [_candidate(*found[item_id], refusals, deeds) for item_id in asked if item_id in found]
    held_back = options.hold_back(session)[ActKind.HIDE] if kind is BulkKind.REMOVE else 0
    return Outlook([one for one in chosen if not one.why], [one for one in chosen if one.why], held_back)


def _candidate(item: Item, text: str, refusals: Mapping[int, str], deeds: Mapping[int, tuple[str, str]]) -> Candidate:
    if item.id in deeds:
        return Candidate(item, text, "item_changed", *deeds[item.id])
    return Candidate(item, text, refusals.get(item.id, ""))


def _refusals(session: Session, kind: BulkKind, items: Sequence[Item]) -> dict[int, str]:
    """Why what the bulk does cannot be done to each item that it cannot be done to."""
    if kind is BulkKind.ROUTE:
        return {item.id: routing.why_not(item) for item in items}
    ids, decision = [item.id for item in items], DecisionKind(kind)
    standing = placing.decisions_in_force(session, ids)
    answered = answers_on_their_way(session, ids) if decision is DecisionKind.REMOVE else set()
    return {
        item.id: why_not(item, decision, standing[item.id], is_being_answered=item.id in answered)
        or _why_needless(decision, placing.in_force(item, standing[item.id]))
        for item in items
    }


def _why_needless(kind: DecisionKind, last: Decision | None) -> str:
    """What is kept already need not be kept again; a removal can confirm what a rule has hidden."""
    is_kept = last is not None and last.kind is DecisionKind.KEEP
    return "decided_already" if is_kept and kind is DecisionKind.KEEP else ""


def _deeds(session: Session, item_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Who did what last to each of these items: (actor, verb)."""
    if not item_ids:
        return {}
    newest = (
        select(AuditSubject.item_id, func.max(AuditSubject.seq).label("seq"))
        .where(AuditSubject.item_id.in_(item_ids))
        .group_by(AuditSubject.item_id)
        .subquery()
    )
    rows = session.execute(
        select(newest.c.item_id, AuditEntry.actor, AuditEntry.verb).join(AuditEntry, AuditEntry.seq == newest.c.seq)
    ).all()
    return {item_id: (actor, verb) for item_id, actor, verb in rows}


@dataclass(frozen=True, slots=True)
class Standing:
    """A bulk as it stands: what became of it, the bulk that takes it back, and what was skipped with its writer."""

    bulk: Bulk
    taken_back_by: int | None
    skipped: Sequence[tuple[BulkItem, Item]]
    waiting_count: int

    @property
    def is_over(self) -> bool:
        return self.bulk.finished_at is not None

    @property
    def can_be_taken_back(self) -> bool:
        return self.bulk.kind is not BulkKind.TAKE_BACK and self.taken_back_by is None and self.bulk.done_count > 0


def standing_of(person: User, bulk_id: int) -> Standing:
    """How a bulk stands. NotFoundError where there is none. Three queries."""
    session = db.session()
    found = session.scalars(
        select(Bulk).where(Bulk.id == bulk_id).options(joinedload(Bulk.by), joinedload(Bulk.reason))
    ).one_or_none()
    if found is None:
        raise NotFoundError("bulk")
    skipped = session.execute(
        select(BulkItem, Item)
        .join(Item, Item.id == BulkItem.item_id)
        .where(BulkItem.bulk_id == bulk_id, BulkItem.step == BulkStep.SKIPPED, visible_to(person))
        .options(joinedload(Item.author))
        .order_by(BulkItem.number)
        .limit(LEFT_SHOWN),
    ).all()
    undoing = session.scalars(select(Bulk.id).where(Bulk.undoes_id == bulk_id)).one_or_none()
    waiting = found.item_count - found.done_count - found.skipped_count
    return Standing(found, undoing, [(row, item) for row, item in skipped], waiting)


def newest_bulks(limit: int = NEWEST) -> Sequence[Bulk]:
    """The newest bulks, each with whoever began it."""
    return db.session.scalars(select(Bulk).options(joinedload(Bulk.by)).order_by(Bulk.id.desc()).limit(limit)).all()
