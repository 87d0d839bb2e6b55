"""What waits for whom in the morning, and the warning when a working day passes unread."""

from __future__ import annotations

import threading
from datetime import date

from sqlalchemy.orm import Session

from tests.support.house import House
from tests.waiting.told import at, free, question, routed, told
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, NoticeKind
from tjs_moderation.extensions import db
from tjs_moderation.services import absences, answers, casework, waiting
from tjs_moderation.services.waiting import DeskSummary

UNREAD_DAY = NoticeKind.UNREAD_DAY


def summary(house: House) -> dict[str, DeskSummary]:
    with Session(db.engine) as session:
        return {desk.person.name: desk for desk in waiting.summary(session, house.clock())}


def test_nothing_waits_for_anybody_in_a_house_where_nothing_has_come(house: House) -> None:
    desks = summary(house)
    assert list(desks) == ["Inka", "Sikke", "Tiina"]
    assert all(desk.is_empty for desk in desks.values())


def test_each_hears_what_waits_for_them_and_the_tiedottaja_what_is_late(house: House) -> None:
    at(house, "2026-11-23 12:00")
    late, submitted = routed(house, "c1"), routed(house, "c2")
    answer_id = answers.save_draft(house.expert, submitted.id, "Näin.")
    answers.submit(house.expert, answer_id, house.answer(submitted.id).version)
    free(house, "c3")
    house.receive("c4", "Olet idiootti.")
    at(house, "2026-11-25 11:00")
    fresh = routed(house, "c5")
    at(house, "2026-11-25 12:00")
    desks = summary(house)
    inka, sikke, tiina = desks["Inka"], desks["Sikke"], desks["Tiina"]
    assert [(own.item_id, own.is_overdue) for own in inka.own] == [(late.id, True), (fresh.id, False)]
    assert (inka.for_anybody, inka.queues, inka.late) == (1, {}, [])
    assert (sikke.own, sikke.for_anybody, sikke.is_empty) == ([], 1, False)
    assert (tiina.queues[CaseState.APPROVAL], tiina.queues[CaseState.REMOVAL]) == (1, 1)
    owners = {question.item_id: owner and owner.name for question, owner in tiina.late}
    assert owners == {late.id: "Inka", house.item("c3").id: None}


def test_an_answer_that_was_sent_back_waits_for_its_expert(house: House) -> None:
    item = routed(house)
    answer_id = answers.save_draft(house.expert, item.id, "Näin.")
    answers.submit(house.expert, answer_id, house.answer(item.id).version)
    answers.send_back(house.tiedottaja, answer_id, house.answer(item.id).version, "Lyhennä.")
    desks = summary(house)
    assert (desks["Inka"].returned, desks["Sikke"].returned) == (1, 0)


def test_the_summary_says_who_is_away(house: House) -> None:
    absences.add_absence(house.expert, house.expert, date(2026, 11, 16), date(2026, 11, 17), None)
    assert {name: desk.is_away for name, desk in summary(house).items()} == {
        "Inka": True,
        "Sikke": False,
        "Tiina": False,
    }


def test_a_working_day_that_leaves_something_unread_is_told_of_once(house: House) -> None:
    at(house, "2026-11-20 07:30")
    question(house, "c1")
    at(house, "2026-11-20 09:00")
    question(house, "c2")
    for moment, left in {
        "2026-11-20 15:59": 0,
        "2026-11-20 16:00": 1,
        "2026-11-20 18:00": 0,
        "2026-11-22 12:00": 0,
        "2026-11-23 15:59": 0,
        "2026-11-23 16:00": 2,
    }.items():
        at(house, moment)
        assert waiting.note_unread_day() == left, moment
    assert told(UNREAD_DAY) == [("Tiina", "unread_day")] * 2


def test_what_somebody_has_done_something_about_is_not_unread(house: House) -> None:
    at(house, "2026-11-20 07:30")
    item = house.receive("c1", "Olet idiootti.")
    routed(house, "c2")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)
    house.bring("c3", "Kiitos!", is_own=True)
    at(house, "2026-11-20 17:00")
    assert waiting.note_unread_day() == 0
    assert told(UNREAD_DAY) == []


def test_of_many_workers_at_once_one_warns(house: House) -> None:
    at(house, "2026-11-20 07:30")
    question(house)
    at(house, "2026-11-20 17:00")
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
    assert told(UNREAD_DAY) == [("Tiina", "unread_day")]
