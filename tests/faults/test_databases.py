"""The database goes away, or has no room left: a page says so, nothing is done by half, and all goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from tests.hooks.meta import APP_SECRET, PAGE_ID, VERIFY_TOKEN, comment, encoded, feed, send
from tests.support.house import PASSWORD, House
from tests.support.postgres import PostgresServer
from tests.support.recount import check_books
from tests.web.client import PageClient
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.gateways.facebook import FacebookHook
from tjs_moderation.models import Act, AuditEntry, Note, RawEvent
from tjs_moderation.services import casework

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    """Whoever comes to the door of the page `1000`."""
    hook = FacebookHook(PAGE_ID, APP_SECRET, VERIFY_TOKEN)
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], hooks=lambda: {"facebook": hook})
    return app.test_client()


@pytest.fixture
def tiina(app: Flask) -> PageClient:
    person = PageClient(app.test_client())
    person.come_in("tiina@tjs.example", PASSWORD)
    return person


@contextmanager
def away(server: PostgresServer) -> Iterator[None]:
    """As where the server is stopped: who was in is thrown out, and nobody finds the socket."""
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        mine = connection.scalar(select(func.pg_backend_pid()))
    [socket] = (path for path in server.socket_folder.iterdir() if path.is_socket())
    hidden = socket.with_name("away")
    socket.rename(hidden)
    server.admin.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    try:
        yield
    finally:
        hidden.rename(socket)


@contextmanager
def full() -> Iterator[None]:
    """As where the disk is full: the file may not get larger by a page, and no page in it is free."""

    def stop_growing(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]  # it cannot be less than there are

    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.cursor().execute("VACUUM")
    db.engine.dispose()
    event.listen(db.engine, "connect", stop_growing)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", stop_growing)
        db.session.remove()
        db.engine.dispose()


def entries() -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@on_postgres
def test_a_database_that_goes_away_is_told_on_a_page_and_comes_back_by_itself(
    house: House, tiina: PageClient, postgres_server: PostgresServer
) -> None:
    item = house.receive("c1", "hmm, outoa")
    form = tiina.get(f"/items/{item.id}").form("/notes")
    with away(postgres_server):
        page = tiina.get("/queues/weigh", status=503)
        assert page.heading == "Tietokanta ei vastaa"
        assert page.headers["Retry-After"]
        told = tiina.submit(form, status=503, text="Soitin hänelle eilen.")
        assert "Soitin hänelle eilen." in told.text
        assert tiina.client.get("/readyz").status_code == 503
        assert tiina.client.get("/healthz").status_code == 200
    assert "hmm, outoa" in tiina.get("/queues/weigh").text
    tiina.submit(form, text="Soitin hänelle eilen.")
    check_books()


@on_postgres
def test_a_worker_whose_database_goes_away_goes_on_when_it_is_back(
    house: House, postgres_server: PostgresServer
) -> None:
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.clock.now += timedelta(minutes=6)
    with away(postgres_server):
        for name in jobs.TASKS:
            jobs.run(name)
        assert house.facebook.hidden == set()
    jobs.run_all()
    assert house.facebook.hidden == {"c1"}
    check_books()


@on_postgres
def test_news_is_refused_while_the_database_is_away_and_taken_when_it_is_sent_again(
    house: House, door: FlaskClient, postgres_server: PostgresServer
) -> None:
    body = encoded(feed(comment("add", 1)))
    with away(postgres_server):
        assert send(door, body).status_code == 503
    assert send(door, body).status_code == 200
    jobs.work_hints()
    assert house.item("1_1").text_version == 1


@on_sqlite
def test_a_full_disk_is_told_on_a_page_and_leaves_nothing_half_done(house: House, tiina: PageClient) -> None:
    item = house.receive("c1", "hmm, outoa")
    form = tiina.get(f"/items/{item.id}").form("/notes")
    before, words = entries(), "Soitin hänelle. " * 400
    with full():
        told = tiina.submit(form, status=503, text=words)
        assert told.heading == "Tallennustila on täynnä"
        assert "Soitin hänelle." in told.text
        assert "hmm, outoa" in tiina.get("/queues/weigh").text
        with Session(db.engine) as session:
            assert session.scalar(select(func.count()).select_from(Note)) == 0
    assert entries() == before
    tiina.submit(form, text=words)
    check_books()


@on_sqlite
def test_news_that_finds_no_room_is_refused_whole_and_taken_when_it_is_sent_again(
    house: House, door: FlaskClient
) -> None:
    body = encoded(feed(*(comment("add", number, "Ääni kuuluu. " * 20) for number in range(40))))
    with full():
        assert send(door, body).status_code == 503
        with Session(db.engine) as session:
            assert session.scalar(select(func.count()).select_from(RawEvent)) == 0
    assert send(door, body).status_code == 200
    jobs.work_hints()
    assert house.item("1_39").text_version == 1
    check_books()


@on_sqlite
def test_an_act_goes_out_once_though_the_disk_was_full_meanwhile(house: House) -> None:
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.clock.now += timedelta(minutes=6)
    with full():
        for _ in range(3):
            for name in jobs.TASKS:
                jobs.run(name)
    house.clock.now += timedelta(hours=1)
    for _ in range(3):
        jobs.run_all()
        house.clock.now += timedelta(hours=1)
    assert house.facebook.hidden == {"c1"}
    with Session(db.engine) as session:
        assert session.scalars(select(Act.state)).all() == ["done"]
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    check_books()
