from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice

import pytest
from click.testing import CliRunner

from tjs_moderation.bench.comments import WORDS, comments
from tjs_moderation.bench.frame import Goal, Held, Measurement, Outcome, Sample, Sitting, held, table, written
from tjs_moderation.bench.goals import NOT_MEASURED, SITTINGS
from tjs_moderation.bench.matching import stems
from tjs_moderation.cli import main


def outcome(samples: Sequence[Sample], goal: Goal | None = None, *, is_quick: bool = False) -> Outcome:
    """What a sitting of one measurement comes to whose runs find these samples, one after the other."""
    found = iter(samples)
    sitting = Sitting((Measurement("one", "yksi", "/s", goal),), lambda _: [next(found)])
    [only] = held(sitting, is_quick=is_quick)
    return only


def test_the_median_of_three_runs_counts_and_the_most_memory() -> None:
    found = outcome([Sample(10, 20, 100), Sample(90, 100, 300), Sample(30, 50, 200)])
    assert (found.figure, found.floor, found.memory_mb) == (30, 50, 300)
    assert found.runs == (10, 90, 30)


def test_the_ratio_is_taken_run_by_run() -> None:
    # The medians are 30 and 50; but the runs' own ratios are 0.5, 0.9 and 0.2.
    assert outcome([Sample(10, 20), Sample(90, 100), Sample(30, 150)]).ratio == 0.5


def test_to_be_quick_one_run_is_enough() -> None:
    assert outcome([Sample(1)], is_quick=True).runs == (1,)


@pytest.mark.parametrize(
    ("goal", "is_met"),
    [
        (None, None),
        (Goal(30, True), True),
        (Goal(31, True), False),
        (Goal(30, False), True),
        (Goal(29, False), False),
        (Goal(0.5, True, Held.RATIO), True),
        (Goal(0.6, True, Held.RATIO), False),
    ],
)
def test_a_goal_is_held_against_the_figure_or_the_ratio(goal: Goal | None, is_met: bool | None) -> None:
    assert outcome([Sample(30, 60)] * 3, goal).is_met is is_met


def test_a_goal_of_a_ratio_is_not_met_where_no_floor_was_measured() -> None:
    assert outcome([Sample(30)] * 3, Goal(0.1, True, Held.RATIO)).is_met is False


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (2000, "2 000"), (0.6, "0,6"), (3.14, "3,1"), (4, "4"), (0.0312, "0,0312")]
)
def test_numbers_are_written_as_in_finnish(value: float | None, shown: str) -> None:
    assert written(value) == shown


def test_the_table_says_which_goals_are_missed() -> None:
    lines = list(table([outcome([Sample(1)] * 3, Goal(2, True)), outcome([Sample(3)] * 3, Goal(2, True))]))
    assert [line.split()[-1] for line in lines] == ["täyttyy", "EI", "kyllä"]


def test_comments_have_25_words_and_are_the_same_for_the_same_seed() -> None:
    first, again, other = (list(islice(comments(seed), 50)) for seed in (1, 1, 2))
    assert first == again != other
    assert {len(text.split()) for text in first} == {WORDS}


def test_the_vocabulary_of_the_comments_keeps_growing_but_ever_slower() -> None:
    texts = [text.split() for text in islice(comments(3), 2_000)]
    sizes = [len({word for text in texts[:count] for word in text}) for count in (500, 1_000, 2_000)]
    grown = sizes[0] / 500, (sizes[1] - sizes[0]) / 500, (sizes[2] - sizes[1]) / 1_000
    assert grown[0] > grown[1] > grown[2] > 1


def test_made_up_stems_are_as_many_as_asked_and_each_once() -> None:
    assert len(set(stems(700))) == 700


def test_every_measurement_has_a_name_of_its_own() -> None:
    names = [measurement.name for sitting in SITTINGS for measurement in sitting.measurements]
    assert len(set(names)) == len(names)


@pytest.mark.timeout(400)  # it starts a dozen processes, on a machine that may be busy
def test_a_quick_run_gives_every_measurement_and_what_is_not_measured_as_one_document() -> None:
    result = CliRunner().invoke(main, ["bench", "--quick", "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["quick"] is True
    assert document["not_measured"] == list(NOT_MEASURED)
    found = {each["name"]: each for each in document["measurements"]}
    assert list(found) == [measurement.name for sitting in SITTINGS for measurement in sitting.measurements]
    for each in found.values():
        assert set(each) >= {"figure", "floor", "goal", "ratio", "met", "memory_mb", "unit", "runs"}
        assert each["figure"] > 0
    assert found["audit_verify"]["ratio"] is not None
    assert found["webhook_posts"]["ratio"] is not None
    assert found["walk_calls"]["met"] is True
    assert found["worker_memory"]["memory_mb"] > 50
