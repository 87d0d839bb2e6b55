from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.fakes import MovableClock
from tests.support.recount import check_books
from tjs_moderation.bench.comments import WORDS, comments
from tjs_moderation.bench.frame import Goal, Held, Measurement, Outcome, Sample, Sitting, held, table, written
from tjs_moderation.bench.goals import POSTGRES
from tjs_moderation.bench.matching import stems
from tjs_moderation.bench.speech import Speech
from tjs_moderation.bench.stock import OFFICER, fill
from tjs_moderation.domain.search import Part, document
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, ItemText, User
from tjs_moderation.services import casework, desk, search
from tjs_moderation.services.recounting import recount_days
from tjs_moderation.services.search import Wanted


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


def test_a_text_of_the_generator_is_indexed_as_the_program_would() -> None:
    for said in Speech(4, 300).texts(60):
        assert document({Part.TEXT: [said.text]}).split() == [f"t_{word}" for word in said.words]


def test_equal_seeds_give_equal_installs_and_texts_are_of_every_length() -> None:
    first, again, other = (list(Speech(seed, 300).texts(300)) for seed in (1, 1, 2))
    assert first == again != other
    lengths = sorted(len(said.text.split()) for said in first)
    assert lengths[0] <= 3
    assert 10 <= lengths[150] <= 18
    assert lengths[-1] > 60


def test_a_made_install_is_as_the_verbs_would_have_left_it(app: Flask, clock: MovableClock) -> None:
    fill(db.engine, 600, clock.now)
    recount_days()
    check_books()
    with Session(db.engine) as session:
        states = set(session.scalars(select(Item.state)))
        person = session.scalars(select(User).where(User.email == OFFICER)).one()
        word = session.scalars(select(ItemText.text).order_by(ItemText.item_id.desc()).limit(1)).one().split()[0]
    assert {CaseState.READ, CaseState.WEIGH, CaseState.QUESTION, CaseState.EXPERT, CaseState.DONE} <= states
    assert search.find(person, Wanted(word)).hits
    item = desk.queue_page(person, CaseState.READ).rows[0].item
    casework.decide(person.id, item.id, item.version, DecisionKind.KEEP)
    check_books()
    with pytest.raises(ValueError, match="items already"):
        fill(db.engine, 1, clock.now)


@pytest.mark.timeout(400)  # it starts a dozen processes, on a machine that may be busy
def test_a_quick_run_gives_every_measurement_and_what_is_not_measured_as_one_document() -> None:
    command = [str(Path(sys.executable).with_name("tjs-moderation")), "bench", "--quick", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["quick"] is True
    assert POSTGRES in document["not_measured"]
    found = {each["name"]: each for each in document["measurements"]}
    assert len(found) == len(document["measurements"])
    for each in found.values():
        assert set(each) >= {"figure", "floor", "goal", "ratio", "met", "memory_mb", "unit", "runs"}
        assert each["figure"] > 0
    assert found["audit_verify"]["ratio"] is not None
    assert found["webhook_posts"]["ratio"] is not None
    assert found["walk_calls"]["met"] is True
    for name in ("queue_page", "queue_page_growth", "search", "decision", "intake"):
        assert found[name]["ratio"] is not None
    assert found["worker_memory"]["memory_mb"] > 50
