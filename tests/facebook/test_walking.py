"""The walk takes in everything, fairly and by few calls; what fails is left for later, and nothing begins anew."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.support.page_house import PageHouse
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Pace, Post, WalkThread
from tjs_moderation.services import post_counts, walking
from tjs_moderation.services.walk_lock import walk_lock

REFUSED_THREAD: dict[str, Any] = {"code": 100, "is_transient": False, "status": 400}


def test_everything_on_the_page_comes_in_once(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.write("1", "7", "Milloin?")
    page_house.write("7", "8", "Samaa mietin.")
    aino = page_house.state.meet("Aino")
    image = {"data": [{"mime_type": "image/png", "name": "kuva.png", "image_data": {"url": "https://cdn.example/1"}}]}
    page_house.state.write(aino, "Hei", message_id="m_1", extras={"attachments": image})
    for _ in range(2):
        page_house.sync()
    assert page_house.texts() == {"1_7": "Milloin?", "1_8": "Samaa mietin.", "m_1": "Hei"}
    assert page_house.house.item("1_8").parent_id == page_house.house.item("1_7").id
    assert page_house.house.item("m_1").attachments == [
        {"kind": "image", "url": "https://cdn.example/1", "name": "kuva.png"}
    ]
    check_books()


def test_edits_hiding_and_deletions_on_the_page_stand_in_the_story(page_house: PageHouse) -> None:
    page_house.publish("1")
    for comment_id in ("7", "8", "9"):
        page_house.write("1", comment_id)
    page_house.write("8", "10", "Vastaus poistettavaan.")
    page_house.sync()
    page_house.pass_time(minutes=5)
    page_house.state.edit("7", "Hei taas!")
    page_house.state.set_hidden("9", True)
    page_house.state.remove("8")
    report = page_house.sync()
    items = {name: page_house.house.item(name) for name in ("1_7", "1_8", "1_9", "1_10")}
    assert page_house.texts()["1_7"] == "Hei taas!"
    assert [items[name].is_gone for name in ("1_7", "1_8", "1_9", "1_10")] == [False, True, False, True]
    assert (items["1_9"].is_hidden, report.gone) == (True, 2)
    last = {name: page_house.house.trail(item.id)[-1][1] for name, item in items.items()}
    assert last == {
        "1_7": "take_in", "1_8": "hear_of_removal", "1_9": "hear_of_hiding", "1_10": "hear_of_removal",
    }  # fmt: skip
    assert page_house.texts()["1_8"] == "Hei!"
    check_books()


def test_what_stood_under_a_post_that_was_deleted_is_gone_and_stays_here(page_house: PageHouse) -> None:
    for number in ("1", "2"):
        page_house.publish(number)
        page_house.write(number, f"{number}7")
    page_house.write("17", "18", "Samaa mietin.")
    page_house.sync()
    page_house.pass_time(minutes=5)
    page_house.state.remove_post("1")
    page_house.sync()
    gone = {name: page_house.house.item(name).is_gone for name in ("1_17", "1_18", "2_27")}
    assert gone == {"1_17": True, "1_18": True, "2_27": False}
    assert page_house.texts()["1_18"] == "Samaa mietin."
    assert [page_house.house.trail(page_house.house.item(name).id)[-1][1] for name in ("1_17", "1_18")] == [
        "hear_of_removal",
        "hear_of_removal",
    ]
    assert page_house.thread("1000_1").is_gone
    assert "1000_1/comments" not in page_house.reads(page_house.sync)
    check_books()


def test_what_is_missing_from_a_list_but_still_there_is_not_gone(page_house: PageHouse) -> None:
    """A list may leave something out for a while; only what is gone by itself is gone."""
    page_house.publish("1")
    page_house.write("1", "7")
    page_house.sync()
    page_house.pass_time(minutes=5)
    page_house.state.comments["7"].created_at -= timedelta(days=1)
    page_house.set_baseline(days_ago=0.5)
    page_house.sync()
    assert not page_house.house.item("1_7").is_gone


def test_what_was_taken_for_gone_and_stands_there_again_is_back(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.write("1", "7")
    page_house.sync()
    page_house.pass_time(minutes=5)
    page_house.state.comments["7"].is_deleted = True
    page_house.sync()
    assert page_house.house.item("1_7").is_gone
    page_house.state.comments["7"].is_deleted = False
    page_house.sync()
    assert not page_house.house.item("1_7").is_gone
    check_books()


def test_our_own_answer_told_without_its_author_is_known_once_the_author_is_told(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.state.comment("1", page_house.state.page_person, "Tervetuloa!", comment_id="7")
    page_house.page.fail("missing_from", path_regex="comments$")
    page_house.sync()
    assert page_house.house.item("1_7").state is CaseState.ARRIVED
    page_house.sync()
    assert (page_house.house.item("1_7").is_own, page_house.house.item("1_7").state) == (True, CaseState.DONE)
    check_books()


def test_what_is_older_than_the_baseline_stays_outside(page_house: PageHouse) -> None:
    page_house.publish("1", days_ago=30)
    page_house.write("1", "7", "Vanha.", days_ago=20)
    page_house.write("1", "8", "Tuore.", days_ago=2)
    aino = page_house.state.meet("Aino")
    now = page_house.house.clock.now
    page_house.state.write(aino, "Viime kuussa", message_id="m_1", created_at=now - timedelta(days=40))
    page_house.state.write(aino, "Eilen", message_id="m_2", created_at=now - timedelta(days=1))
    page_house.state.write(page_house.state.meet("Eero"), "Ammoin", created_at=now - timedelta(days=90))
    page_house.set_baseline(days_ago=7)
    page_house.sync()
    assert page_house.texts() == {"1_8": "Tuore.", "m_2": "Eilen"}
    page_house.set_baseline(days_ago=60)
    page_house.sync()
    assert set(page_house.texts()) == {"1_7", "1_8", "m_1", "m_2"}


def test_a_new_comment_on_a_long_quiet_thread_is_found_with_one_call_for_it(page_house: PageHouse) -> None:
    page_house.publish("1", days_ago=200)
    for number in range(350):
        page_house.write("1", f"{10000 + number}", days_ago=100 - number / 10)
    page_house.publish("2", days_ago=190)
    page_house.write("2", "9", days_ago=180)
    page_house.walk()
    page_house.pass_time(hours=2)
    page_house.write("1", "7", "Vieläkö tänne luetaan?")
    reads = page_house.reads(page_house.walk)
    assert page_house.texts()["1_7"] == "Vieläkö tänne luetaan?"
    assert reads == {"1000/published_posts": 1, "1000/conversations": 1, "1000_1/comments": 1}


def test_a_thread_that_has_shrunk_is_read_whole_at_once(page_house: PageHouse) -> None:
    page_house.publish("1", days_ago=200)
    page_house.write("1", "7", days_ago=100)
    page_house.walk()
    page_house.pass_time(hours=2)
    page_house.state.remove("7")
    with Session(db.engine) as session:
        session.execute(update(WalkThread).where(WalkThread.kind == "comments").values(read_count=2))
        session.commit()
    page_house.walk()
    assert page_house.house.item("1_7").is_gone


def test_an_old_busy_post_keeps_no_new_one_waiting(page_house: PageHouse) -> None:
    page_house.publish("1", days_ago=300)
    for number in range(1250):
        page_house.write("1", f"{10000 + number}", days_ago=200 - number / 100)
    for number in range(2, 8):
        page_house.publish(f"{number}", days_ago=10 - number)
        page_house.write(f"{number}", f"{number}1")
    page_house.walk(calls=9)
    first = page_house.texts()
    assert {f"{number}_{number}1" for number in range(2, 8)} <= set(first)
    walks = 1
    while page_house.walk(calls=9).is_cut:
        walks += 1
        page_house.pass_time(minutes=10)
    assert len(page_house.texts()) == 1256
    assert walks <= 4


def test_the_conversations_are_listed_only_as_far_as_something_has_changed(page_house: PageHouse) -> None:
    now = page_house.house.clock.now
    for number in range(55):
        person = page_house.state.meet(f"Kävijä {number}")
        page_house.state.write(person, "Hei", created_at=now - timedelta(hours=number))
    page_house.walk()
    page_house.pass_time(minutes=10)
    assert page_house.reads(page_house.walk)["1000/conversations"] == 1
    page_house.state.write(page_house.state.meet("Kävijä 40"), "Vieläkö ehtii?", message_id="m_new")
    reads = page_house.reads(page_house.walk)
    assert "m_new" in page_house.texts()
    assert reads["1000/conversations"] == 2
    assert sum(count for path, count in reads.items() if path.endswith("/messages")) == 1


def test_a_long_conversation_is_read_down_to_what_is_known(page_house: PageHouse) -> None:
    aino, now = page_house.state.meet("Aino"), page_house.house.clock.now
    for number in range(250):
        page_house.state.write(aino, f"{number}", created_at=now - timedelta(hours=300 - number))
    page_house.walk()
    page_house.pass_time(minutes=10)
    page_house.state.write(aino, "uusin", message_id="m_new")
    [conversation] = page_house.state.conversations
    assert page_house.reads(page_house.walk)[f"{conversation}/messages"] == 1
    assert len(page_house.texts()) == 251


def test_a_message_that_comes_while_a_conversation_is_read_page_by_page_is_not_missed(page_house: PageHouse) -> None:
    aino, now = page_house.state.meet("Aino"), page_house.house.clock.now
    for number in range(250):
        page_house.state.write(aino, f"{number}", created_at=now - timedelta(hours=300 - number))
    page_house.walk(calls=4)
    page_house.pass_time(minutes=10)
    page_house.state.write(aino, "uusin", message_id="m_new")
    for _ in range(3):
        page_house.walk()
        page_house.pass_time(minutes=10)
    assert len(page_house.texts()) == 251


def test_a_walk_leaves_off_before_the_page_is_throttled(page_house: PageHouse) -> None:
    for number in range(5):
        page_house.publish(f"{number + 1}")
        page_house.write(f"{number + 1}", f"{number + 1}1")
    page_house.page.faults.usage_percent = 85
    report = page_house.walk()
    assert (report.is_cut, report.calls) == (True, 1)
    assert page_house.channel().usage_percent == 85
    assert page_house.reads(page_house.walk) == {}
    page_house.page.faults.usage_percent = 20
    page_house.pass_time(minutes=11)
    page_house.walk()
    assert len(page_house.texts()) == 5


def test_a_busy_page_is_walked_with_fewer_calls(page_house: PageHouse) -> None:
    for number in range(30):
        page_house.publish(f"{number + 1}")
    page_house.page.faults.usage_percent = 70
    assert page_house.walk(calls=40).calls <= 12


def test_a_post_that_is_gone_takes_its_comments_with_it_and_loses_nothing_here(page_house: PageHouse) -> None:
    page_house.publish("1")
    page_house.write("1", "7", "Muistetaan.")
    page_house.sync()
    page_house.pass_time(hours=1)
    del page_house.state.posts["1"]
    page_house.sync()
    assert page_house.house.item("1_7").is_gone
    assert page_house.texts() == {"1_7": "Muistetaan."}
    assert page_house.reads(page_house.sync).get("1000_1/comments") is None


def test_counts_are_kept_over_time_with_a_row_for_each_change(page_house: PageHouse) -> None:
    page_house.publish("1", shares=2)
    for shares in (2, 2, 5):
        page_house.state.posts["1"].shares = shares
        page_house.state.posts["1"].reactions = {"LOVE": shares * 2}
        page_house.walk()
        page_house.pass_time(hours=1)
    with Session(db.engine) as session:
        post_id = session.scalars(select(Post.id)).one()
        told = [(change.kind, change.count) for change in post_counts.changes(session, post_id)]
        assert post_counts.latest(session, [post_id]) == {post_id: {"shares": 5, "love": 10, "reactions": 10}}
    assert [count for kind, count in told if kind == "shares"] == [2, 5]
    assert [count for kind, count in told if kind == "love"] == [4, 10]


def test_a_thorough_walk_reads_whole_what_a_cursory_one_had_its_turn_with(page_house: PageHouse) -> None:
    for number in ("1", "2"):
        page_house.publish(number, days_ago=100)
        page_house.write(number, f"{number}1", days_ago=90)
    page_house.walk()
    page_house.pass_time(hours=1)
    page_house.state.edit("11", "Muutettu.")
    assert page_house.walk(calls=1).is_cut
    page_house.sync()
    assert page_house.texts()["1_11"] == "Muutettu."


def test_a_thorough_walk_that_was_cut_short_is_finished_by_any_worker(page_house: PageHouse) -> None:
    for number in range(6):
        page_house.publish(f"{number + 1}", days_ago=100)
        page_house.write(f"{number + 1}", f"{number + 1}1", days_ago=90)
    page_house.walk()
    page_house.pass_time(hours=1)
    for number in range(6):
        page_house.state.edit(f"{number + 1}1", "Muutettu.")
    page_house.page.fail("throttle", path_regex="1000_3/comments$")
    before = page_house.page.ledger.reads
    assert page_house.sync().failure
    page_house.pass_time(hours=1)
    assert page_house.walk().failure == ""
    assert set(page_house.texts().values()) == {"Muutettu."}
    read = page_house.page.ledger.reads - before
    assert sum(count for path, count in read.items() if path.endswith("/comments")) == 7


def test_two_do_not_walk_a_channel_at_once(page_house: PageHouse) -> None:
    with walk_lock(page_house.house.channel_id()) as is_ours:
        assert is_ours
        with walk_lock(page_house.house.channel_id()) as is_ours_too:
            assert not is_ours_too
        assert walking.walk_all() == []
    assert len(walking.walk_all()) == 1


def test_a_baseline_is_set_by_those_who_run_channels_and_stands_in_the_log(page_house: PageHouse) -> None:
    page_house.walk()
    page_house.set_baseline(days_ago=7)
    [entry] = page_house.entries("set_baseline")
    assert json.loads(entry.body)["baseline_at"].startswith("2026-11-09")
    with Session(db.engine) as session:
        assert session.scalars(select(Pace.baseline_at)).one()
        assert session.scalars(select(Item.id)).all() == []
