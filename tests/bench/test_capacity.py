from __future__ import annotations

import json
from math import log
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from tjs_moderation.bench.capacity import BUSIEST, LOG, Costs, Install, bottleneck, enlarged, report, steps
from tjs_moderation.bench.growth import DECISION, PAGE, SEARCH, drawing
from tjs_moderation.bench.queueing import DAY, HOUR, OFFICE, of_a_day, play, servers_for, steady, waits
from tjs_moderation.cli import main

PAPER = Path(__file__).parents[2] / "docs" / "capacity.md"
MEASURED = PAPER.with_name("capacity-costs.json")

COSTS = Costs(
    seconds={"webhook": 0.002, "assess": 0.003, "decision": 0.016, "page": 0.04, "log": 0.005},
    per_item={"decisions": 0.5, "entries_by_hand": 0.6},
    sizes={"sqlite": {"item": 1_000.0, "audit_entry": 2_000.0}},
    verified=100_000.0,
)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # nothing is kept secret with it


@pytest.mark.parametrize(
    ("rate", "servers", "is_fixed", "mean"),
    [
        (0.5, 1, False, 1.0),  # M/M/1: rho / (mu - lambda)
        (0.8, 1, False, 4.0),
        (0.8, 1, True, 2.0),  # M/D/1: half of it
        (1.6, 2, False, 1.778),  # M/M/2, by Erlang C
        (1.6, 2, True, 0.901),  # M/D/2, by Cosmetatos
        (2.4, 3, False, 1.079),
    ],
)
def test_waits_are_as_long_as_the_theory_of_queues_says(rate: float, servers: int, is_fixed: bool, mean: float) -> None:
    chance = seeded(7)
    service = (lambda: 1.0) if is_fixed else (lambda: chance.expovariate(1.0))
    found = list(waits(steady(rate, 120_000, chance), service, servers))
    assert sum(found) / len(found) == pytest.approx(mean, rel=0.08)


def test_of_one_server_95_of_a_hundred_wait_as_long_as_the_theory_says() -> None:
    found = play(0.8 * 24 * HOUR, [1] * 24, 1.0, 1, seed=3)
    assert found.utilisation == pytest.approx(0.8)
    chance = seeded(9)
    long = sorted(waits(steady(0.8, 120_000, chance), lambda: chance.expovariate(1.0), 1))
    assert long[int(0.95 * len(long))] == pytest.approx(log(0.8 / 0.05) / 0.2, rel=0.08)


def test_arrivals_follow_the_hours_of_the_day() -> None:
    moments = list(of_a_day(50_000, OFFICE, seeded(1)))
    assert len(moments) == pytest.approx(50_000, rel=0.02)
    assert {int(at // HOUR) for at in moments} == {hour for hour, weight in enumerate(OFFICE) if weight}
    assert moments == sorted(moments)


def test_equal_seeds_play_equal_days() -> None:
    assert play(5_000, DAY, 1.0, 1, seed=2) == play(5_000, DAY, 1.0, 1, seed=2) != play(5_000, DAY, 1.0, 1, seed=3)


@pytest.mark.parametrize(("per_day", "needed"), [(1, 1), (24 * HOUR, 2), (70 * 24 * HOUR, 100)])
def test_enough_servers_are_no_busier_than_allowed(per_day: float, needed: int) -> None:
    assert servers_for(per_day, [1] * 24, 1.0, BUSIEST) == needed


def test_a_small_install_has_room_and_a_huge_one_jams_until_it_is_parted() -> None:
    assert all(step.utilisation < 0.1 and step.p95 == 0.0 for step in steps(Install(1, 1_000_000), COSTS))
    huge = Install(10_000, 10_000_000_000)
    before = steps(huge, COSTS)
    jam = bottleneck(before)
    assert jam.utilisation > 1
    assert jam.p95 is None
    larger = enlarged(huge, COSTS)
    assert larger.chains > 1
    assert all(step.utilisation <= BUSIEST + 0.01 and step.p95 is not None for step in steps(larger, COSTS))


def test_there_are_never_more_chains_than_pages() -> None:
    assert enlarged(Install(3, 10_000_000_000), COSTS).chains == 3
    [line] = [each for each in report(COSTS, [Install(3, 10_000_000_000)]) if each.strip().startswith("with")]
    assert line.endswith("3 chains:")
    assert LOG in " ".join(report(COSTS, [Install(3, 10_000_000_000)]))


@pytest.mark.parametrize("times", [1, 10])
def test_the_paper_tells_what_the_command_prints(times: int) -> None:
    told = "\n".join(report(Costs.of(json.loads(MEASURED.read_text())), times=times)).strip()
    assert f"```\n{told}\n```" in PAPER.read_text()


def test_a_file_that_holds_no_costs_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "costs.json"
    file.write_text("{}")
    refused = CliRunner().invoke(main, ["bench", "capacity", str(file)])
    assert (refused.exit_code, "no costs" in refused.output, "Traceback" in refused.output) == (2, True, False)


def test_growth_is_drawn_with_every_figure_in_words_and_a_line_for_each_cost() -> None:
    drawn = ET.fromstring(  # noqa: S314  # drawn by us
        drawing(
            {PAGE: [(1_000, 13.6), (10_000, 14.0)], SEARCH: [(1_000, 5.1), (10_000, 0.5)], DECISION: [(1_000, 12.0)]}
        )
    )
    words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"1 000", "10 000", "13,6", "14", "5,1", "0,5", "12", PAGE, SEARCH, DECISION} <= set(words)
    told = drawn.find("{http://www.w3.org/2000/svg}desc")
    assert told is not None
    assert "jonosivu: 1 000 asiaa 13,6 ms, 10 000 asiaa 14 ms" in str(told.text)


def test_one_size_alone_can_be_drawn() -> None:
    assert "</svg>" in drawing({PAGE: [(1_000, 10.0)]})
