"""What fails on a walk is asked for again or left for later, keeps nothing else out, and is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.support.page_house import PageHouse
from tjs_moderation.domain.pace import TRIES
from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.extensions import db
from tjs_moderation.models import WalkThread
from tjs_moderation.services import channels, walk_threads, walking
from tjs_moderation.services.wiring import ports

REFUSED_THREAD: dict[str, Any] = {"code": 100, "is_transient": False, "status": 400}


def walk_with(page_house: PageHouse, port: ChannelPort) -> None:
    report = walking._walk(page_house.house.channel_id(), "facebook", port, 400)
    assert "left alone until" in report.failure


@pytest.mark.parametrize("fault", ["500", "html", "dropped", "temporary", "error_with_200", "empty_page_with_next"])
def test_what_fails_for_the_moment_is_asked_for_again_at_once(page_house: PageHouse, fault: str) -> None:
    page_house.publish("1")
    page_house.write("1", "7")
    page_house.page.fail(fault, path_regex="comments$")
    report = page_house.walk()
    assert (report.failure, report.troubles) == ("", [])
    assert "1_7" in page_house.texts()


def test_one_broken_post_keeps_no_other_out_and_is_tried_ever_less_often(page_house: PageHouse) -> None:
    for number in ("1", "2", "3"):
        page_house.publish(number)
        page_house.write(number, f"{number}1")
    page_house.page.fail("lasting", path_regex="1000_2/comments$", times=3, **REFUSED_THREAD)
    [trouble] = page_house.walk().troubles
    assert trouble.startswith("comments 1000_2 100")
    assert set(page_house.texts()) == {"1_11", "3_31"}
    with Session(db.engine) as session:
        [failing] = [trouble.thread for trouble in walk_threads.troubles(session)]
    assert (failing.external_id, failing.failures) == ("1000_2", 1)
    page_house.pass_time(seconds=20)
    assert "1000_2/comments" not in page_house.reads(page_house.walk)
    page_house.pass_time(seconds=20)
    page_house.walk()
    assert page_house.thread("1000_2").failures == 2
    page_house.pass_time(hours=1)
    page_house.walk()
    page_house.pass_time(hours=1)
    assert page_house.walk().troubles == []
    assert "2_21" in page_house.texts()
    assert page_house.thread("1000_2").failures == 0


def test_a_channel_that_is_down_is_not_asked_for_every_thread(page_house: PageHouse) -> None:
    for number in range(30):
        page_house.publish(f"{number + 1}")
    page_house.page.fail("500", times=1000)
    for _ in range(2):
        report = page_house.walk()
        assert report.failure.startswith("HTTP 500")
        assert report.calls <= walking.FAILURES_IN_A_ROW * TRIES
    assert len(page_house.entries("walk_failed")) == 1
    assert page_house.channel().synced_at is None


def test_a_stored_page_that_the_channel_no_longer_knows_is_read_from_the_start_of_its_thread(
    page_house: PageHouse,
) -> None:
    page_house.publish("1")
    for number in range(250):
        page_house.write("1", f"{10000 + number}", days_ago=20 - number / 100)
    page_house.publish("2", days_ago=5)
    page_house.write("2", "7")
    page_house.walk(calls=4)
    with Session(db.engine) as session:
        session.execute(update(WalkThread).where(~WalkThread.is_complete).values(cursor="after=vanhentunut"))
        session.commit()
    report = page_house.walk()
    assert (report.failure, report.troubles) == ("", [])
    assert len(page_house.texts()) == 251
    assert page_house.thread("1000_1").is_complete


def test_a_missing_permission_stops_only_what_it_concerns_and_is_named(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.write("1", "7")
    page_house.page.access.scopes -= {"pages_messaging"}
    report = page_house.walk()
    assert "1_7" in page_house.texts()
    [trouble] = report.troubles
    assert "needs pages_messaging" in trouble


def test_every_post_is_not_asked_for_what_is_not_permitted(page_house: PageHouse) -> None:
    for number in range(5):
        page_house.publish(f"{number + 1}")
    page_house.page.access.scopes -= {"pages_read_user_content"}
    reads = page_house.reads(page_house.walk)
    assert sum(count for path, count in reads.items() if path.endswith("/comments")) == 1


def test_a_throttled_channel_is_left_alone_by_everybody_for_as_long_as_it_says(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.write("1", "7", "Olet idiootti.")
    page_house.page.fail("throttle", path_regex="comments$", minutes=20)
    assert page_house.walk().failure.startswith("32")
    another = page_house.page.channel()
    for port in (ports().channels()["facebook"], another):
        reads = page_house.reads(lambda port=port: walk_with(page_house, port))  # type: ignore[misc]  # bound now
        assert reads == {}
        page_house.pass_time(minutes=9)
    page_house.pass_time(minutes=3)
    assert page_house.walk().failure == ""
    assert "1_7" in page_house.texts()


@pytest.mark.parametrize("fault", ["expired_token", "blocked", "flat"])
def test_a_stopped_channel_is_said_once_and_nobody_calls_it(page_house: PageHouse, fault: str) -> None:
    page_house.publish("1")
    page_house.page.fail(fault)
    assert page_house.walk().failure
    stopped = page_house.channel()
    assert stopped.stopped_reason
    assert stopped.stopped_at == page_house.house.clock.now
    page_house.pass_time(minutes=10)
    assert page_house.reads(lambda: walking.walk_all(is_thorough=True)) == {}
    assert len(page_house.entries("walk_failed")) == 1
    channels.resume(page_house.house.operator, page_house.house.channel_id())
    assert page_house.walk().failure == ""
    assert page_house.channel().stopped_at is None
