"""Who is away: who may say so, and where questions go meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tests.waiting.told import at, newest_routing, routed, told
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.routing import Why
from tjs_moderation.domain.vocabulary import CaseState, NoticeKind
from tjs_moderation.errors import InvalidInputError, NotAllowedError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Absence
from tjs_moderation.services import absences, answers, people, routing
from tjs_moderation.services.transaction import CONSOLE, look_anew

CHRISTMAS = date(2026, 12, 21), date(2027, 1, 3)


def away(house: House, person: int, days: tuple[date, date] = CHRISTMAS, substitute: int | None = None) -> int:
    return absences.add_absence(person, person, *days, substitute)


def proposed(slug: str = "ewc") -> tuple[Why, str]:
    look_anew()
    proposal = routing.proposal_for(db.session(), [TopicScore(slug, 0.9)])
    return proposal.why, proposal.expert.name if proposal.expert else ""


def test_questions_are_proposed_to_the_substitute_from_the_first_day_to_the_last(house: House) -> None:
    away(house, house.expert, substitute=house.other_expert)
    for moment, proposal in {
        "2026-12-20 23:59": (Why.ONLY_EXPERT, "Inka"),
        "2026-12-21 00:00": (Why.SUBSTITUTE, "Sikke"),
        "2027-01-03 23:59": (Why.SUBSTITUTE, "Sikke"),
        "2027-01-04 00:00": (Why.ONLY_EXPERT, "Inka"),
    }.items():
        at(house, moment)
        assert proposed() == proposal


def test_without_a_substitute_questions_fall_back_to_the_tiedottaja(house: House) -> None:
    away(house, house.expert)
    at(house, "2026-12-22 09:00")
    assert proposed() == (Why.NOBODY_HERE, "Tiina")
    away(house, house.tiedottaja)
    assert proposed() == (Why.NOBODY_HERE, "")


@pytest.mark.parametrize("who", ["expert", "tiedottaja", "operator"])
def test_oneself_a_tiedottaja_and_the_operator_may_tell_of_an_absence(house: House, who: str) -> None:
    absence = absences.add_absence(getattr(house, who), house.expert, *CHRISTMAS, None)
    absences.end_absence(getattr(house, who), absence)
    look_anew()
    assert absences.coming() == []


def test_nobody_tells_of_a_colleagues_absence_or_ends_it(house: House) -> None:
    absence = away(house, house.expert)
    with pytest.raises(NotAllowedError):
        absences.add_absence(house.other_expert, house.expert, *CHRISTMAS, None)
    with pytest.raises(NotAllowedError):
        absences.end_absence(house.other_expert, absence)


@pytest.mark.parametrize(
    ("first", "last", "substitute", "code"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "", "absence_order"),
        (date(2026, 11, 2), date(2026, 11, 15), "", "absence_over"),
        (date(2026, 12, 1), date(2028, 12, 1), "", "absence_too_long"),
        (date(2027, 1, 3), date(2027, 1, 9), "", "absence_overlaps"),
        (date(2026, 12, 1), date(2026, 12, 2), "expert", "absence_substitute"),
        (date(2026, 12, 1), date(2026, 12, 2), "operator", "absence_substitute"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    house: House, first: date, last: date, substitute: str, code: str
) -> None:
    away(house, house.expert)
    with pytest.raises(InvalidInputError, match=code):
        away(house, house.expert, (first, last), getattr(house, substitute) if substitute else None)


def test_whoever_is_not_here_has_no_absences(house: House) -> None:
    with pytest.raises(NotFoundError):
        absences.add_absence(house.tiedottaja, 987_654, *CHRISTMAS, None)
    with pytest.raises(NotFoundError):
        absences.end_absence(house.tiedottaja, 987_654)


def test_what_is_due_while_its_owner_is_away_goes_to_the_substitute_on_the_first_day(house: House) -> None:
    at(house, "2026-12-18 15:00")
    item = routed(house)
    away(house, house.expert, substitute=house.other_expert)
    assert absences.hand_on() == 0
    at(house, "2026-12-21 07:00")
    assert (absences.hand_on(), absences.hand_on()) == (1, 0)
    routing_now = newest_routing(item)
    assert house.item("c1").expert_id == house.other_expert
    assert routing_now.why == "Inka on poissa 3.1. asti. Sijaisena on Sikke."
    assert told(NoticeKind.ROUTED) == [("Inka", "routed"), ("Sikke", "routed")]
    assert house.trail(item.id)[-1] == ("console", "reroute")
    check_books()


def test_what_is_due_only_after_the_return_stays(house: House) -> None:
    at(house, "2026-12-18 15:00")
    routed(house)
    away(house, house.expert, (date(2026, 12, 21), date(2026, 12, 21)), house.other_expert)
    at(house, "2026-12-21 07:00")
    assert absences.hand_on() == 0
    assert house.item("c1").expert_id == house.expert


def test_without_a_substitute_it_goes_back_to_the_tiedottaja_with_the_reason(house: House) -> None:
    at(house, "2026-12-18 15:00")
    item = routed(house)
    away(house, house.expert, substitute=house.other_expert)
    away(house, house.other_expert)
    at(house, "2026-12-21 07:00")
    assert absences.hand_on() == 1
    assert house.item("c1").state is CaseState.QUESTION
    assert newest_routing(item).ended_why == "Inka on poissa 3.1. asti, eikä sijaista ole."
    assert told(NoticeKind.RETURNED) == [("Tiina", "returned")]
    check_books()


def test_what_a_tiedottaja_puts_there_knowing_of_the_absence_stays(house: House) -> None:
    away(house, house.expert, substitute=house.other_expert)
    at(house, "2026-12-21 09:00")
    routed(house)
    at(house, "2026-12-28 09:00")
    assert absences.hand_on() == 0


def test_an_answer_that_waits_for_approval_is_not_moved(house: House) -> None:
    at(house, "2026-12-18 15:00")
    item = routed(house)
    answer_id = answers.save_draft(house.expert, item.id, "Näin se perustetaan.")
    answers.submit(house.expert, answer_id, house.answer(item.id).version)
    away(house, house.expert, substitute=house.other_expert)
    at(house, "2026-12-28 09:00")
    assert absences.hand_on() == 0


def test_a_draft_goes_along_to_whoever_stands_in(house: House) -> None:
    at(house, "2026-12-18 15:00")
    item = routed(house)
    answer_id = answers.save_draft(house.expert, item.id, "Näin se perustetaan.")
    away(house, house.expert, substitute=house.other_expert)
    at(house, "2026-12-21 09:00")
    absences.hand_on()
    answers.submit(house.other_expert, answer_id, house.answer(item.id).version)
    assert house.item("c1").state is CaseState.APPROVAL


def test_an_absence_keeps_no_reason_and_is_gone_when_it_is_taken_away(house: House) -> None:
    assert set(Absence.__table__.columns.keys()) == {
        "id",
        "person_id",
        "first_day",
        "last_day",
        "substitute_id",
        "entered_by_id",
        "entered_at",
    }
    absences.end_absence(house.expert, away(house, house.expert))
    with Session(db.engine) as session:
        assert session.query(Absence).count() == 0
    at(house, "2026-12-22 09:00")
    assert proposed() == (Why.ONLY_EXPERT, "Inka")


def test_whose_account_is_closed_stands_in_for_nobody(house: House) -> None:
    away(house, house.expert, substitute=house.other_expert)
    people.set_active(CONSOLE, house.other_expert, is_active=False)
    at(house, "2026-12-22 09:00")
    assert proposed() == (Why.NOBODY_HERE, "Tiina")
