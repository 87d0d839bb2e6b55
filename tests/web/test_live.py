"""News for open pages: asked for, or streamed for a while; few streams at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.queries import queries_of
from tests.web.client import PageClient
from tests.web.office import Office
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.models import Item
from tjs_moderation.services import casework
from tjs_moderation.web.live import MOST_STREAMS, STREAM_SECONDS, TICK_SECONDS, Seats


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """An app whose seats are all free."""
    return own_app


def cursor(client: PageClient, path: str = "/queues/removal") -> int:
    [live] = client.get(path).elements("div", id="live")
    return int(live.get("data-after", ""))


def keep(office: Office, item: Item) -> None:
    with office.inside() as house:
        casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.KEEP)


def insult(office: Office) -> Item:
    with office.inside() as house:
        return house.receive("c1", "Olet tollo.")


def resting(app: Flask, rest: Callable[[float], None]) -> None:
    """Let the streams of the app rest as the test says."""
    app.extensions["tjs_ports"] = replace(app.extensions["tjs_ports"], rest=rest)


def events(answer: TestResponse) -> list[tuple[int, dict[str, Any]]]:
    blocks = [block.split("\n") for block in answer.text.split("\n\n")]
    return [(int(lines[0][4:]), json.loads(lines[1][6:])) for lines in blocks if len(lines) == 2]


def test_asking_tells_what_was_done_by_whom_and_where_it_stands(office: Office, tiedottaja: PageClient) -> None:
    item = insult(office)
    after = cursor(tiedottaja)
    keep(office, item)
    told = tiedottaja.client.get(f"/live?after={after}").json
    event = {"item": item.id, "told": "Tiina Tiedottaja säilytti", "state": "done", "mine": True}
    assert told == {"last": after + 1, "events": [event]}
    assert tiedottaja.client.get("/live").json == {"last": after + 1, "events": []}


@pytest.mark.parametrize("path", ["/", "/queues/removal", "/items/{item}?queue=removal"])
def test_every_page_of_the_desk_says_from_where_on_it_listens(
    office: Office, tiedottaja: PageClient, path: str
) -> None:
    item = insult(office)
    assert cursor(tiedottaja, path.format(item=item.id)) > 0


def test_a_stream_tells_as_it_happens_ends_by_itself_and_goes_on_where_it_was(
    office: Office, app: Flask, tiedottaja: PageClient
) -> None:
    item = insult(office)
    after = cursor(tiedottaja)
    rests: list[float] = []

    def decide_on_the_third(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 3:
            keep(office, item)

    resting(app, decide_on_the_third)
    answer = tiedottaja.client.get(f"/live/stream?after={after}")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/event-stream", "no-store")
    [(seq, event)] = events(answer)
    assert (seq, event["told"]) == (after + 1, "Tiina Tiedottaja säilytti")
    assert sum(rests) == STREAM_SECONDS
    again = tiedottaja.client.get(f"/live/stream?after={after}", headers={"Last-Event-ID": str(seq)})
    assert events(again) == []


def test_a_stream_on_which_nothing_happens_asks_one_thing_a_tick(
    office: Office, app: Flask, tiedottaja: PageClient
) -> None:
    insult(office)
    after = cursor(tiedottaja)
    resting(app, lambda seconds: None)
    with queries_of(app) as asked:
        assert events(tiedottaja.client.get(f"/live/stream?after={after}")) == []
    assert len(asked) == STREAM_SECONDS // TICK_SECONDS + 1, "one for each tick, and one for who is signed in"


def test_who_finds_no_seat_is_sent_to_ask_instead(office: Office, app: Flask, tiedottaja: PageClient) -> None:
    open_streams = [tiedottaja.client.get("/live/stream") for _ in range(MOST_STREAMS)]
    assert [answer.status_code for answer in open_streams] == [200] * MOST_STREAMS
    assert tiedottaja.client.get("/live/stream").status_code == 204
    open_streams[0].close()
    again = tiedottaja.client.get("/live/stream")
    assert again.status_code == 200
    for answer in [again, *open_streams]:
        answer.close()


def test_a_seat_that_nobody_gave_back_is_free_again_after_a_while() -> None:
    seats = Seats(1, 0.0)
    assert seats.take() is not None
    assert seats.take() is not None
    seats = Seats(1, 60.0)
    seat = seats.take()
    assert seats.take() is None
    assert seat is not None
    seats.leave(seat)
    assert seats.take() is not None


def test_the_list_says_who_has_an_item_open_until_the_lease_is_over(office: Office, tiedottaja: PageClient) -> None:
    item = office.question()
    with office.inside() as house:
        casework.claim(house.expert, item.id)
    assert "Päivi Salo käsittelee tätä." in tiedottaja.get("/queues/expert").text
    with office.inside() as house:
        house.clock.advance(minutes=6)
    assert "käsittelee tätä" not in tiedottaja.get("/queues/expert").text


def test_an_expert_hears_nothing_of_what_is_not_theirs(office: Office, asiantuntija: PageClient) -> None:
    item = insult(office)
    keep(office, item)
    assert asiantuntija.client.get("/live?after=1").json["events"] == []  # type: ignore[index]  # it is an object


def test_the_operator_hears_nothing(atk_suunnittelija: PageClient) -> None:
    assert atk_suunnittelija.client.get("/live").status_code == 403
