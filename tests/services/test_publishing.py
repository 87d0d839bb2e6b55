"""Each act happens once, or stands visibly as refused, failed or unknown, whatever the channel and the workers do."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.leaving import act_of, answered, removed
from tests.support.fakes import WorkerKilled
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.ports import ActDone, OutwardAct
from tjs_moderation.domain.retrying import MAX_ATTEMPTS
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, CaseState
from tjs_moderation.errors import (
    GatewayError,
    GatewayFailure,
    OutcomeUnknownError,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, Item
from tjs_moderation.services import answers, channels, leaving, publishing, sightings, todo
from tjs_moderation.services.threads import newest_of_thread

LEASE_AND_A_BIT = publishing.LEASE_SECONDS + 1


def test_nothing_leaves_within_the_hold_back(house: House) -> None:
    removed(house)
    house.clock.advance(seconds=299)
    jobs.send()
    assert house.facebook.asked == []
    house.clock.advance(seconds=1)
    jobs.send()
    assert [act.kind for act in house.facebook.asked] == [ActKind.HIDE]


@pytest.mark.parametrize(
    ("failure", "state", "place"),
    [
        (GatewayFailure.TRANSIENT, ActState.PLANNED, CaseState.GOING_OUT),
        (GatewayFailure.THROTTLED, ActState.PLANNED, CaseState.GOING_OUT),
        (GatewayFailure.STOPPED, ActState.PLANNED, CaseState.GOING_OUT),
        (GatewayFailure.PERMISSION, ActState.REFUSED, CaseState.TROUBLE),
        (GatewayFailure.GONE, ActState.REFUSED, CaseState.TROUBLE),
        (GatewayFailure.REFUSED, ActState.REFUSED, CaseState.TROUBLE),
        (GatewayFailure.BAD_REQUEST, ActState.REFUSED, CaseState.TROUBLE),
    ],
)
def test_each_no_of_the_channel_has_its_own_end(
    house: House, failure: GatewayFailure, state: ActState, place: CaseState
) -> None:
    item = removed(house)
    house.facebook.failures.append(GatewayError(failure, "code 1"))
    house.wait_and_send()
    assert (act_of(house, item).state, house.item("c1").state) == (state, place)
    assert act_of(house, item).detail == "code 1"
    assert house.item("c1").is_gone is (failure is GatewayFailure.GONE)
    check_books()


def test_what_fails_for_the_moment_is_tried_again_and_happens(house: House) -> None:
    item = removed(house)
    house.facebook.failures += [GatewayError(GatewayFailure.TRANSIENT), GatewayError(GatewayFailure.THROTTLED)]
    for _ in range(3):
        house.wait_and_send(minutes=10)
    assert act_of(house, item).state is ActState.DONE
    assert (len(house.facebook.asked), house.facebook.hidden) == (3, {"c1"})


def test_the_channel_is_left_alone_for_as_long_as_it_asks(house: House) -> None:
    removed(house)
    house.facebook.failures.append(GatewayError(GatewayFailure.THROTTLED, retry_after_seconds=3000))
    house.wait_and_send()
    house.wait_and_send(seconds=2999)
    assert len(house.facebook.asked) == 1
    house.wait_and_send(seconds=2)
    assert len(house.facebook.asked) == 2


def test_after_so_many_tries_an_act_has_failed_and_a_person_may_try_again(house: House) -> None:
    item = removed(house)
    house.facebook.failures += [GatewayError(GatewayFailure.TRANSIENT)] * MAX_ATTEMPTS
    for _ in range(MAX_ATTEMPTS + 3):
        house.wait_and_send(hours=2)
    assert len(house.facebook.asked) == MAX_ATTEMPTS
    assert (act_of(house, item).state, house.item("c1").state) == (ActState.FAILED, CaseState.TROUBLE)

    todo.try_again(house.tiedottaja, act_of(house, item).id)
    jobs.send()
    assert house.facebook.hidden == {"c1"}
    check_books()


@pytest.mark.parametrize("has_happened", [True, False])
def test_an_unknown_outcome_is_read_back_before_anything_is_sent_again(house: House, has_happened: bool) -> None:
    item = removed(house)
    house.facebook.is_losing_answers = has_happened
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    assert (act_of(house, item).state, house.item("c1").state) == (ActState.UNKNOWN, CaseState.TROUBLE)

    house.wait_and_send(hours=1)

    assert act_of(house, item).state is ActState.DONE
    assert len(house.facebook.asked) == (1 if has_happened else 2)
    assert house.facebook.times_happened == {act_of(house, item).key: 1}
    check_books()


def test_what_cannot_be_read_back_stays_unknown_and_is_not_sent(house: House) -> None:
    item = removed(house)
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    house.facebook.look_failures += [GatewayError(failure) for failure in GatewayFailure]
    for _ in GatewayFailure:
        house.wait_and_send(hours=2)
        assert act_of(house, item).state is ActState.UNKNOWN
    assert len(house.facebook.asked) == 1


def test_an_answer_that_did_not_leave_waits_for_approval_where_the_person_has_written_meanwhile(house: House) -> None:
    item = answered(house)
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    house.clock.advance(minutes=1)
    house.receive("c2", "Äh, löysin sen jo.", parent_external_id="c1")

    house.wait_and_send(hours=1)

    assert len(house.facebook.asked) == 1
    assert house.facebook.happened == {}
    assert house.answer(item.id).state is AnswerState.SUBMITTED
    assert house.item("c1").state is CaseState.APPROVAL


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_at_its_work_never_doubles_an_act(house: House, moment: str) -> None:
    item = answered(house)
    house.facebook.killed_at = moment
    with pytest.raises(WorkerKilled):
        house.wait_and_send()
    assert act_of(house, item).state is ActState.CLAIMED
    jobs.send()
    house.wait_and_send(seconds=publishing.LEASE_SECONDS - 1)
    assert len(house.facebook.asked) == 1

    house.wait_and_send(seconds=2)

    assert act_of(house, item).state is ActState.DONE
    assert house.facebook.times_happened == {act_of(house, item).key: 1}
    assert house.answer(item.id).state is AnswerState.PUBLISHED
    check_books()


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(house: House) -> None:
    """It acts so slowly that another one has settled the act meanwhile."""
    item = removed(house)
    channel, perform = house.facebook, house.facebook.perform

    def slowly(act: OutwardAct) -> ActDone:
        done = perform(act)
        house.clock.advance(seconds=LEASE_AND_A_BIT)
        channel.perform = perform  # type: ignore[method-assign]
        jobs.send()
        return done

    channel.perform = slowly  # type: ignore[method-assign]
    house.wait_and_send()
    assert channel.times_happened == {act_of(house, item).key: 1}
    assert [verb for _, verb in house.trail(item.id)].count("hide_done") == 1
    check_books()


def test_a_defect_in_a_gateway_leaves_its_act_unknown_and_the_others_go_on(house: House) -> None:
    broken, whole = removed(house, "c1"), removed(house, "c2")
    house.facebook.failures.append(KeyError("of the gateway"))  # type: ignore[arg-type]  # no error it may raise
    house.wait_and_send()
    assert act_of(house, broken).state is ActState.UNKNOWN
    assert act_of(house, whole).state is ActState.DONE


def test_two_workers_at_once_carry_an_act_out_once(house: House) -> None:
    for number in range(4):
        removed(house, f"c{number}")
    house.clock.advance(minutes=6)
    start = threading.Barrier(2)

    def work() -> None:
        with house.app.app_context():
            start.wait()
            jobs.send()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(act.target_external_id for act in house.facebook.asked) == ["c0", "c1", "c2", "c3"]
    check_books()


@pytest.mark.parametrize("what", ["writes again", "edits the question"])
def test_an_approval_lapses_where_the_person(house: House, what: str) -> None:
    item = answered(house)
    house.clock.advance(minutes=1)
    if what == "writes again":
        house.receive("c2", "Tarkoitin kuitenkin toista.", parent_external_id="c1")
    else:
        house.receive("c1", "Kuinka ewc lopetetaan?")

    house.wait_and_send()

    assert house.facebook.asked == []
    assert house.answer(item.id).state is AnswerState.SUBMITTED
    assert ("console", "approval_lapsed") in house.trail(item.id)
    approve_again = house.answer(item.id)
    with Session(db.engine) as session:
        newest = newest_of_thread(session, session.get_one(Item, item.id))
    answers.approve(house.tiedottaja, approve_again.id, approve_again.version, newest.id)
    house.wait_and_send()
    assert [sent.text for sent in house.facebook.asked] == ["Näin se käy."]
    check_books()


def test_what_somebody_else_writes_lets_an_approval_stand(house: House) -> None:
    answered(house)
    house.clock.advance(minutes=1)
    house.receive("c2", "Minuakin kiinnostaa!", parent_external_id="c1", author_external_id="p2")
    house.wait_and_send()
    assert len(house.facebook.asked) == 1


def test_a_stopped_channel_waits_and_goes_on_when_it_is_resumed(house: House) -> None:
    first, second = removed(house, "c1"), removed(house, "c2")
    house.facebook.failures.append(GatewayError(GatewayFailure.STOPPED, "token expired"))
    house.wait_and_send()
    for _ in range(3):
        house.wait_and_send(hours=3)
    assert len(house.facebook.asked) == 1
    with Session(db.engine) as session:
        assert session.scalars(select(Channel.stopped_reason).where(Channel.name == "facebook")).one()

    channels.resume(house.operator, house.channel_id())
    jobs.send()

    assert {act_of(house, item).state for item in (first, second)} == {ActState.DONE}
    check_books()


def test_what_cannot_be_hidden_is_known_beforehand_and_nothing_is_sent(house: House) -> None:
    item = removed(house)
    house.bring("c1", "Olet idiootti.", can_hide=False)
    house.wait_and_send()
    assert house.facebook.asked == []
    assert (act_of(house, item).state, act_of(house, item).detail) == (ActState.REFUSED, leaving.CANNOT_HIDE)
    check_books()


def test_what_is_gone_is_not_asked_to_be_hidden(house: House) -> None:
    item = removed(house)
    sightings.hear_of_removal(house.channel_id(), ["c1"])
    house.wait_and_send()
    assert house.facebook.asked == []
    assert act_of(house, item).state is ActState.REFUSED
    check_books()


def test_while_a_channel_throttles_no_other_act_is_sent_to_it(house: House) -> None:
    for number in range(3):
        removed(house, f"c{number}")
    house.facebook.failures.append(GatewayError(GatewayFailure.THROTTLED, retry_after_seconds=1200))
    house.wait_and_send()
    house.wait_and_send(minutes=15)
    assert len(house.facebook.asked) == 1
    house.wait_and_send(minutes=6)
    assert house.facebook.hidden == {"c0", "c1", "c2"}
