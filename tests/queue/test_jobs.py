"""The queue only nudges: what it is asked for is done by a real worker, and what it loses is done all the same."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
import structlog
from flask import Flask
from huey.api import Huey
from structlog.testing import capture_logs

from tests.conftest import settings_for
from tests.support.fakes import FakeChannel, MovableClock, WordJudge
from tests.support.house import House
from tests.support.processes import ended, start_process
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.cli import main
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.services import casework
from tjs_moderation.settings import Settings

PATIENCE_SECONDS = 20


@pytest.fixture(params=["sqlite", pytest.param("valkey", marks=pytest.mark.valkey)])
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty queue, first in a file and then in Valkey."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'queue.db'}"
    url: str = request.getfixturevalue("valkey_url")
    return url


@pytest.fixture
def queued(queue_url: str, prepared_sqlite: Path, tmp_path: Path) -> Iterator[House]:
    """A house whose nudges go through the real queue; nobody works yet."""
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    settings: Settings = settings_for(tmp_path).with_changes(queue_url=queue_url)
    clock, facebook = MovableClock(), FakeChannel()
    app = create_app(settings, Wiring(clock=clock, judge=WordJudge, channels=lambda: {"facebook": facebook}))
    with app.app_context():
        yield House.with_people(app, clock, facebook)
        db.session.remove()
        db.engine.dispose()


def queue_of(app: Flask) -> Huey:
    queue: Huey = app.extensions["tjs_queue"]
    return queue


@contextmanager
def worker(app: Flask, is_periodic: bool = False) -> Iterator[None]:
    """A worker in a thread of its own, as an embedded install runs it."""
    consumer = queue_of(app).create_consumer(workers=1, periodic=is_periodic, initial_delay=0.05, max_delay=0.2)
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)


def wait_until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, "the worker did not do it"
        time.sleep(0.05)


def test_a_nudge_has_a_worker_assess_what_came_in(queued: House) -> None:
    queued.bring("c1", "Olet idiootti.")
    assert queued.item("c1").state is CaseState.ARRIVED
    with worker(queued.app):
        wait_until(lambda: queued.item("c1").state is CaseState.REMOVAL)
    check_books()


def test_what_is_to_leave_later_is_asked_for_later(queued: House) -> None:
    item = queued.receive("c1", "Olet idiootti.")
    queue_of(queued.app).flush()
    casework.decide(queued.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    [task] = queue_of(queued.app).pending()
    assert task.args[0] == "send"
    assert task.eta is not None


def test_a_lost_queue_loses_nothing(queued: House) -> None:
    """Everything the queue held is gone; the round that looks into the database every minute does the work."""
    item = queued.receive("c1", "Olet idiootti.")
    casework.decide(queued.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    queued.bring("c2", "hmm, outoa")
    queue_of(queued.app).flush()
    queued.clock.now += timedelta(minutes=6)

    every_minute = next(
        task for task in queue_of(queued.app).read_periodic(queued.clock.now) if task.name == "every_minute"
    )
    queue_of(queued.app).execute(every_minute)

    assert queued.facebook.hidden == {"c1"}
    assert queued.item("c2").state is CaseState.WEIGH
    check_books()


def test_the_round_comes_every_minute(queued: House) -> None:
    for minute in range(60):
        due = queue_of(queued.app).read_periodic(queued.clock.now + timedelta(minutes=minute))
        assert "every_minute" in [task.name for task in due]


def test_one_task_that_fails_stops_no_other(queued: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # A logger keeps the place it first wrote to; a new one writes to where the test reads.
    monkeypatch.setattr(jobs, "log", structlog.get_logger())

    def broken_page(cursor: str | None = None) -> None:
        raise RuntimeError("Salainen teksti")

    queued.facebook.posts = broken_page  # type: ignore[method-assign,assignment]  # a defect in a gateway
    queued.bring("c1", "Olet idiootti.")
    with capture_logs() as logged:
        for name in jobs.TASKS:
            jobs.run(name)
    assert queued.item("c1").state is CaseState.REMOVAL
    [failure] = [line for line in logged if line["event"] == "task_failed"]
    assert (failure["task"], failure["kind"]) == ("walk", "RuntimeError")
    assert "Salainen" not in str(logged)


def test_a_queue_that_cannot_be_reached_holds_nobody_up(prepared_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    nowhere = settings_for(tmp_path).with_changes(queue_url="redis://127.0.0.1:1/0")
    app = create_app(nowhere, Wiring(judge=WordJudge))
    with app.app_context():
        house = House.with_people(app, MovableClock(), FakeChannel())
        house.bring("c1", "Olet idiootti.")
        assert house.item("c1").state is CaseState.ARRIVED
        jobs.assess()
        assert house.item("c1").state is CaseState.REMOVAL
        db.session.remove()
        db.engine.dispose()


@pytest.mark.valkey
def test_valkey_that_forgets_everything_is_filled_again(valkey_url: str, prepared_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    app = create_app(settings_for(tmp_path).with_changes(queue_url=valkey_url), Wiring(judge=WordJudge))
    with app.app_context():
        house = House.with_people(app, MovableClock(), FakeChannel())
        house.bring("c1", "Olet idiootti.")
        with redis.Redis.from_url(valkey_url) as client:
            client.flushall()
        house.bring("c2", "Kiitos!")
        with worker(app):
            wait_until(lambda: house.item("c1").state is CaseState.REMOVAL)
        assert house.item("c2").state is CaseState.READ
        db.session.remove()
        db.engine.dispose()


def test_a_queue_file_that_was_deleted_is_made_again(prepared_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    first = create_app(settings_for(tmp_path), Wiring(judge=WordJudge))
    with first.app_context():
        House.with_people(first, MovableClock(), FakeChannel()).bring("c1", "Olet idiootti.")
        queue_of(first).storage.close()
        db.session.remove()
        db.engine.dispose()
    for path in tmp_path.glob("queue.db*"):
        path.unlink()
    second = create_app(settings_for(tmp_path), Wiring(judge=WordJudge))
    with second.app_context():
        assert queue_of(second).pending_count() == 0
        jobs.run_all()
        check_books()
        db.session.remove()
        db.engine.dispose()


def _work() -> None:
    main(["work"])


def test_a_worker_stands_back_behind_people_and_ends_at_a_word(prepared_sqlite: Path, tmp_path: Path) -> None:
    environment = {"TJS_INSTANCE_PATH": str(tmp_path), "TJS_DATABASE_URL": f"sqlite:///{prepared_sqlite}"}
    process = start_process(_work, environment=environment)
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    assert process.pid is not None
    while os.getpriority(os.PRIO_PROCESS, process.pid) <= os.getpriority(os.PRIO_PROCESS, 0):
        assert time.monotonic() < give_up_at, "the worker is as urgent as everybody"
        time.sleep(0.05)

    os.kill(process.pid, signal.SIGINT)

    assert ended(process) == 0
