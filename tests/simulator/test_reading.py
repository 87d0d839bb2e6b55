from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.simulator.calls import call, error, get
from tests.support.simulator import RunningSimulator
from tjs_moderation.gateways.facebook import appsecret_proof
from tjs_moderation.simulator.objects import Comment


@pytest.fixture
def comment(simulator: RunningSimulator) -> Comment:
    """A visitor's comment `1_7` under the post `1000_1`."""
    simulator.state.publish("Luento", post_id="1", shares=3, reactions={"LIKE": 5, "LOVE": 2})
    return simulator.state.comment("1", simulator.state.meet("Aino"), "Milloin?", comment_id="7")


@pytest.mark.parametrize("any_id", ["7", "1_7", "1000_1_7"])
@pytest.mark.usefixtures("comment")
def test_a_comment_is_found_by_every_form_of_its_id(simulator: RunningSimulator, any_id: str) -> None:
    assert get(simulator, any_id)["id"] == "1_7"


@pytest.mark.parametrize("any_id", ["2_7", "8", "1000_7", "t_1", "m_1", "_", "7_"])
@pytest.mark.usefixtures("comment")
def test_what_does_not_exist_gets_metas_error(simulator: RunningSimulator, any_id: str) -> None:
    assert error(call(simulator, "GET", any_id)) == (100, 33)


def test_the_usual_fields_come_unasked_and_the_time_has_no_colon(simulator: RunningSimulator, comment: Comment) -> None:
    answer = get(simulator, "1_7")
    assert answer == {
        "id": "1_7",
        "message": "Milloin?",
        "from": {"id": comment.author.id, "name": "Aino"},
        "created_time": comment.created_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }


def test_fields_are_honoured_down_to_the_inner_ones(simulator: RunningSimulator, comment: Comment) -> None:
    reply = simulator.state.comment(comment.id, simulator.state.page_person, "Tiistaina")
    answer = get(simulator, f"1_{reply.id}", fields="parent{message},from{name},can_hide,object{id}")
    assert answer == {
        "parent": {"message": "Milloin?", "id": "1_7"},
        "from": {"id": "1000", "name": "Harjoitussivu"},
        "can_hide": False,
        "object": {"id": "1000_1"},
        "id": f"1_{reply.id}",
    }


@pytest.mark.parametrize(
    ("path", "fields", "expected"),
    [("1_7", "salary", 100), ("1_7", "id,", 2500), ("1_7", "from{id", 2500), ("1000", "id{", 2500)],
)
@pytest.mark.usefixtures("comment")
def test_unknown_fields_and_broken_syntax_are_errors(
    simulator: RunningSimulator, path: str, fields: str, expected: int
) -> None:
    response = call(simulator, "GET", path, fields=fields)
    assert (response.status_code, error(response)) == (400, (expected, None))


@pytest.mark.usefixtures("comment")
def test_counts_are_told_in_summaries(simulator: RunningSimulator) -> None:
    fields = (
        "shares,reactions.limit(0).summary(total_count),reactions.type(LOVE).limit(0).summary(total_count).as(love),"
        "comments.limit(0).summary(total_count)"
    )
    answer = get(simulator, "1000_1", fields=fields)
    assert answer["shares"] == {"count": 3}
    assert answer["reactions"]["summary"]["total_count"] == 7
    assert answer["love"]["summary"]["total_count"] == 2
    assert answer["comments"] == {
        "data": [],
        "summary": {"order": "chronological", "total_count": 1, "can_comment": True},
    }


def test_a_post_nobody_shared_has_no_shares(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    assert get(simulator, "1000_1", fields="shares") == {"id": "1000_1"}


def test_only_the_first_level_comes_unless_the_stream_is_asked_for(
    simulator: RunningSimulator, comment: Comment
) -> None:
    simulator.state.comment(comment.id, simulator.state.page_person, "Tiistaina", comment_id="8")
    assert [each["id"] for each in get(simulator, "1000_1/comments")["data"]] == ["1_7"]
    stream = get(simulator, "1000_1/comments", filter="stream", order="reverse_chronological")["data"]
    assert {each["id"] for each in stream} == {"1_7", "1_8"}
    assert [each["id"] for each in get(simulator, "1_7/comments")["data"]] == ["1_8"]


def test_the_last_page_has_cursors_and_no_next(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    for number in range(3):
        simulator.state.comment("1", simulator.state.meet("Aino"), f"kommentti {number}")
    first = get(simulator, "1000_1/comments", limit=2)
    assert first["paging"]["next"].startswith(f"{simulator.url}/v26.0/1000_1/comments?")
    assert f"access_token={simulator.page_token}" in first["paging"]["next"]
    last = get(simulator, "1000_1/comments", limit=2, after=first["paging"]["cursors"]["after"])
    assert len(last["data"]) == 1
    assert "cursors" in last["paging"]
    assert "next" not in last["paging"]


def test_an_empty_list_is_bare(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    assert get(simulator, "1000_1/comments") == {"data": []}


def test_comments_since_a_moment_are_the_later_ones(simulator: RunningSimulator, comment: Comment) -> None:
    simulator.state.comment(
        "1", simulator.state.meet("Aino"), "Vanha", created_at=comment.created_at - timedelta(days=9)
    )
    since = int((comment.created_at - timedelta(days=1)).timestamp())
    assert [each["id"] for each in get(simulator, "1000_1/comments", since=since)["data"]] == ["1_7"]


@pytest.mark.parametrize(
    "parameters", [{"limit": 101}, {"limit": "x"}, {"after": "nonsense"}, {"filter": "all"}, {"order": "x"}]
)
@pytest.mark.usefixtures("comment")
def test_parameters_that_make_no_sense_are_errors(simulator: RunningSimulator, parameters: dict[str, Any]) -> None:
    assert error(call(simulator, "GET", "1000_1/comments", **parameters)) == (100, None)


def test_posts_are_paged_by_time(simulator: RunningSimulator) -> None:
    now = simulator.state.clock.now()
    for number in range(3):
        simulator.state.publish(f"julkaisu {number}", created_at=now - timedelta(days=number))
    first = get(simulator, "1000/published_posts", limit=2)
    assert "cursors" not in first["paging"]
    for name in ("until=", "__paging_token="):
        assert name in first["paging"]["next"]
    proof = first["paging"]["next"] + "&appsecret_proof=" + _proof(simulator)
    second = requests.get(proof, timeout=5).json()
    assert [each["message"] for each in second["data"]] == ["julkaisu 2"]


def _proof(simulator: RunningSimulator) -> str:
    return appsecret_proof(simulator.app_secret, simulator.page_token)


def test_the_feed_has_visitors_and_unpublished_posts_too(simulator: RunningSimulator) -> None:
    state = simulator.state
    state.publish("Sivun")
    state.publish("Luonnos", is_published=False)
    state.publish("Kävijän", author=state.meet("Aino"))
    feed = get(simulator, "1000/feed", fields="message,is_published")["data"]
    assert {(each["message"], each["is_published"]) for each in feed} == {
        ("Sivun", True),
        ("Luonnos", False),
        ("Kävijän", True),
    }
    assert [each["message"] for each in get(simulator, "1000/posts")["data"]] == ["Sivun"]


@pytest.mark.usefixtures("comment")
def test_several_things_come_keyed_by_the_ids_as_they_were_asked_for(simulator: RunningSimulator) -> None:
    answer = get(simulator, "", ids="1000_1,7")
    assert {key: value["id"] for key, value in answer.items()} == {"1000_1": "1000_1", "7": "1_7"}


@pytest.mark.usefixtures("comment")
def test_a_user_token_gets_an_empty_list_of_comments_and_no_error(simulator: RunningSimulator) -> None:
    response = call(simulator, "GET", "1000_1/comments", token=simulator.user_token)
    assert (response.status_code, response.json()) == (200, {"data": []})


def test_debug_token_tells_the_kind_of_a_token(simulator: RunningSimulator) -> None:
    page = get(simulator, "debug_token", input_token=simulator.page_token)["data"]
    assert (page["type"], page["profile_id"], page["is_valid"], page["expires_at"]) == ("PAGE", "1000", True, 0)
    assert get(simulator, "debug_token", input_token=simulator.user_token)["data"]["type"] == "USER"
    assert get(simulator, "debug_token", input_token="never given out")["data"]["is_valid"] is False


@pytest.mark.parametrize(
    ("headers", "parameters", "expected"),
    [
        ({}, {}, (104, None)),
        ({"Authorization": "Bearer wrong"}, {}, (190, None)),
        ({"Authorization": "Bearer simulated-page-token"}, {}, (100, None)),
        ({"Authorization": "Bearer simulated-page-token"}, {"appsecret_proof": "0" * 64}, (100, None)),
        ({}, {"access_token": "simulated-page-token", "appsecret_proof": "ä"}, (100, None)),
    ],
)
def test_nobody_gets_in_without_token_and_proof(
    simulator: RunningSimulator, headers: dict[str, str], parameters: dict[str, str], expected: tuple[int, int | None]
) -> None:
    response = requests.get(f"{simulator.url}/v26.0/1000", headers=headers, params=parameters, timeout=5)
    assert error(response) == expected


@pytest.mark.parametrize(
    ("version", "days", "is_served"), [("v21.0", 0, True), ("v21.0", 365, False), ("v99.0", 0, False)]
)
def test_a_version_is_served_until_its_day(
    simulator: RunningSimulator, version: str, days: int, is_served: bool
) -> None:
    now = simulator.state.clock.now()
    simulator.advance((now.replace(year=2026, month=11, day=22) - now + timedelta(days=days)).total_seconds())
    response = requests.get(
        f"{simulator.url}/{version}/1000",
        params={"access_token": simulator.page_token, "appsecret_proof": _proof(simulator)},
        timeout=5,
    )
    assert (response.status_code == 200) is is_served


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "1000/insights", (100, None)),
        ("GET", "1000/a/b", (2500, None)),
        ("PUT", "1000", (2500, None)),
        ("POST", "1000/photos", (100, 33)),
        ("POST", "1000", (100, 33)),
        ("DELETE", "1000", (100, 33)),
        ("DELETE", "1000/feed", (2500, None)),
    ],
)
def test_an_unknown_call_gets_metas_own_kind_of_error(
    simulator: RunningSimulator, method: str, path: str, expected: tuple[int, int | None]
) -> None:
    assert error(call(simulator, method, path)) == expected


def test_a_call_without_a_version_gets_metas_own_kind_of_error(simulator: RunningSimulator) -> None:
    assert error(requests.get(f"{simulator.url}/1000/feed", timeout=5)) == (2500, None)


def test_usage_is_told_with_every_answer(simulator: RunningSimulator) -> None:
    headers = call(simulator, "GET", "1000").headers
    assert "call_count" in headers["X-App-Usage"]
    assert '"1000"' in headers["X-Business-Use-Case-Usage"]
