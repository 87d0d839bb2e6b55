"""Periods, what is counted under which key, how long nobody has posted, and plots: from values alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain import period as periods
from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.cadence import silent_days
from tjs_moderation.domain.period import LONGEST_DAYS, Period, Step, beginning
from tjs_moderation.domain.tally import WAITS, Measure, Proposal, judged_in, wait_step
from tjs_moderation.domain.vocabulary import Category, Outcome
from tjs_moderation.web.charts import Column, bar, columns, scale

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.integers(1, LONGEST_DAYS))
def test_every_day_of_a_period_falls_into_one_of_its_columns(until: date, days: int) -> None:
    period = periods.lasting(days, until)
    firsts = period.beginnings()
    assert period.days == days
    assert list(firsts) == sorted(set(firsts))
    assert len(firsts) <= 122
    assert {beginning(period.since + timedelta(days=ahead), period.step) for ahead in range(days)} == set(firsts)


@pytest.mark.parametrize(
    ("since", "until", "known"),
    [("2026-01-01", "2026-01-01", True), ("2026-01-02", "2026-01-01", False), ("1990-01-01", "2026-01-01", False)],
)
def test_a_period_has_a_day_at_least_and_ten_years_at_most(since: str, until: str, known: bool) -> None:
    found = periods.between(date.fromisoformat(since), date.fromisoformat(until), date(2026, 6, 1))
    assert (found is not None) is known


def test_weeks_begin_on_monday_also_over_the_new_year() -> None:
    period = Period(date(2026, 12, 30), date(2027, 1, 5))
    assert period.beginnings(Step.WEEK) == [date(2026, 12, 28), date(2027, 1, 4)]


@pytest.mark.parametrize(("waited", "step"), [(0, "15m"), (15, "15m"), (16, "1h"), (24 * 60, "1d"), (10**6, "longer")])
def test_a_wait_belongs_to_the_first_step_that_holds_it(waited: int, step: str) -> None:
    assert wait_step(timedelta(minutes=waited)) == step
    assert step in dict(WAITS)


def test_the_key_of_a_judged_proposal_tells_what_it_was_made_of() -> None:
    proposal = Proposal(Outcome.REMOVE, Category.INSULT, "loukkaus:outo-nimi")
    keys = dict(proposal.keys(Verdict.KEPT))
    assert judged_in(keys[Measure.BY_RULE]) == (Outcome.REMOVE, Verdict.KEPT, "loukkaus:outo-nimi")
    assert judged_in(keys[Measure.BY_CATEGORY]) == (Outcome.REMOVE, Verdict.KEPT, "insult")
    assert [measure for measure, _ in Proposal(Outcome.KEEP, Category.PRAISE).keys(Verdict.KEPT)] == [
        Measure.BY_CATEGORY
    ]


@pytest.mark.parametrize(("hours", "told"), [(None, None), (0, None), (167, None), (168, 7), (300, 12)])
def test_a_week_without_a_post_is_silence(hours: int | None, told: int | None) -> None:
    now = datetime(2026, 3, 30, tzinfo=UTC)
    assert silent_days(None if hours is None else now - timedelta(hours=hours), now) == told


@given(st.integers(0, 10**9))
def test_the_top_of_a_plot_is_round_and_not_far_above_what_it_shows(most: int) -> None:
    top = scale(most)
    assert top >= most
    assert top <= max(4, 2 * most)
    assert len(str(top).rstrip("0")) <= 2


COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=120)


@given(COUNTS)
def test_no_column_leaves_the_plot_and_all_are_to_scale(counts: list[tuple[int, int]]) -> None:
    data = [Column(f"<{n}>", f"{n}", [("keep", low), ("weigh", high)]) for n, (low, high) in enumerate(counts)]
    drawing = ET.fromstring(columns("x", "Otsikko & <muu>", "Kuvaus", data))  # noqa: S314  # what we drew ourselves
    boxes = [
        {side: float(rect.get(side, "").rstrip("%")) for side in ("x", "y", "width", "height")}
        for rect in drawing.iter("rect")
    ]
    assert len(boxes) == sum(1 for pair in counts for value in pair if value)
    for box in boxes:
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 100.001
        assert 11.8 <= box["y"] <= box["y"] + box["height"] <= 172.2
    top = scale(max((sum(pair) for pair in counts), default=0))
    drawn = sum(box["height"] for box in boxes) * top / 160
    assert drawn == pytest.approx(sum(map(sum, counts)), abs=0.05 * top * max(len(boxes), 1) / 80)


def test_a_bar_is_as_long_as_its_share_of_the_longest() -> None:
    drawing = ET.fromstring(bar([("keep", 3), ("remove", 1)], 8))  # noqa: S314  # what we drew ourselves
    assert [rect.get("width") for rect in drawing.iter("rect")] == ["37.5%", "12.5%"]
