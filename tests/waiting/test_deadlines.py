"""A question's deadline: kept from its routing on, told of once at each step, whoever works and however often."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tests.waiting.told import at, free, local, newest_routing, question, routed, told
from tjs_moderation import jobs
from tjs_moderation.domain.deadlines import AnswerTime
from tjs_moderation.domain.vocabulary import CaseState, NoticeKind, TimeUnit
from tjs_moderation.errors import InvalidInputError, NotAllowedError
from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import answers, deadlines, desk, options, routing, topics
from tjs_moderation.services.transaction import CONSOLE, look_anew, user

SOON, OVERDUE, ESCALATED = NoticeKind.DUE_SOON, NoticeKind.OVERDUE, NoticeKind.ESCALATED
FOUR_HOURS = AnswerTime(4, TimeUnit.HOURS)


def set_time_of_topic(house: House, slug: str, allowed: AnswerTime | None) -> None:
    look_anew()
    sheet = topics.sheet(house.topic_id(slug))
    topics.change_topic(user(house.tiedottaja), sheet.topic.id, replace(sheet.draft, answer_time=allowed))


def test_a_question_is_due_after_the_houses_time_and_a_topic_can_have_its_own(house: House) -> None:
    at(house, "2026-12-23 12:00")
    assert local(newest_routing(routed(house, "c1")).due_at) == "2026-12-29 12:00"
    set_time_of_topic(house, "ewc", FOUR_HOURS)
    assert local(newest_routing(routed(house, "c2")).due_at) == "2026-12-23 16:00"
    set_time_of_topic(house, "ewc", None)
    options.set_answer_time(user(house.tiedottaja), AnswerTime(1, TimeUnit.DAYS))
    assert local(newest_routing(routed(house, "c3")).due_at) == "2026-12-28 12:00"


def test_a_change_of_the_time_changes_no_deadline_that_is_running(house: House) -> None:
    item = routed(house)
    before = newest_routing(item).due_at
    set_time_of_topic(house, "ewc", FOUR_HOURS)
    options.set_answer_time(user(house.tiedottaja), AnswerTime(9, TimeUnit.DAYS))
    assert newest_routing(item).due_at == before


@pytest.mark.parametrize("amount", [0, -1, 101])
def test_a_time_that_is_none_is_refused(house: House, amount: int) -> None:
    with pytest.raises(InvalidInputError, match="answer_time"):
        options.set_answer_time(user(house.tiedottaja), AnswerTime(amount, TimeUnit.DAYS))
    with pytest.raises(InvalidInputError, match="answer_time"):
        set_time_of_topic(house, "ewc", AnswerTime(amount, TimeUnit.HOURS))


def test_the_time_is_set_by_those_who_run_the_work(house: House) -> None:
    with pytest.raises(NotAllowedError):
        options.set_answer_time(user(house.expert), FOUR_HOURS)
    assert options.set_answer_time(CONSOLE, FOUR_HOURS)


def test_its_owner_is_reminded_then_told_and_then_the_tiedottaja_is_called(house: House) -> None:
    at(house, "2026-11-23 12:00")
    item = routed(house)
    for moment, news in {
        "2026-11-24 15:59": [],
        "2026-11-24 16:00": [("Inka", "due_soon")],
        "2026-11-25 11:59": [("Inka", "due_soon")],
        "2026-11-25 12:00": [("Inka", "due_soon"), ("Inka", "overdue")],
        "2026-11-26 12:00": [("Inka", "due_soon"), ("Inka", "overdue"), ("Tiina", "escalated")],
    }.items():
        at(house, moment)
        jobs.keep_time()
        jobs.keep_time()
        assert told(SOON, OVERDUE, ESCALATED) == news
    assert house.trail(item.id)[-3:] == [("console", verb) for verb in ("remind", "fall_due", "escalate")]
    check_books()


def test_a_worker_that_was_away_for_long_tells_only_how_it_stands_now(house: House) -> None:
    routed(house)
    house.clock.advance(days=30)
    assert (deadlines.tell_due(), deadlines.tell_due()) == (1, 0)
    assert told(SOON, OVERDUE, ESCALATED) == [("Tiina", "escalated")]


def test_of_many_workers_at_once_one_tells(house: House) -> None:
    item = routed(house)
    house.clock.advance(days=2)
    start = threading.Barrier(4)

    def work() -> None:
        with house.app.app_context():
            start.wait()
            jobs.run("deadlines")
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told(SOON, OVERDUE, ESCALATED) == [("Inka", "overdue")]
    assert [verb for _, verb in house.trail(item.id)].count("fall_due") == 1


def test_nobody_is_told_of_a_question_whose_answer_is_with_the_tiedottaja(house: House) -> None:
    item = routed(house)
    answer_id = answers.save_draft(house.expert, item.id, "Näin se perustetaan.")
    answers.submit(house.expert, answer_id, house.answer(item.id).version)
    house.clock.advance(days=30)
    assert deadlines.tell_due() == 0


def test_an_answer_that_is_sent_back_is_due_when_it_was(house: House) -> None:
    item = routed(house)
    due = newest_routing(item).due_at
    answer_id = answers.save_draft(house.expert, item.id, "Näin se perustetaan.")
    answers.submit(house.expert, answer_id, house.answer(item.id).version)
    answers.send_back(house.tiedottaja, answer_id, house.answer(item.id).version, "Lyhennä.")
    assert newest_routing(item).due_at == due
    house.clock.advance(days=30)
    assert deadlines.tell_due() == 1


def test_everybody_who_may_take_a_question_is_reminded_of_it(house: House) -> None:
    free(house)
    house.clock.advance(days=2)
    deadlines.tell_due()
    assert sorted(told(OVERDUE)) == [("Inka", "overdue"), ("Sikke", "overdue"), ("Tiina", "overdue")]


def test_who_takes_a_question_takes_its_deadline_too(house: House) -> None:
    item = free(house)
    due = newest_routing(item).due_at
    house.clock.advance(days=2)
    deadlines.tell_due()
    routing.take(house.expert, item.id, house.item("c1").version)
    assert newest_routing(item).due_at == due
    assert deadlines.tell_due() == 0, "it was told of as overdue before it was taken"


def test_who_gets_a_question_from_a_colleague_gets_time_of_their_own(house: House) -> None:
    at(house, "2026-11-23 12:00")
    item = routed(house)
    at(house, "2026-11-24 12:00")
    version = house.item("c1").version
    routing.route(house.tiedottaja, item.id, version, house.topic_id("ewc"), house.other_expert, "Inka on kiireinen.")
    assert local(newest_routing(item).due_at) == "2026-11-26 12:00"


def test_a_routing_that_is_undone_leaves_the_deadline_as_it_was(house: House) -> None:
    item = routed(house)
    due = newest_routing(item).due_at
    house.clock.advance(hours=2)
    version = house.item("c1").version
    again = routing.route(house.tiedottaja, item.id, version, None, house.other_expert, "Kokeillaan.")
    routing.unroute(house.tiedottaja, again.routing_id, again.version)
    assert newest_routing(item).due_at == due
    assert house.item("c1").expert_id == house.expert


def test_what_is_overdue_is_listed_the_longest_overdue_first(house: House) -> None:
    at(house, "2026-11-23 12:00")
    first = routed(house, "c1")
    at(house, "2026-11-23 13:00")
    second = routed(house, "c2")
    at(house, "2026-11-24 13:00")
    routed(house, "c3")
    fresh = question(house, "c4")
    at(house, "2026-11-25 14:00")
    look_anew()
    with Session(db.engine) as session:
        tiina = session.get_one(User, house.tiedottaja)
    one, all_of_them = (desk.first_of(tiina, (CaseState.QUESTION,), limit) for limit in (1, 9))
    assert (one.late_count, [row.item.id for row in one.late]) == (2, [first.id])
    assert [row.item.id for row in all_of_them.late] == [first.id, second.id]
    assert [row.item.id for row in all_of_them.by_state[CaseState.QUESTION]] == [fresh.id]


def test_an_experts_own_desk_begins_with_what_is_due_first(house: House) -> None:
    late = routed(house, "c1")
    set_time_of_topic(house, "ewc", FOUR_HOURS)
    soon = routed(house, "c2")
    look_anew()
    with Session(db.engine) as session:
        inka = session.get_one(User, house.expert)
    assert [row.item.id for row in desk.my_questions(inka)] == [soon.id, late.id]
