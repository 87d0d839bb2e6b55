"""Many items decided as one: each its own decision and entry, resumable, skipped where somebody was faster, undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tests.web.crowd import crowd
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ActKind, ActState, BulkKind, BulkStep, CaseState, DecisionKind
from tjs_moderation.errors import InvalidInputError, NotAllowedError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, AuditEntry, Bulk, BulkItem, Decision, Item, User
from tjs_moderation.services import bulk, bulk_outlook, casework, options, people, routing
from tjs_moderation.services.bulk import Order, Pick
from tjs_moderation.services.search import Wanted
from tjs_moderation.services.transaction import CONSOLE, reading, user

REMOVE = Order(BulkKind.REMOVE, "insulting", "Samaa solvausta.")
KEEP = Order(BulkKind.KEEP)


def picks(items: Sequence[Item]) -> list[Pick]:
    return [Pick(item.id, item.version) for item in items]


def begin(house: House, order: Order, items: Sequence[Item], key: str = "k") -> int:
    return bulk.start(house.tiedottaja, order, picks(items), key, "/queues/removal")


def insults(house: House, count: int) -> list[Item]:
    return crowd(house, ["Olet idiootti."] * count)


def states(items: Sequence[Item]) -> list[CaseState]:
    with reading() as session:
        found = {item.id: item.state for item in session.scalars(select(Item))}
    return [found[item.id] for item in items]


def steps(bulk_id: int) -> list[tuple[int, BulkStep, str]]:
    with reading() as session:
        rows = session.scalars(select(BulkItem).where(BulkItem.bulk_id == bulk_id).order_by(BulkItem.number))
        return [(row.item_id, row.step, row.why) for row in rows]


def kept(bulk_id: int) -> Bulk:
    with reading() as session:
        return session.get_one(Bulk, bulk_id)


def count(model: type[Act | Decision | AuditEntry], *conditions: object) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]  # SQL conditions


def person(user_id: int) -> User:
    with Session(db.engine) as session:
        return session.get_one(User, user_id)


def test_each_item_gets_its_own_decision_entry_and_held_back_act(house: House) -> None:
    items = insults(house, 3)
    number = begin(house, REMOVE, items)
    assert states(items) == [CaseState.GOING_OUT] * 3
    assert [step for _, step, _ in steps(number)] == [BulkStep.DONE] * 3
    assert count(Decision, Decision.kind == DecisionKind.REMOVE, Decision.words == "Samaa solvausta.") == 3
    with reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.verb == "remove").order_by(AuditEntry.seq)).all()
        acts = session.scalars(select(Act)).all()
    assert [(entry.actor, f'"bulk":{number}' in entry.body) for entry in entries] == [
        (str(user(house.tiedottaja)), True)
    ] * 3
    assert {(act.kind, act.state, (act.not_before - act.planned_at).seconds) for act in acts} == {
        (ActKind.HIDE, ActState.PLANNED, 300)
    }
    assert house.facebook.hidden == set()
    check_books()


def test_the_same_page_sent_twice_is_one_bulk(house: House) -> None:
    items = insults(house, 2)
    assert begin(house, KEEP, items) == begin(house, KEEP, items)
    assert count(Decision) == 2


def test_a_long_bulk_is_left_to_a_worker(house: House) -> None:
    items = insults(house, bulk.AT_ONCE + 1)
    number = begin(house, KEEP, items)
    assert set(states(items)) == {CaseState.REMOVAL}
    jobs.run("bulk")
    assert set(states(items)) == {CaseState.DONE}
    found = kept(number)
    assert (found.done_count, found.skipped_count, found.finished_at) == (len(items), 0, house.clock.now)
    check_books()


@contextmanager
def dying_after(items: int) -> Iterator[None]:
    """A worker that ends right before it commits the item after so many, without a word."""
    left = 1 + items  # it takes the bulk up first

    def die(_session: Session) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt

    event.listen(Session, "before_commit", die)
    try:
        with pytest.raises(KeyboardInterrupt):
            bulk.work_waiting()
    finally:
        event.remove(Session, "before_commit", die)
    yield


def test_after_a_killed_worker_another_goes_on_and_no_item_is_decided_twice(house: House) -> None:
    items = insults(house, bulk.AT_ONCE + 3)
    number = begin(house, REMOVE, items)
    with dying_after(5):
        assert [step for _, step, _ in steps(number)].count(BulkStep.DONE) == 5
    bulk.work_waiting()
    assert kept(number).done_count == 5, "it is still in the hands of the dead one"
    house.clock.advance(seconds=bulk.LEASE.total_seconds() + 1)
    bulk.work_waiting()
    assert kept(number).done_count == len(items)
    assert count(Decision) == count(Act) == count(AuditEntry, AuditEntry.verb == "remove") == len(items)
    check_books()


def test_what_a_colleague_changed_meanwhile_is_skipped_and_told_with_who_and_what(house: House) -> None:
    changed, gone_on, third = insults(house, 3)
    casework.decide(house.tiedottaja, changed.id, changed.version, DecisionKind.KEEP)
    number = begin(house, REMOVE, [changed, gone_on, third])
    assert states([changed, gone_on, third]) == [CaseState.DONE, CaseState.GOING_OUT, CaseState.GOING_OUT]
    told = bulk_outlook.standing_of(person(house.tiedottaja), number)
    [(row, item)] = told.skipped
    assert (item.id, row.why, row.actor, row.verb) == (
        changed.id,
        "item_changed",
        str(user(house.tiedottaja)),
        "keep",
    )
    assert (told.bulk.done_count, told.bulk.skipped_count, told.waiting_count) == (2, 1, 0)


def test_a_bulk_is_taken_back_as_one_before_anything_leaves(house: House) -> None:
    items = insults(house, 3)
    number = begin(house, REMOVE, items)
    undoing = bulk.undo(house.tiedottaja, number)
    assert states(items) == [CaseState.REMOVAL] * 3
    assert count(Act, Act.state == ActState.STOPPED) == 3
    assert count(AuditEntry, AuditEntry.verb == "take_back") == 3
    house.wait_and_send()
    assert house.facebook.hidden == set()
    assert bulk.undo(house.tiedottaja, number) == undoing
    assert count(Decision, Decision.kind == DecisionKind.TAKE_BACK) == 3
    check_books()


def test_after_the_hold_back_a_bulk_is_taken_back_by_the_opposite_acts(house: House) -> None:
    items = insults(house, 3)
    number = begin(house, REMOVE, items)
    house.wait_and_send()
    assert len(house.facebook.hidden) == 3
    bulk.undo(house.tiedottaja, number)
    assert count(Act, Act.kind == ActKind.UNHIDE) == 3
    house.wait_and_send()
    assert house.facebook.hidden == set()
    assert states(items) == [CaseState.REMOVAL] * 3
    check_books()


def test_what_could_not_be_taken_back_is_told(house: House) -> None:
    first, second, third = insults(house, 3)
    number = begin(house, KEEP, [first, second, third])
    with reading() as session:
        by_item = {d.item_id: d.id for d in session.scalars(select(Decision))}
    casework.take_back(house.tiedottaja, by_item[first.id], house.item(first.external_id).version)
    casework.decide(
        house.tiedottaja, second.id, house.item(second.external_id).version, DecisionKind.REMOVE, "insulting"
    )
    undoing = bulk.undo(house.tiedottaja, number)
    assert steps(undoing) == [
        (first.id, BulkStep.SKIPPED, "taken_back_already"),
        (second.id, BulkStep.SKIPPED, "not_the_last_decision"),
        (third.id, BulkStep.DONE, ""),
    ]
    assert states([second, third]) == [CaseState.GOING_OUT, CaseState.REMOVAL]
    check_books()


def test_taking_back_stops_what_a_worker_has_not_come_to(house: House) -> None:
    items = insults(house, bulk.AT_ONCE + 3)
    number = begin(house, KEEP, items)
    with dying_after(4):
        bulk.undo(house.tiedottaja, number)
    house.clock.advance(hours=1)
    bulk.work_waiting()
    assert set(states(items)) == {CaseState.REMOVAL}
    assert [why for _, _, why in steps(number)].count("bulk_stopped") == len(items) - 4
    check_books()


def test_a_routing_of_many_is_a_routing_of_each_and_goes_back_to_where_each_came_from(house: House) -> None:
    mine, fresh = crowd(house, ["Kuka vastaa?"] * 2)
    routing.route(house.tiedottaja, mine.id, mine.version, None, house.other_expert, "Ensin sinulle.")
    order = Order(BulkKind.ROUTE, words="Aihe on EWC.", topic_id=house.topic_id("ewc"), expert_id=house.expert)
    number = begin(house, order, [house.item(mine.external_id), fresh])
    assert [house.item(i.external_id).expert_id for i in (mine, fresh)] == [house.expert] * 2
    bulk.undo(house.tiedottaja, number)
    assert [house.item(i.external_id).expert_id for i in (mine, fresh)] == [house.other_expert, None]
    assert house.item(fresh.external_id).state is CaseState.QUESTION
    assert [verb for _, verb in house.trail(mine.id)][-3:] == ["route", "reroute", "reroute"]
    check_books()


def test_leaving_many_to_be_weighed_moves_them_and_can_be_taken_back(house: House) -> None:
    items = insults(house, 2)
    number = begin(house, Order(BulkKind.WEIGH), items)
    assert states(items) == [CaseState.WEIGH] * 2
    bulk.undo(house.tiedottaja, number)
    assert states(items) == [CaseState.REMOVAL] * 2
    check_books()


def test_the_outlook_says_what_would_happen_to_how_many(house: House) -> None:
    changed, fine, stuck = insults(house, 3)
    own = house.receive("own", "Vastaamme.", is_own=True)
    order = picks([changed, fine, stuck, own])
    casework.decide(house.tiedottaja, changed.id, changed.version, DecisionKind.KEEP)
    casework.decide(house.tiedottaja, stuck.id, stuck.version, DecisionKind.REMOVE, "insulting")
    told = bulk_outlook.outlook(person(house.tiedottaja), BulkKind.KEEP, order)
    assert [one.item.id for one in told.ready] == [fine.id]
    assert [(one.item.id, one.why, one.verb) for one in told.left] == [
        (changed.id, "item_changed", "keep"),
        (stuck.id, "item_changed", "remove"),
        (own.id, "not_for_this_item", ""),
    ]
    again = picks([house.item(item.external_id) for item in (changed, stuck)])
    assert [one.why for one in bulk_outlook.outlook(person(house.tiedottaja), BulkKind.KEEP, again).left] == [
        "decided_already",
        "take_back_first",
    ]


def test_all_of_a_filter_is_the_queue_in_its_order_or_what_a_search_finds_up_to_a_cap(house: House) -> None:
    items = insults(house, 4)
    house.receive("other", "Kiitos.")
    jobs.index()
    tiedottaja = person(house.tiedottaja)
    everything = [Pick(item.id, item.version) for item in reversed(items)]
    assert bulk_outlook.picks_of_queue(tiedottaja, CaseState.REMOVAL, 500) == everything
    assert bulk_outlook.picks_of_queue(tiedottaja, CaseState.REMOVAL, 2) == everything[:2]
    assert bulk_outlook.picks_of_search(tiedottaja, Wanted(words="idiootti"), 500) == everything
    assert bulk_outlook.picks_of_search(tiedottaja, Wanted(words="idiootti"), 3) == everything[:3]


def test_what_is_asked_for_is_checked_before_anything_is_done(house: House) -> None:
    [item] = insults(house, 1)
    for order, why in (
        (Order(BulkKind.REMOVE), "removal_needs_reason"),
        (Order(BulkKind.REMOVE, "harsh"), "unknown_reason"),
        (Order(BulkKind.ROUTE, words="Sinulle."), "routing_needs_expert"),
        (Order(BulkKind.ROUTE, expert_id=house.expert), "routing_needs_why"),
    ):
        with pytest.raises(InvalidInputError, match=why):
            begin(house, order, [item])
    assert count(Decision) == 0


def test_more_than_the_cap_and_nothing_at_all_are_refused(house: House) -> None:
    cap = 3
    options.set_bulk_cap(CONSOLE, cap)
    with pytest.raises(InvalidInputError, match="bulk_too_many"):
        bulk.start(house.tiedottaja, KEEP, [Pick(number, 1) for number in range(cap + 1)], "k")
    with pytest.raises(InvalidInputError, match="bulk_empty"):
        bulk.start(house.tiedottaja, KEEP, [Pick(987_654, 1)], "k")


def test_only_those_who_may_decide_begin_go_on_or_take_back(house: House) -> None:
    items = insults(house, bulk.AT_ONCE + 1)
    with pytest.raises(NotAllowedError):
        bulk.start(house.expert, KEEP, picks(items), "k")
    number = begin(house, KEEP, items)
    with pytest.raises(NotAllowedError):
        bulk.undo(house.expert, number)
    people.set_active(user(house.operator), house.tiedottaja, is_active=False)
    bulk.work_waiting()
    assert {(step, why) for _, step, why in steps(number)} == {(BulkStep.SKIPPED, "not_allowed")}
    assert set(states(items)) == {CaseState.REMOVAL}


def test_a_bulk_of_which_nothing_was_done_has_nothing_to_take_back(house: House) -> None:
    [item] = insults(house, 1)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    with pytest.raises(TransitionError, match="bulk_of_nothing"):
        bulk.undo(house.tiedottaja, begin(house, REMOVE, [item]))
