"""The page's news: who gets it, how it is signed, and what can go wrong on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.simulator.calls import call, error
from tests.support.simulator import APP_SECRET, RunningSimulator
from tjs_moderation.gateways.facebook import signature_of

WORD = "sana"
FIELDS = "feed,messages,message_echoes"


@dataclass
class Listener:
    """An app that listens: what it got, and the statuses it answers with first."""

    url: str = ""
    got: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def values(self) -> list[dict[str, Any]]:
        bodies = [json.loads(body) for body, _ in self.got]
        return [change["value"] for body in bodies for entry in body["entry"] for change in entry.get("changes", [])]

    @property
    def seen(self) -> list[tuple[str, str]]:
        return [(value["verb"], value.get("message", "")) for value in self.values]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            is_right = asked.get("hub.verify_token") == WORD
            self._answer(200 if is_right else 403, asked.get("hub.challenge", "").encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = listening.answers.pop(0) if listening.answers else 200
            if status == 200:
                listening.got.append((body, self.headers["X-Hub-Signature-256"]))
            self._answer(status, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    listening.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield listening
    server.shutdown()
    server.server_close()


def ask(simulator: RunningSimulator, url: str, word: str = WORD) -> requests.Response:
    token = f"{simulator.access.app_id}|{APP_SECRET}"
    form = {"object": "page", "callback_url": url, "verify_token": word, "fields": FIELDS}
    return call(simulator, "POST", f"{simulator.access.app_id}/subscriptions", token=token, **form)


@pytest.fixture
def page(simulator: RunningSimulator, listener: Listener) -> RunningSimulator:
    """A page with a post, whose news goes to the listener."""
    simulator.state.publish("Luento", post_id="1")
    assert ask(simulator, listener.url).json() == {"success": True}
    assert call(simulator, "POST", "1000/subscribed_apps", subscribed_fields=FIELDS).status_code == 200
    return simulator


def all_told(page: RunningSimulator) -> bool:
    return page.postman.wait_until_empty()


def test_whoever_does_not_give_the_challenge_back_gets_nothing(simulator: RunningSimulator, listener: Listener) -> None:
    assert error(ask(simulator, listener.url, "arvaus")) == (2200, None)
    assert error(ask(simulator, "http://127.0.0.1:9/")) == (2200, None)
    assert error(call(simulator, "POST", "4000/subscriptions", object="page"))[0] == 15
    simulator.state.publish("Luento")
    assert listener.got == []


def test_the_page_has_to_give_its_leave_too(simulator: RunningSimulator, listener: Listener) -> None:
    ask(simulator, listener.url)
    simulator.state.publish("Luento")
    assert all_told(simulator)
    assert listener.got == []


def test_everything_a_visitor_does_is_told_and_signed(page: RunningSimulator, listener: Listener) -> None:
    state = page.state
    made = state.comment("1", state.meet("Aino"), "Ääni")
    state.edit(made.id, "Äänet")
    state.set_hidden(made.id, is_hidden=True)
    state.set_hidden(made.id, is_hidden=True)
    state.set_hidden(made.id, is_hidden=False)
    state.remove(made.id)
    state.write(state.meet("Aino"), "Hei")
    assert all_told(page)
    assert listener.seen == [
        ("add", "Ääni"),
        ("edited", "Äänet"),
        ("hide", "Äänet"),
        ("unhide", "Äänet"),
        ("remove", ""),
    ]
    assert all(signature == signature_of(APP_SECRET, body) for body, signature in listener.got)
    assert rb"\u00c4\u00e4ni" in listener.got[0][0]
    assert rb"https:\/\/" in listener.got[0][0]
    assert listener.values[2]["from"]["id"] == "1000"
    last = json.loads(listener.got[-1][0])["entry"][0]["messaging"][0]
    assert (last["message"]["text"], last["timestamp"] > 10**12) == ("Hei", True)


def test_of_a_deleted_post_the_post_alone_is_told(page: RunningSimulator, listener: Listener) -> None:
    page.state.comment("1", page.state.meet("Aino"), "Ääni")
    page.state.remove_post("1")
    assert all_told(page)
    told = listener.values[-1]
    assert (told["item"], told["verb"], told["post_id"]) == ("status", "remove", "1000_1")
    assert "message" not in told
    assert [value["verb"] for value in listener.values].count("remove") == 1


def test_what_we_do_ourselves_comes_back(page: RunningSimulator, listener: Listener) -> None:
    made = page.state.comment("1", page.state.meet("Aino"), "Hei")
    call(page, "POST", f"1_{made.id}", is_hidden="true")
    call(page, "POST", f"1_{made.id}/comments", message="Kiitos")
    assert all_told(page)
    assert listener.seen == [("add", "Hei"), ("hide", "Hei"), ("add", "Kiitos")]
    assert listener.values[2]["from"]["id"] == "1000"


def test_what_is_not_taken_is_brought_again(page: RunningSimulator, listener: Listener) -> None:
    listener.answers = [500, 403]
    page.state.comment("1", page.state.meet("Aino"), "Hei")
    assert all_told(page)
    assert listener.seen == [("add", "Hei")]


FAULTS = [
    ("lost_news", [("add", "2")]),
    ("doubled_news", [("add", "1"), ("add", "1"), ("add", "2")]),
    ("reordered_news", [("add", "2"), ("add", "1")]),
    ("late_news", [("add", "2"), ("add", "1")]),
    ("batched_news", [("add", "2"), ("add", "1")]),
]


@pytest.mark.parametrize(("fault", "seen"), FAULTS)
def test_news_goes_wrong_on_order(page: RunningSimulator, listener: Listener, fault: str, seen: list[Any]) -> None:
    page.fail(fault, method="NEWS", path_regex="comment/add", seconds=0.3)
    for number in "12":
        page.state.comment("1", page.state.meet("Aino"), number)
    assert all_told(page)
    assert listener.seen == seen


def test_a_thousand_changes_come_in_one_body(page: RunningSimulator, listener: Listener) -> None:
    page.fail("batched_news", method="NEWS", times=1000)
    for number in range(1000):
        page.state.comment("1", page.state.meet("Aino"), str(number))
    assert all_told(page)
    assert len(listener.got) == 1
    assert len(listener.values) == 1000


def test_the_old_shape_and_the_nameless_one(page: RunningSimulator, listener: Listener) -> None:
    page.fail("old_shape_news", method="NEWS")
    page.fail("nameless_news", method="NEWS")
    for number in "12":
        page.state.comment("1", page.state.meet("Aino", "9001"), number)
    assert all_told(page)
    old, nameless = listener.values
    assert (old["sender_id"], old["sender_name"], "from" in old) == (9001, "Aino", False)
    assert "from" not in nameless
    assert "sender_id" not in nameless


def test_the_desk_says_how_the_news_fares(page: RunningSimulator) -> None:
    page.state.comment("1", page.state.meet("Aino"), "Hei")
    assert all_told(page)
    told = requests.get(f"{page.url}/_simulator/webhooks", timeout=5).json()
    assert (told["arrived"], told["waiting"], told["lost"]) == (1, 0, 0)


def test_a_keeper_hides_and_shows_on_the_page_itself(page: RunningSimulator, listener: Listener) -> None:
    made = page.state.comment("1", page.state.meet("Aino"), "Hei")
    for verb in ("hide", "show"):
        requests.post(f"{page.url}/comments/{made.id}/{verb}?nakyma=yllapito", timeout=5)
    requests.post(f"{page.url}/posts", data={"name": "Aino", "message": "Oma julkaisu"}, timeout=5)
    assert all_told(page)
    assert [verb for verb, _ in listener.seen] == ["add", "hide", "unhide", "add"]
    assert listener.values[3]["item"] == "post"
