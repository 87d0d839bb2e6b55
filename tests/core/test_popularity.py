"""How the counts of a post are told: what there is now, by how much it has changed, and day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from tjs_moderation.domain.popularity import Change, Figure, days, figures

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")


def at(hours_ago: float, kind: str, count: int) -> Change:
    return Change(kind, count, NOW - timedelta(hours=hours_ago))


def test_a_figure_says_how_much_came_in_a_day_and_in_a_week() -> None:
    changes = [at(200, "shares", 2), at(30, "shares", 5), at(2, "shares", 4), at(1, "love", 3)]
    assert figures(changes, NOW) == [Figure("shares", 4, -1, 2), Figure("love", 3, 3, 3)]


def test_of_the_time_before_a_post_was_followed_nothing_is_said() -> None:
    assert figures([at(30, "shares", 5)], NOW) == [Figure("shares", 5, 0, None)]
    assert figures([at(3, "shares", 5)], NOW) == [Figure("shares", 5, None, None)]
    assert figures([], NOW) == []


def test_a_day_tells_its_last_count_and_everything_that_came_in_it() -> None:
    changes = [at(50, "shares", 2), at(3, "shares", 5), at(2, "love", 1), at(1, "shares", 9)]
    told = [(each.day, dict(each.counts)) for each in days(changes, HELSINKI)]
    assert told == [(date(2026, 11, 22), {"shares": (9, 7), "love": (1, 1)}), (date(2026, 11, 20), {"shares": (2, 2)})]


def test_a_day_is_that_of_the_organisation() -> None:
    late = Change("shares", 1, datetime(2026, 11, 21, 22, 30, tzinfo=UTC))
    assert [each.day for each in days([late], HELSINKI)] == [date(2026, 11, 22)]


@given(some.lists(some.tuples(some.sampled_from(["shares", "love"]), some.integers(0, 99), some.integers(1, 400))))
def test_what_came_day_by_day_adds_up_to_what_there_is(told: list[tuple[str, int, int]]) -> None:
    changes = [at(hours, kind, count) for kind, count, hours in sorted(told, key=lambda each: -each[2])]
    summed: dict[str, int] = {}
    for day in days(changes, HELSINKI):
        for kind, (_, by) in day.counts.items():
            summed[kind] = summed.get(kind, 0) + by
    assert summed == {figure.kind: figure.count for figure in figures(changes, NOW)}
