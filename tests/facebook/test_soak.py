"""The long stay of `bench/soak` in small, and the walk's calls counted; the full size is a command's."""

from __future__ import annotations

import signal
import time
from math import ceil
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.page_house import PageHouse
from tests.support.processes import ended, start_process
from tests.support.simulator import APP_SECRET, PAGE_TOKEN, RunningSimulator
from tjs_moderation.bench.soak import ORDERED, SEEDS, SMALL, soak, sure_faults
from tjs_moderation.cli import main
from tjs_moderation.simulator.faults import NAMES

ALWAYS = {name for name, _, _ in ORDERED}


def test_three_seeds_meet_every_kind_of_fault() -> None:
    met = ALWAYS.union(*(sure_faults(seed) for seed in SEEDS))
    assert met == NAMES


@pytest.mark.parametrize("seed", SEEDS)
def test_where_everything_goes_wrong_nothing_is_missed_and_nothing_done_twice(seed: int) -> None:
    outcome = soak(seed, SMALL)
    assert outcome.problems == []
    assert outcome.comments > SMALL.comments * 0.9
    assert outcome.acts >= SMALL.decisions
    assert {*ALWAYS, *sure_faults(seed)} <= outcome.faults.keys()


def test_a_walk_makes_no_more_calls_than_paging_requires(page_house: PageHouse) -> None:
    sizes = {f"{number}": size for number, size in enumerate((1, 99, 100, 101, 230), start=1)}
    for post_id, size in sizes.items():
        page_house.publish(post_id)
        for number in range(size):
            page_house.write(post_id, f"{post_id}{number:05d}", days_ago=20 - number / 100)
    reads = page_house.reads(page_house.sync)
    pages = {f"1000_{post_id}/comments": ceil(size / 100) for post_id, size in sizes.items()}
    assert reads == pages | {"1000/published_posts": 1, "1000/conversations": 1}


def test_a_walk_killed_on_its_way_goes_on_where_it_was(
    simulator: RunningSimulator, tmp_path: Path, prepared_sqlite: Path
) -> None:
    posts, comments = 8, 40
    for post in range(posts):
        simulator.state.publish(f"julkaisu {post}", post_id=f"{post + 1}")
        for number in range(comments):
            simulator.state.comment(f"{post + 1}", simulator.state.meet("Aino"), f"kommentti {number}")
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    simulator.fail("delay", path_regex="1000_4/comments$", seconds=6)

    killed = start_sync(simulator, tmp_path)
    # When the fourth is being read, the three before it are finished with.
    wait_until(lambda: not simulator.faults.is_waiting("delay"))
    killed.kill()
    assert ended(killed) == -signal.SIGKILL
    before = simulator.ledger.reads
    assert 3 * comments <= taken_in(tmp_path) < posts * comments

    assert ended(start_sync(simulator, tmp_path)) == 0
    assert taken_in(tmp_path) == posts * comments
    read_before = {path for path in before if path.endswith("/comments")} - {"1000_4/comments"}
    assert len(read_before) >= 3
    assert not read_before & (simulator.ledger.reads - before).keys()


def start_sync(simulator: RunningSimulator, instance: Path) -> ForkServerProcess:
    environment = {
        "TJS_INSTANCE_PATH": str(instance),
        "TJS_FACEBOOK_GRAPH_URL": simulator.url,
        "TJS_FACEBOOK_PAGE_ID": "1000",
        "TJS_FACEBOOK_PAGE_TOKEN": PAGE_TOKEN,
        "TJS_FACEBOOK_APP_SECRET": APP_SECRET,
    }
    return start_process(sync, environment=environment)


def sync() -> None:
    main(["sync"])


def taken_in(instance: Path) -> int:
    engine = create_engine(f"sqlite:///{instance / 'tjs.db'}")
    with engine.connect() as connection:
        count = connection.scalar(text("SELECT count(*) FROM item"))
    engine.dispose()
    return int(count or 0)


def wait_until(holds: object) -> None:
    assert callable(holds)
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to it")
