"""One thing done to many items: begun as one, worked item by item, taken back as one.

Every item is a verb of its own: one transaction, one decision or routing, one audit entry by the person who began it.
What became of the item is written in that transaction, so a worker that dies leaves nothing half done and nothing is
done twice. What cannot be done, or somebody was faster with, is skipped and kept with who did what.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, insert, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import BulkKind, BulkStep, DecisionKind, Permission
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError, TjsError, TransitionError
from tjs_moderation.models import Bulk, BulkItem, Decision, Item, Routing
from tjs_moderation.services import options, routing
from tjs_moderation.services.deciding import decide_on, reason_for, take_back_on
from tjs_moderation.services.reach import acting_user, item_to_change, last_deed, visible_to
from tjs_moderation.services.transaction import CONSOLE, Work, new_nonce, reading, transact, user
from tjs_moderation.services.wiring import ports

AT_ONCE = 20
"""So many items are worked while the person waits; more are left to a worker."""

LEASE = timedelta(minutes=1)
"""How long a bulk stays in the hands of whoever works it, without a word from them."""

PERMISSIONS = {
    BulkKind.KEEP: Permission.DECIDE,
    BulkKind.REMOVE: Permission.DECIDE,
    BulkKind.WEIGH: Permission.DECIDE,
    BulkKind.ROUTE: Permission.ROUTE,
    BulkKind.TAKE_BACK: Permission.DECIDE,
}
"""What a person needs for each."""

_BY_SOMEBODY = frozenset({"not_the_last_decision", "take_back_first", "routed_on", "taken_back_already"})
"""Refusals of which it matters who did something to the item."""


@dataclass(frozen=True, slots=True)
class Pick:
    """An item that was chosen, at the version in which it was seen."""

    item_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to every item: with a reason and words for a decision, a topic and an expert for a routing."""

    kind: BulkKind
    reason_code: str | None = None
    words: str = ""
    topic_id: int | None = None
    expert_id: int | None = None


def start(user_id: int, order: Order, picks: Sequence[Pick], key: str, place: str = "") -> int:
    """Begin a bulk, and work a small one to its end; gives its id. The same `key` again is the same bulk.

    Raises InvalidInputError where nothing is chosen, too much is, or the reason or the desk cannot be.
    """
    with reading() as session:
        cap = options.bulk_cap(session)
        begun = session.scalars(select(Bulk.id).where(Bulk.key == key)).one_or_none()
    if begun is not None:
        return begun
    if len(picks) > cap:
        raise InvalidInputError("bulk_too_many", limit=cap)
    with transact(user(user_id)) as work:
        person = acting_user(work.session, user_id, PERMISSIONS[order.kind])
        asked = {pick.item_id: pick.version for pick in picks}
        known = work.session.scalars(select(Item.id).where(Item.id.in_(asked), visible_to(person)))
        chosen = [(item_id, asked[item_id]) for item_id in sorted(known, key=list(asked).index)]
        bulk = _begin(work, _as_ordered(work.session, order), key, place, chosen)
        work.record("start_bulk", bulk=bulk.id, kind=str(order.kind), count=bulk.item_count)
    _work_small(bulk)
    return bulk.id


def undo(user_id: int, bulk_id: int) -> int:
    """Take a bulk back: what waits of it is not done any more, what was done is reversed; gives the new bulk's id.

    Taking it back again leads to the same one. TransitionError where nothing of it was done.
    """
    with transact(user(user_id)) as work:
        undone = _held(work.session, bulk_id)
        if undone is None or undone.kind is BulkKind.TAKE_BACK:
            raise NotFoundError("bulk")
        acting_user(work.session, user_id, PERMISSIONS[undone.kind])
        before = work.session.scalars(select(Bulk).where(Bulk.undoes_id == bulk_id)).one_or_none()
        if before is not None:
            work.leave_no_entry()
            return before.id
        _stop(work, undone)
        done = _items(bulk_id, BulkStep.DONE).order_by(BulkItem.number)
        chosen = [(item_id, None) for item_id in work.session.scalars(done.with_only_columns(BulkItem.item_id))]
        if not chosen:
            raise TransitionError("bulk_of_nothing")
        bulk = _begin(work, Bulk(kind=BulkKind.TAKE_BACK, undoes_id=bulk_id), new_nonce(), undone.place, chosen)
        work.record("undo_bulk", bulk=bulk.id, undoes=bulk_id, count=bulk.item_count)
    _work_small(bulk)
    return bulk.id


def work_waiting() -> int:
    """Work every bulk that nobody has in hand, to its end; says how many there were. For any number of workers."""
    with reading() as session:
        waiting = session.scalars(select(Bulk.id).where(*_is_free(ports().clock())).order_by(Bulk.id)).all()
    for bulk_id in waiting:
        # Another worker was faster.
        with suppress(ConflictError):
            _claim(bulk_id)
            _carry_out(bulk_id)
    return len(waiting)


def _as_ordered(session: Session, order: Order) -> Bulk:
    reason = None
    if order.kind is BulkKind.ROUTE:
        routing.check_target(session, order.topic_id, order.expert_id)
        routing.sentence_of(order.words)
    else:
        reason = reason_for(session, DecisionKind(order.kind), order.reason_code)
    return Bulk(
        kind=order.kind,
        reason_id=reason.id if reason else None,
        words=storable(order.words.strip()),
        topic_id=order.topic_id,
        expert_id=order.expert_id,
    )


def _begin(work: Work, bulk: Bulk, key: str, place: str, chosen: Sequence[tuple[int, int | None]]) -> Bulk:
    if not chosen:
        raise InvalidInputError("bulk_empty")
    bulk.key, bulk.place, bulk.item_count = key, storable(place), len(chosen)
    bulk.by_id, bulk.started_at = work.actor.user_id or 0, work.now
    if len(chosen) <= AT_ONCE:
        bulk.leased_until = work.now + LEASE
    else:
        work.nudge("bulk")
    work.session.add(bulk)
    work.session.flush()
    rows = [
        {"bulk_id": bulk.id, "number": number, "item_id": item_id, "item_version": version}
        for number, (item_id, version) in enumerate(chosen, start=1)
    ]
    work.session.execute(insert(BulkItem), rows)
    return bulk


def _stop(work: Work, bulk: Bulk) -> None:
    """Do nothing more of a bulk that is under way."""
    if bulk.finished_at is None:
        stopped = update(BulkItem).where(BulkItem.bulk_id == bulk.id, BulkItem.step == BulkStep.WAITING)
        work.session.execute(stopped.values(step=BulkStep.SKIPPED, why="bulk_stopped"))
        bulk.skipped_count = bulk.item_count - bulk.done_count
        bulk.finished_at, bulk.leased_until = work.now, None


def _work_small(bulk: Bulk) -> None:
    if bulk.item_count <= AT_ONCE:
        _carry_out(bulk.id)


def _is_free(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Bulk.finished_at.is_(None), or_(Bulk.leased_until.is_(None), Bulk.leased_until < now)


def _claim(bulk_id: int) -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        claim = update(Bulk).where(Bulk.id == bulk_id, *_is_free(work.now)).values(leased_until=work.now + LEASE)
        if work.session.scalar(claim.returning(Bulk.id)) is None:
            raise ConflictError("bulk_taken")


def _carry_out(bulk_id: int) -> None:
    """Work what waits of a bulk, item by item."""
    while (following := _next(bulk_id)) is not None:
        number, by_id = following
        try:
            _do(bulk_id, number, by_id)
        except TjsError as error:
            _skip(bulk_id, number, error)


def _next(bulk_id: int) -> tuple[int, int] | None:
    """The number of the next item, and who began the bulk; None where it is over, which is noted."""
    waiting = _items(bulk_id, BulkStep.WAITING).join(Bulk, Bulk.id == BulkItem.bulk_id)
    following = waiting.with_only_columns(BulkItem.number, Bulk.by_id).order_by(BulkItem.number).limit(1)
    with reading() as session:
        found = session.execute(following).one_or_none()
    if found is not None:
        return found[0], found[1]
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        over = update(Bulk).where(Bulk.id == bulk_id, Bulk.finished_at.is_(None))
        work.session.execute(over.values(finished_at=work.now, leased_until=None))
    return None


def _do(bulk_id: int, number: int, by_id: int) -> None:
    """Do to one item what the bulk does, as the person who began it. Nothing where it is done already."""
    with transact(user(by_id)) as work:
        bulk, row = _taken_up(work, bulk_id, number)
        if row is None or bulk is None:
            work.leave_no_entry()
            return
        item = item_to_change(work, by_id, row.item_id, row.item_version, PERMISSIONS[bulk.kind])
        _apply(work, bulk, row, item)
        row.step = BulkStep.DONE
        bulk.done_count += 1
        bulk.leased_until = work.now + LEASE


def _taken_up(work: Work, bulk_id: int, number: int) -> tuple[Bulk | None, BulkItem | None]:
    """The bulk, locked, and its item, where that still waits: whoever works beside us waits for our end."""
    bulk = _held(work.session, bulk_id)
    row = work.session.get_one(BulkItem, (bulk_id, number))
    return (bulk, row) if row.step is BulkStep.WAITING else (bulk, None)


def _apply(work: Work, bulk: Bulk, row: BulkItem, item: Item) -> None:
    if bulk.kind is BulkKind.TAKE_BACK:
        _reverse(work, bulk, row, item)
    elif bulk.kind is BulkKind.ROUTE:
        routed = routing.route_on(work, item, bulk.topic_id, bulk.expert_id, bulk.words, bulk=bulk.id)
        row.routing_id = routed.id
    else:
        code = bulk.reason.code if bulk.reason else None
        row.decision_id = decide_on(work, item, DecisionKind(bulk.kind), code, bulk.words, bulk=bulk.id).id


def _reverse(work: Work, bulk: Bulk, row: BulkItem, item: Item) -> None:
    was = select(BulkItem).where(BulkItem.bulk_id == bulk.undoes_id, BulkItem.item_id == item.id)
    done = work.session.scalars(was).one()
    if done.routing_id is not None:
        routing.unroute_on(work, item, work.session.get_one(Routing, done.routing_id), bulk=bulk.id)
        return
    if work.session.scalar(select(Decision.id).where(Decision.takes_back_id == done.decision_id)) is not None:
        raise TransitionError("taken_back_already")
    undone = work.session.get_one(Decision, done.decision_id)
    row.decision_id = take_back_on(work, item, undone, "", bulk=bulk.id).id


def _skip(bulk_id: int, number: int, error: TjsError) -> None:
    """Leave one item as it is, and keep why: the code of the sentence, and who did what to it where that matters."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        bulk, row = _taken_up(work, bulk_id, number)
        if row is None or bulk is None:
            return
        # What is said of an item has a code of its own; that it is not there, or not allowed, is the same for all.
        is_of_item = isinstance(error, ConflictError | TransitionError | InvalidInputError)
        row.step, row.why = BulkStep.SKIPPED, str(error)[:60] if is_of_item else error.code
        if isinstance(error, ConflictError) or row.why in _BY_SOMEBODY:
            deed = last_deed(work.session, row.item_id)
            row.actor, row.verb = (deed.actor, deed.verb) if deed else ("", "")
        bulk.skipped_count += 1
        bulk.leased_until = work.now + LEASE


def _held(session: Session, bulk_id: int) -> Bulk | None:
    return session.scalars(
        select(Bulk).where(Bulk.id == bulk_id).with_for_update(of=Bulk).options(joinedload(Bulk.reason))
    ).one_or_none()


def _items(bulk_id: int, step: BulkStep) -> Select[BulkItem]:
    return select(BulkItem).where(BulkItem.bulk_id == bulk_id, BulkItem.step == step)
