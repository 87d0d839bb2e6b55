from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.support.simulator import RunningSimulator
from tjs_moderation.domain.ports import Page
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.facebook.pace import Pace

T = TypeVar("T")


def walk(read: Callable[[str | None], Page[T]]) -> list[T]:
    entries: list[T] = []
    cursor: str | None = None
    for _ in range(50):
        page = read(cursor)
        entries += page.entries
        cursor = page.next_cursor
        if cursor is None:
            return entries
    raise AssertionError("the walk does not end")


def test_posts_come_newest_first_and_without_those_of_visitors_or_drafts(simulator: RunningSimulator) -> None:
    state = simulator.state
    state.publish("Vanha", post_id="1", created_at=state.clock.now() - timedelta(days=2))
    state.publish("Uusi", post_id="2", link="https://tjs.example/")
    state.publish("Luonnos", is_published=False)
    state.publish("Kävijän", author=state.meet("Aino"))
    posts = walk(simulator.channel().posts)
    assert [(post.external_id, post.text) for post in posts] == [("1000_2", "Uusi"), ("1000_1", "Vanha")]
    assert posts[0].created_at == state.posts["2"].created_at
    assert posts[0].permalink == f"{simulator.url}/posts/2"


def test_every_comment_of_every_level_is_read_once_and_oldest_first(simulator: RunningSimulator) -> None:
    state, aino = simulator.state, simulator.state.meet("Aino")
    state.publish("Luento", post_id="1")
    for number in range(130):
        parent = "1" if number % 3 == 0 else str(100 + number - 1)
        state.comment(parent, aino, f"kommentti {number}", comment_id=str(100 + number))
    comments = walk(lambda cursor: simulator.channel().comments("1000_1", cursor))
    assert [comment.external_id for comment in comments] == [f"1_{100 + number}" for number in range(130)]
    assert [comment.parent_external_id for comment in comments[:4]] == [None, "1_100", "1_101", None]
    assert {comment.post_external_id for comment in comments} == {"1000_1"}


def test_posts_are_paged_to_the_last(simulator: RunningSimulator) -> None:
    now = simulator.state.clock.now()
    for number in range(205):
        simulator.state.publish(f"julkaisu {number}", created_at=now - timedelta(hours=number // 2))
    posts = walk(simulator.channel().posts)
    assert [post.text for post in posts] == sorted((post.text for post in posts), key=_newest_first)
    assert len({post.external_id for post in posts}) == 205


def _newest_first(text: str) -> tuple[int, int]:
    number = int(text.removeprefix("julkaisu "))
    return number // 2, -number


@pytest.mark.parametrize("where", ["published_posts", "comments", "conversations"])
def test_an_empty_page_with_a_next_one_does_not_end_the_walk(simulator: RunningSimulator, where: str) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Hei")
    simulator.state.write(simulator.state.meet("Aino"), "Hei")
    simulator.fail("empty_page_with_next", path_regex=f"{where}$")
    channel = simulator.channel()
    assert len(walk(channel.posts)) == 1
    assert len(walk(lambda cursor: channel.comments("1000_1", cursor))) == 1
    assert len(walk(channel.conversations)) == 1


def test_a_post_without_comments_is_believed_with_a_page_token(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    assert simulator.channel().comments("1000_1") == Page((), None)


def test_posts_tell_how_much_they_were_shared_commented_on_and_reacted_to(simulator: RunningSimulator) -> None:
    state = simulator.state
    liked = state.publish("Luento", post_id="1", shares=2, reactions={"LIKE": 12, "LOVE": 3})
    state.publish("Hiljaisuus", post_id="2", created_at=state.clock.now() - timedelta(days=1))
    state.comment(liked.id, state.meet("Aino"), "Hei")
    told, silent = (post.counts for post in simulator.channel().posts().entries)
    kinds = dict.fromkeys(("wow", "haha", "sad", "angry", "care"), 0)
    assert told == {"shares": 2, "comments": 1, "reactions": 15, "like": 12, "love": 3} | kinds
    assert set(silent.values()) == {0}


def test_where_so_many_counts_are_too_much_fewer_posts_are_asked_for(simulator: RunningSimulator) -> None:
    for number in range(30):
        simulator.state.publish(f"julkaisu {number}")
    simulator.fail("lasting", path_regex="published_posts$", status=400)
    assert len(walk(simulator.channel().posts)) == 30


def test_comments_are_read_from_a_moment_on(simulator: RunningSimulator) -> None:
    state, now = simulator.state, simulator.state.clock.now()
    state.publish("Luento", post_id="1")
    for hours in range(230):
        state.comment("1", state.meet("Aino"), f"{hours}", created_at=now - timedelta(hours=hours))
    channel = simulator.channel()
    found = walk(lambda cursor: channel.comments("1000_1", cursor, now - timedelta(hours=150)))
    assert [each.text for each in found] == [f"{hours}" for hours in range(150, -1, -1)]


def test_what_is_gone_is_told_from_what_is_only_out_of_sight(simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Hei", comment_id="7")
    channel = simulator.channel()
    assert not channel.is_gone("1_7")
    simulator.state.remove("7")
    assert channel.is_gone("1_7")


def test_the_inbox_is_not_asked_faster_than_it_allows() -> None:
    now = [100.0]
    slept: list[float] = []
    pace = Pace(2.0, clock=lambda: now[0], sleep=slept.append)
    pace.wait()
    pace.wait()
    now[0] += 5
    pace.wait()
    assert slept == [0.5]


def test_an_empty_list_is_not_believed_with_a_user_token(simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Hei")
    with pytest.raises(GatewayError) as refusal:
        simulator.channel(token=simulator.user_token).comments("1000_1")
    assert refusal.value.failure is GatewayFailure.STOPPED


def test_a_comment_without_its_author_is_read(simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Hei", shows_author=False, can_hide=None)
    (comment,) = simulator.channel().comments("1000_1").entries
    assert (comment.text, comment.author_external_id, comment.can_hide) == ("Hei", None, None)


def test_the_pages_own_comments_are_known(simulator: RunningSimulator) -> None:
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.page_person, "Tervetuloa")
    (comment,) = simulator.channel().comments("1000_1").entries
    assert (comment.is_own, comment.can_hide) == (True, False)


def test_conversations_and_their_messages_are_read(simulator: RunningSimulator) -> None:
    state = simulator.state
    aino, eero = state.meet("Aino"), state.meet("Eero")
    state.write(aino, "Hei", created_at=state.clock.now() - timedelta(days=1))
    state.write(eero, "Terve", created_at=state.clock.now() - timedelta(hours=3))
    state.write(eero, "Vastaus", is_from_page=True, created_at=state.clock.now() - timedelta(hours=2))
    channel = simulator.channel()
    newest, oldest = walk(channel.conversations)
    assert (newest.participant_external_id, newest.participant_name) == (eero.id, "Eero")
    assert oldest.updated_at == state.conversations[oldest.external_id].updated_at
    messages = walk(lambda cursor: channel.messages(newest.external_id, cursor))
    assert [(each.text, each.is_own, each.author_external_id) for each in messages] == [
        ("Vastaus", True, "1000"),
        ("Terve", False, eero.id),
    ]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("500", GatewayFailure.TRANSIENT),
        ("html", GatewayFailure.TRANSIENT),
        ("dropped", GatewayFailure.TRANSIENT),
        ("temporary", GatewayFailure.TRANSIENT),
        ("localised", GatewayFailure.TRANSIENT),
        ("error_with_200", GatewayFailure.TRANSIENT),
        ("throttle", GatewayFailure.THROTTLED),
        ("expired_token", GatewayFailure.STOPPED),
        ("blocked", GatewayFailure.STOPPED),
        ("flat", GatewayFailure.STOPPED),
        ("lasting", GatewayFailure.BAD_REQUEST),
    ],
)
def test_a_read_that_fails_says_how(simulator: RunningSimulator, fault: str, expected: GatewayFailure) -> None:
    simulator.fail(fault, times=2)
    with pytest.raises(GatewayError) as failure:
        simulator.channel().posts()
    assert failure.value.failure is expected


def test_a_slow_answer_is_given_up(simulator: RunningSimulator) -> None:
    simulator.fail("delay", seconds=2.3)
    with pytest.raises(GatewayError) as failure:
        simulator.channel().posts()
    assert failure.value.failure is GatewayFailure.TRANSIENT


def test_being_throttled_says_for_how_long(simulator: RunningSimulator) -> None:
    simulator.fail("throttle", minutes=7)
    channel = simulator.channel()
    with pytest.raises(GatewayError) as failure:
        channel.posts()
    assert failure.value.retry_after_seconds == 420
    assert channel.usage.percent == 104
    channel.posts()
    assert (channel.usage.percent, channel.usage.regain_access_seconds) == (1, None)


def test_a_missing_permission_is_named(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    simulator.access.scopes -= {"pages_read_user_content"}
    with pytest.raises(GatewayError) as failure:
        simulator.channel().comments("1000_1")
    assert failure.value.failure is GatewayFailure.PERMISSION
    assert failure.value.detail.endswith("needs pages_read_user_content")


@pytest.mark.parametrize(
    ("version", "secret", "expected"),
    [
        ("v20.0", "simulated-app-secret", GatewayFailure.BAD_REQUEST),
        ("v26.0", "another-secret", GatewayFailure.BAD_REQUEST),
        ("v26.0", "", GatewayFailure.BAD_REQUEST),
    ],
)
def test_an_expired_version_or_a_wrong_proof_is_a_defect_of_ours(
    simulator: RunningSimulator, version: str, secret: str, expected: GatewayFailure
) -> None:
    with pytest.raises(GatewayError) as failure:
        simulator.channel(version=version, app_secret=secret).posts()
    assert failure.value.failure is expected
