from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.calls import call, error, get
from tests.support.simulator import RunningSimulator
from tjs_moderation.simulator.ledger import Deed
from tjs_moderation.simulator.objects import Comment


@pytest.fixture
def comment(simulator: RunningSimulator) -> Comment:
    """A visitor's comment `1_7` under the post `1000_1`."""
    simulator.state.publish("Luento", post_id="1")
    return simulator.state.comment("1", simulator.state.meet("Aino"), "Milloin?", comment_id="7")


def test_a_post_of_message_on_a_comment_edits_it(simulator: RunningSimulator, comment: Comment) -> None:
    assert call(simulator, "POST", "1_7", message="Toiset sanat").json() == {"success": True}
    assert comment.message == "Toiset sanat"
    assert simulator.ledger.deeds == (Deed("edit", "1_7", "Toiset sanat"),)


@pytest.mark.usefixtures("comment")
def test_a_reply_gets_an_id_of_its_own(simulator: RunningSimulator) -> None:
    made = call(simulator, "POST", "1_7/comments", message="Tiistaina").json()
    assert made["id"] != "1_7"
    assert get(simulator, made["id"], fields="from,parent,message") == {
        "from": {"id": "1000", "name": "Harjoitussivu"},
        "parent": get(simulator, "1_7"),
        "message": "Tiistaina",
        "id": made["id"],
    }


@pytest.mark.usefixtures("comment")
def test_the_pages_own_comment_is_not_hidden_and_the_answer_is_200(simulator: RunningSimulator) -> None:
    own = call(simulator, "POST", "1000_1/comments", message="Tervetuloa").json()["id"]
    response = call(simulator, "POST", own, is_hidden="true")
    assert (response.status_code, response.json()) == (200, {"success": False})
    assert simulator.ledger.deeds_of("hide") == ()


@pytest.mark.usefixtures("comment")
def test_with_a_comment_its_replies_are_deleted(simulator: RunningSimulator) -> None:
    reply = call(simulator, "POST", "1_7/comments", message="Tiistaina").json()["id"]
    call(simulator, "DELETE", "1_7")
    assert error(call(simulator, "GET", reply)) == (100, 33)
    assert error(call(simulator, "DELETE", "1_7")) == (100, 33)
    summary = get(simulator, "1000_1/comments", filter="stream", summary="true")["summary"]
    assert summary["total_count"] == 2


@pytest.mark.parametrize("message", ["", "   ", "a" * 8001])
def test_a_comment_without_words_or_with_too_many_is_an_error(
    simulator: RunningSimulator, comment: Comment, message: str
) -> None:
    assert error(call(simulator, "POST", f"1_{comment.id}/comments", message=message)) == (100, None)


def send(simulator: RunningSimulator, recipient: dict[str, str], text: str = "Hei", **more: str) -> Any:
    document = {"recipient": json.dumps(recipient), "message": json.dumps({"text": text})}
    return call(simulator, "POST", "1000/messages", **document, **more)


def test_a_private_reply_goes_out_once_and_within_a_week(simulator: RunningSimulator, comment: Comment) -> None:
    assert send(simulator, {"comment_id": "1_7"}).json()["recipient_id"] == comment.author.id
    assert error(send(simulator, {"comment_id": "1_7"})) == (10900, None)
    late = simulator.state.comment("1", comment.author, "Entä nyt?")
    simulator.advance(timedelta(days=8).total_seconds())
    assert error(send(simulator, {"comment_id": f"1_{late.id}"})) == (10903, None)


@pytest.mark.parametrize(
    ("hours", "more", "is_sent"),
    [
        (23, {"messaging_type": "RESPONSE"}, True),
        (25, {"messaging_type": "RESPONSE"}, False),
        (25, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, True),
        (24 * 7 + 1, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, False),
    ],
)
def test_a_message_goes_out_only_inside_its_window(
    simulator: RunningSimulator, hours: int, more: dict[str, str], is_sent: bool
) -> None:
    aino = simulator.state.meet("Aino")
    simulator.state.write(aino, "Hei")
    simulator.advance(timedelta(hours=hours).total_seconds())
    response = send(simulator, {"id": aino.id}, **more)
    if is_sent:
        assert response.json()["recipient_id"] == aino.id
    else:
        assert error(response) == (10, 2018278)
    assert len(simulator.ledger.deeds) == int(is_sent)


@pytest.mark.parametrize(
    ("recipient", "text", "more", "expected"),
    [
        ({"id": "9000000"}, "Hei", {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, None)),
        ({"id": "9000000"}, "Hei", {"messaging_type": "PROMOTION"}, (100, None)),
        ({"id": "9000000"}, "", {}, (100, None)),
        ({"id": "9000000"}, "a" * 2001, {}, (100, None)),
        ({"id": "555"}, "Hei", {}, (100, 2018001)),
        ({}, "Hei", {}, (100, 2018001)),
        ({"comment_id": "1_999"}, "Hei", {}, (100, 33)),
    ],
)
def test_messages_that_cannot_go_get_metas_error(
    simulator: RunningSimulator,
    recipient: dict[str, str],
    text: str,
    more: dict[str, str],
    expected: tuple[int, int | None],
) -> None:
    simulator.state.write(simulator.state.meet("Aino"), "Hei")
    assert error(send(simulator, recipient, text, **more)) == expected


def test_a_scheduled_post_comes_out_at_its_time(simulator: RunningSimulator) -> None:
    at = int(simulator.state.clock.now().timestamp()) + 3600
    made = call(simulator, "POST", "1000/feed", message="Huomenna", published="false", scheduled_publish_time=at).json()
    assert get(simulator, "1000/published_posts") == {"data": []}
    simulator.advance(3700)
    assert [each["id"] for each in get(simulator, "1000/published_posts")["data"]] == [made["id"]]


def test_a_subscription_is_remembered(simulator: RunningSimulator) -> None:
    assert get(simulator, "1000/subscribed_apps") == {"data": []}
    call(simulator, "POST", "1000/subscribed_apps", subscribed_fields="feed,messages")
    (app,) = get(simulator, "1000/subscribed_apps")["data"]
    assert app["subscribed_fields"] == ["feed", "messages"]


@pytest.mark.parametrize("path", ["1_7", "1_7/comments", "1000/messages", "1000/feed", "1000/subscribed_apps"])
@pytest.mark.usefixtures("comment")
def test_a_write_needs_a_page_token_and_its_permission(simulator: RunningSimulator, path: str) -> None:
    parameters = {"message": "Hei", "subscribed_fields": "feed"}
    assert error(call(simulator, "POST", path, token=simulator.user_token, **parameters)) == (190, 2069032)
    simulator.access.scopes = frozenset()
    assert error(call(simulator, "POST", path, **parameters))[0] in (200, 230)
    assert simulator.ledger.deeds == ()
    assert len(simulator.ledger.entries) == 2
