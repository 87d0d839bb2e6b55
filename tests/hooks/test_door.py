"""The open door: who is believed, what is kept, and how little it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.hooks.meta import APP_SECRET, VERIFY_TOKEN, comment, encoded, feed, send
from tests.support.fakes import MovableClock
from tests.support.house import House
from tests.support.queries import queries_of
from tjs_moderation.app import create_app
from tjs_moderation.extensions import db
from tjs_moderation.gateways.facebook import FacebookHook, signature_of
from tjs_moderation.models import AuditEntry, RawEvent, RefusedHook
from tjs_moderation.services import hooks
from tjs_moderation.settings import FacebookSettings, Settings

VECTOR_BODY = (
    rb'{"object":"page","entry":[{"id":"1","time":1700000000,"changes":[{"field":"feed","value":{"item":"comment",'
    rb'"verb":"add","message":"\u00e4\u00f6\u00e5 https:\/\/x.test"}}]}]}'
)
VECTOR = "sha256=66bc378a98c01b82909d36680ac5d7754972bac82afefd32c6ac97d139c20457"

SIGNATURES = [
    (VECTOR, VECTOR_BODY, True),
    (VECTOR, VECTOR_BODY + b"\n", False),
    (VECTOR, VECTOR_BODY.replace(rb"\/", b"/"), False),
    (VECTOR, VECTOR_BODY.replace(rb"\u00e4", "ä".encode()), False),
    (VECTOR.upper(), VECTOR_BODY, False),
    (VECTOR.removeprefix("sha256="), VECTOR_BODY, False),
    (VECTOR.replace("sha256", "sha1"), VECTOR_BODY, False),
    (VECTOR + " ", VECTOR_BODY, False),
    (VECTOR[:-1], VECTOR_BODY, False),
    ("sha256=", VECTOR_BODY, False),
    ("sha256=ääkköset", VECTOR_BODY, False),
    ("", VECTOR_BODY, False),
]


def kept() -> list[bytes]:
    with Session(db.engine) as session:
        return list(session.scalars(select(RawEvent.body).order_by(RawEvent.id)))


def refused() -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.coalesce(func.sum(RefusedHook.count), 0))) or 0


@pytest.mark.parametrize(("signature", "body", "is_right"), SIGNATURES)
def test_a_signature_fits_its_raw_bytes_and_nothing_else(signature: str, body: bytes, is_right: bool) -> None:
    assert FacebookHook("1", APP_SECRET, "").is_signed(body, signature) is is_right


def test_without_a_secret_or_a_word_nobody_is_believed() -> None:
    hook = FacebookHook("1", "", "")
    assert not hook.is_signed(b"{}", signature_of("", b"{}"))
    assert not hook.is_invited("")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}", 200),
        (f"hub.mode=subscribe&hub.challenge=<script>&hub.verify_token={VERIFY_TOKEN}", 200),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=arvaus", 403),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=", 403),
        ("hub.mode=subscribe&hub.challenge=1158201444", 403),
        (f"hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}", 403),
        (f"hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}", 403),
        (f"hub.mode=subscribe&hub.challenge={'1' * 1001}&hub.verify_token={VERIFY_TOKEN}", 403),
        ("hub.verify_token=%ff%00&hub.challenge=1&hub.mode=subscribe", 403),
        ("", 403),
    ],
)
def test_the_challenge_goes_back_as_text_to_whoever_knows_the_word(door: FlaskClient, query: str, status: int) -> None:
    answer = door.get(f"/hooks/facebook?{query}")
    assert answer.status_code == status
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if status == 200:
        assert answer.text == query.partition("hub.challenge=")[2].partition("&")[0]


def test_where_no_channel_is_connected_there_is_no_door(app: Flask) -> None:
    client = app.test_client()
    assert (
        client.get(f"/hooks/facebook?hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}").status_code
        == 403
    )
    assert send(client, b"{}").status_code == 403
    assert kept() == []


def test_a_signed_body_is_kept_byte_for_byte_before_it_is_answered(door: FlaskClient) -> None:
    bodies = [
        encoded(feed(comment("add", 7, "Ääni"))),
        b"",
        b"\xff\x00not json",
        encoded(feed(comment("add", 7, "Ääni"))),
    ]
    assert [send(door, body).status_code for body in bodies] == [200] * 4
    assert kept() == bodies


def test_a_body_costs_one_statement_and_no_session(app: Flask, door: FlaskClient) -> None:
    send(door, b"{}")
    with queries_of(app) as asked:
        answer = send(door, encoded(feed(comment("add", 7))))
    assert len(asked) == 1, asked
    assert asked[0].startswith("INSERT INTO raw_event")
    assert "Set-Cookie" not in answer.headers
    assert answer.text == ""


def test_keeping_leaves_no_entry_in_the_log(door: FlaskClient, session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(AuditEntry))
    send(door, b"{}")
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_a_body_that_cannot_be_kept_is_asked_for_again(tmp_path: Path) -> None:
    facebook = FacebookSettings(page_id="1000", page_token="t", app_secret=APP_SECRET, verify_token=VERIFY_TOKEN)
    queue, database = f"sqlite:///{tmp_path}/queue.db", f"sqlite:///{tmp_path}/away/tjs.db"
    away = Settings(tmp_path, database, queue, "a key of the tests alone", facebook=facebook)
    answer = send(create_app(away).test_client(), b"{}")
    assert answer.status_code == 503
    assert "again" in answer.text


def test_the_door_answers_nothing_but_asking_and_telling(door: FlaskClient) -> None:
    answer = door.put("/hooks/facebook")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert door.get("/hooks/facebook/").status_code == 404


def test_a_body_that_is_too_large_is_told_so_and_not_kept(door: FlaskClient) -> None:
    answer = send(door, b" " * (hooks.LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert str(hooks.LARGEST_BODY) in answer.text
    assert answer.mimetype == "text/plain"
    assert kept() == []


def test_a_wrong_signature_is_refused_counted_and_not_kept(door: FlaskClient, clock: MovableClock) -> None:
    for _ in range(3):
        assert send(door, b"{}", VECTOR).status_code == 403
        clock.advance(seconds=11)
    assert kept() == []
    assert refused() == 3


def test_noise_is_written_down_together(app: Flask, door: FlaskClient, clock: MovableClock) -> None:
    send(door, b"{}", VECTOR)
    with queries_of(app) as asked:
        for _ in range(50):
            send(door, b"{}", VECTOR)
    assert asked == []
    clock.advance(seconds=11)
    send(door, b"{}", VECTOR)
    assert refused() == 52
    assert hooks.refused_lately().count == 52


@given(body=st.binary(max_size=300), signature=st.text(max_size=80) | st.just(VECTOR))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_with_a_wrong_signature_are_refused(body: bytes, signature: str) -> None:
    hook = FacebookHook("1", APP_SECRET, VERIFY_TOKEN)
    assert hook.is_signed(body, signature) is (signature == signature_of(APP_SECRET, body))
    assert hook.is_signed(body, signature_of(APP_SECRET, body))


@given(body=st.binary(max_size=300))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_without_their_signature_get_403_and_are_not_kept(door: FlaskClient, body: bytes) -> None:
    before = len(kept())
    assert send(door, body, signature_of("another secret", body)).status_code == 403
    assert len(kept()) == before


def test_the_door_takes_no_form_token_and_others_still_do(house: House, door: FlaskClient) -> None:
    assert send(door, b"{}").status_code == 200
    assert door.post("/sign-in", data={"email": "a@b.fi", "password": "x"}).status_code == 400
