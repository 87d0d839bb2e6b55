"""By when a question is answered: across holidays, weekends, office hours and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.deadlines import AnswerTime, Deadline, deadline, step_at
from tjs_moderation.domain.vocabulary import DeadlineStep, TimeUnit
from tjs_moderation.domain.working_time import OfficeHours, WorkCalendar, is_working_day, is_working_time

HELSINKI = ZoneInfo("Europe/Helsinki")
HOUSE = WorkCalendar(HELSINKI)
NIGHT_SHIFT = WorkCalendar(HELSINKI, OfficeHours(time(1), time(9), frozenset(range(7))))
HOURS, DAYS = TimeUnit.HOURS, TimeUnit.DAYS


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=HELSINKI)


def told(moment: datetime) -> str:
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("asked", "allowed", "due"),
    [
        pytest.param("2026-11-23 12:00", (1, DAYS), "2026-11-24 12:00", id="the same time tomorrow"),
        pytest.param("2026-11-23 12:00", (2, HOURS), "2026-11-23 14:00", id="two hours"),
        pytest.param("2026-11-23 15:00", (2, HOURS), "2026-11-24 09:00", id="two hours over the night"),
        pytest.param("2026-11-23 08:00", (1, DAYS), "2026-11-23 16:00", id="a whole day ends with the day"),
        pytest.param("2026-11-23 06:30", (1, DAYS), "2026-11-23 16:00", id="before the office opens"),
        pytest.param("2026-11-23 16:00", (1, HOURS), "2026-11-24 09:00", id="as the office closes"),
        pytest.param("2026-11-23 23:30", (1, HOURS), "2026-11-24 09:00", id="late in the evening"),
        pytest.param("2026-11-20 15:00", (2, DAYS), "2026-11-24 15:00", id="over a weekend"),
        pytest.param("2026-11-21 12:00", (1, DAYS), "2026-11-23 16:00", id="asked on a Saturday"),
        pytest.param("2026-04-02 12:00", (1, DAYS), "2026-04-07 12:00", id="Easter: Good Friday to Easter Monday"),
        pytest.param("2026-04-04 12:00", (4, HOURS), "2026-04-07 12:00", id="asked on Easter Saturday"),
        pytest.param("2026-04-30 14:00", (1, DAYS), "2026-05-04 14:00", id="May Day on a Friday"),
        pytest.param("2027-04-30 14:00", (1, DAYS), "2027-05-03 14:00", id="May Day on a Saturday"),
        pytest.param("2026-05-13 12:00", (1, DAYS), "2026-05-15 12:00", id="Ascension Day"),
        pytest.param("2026-06-18 12:00", (1, DAYS), "2026-06-22 12:00", id="Midsummer, with its eve"),
        pytest.param("2026-10-30 12:00", (1, DAYS), "2026-11-02 12:00", id="All Saints' Day is a Saturday"),
        pytest.param("2027-12-03 12:00", (1, DAYS), "2027-12-07 12:00", id="Independence Day on a Monday"),
        pytest.param("2026-12-04 12:00", (1, DAYS), "2026-12-07 12:00", id="Independence Day on a Sunday"),
        pytest.param("2026-12-23 12:00", (1, DAYS), "2026-12-28 12:00", id="Christmas, with its eve"),
        pytest.param("2026-12-31 12:00", (2, DAYS), "2027-01-05 12:00", id="New Year"),
        pytest.param("2027-01-05 12:00", (1, DAYS), "2027-01-07 12:00", id="Epiphany"),
        pytest.param("2026-03-27 12:00", (1, DAYS), "2026-03-30 12:00", id="the clock goes forward on the Sunday"),
        pytest.param("2026-10-23 12:00", (1, DAYS), "2026-10-26 12:00", id="the clock goes back on the Sunday"),
    ],
)
def test_a_question_is_due_after_so_much_working_time(asked: str, allowed: tuple[int, TimeUnit], due: str) -> None:
    assert told(deadline(at(asked), AnswerTime(*allowed), HOUSE).due_at) == due


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        pytest.param("2026-03-29 02:00", "2026-03-29 06:00", id="an hour of the night is left out"),
        pytest.param("2026-10-25 02:00", "2026-10-25 04:00", id="an hour of the night comes twice"),
        pytest.param("2026-11-22 02:00", "2026-11-22 05:00", id="a night like any other"),
    ],
)
def test_an_hour_is_an_hour_where_people_work_through_a_change_of_the_clock(asked: str, due: str) -> None:
    assert told(deadline(at(asked), AnswerTime(3, HOURS), NIGHT_SHIFT).due_at) == due


@pytest.mark.parametrize(
    ("office", "allowed", "due"),
    [
        (OfficeHours(time(9), time(15)), (1, DAYS), "2026-11-24 12:00"),
        (OfficeHours(time(9), time(15)), (4, HOURS), "2026-11-24 10:00"),
        (OfficeHours(time(8), time(12, 30), frozenset({0, 3})), (1, HOURS), "2026-11-26 08:30"),
        (OfficeHours(time(10), time(14), frozenset({5})), (1, DAYS), "2026-11-28 14:00"),
    ],
)
def test_the_house_counts_by_its_own_office_hours(office: OfficeHours, allowed: tuple[int, TimeUnit], due: str) -> None:
    asked = at("2026-11-23 12:00")
    assert told(deadline(asked, AnswerTime(*allowed), WorkCalendar(HELSINKI, office)).due_at) == due


def test_its_owner_is_reminded_before_and_the_tiedottaja_called_a_working_day_after() -> None:
    of = deadline(at("2026-06-17 12:00"), AnswerTime(2, DAYS), HOUSE)
    assert [told(moment) for moment in (of.remind_at, of.due_at, of.escalate_at)] == [
        "2026-06-18 16:00",
        "2026-06-22 12:00",
        "2026-06-23 12:00",
    ]


def test_a_deadline_comes_step_by_step() -> None:
    of = deadline(at("2026-11-23 08:00"), AnswerTime(8, HOURS), HOUSE)
    moments = {
        "2026-11-23 13:59": DeadlineStep.AHEAD,
        "2026-11-23 14:00": DeadlineStep.SOON,
        "2026-11-23 15:59": DeadlineStep.SOON,
        "2026-11-23 16:00": DeadlineStep.OVERDUE,
        "2026-11-24 15:59": DeadlineStep.OVERDUE,
        "2026-11-24 16:00": DeadlineStep.ESCALATED,
    }
    assert {moment: step_at(of, at(moment)) for moment in moments} == moments


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        ("2026-11-23 15:59", "2026-11-20 08:00"),
        ("2026-11-23 16:00", "2026-11-23 08:00"),
        ("2026-11-22 12:00", "2026-11-20 08:00"),
        ("2026-04-07 09:00", "2026-04-02 08:00"),
        ("2026-12-28 09:00", "2026-12-23 08:00"),
    ],
)
def test_the_newest_working_day_that_is_over(now: str, opened: str) -> None:
    assert told(HOUSE.last_day_over(at(now)).opens) == opened


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1826)).map(lambda since: datetime(2025, 1, 1, tzinfo=UTC) + since)
TIMES = st.builds(AnswerTime, st.integers(1, 40), st.sampled_from(TimeUnit))
OFFICES = st.builds(
    OfficeHours,
    st.times(time(0), time(11)).filter(lambda opens: opens.hour != 3),  # the hour that one night has twice
    st.times(time(12), time(23, 59)),
    st.frozensets(st.integers(0, 6), min_size=1),
)


@given(MOMENTS, TIMES, OFFICES)
def test_every_moment_of_a_deadline_is_in_order_and_in_working_time(
    asked: datetime, allowed: AnswerTime, office: OfficeHours
) -> None:
    of = deadline(asked, allowed, WorkCalendar(HELSINKI, office))
    assert asked < of.remind_at < of.due_at < of.escalate_at
    for moment in (of.remind_at, of.due_at, of.escalate_at):
        assert is_working_time((moment - timedelta(microseconds=1)).astimezone(HELSINKI), office)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), TIMES)
def test_who_asks_later_is_never_answered_by_an_earlier_moment(
    asked: datetime, later: timedelta, allowed: AnswerTime
) -> None:
    first, second = (deadline(moment, allowed, HOUSE) for moment in (asked, asked + later))
    assert first.due_at <= second.due_at


@given(MOMENTS, st.integers(1, 30), st.integers(1, 30))
def test_waiting_twice_is_waiting_the_sum(asked: datetime, first: int, second: int) -> None:
    hours = timedelta(hours=1)
    assert HOUSE.after(HOUSE.after(asked, first * hours), second * hours) == HOUSE.after(
        asked, (first + second) * hours
    )


def test_a_deadline_does_not_move_by_being_told_in_another_zone() -> None:
    asked = at("2026-11-23 12:00")
    allowed = AnswerTime(1, DAYS)
    assert deadline(asked, allowed, HOUSE) == deadline(asked.astimezone(UTC), allowed, HOUSE)
    assert isinstance(deadline(asked, allowed, HOUSE), Deadline)


def test_the_eves_of_christmas_and_midsummer_are_no_working_days() -> None:
    days = ["2026-06-19", "2026-12-24", "2027-06-25", "2027-12-24", "2026-12-23", "2026-12-31"]
    assert [is_working_day(datetime.fromisoformat(day).date()) for day in days] == [False] * 4 + [True] * 2
