"""What a worker makes of the bodies that were kept: items, happenings, or a place on the list."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.hooks.meta import PAGE_ID, Body, comment, encoded, feed, messaging, of_page, send
from tests.hooks.test_reading_hints import DOCUMENTS
from tests.support.fakes import FakeChannel, MovableClock
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.hints import HintState, HintTrouble
from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost
from tjs_moderation.domain.vocabulary import ActState, CaseState, DecisionKind, ItemKind
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, AuditEntry, Channel, HintTurn, Item, ItemText, Post, RawEvent, UnworkedHint
from tjs_moderation.services import casework, hint_list
from tjs_moderation.services.intake import take_in
from tjs_moderation.services.transaction import channel as by_channel


def tell(door: FlaskClient, *bodies: Body) -> None:
    """Meta sends these, and a worker works them."""
    for body in bodies:
        assert send(door, encoded(body)).status_code == 200
    jobs.work_hints()


def on_page(facebook: FakeChannel, external_id: str, text: str, **told: Any) -> Incoming:
    """What stands on the page now."""
    written: dict[str, Any] = {
        "post_external_id": "1000_1",
        "author_external_id": "9001",
        "author_name": "Aino",
        "is_hidden": False,
    }
    entry = Incoming(external_id, text=text, **(written | told))
    listed = facebook.page_comments.setdefault("1000_1", [])
    listed[:] = [each for each in listed if each.external_id != external_id] + [entry]
    return entry


def troubles() -> list[tuple[str, HintState, HintTrouble]]:
    with Session(db.engine) as session:
        rows = session.scalars(select(UnworkedHint).order_by(UnworkedHint.id))
        return [(row.what, row.state, row.trouble) for row in rows]


def texts_of(external_id: str) -> list[str]:
    with Session(db.engine) as session:
        found = select(ItemText.text).join(Item, Item.id == ItemText.item_id).where(Item.external_id == external_id)
        return list(session.scalars(found.order_by(ItemText.number)))


def count(model: type[Item | RawEvent | UnworkedHint | HintTurn]) -> int:
    with Session(db.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_comment_is_taken_in_without_a_look_at_the_page(
    house: House, door: FlaskClient, facebook: FakeChannel
) -> None:
    tell(door, feed(comment("add", 7, "Milloin?")))
    item = house.item("1_7")
    assert (item.state, item.is_own) == (CaseState.ARRIVED, False)
    assert facebook.looked == 0
    assert house.trail(item.id) == [(f"channel:{house.channel_id()}", "take_in")]
    assert troubles() == []


def test_the_same_again_changes_nothing(house: House, door: FlaskClient) -> None:
    tell(door, feed(comment("add", 7)), feed(comment("add", 7), comment("add", 7)))
    assert count(Item) == 1
    assert texts_of("1_7") == ["Hei"]


def test_an_edit_is_looked_at_and_not_believed(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    tell(door, feed(comment("add", 7, "Ensin")))
    on_page(facebook, "1_7", "Lopuksi")
    tell(
        door,
        feed(comment("edited", 7, "Lopuksi")),
        feed(comment("edited", 7, "Välissä")),
        feed(comment("add", 7, "Ensin")),
    )
    assert texts_of("1_7") == ["Ensin", "Lopuksi"]


def test_an_edit_that_comes_before_its_comment_brings_the_comment(
    house: House, door: FlaskClient, facebook: FakeChannel
) -> None:
    on_page(facebook, "1_7", "Lopuksi")
    tell(door, feed(comment("edited", 7, "Lopuksi")), feed(comment("add", 7, "Ensin")))
    assert texts_of("1_7") == ["Lopuksi"]


@pytest.mark.parametrize("verbs", [["add", "remove"], ["remove", "add"], ["remove", "add", "remove", "add"]])
def test_what_is_gone_is_gone_whichever_came_first(house: House, door: FlaskClient, verbs: list[str]) -> None:
    tell(door, *[feed(comment(verb, 7, "Tuhma" if verb == "add" else None)) for verb in verbs])
    item = house.item("1_7")
    assert item.is_gone
    assert texts_of("1_7") == ["Tuhma"]
    assert (f"channel:{house.channel_id()}", "hear_of_removal") in house.trail(item.id)


def test_with_a_comment_go_its_replies_also_those_that_come_late(house: House, door: FlaskClient) -> None:
    reply = {"parent_id": "1_7"}
    tell(door, feed(comment("add", 7), comment("add", 8, **reply), comment("add", 9, parent_id="1_8")))
    tell(door, feed(comment("remove", 7, None)), feed(comment("add", 10, **reply), comment("add", 11, parent_id="1_9")))
    assert [house.item(f"1_{number}").is_gone for number in (7, 8, 9, 10, 11)] == [True] * 5
    tell(door, feed(comment("add", 12)))
    assert not house.item("1_12").is_gone


def test_with_a_post_go_its_comments(house: House, door: FlaskClient) -> None:
    tell(door, feed(comment("add", 7)))
    tell(door, feed({"item": "status", "verb": "remove", "post_id": "1000_1"}), feed(comment("add", 8)))
    assert house.item("1_7").is_gone
    assert house.item("1_8").is_gone


def test_somebody_elses_hiding_is_in_the_story(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    tell(door, feed(comment("add", 7, "Tuhma")))
    on_page(facebook, "1_7", "Tuhma", is_hidden=True)
    tell(door, feed(comment("hide", 7, "Tuhma")))
    assert house.item("1_7").is_hidden
    on_page(facebook, "1_7", "Tuhma", is_hidden=False)
    tell(door, feed(comment("unhide", 7, "Tuhma")), feed(comment("hide", 7, "Tuhma")))
    item = house.item("1_7")
    assert not item.is_hidden
    verbs = [verb for _, verb in house.trail(item.id)]
    assert verbs == ["take_in", "hear_of_hiding", "hear_of_showing"]


@pytest.mark.parametrize("state", [ActState.CLAIMED, ActState.DONE])
def test_our_own_hiding_that_comes_back_is_no_news(
    house: House, door: FlaskClient, facebook: FakeChannel, clock: MovableClock, state: ActState
) -> None:
    item = house.receive("1_7", "Olet idiootti", author_external_id="9001")
    on_page(facebook, "1_7", "Olet idiootti", is_hidden=True)
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    if state is ActState.DONE:
        house.wait_and_send()
    else:
        with Session(db.engine) as session:
            leased = {"state": state, "leased_until": clock.now, "lease_key": "x"}
            session.execute(update(Act).values(leased))
            session.commit()
    tell(door, feed(comment("hide", 7, "Olet idiootti")))
    assert "hear_of_hiding" not in [verb for _, verb in house.trail(item.id)]


def test_our_own_answer_that_comes_back_waits_for_nobody(
    house: House, door: FlaskClient, facebook: FakeChannel
) -> None:
    tell(door, feed(comment("add", 8, "Tiistaina", **{"from": {"id": PAGE_ID, "name": "Sivu"}})))
    assert (house.item("1_8").is_own, house.item("1_8").state) == (True, CaseState.DONE)


def test_our_own_answer_is_known_by_its_id_when_nobody_says_whose_it_is(
    house: House, door: FlaskClient, facebook: FakeChannel
) -> None:
    item = house.receive("1_7", "Olet idiootti")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    with Session(db.engine) as session:
        session.execute(update(Act).values(result_external_id="1_8"))
        session.commit()
    on_page(facebook, "1_8", "Tiistaina", author_external_id=None, author_name=None)
    tell(door, feed(comment("add", 8, "Tiistaina", **{"from": None})))
    assert house.item("1_8").is_own


def test_a_thousand_changes_are_worked_in_pieces(house: House, door: FlaskClient) -> None:
    tell(door, feed(*[comment("add", number) for number in range(1000)], comment("mute", 1)))
    assert count(Item) == 1000
    with Session(db.engine) as session:
        event = session.scalars(select(RawEvent)).one()
    assert (event.hint_count, event.done_count, event.worked_at is not None) == (1001, 1001, True)
    assert troubles() == [("feed/comment/mute", HintState.STUCK, HintTrouble.UNKNOWN_FIELD)]
    check_books()


def test_many_bodies_of_one_change_are_worked_as_one_and_each_is_written_down(house: House, door: FlaskClient) -> None:
    bodies = [feed(comment("add", number)) for number in range(20)]
    tell(door, *bodies, feed(comment("mute", 5)))
    assert count(Item) == 20
    with Session(db.engine) as session:
        taken = session.scalar(select(func.count()).where(AuditEntry.verb == "take_in"))
        progress = session.execute(select(RawEvent.done_count, RawEvent.hint_count, RawEvent.worked_at.is_(None)))
        assert {tuple(row) for row in progress} == {(1, 1, False)}
    assert taken == 1
    assert troubles() == [("feed/comment/mute", HintState.STUCK, HintTrouble.UNKNOWN_FIELD)]
    check_books()


def test_a_message_gets_the_conversation_it_belongs_to(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    facebook.page_conversations["9001"] = IncomingConversation("t_1", None, "9001", "Aino")
    tell(door, of_page(messaging=[messaging(message={"mid": "m_1", "text": "Hei"})]))
    tell(door, of_page(messaging=[messaging(message={"mid": "m_2", "text": "Vielä"})]))
    assert [house.item(name).conversation_external_id for name in ("m_1", "m_2")] == ["t_1", "t_1"]
    assert facebook.looked == 1
    assert house.item("m_1").kind is ItemKind.MESSAGE


def test_a_withdrawn_message_is_gone(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    facebook.page_conversations["9001"] = IncomingConversation("t_1", None, "9001", "Aino")
    sent, gone = {"mid": "m_1", "text": "Hei"}, {"mid": "m_1", "is_deleted": True}
    tell(door, of_page(messaging=[messaging(message=sent), messaging(message=gone)]))
    assert house.item("m_1").is_gone


def test_an_edited_message_is_looked_at(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    facebook.page_conversations["9001"] = IncomingConversation("t_1", None, "9001", "Aino")
    now = Incoming("m_1", ItemKind.MESSAGE, "Hei taas", conversation_external_id="t_1", author_external_id="9001")
    facebook.page_messages.append(now)
    tell(door, of_page(messaging=[messaging(message={"mid": "m_1", "text": "Hei"})]))
    tell(door, of_page(messaging=[messaging(message_edit={"mid": "m_1", "text": "Hei taas", "num_edit": "1"})]))
    assert texts_of("m_1") == ["Hei", "Hei taas"]


def test_a_post_is_looked_at(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    facebook.page_posts.append(IncomingPost("1000_1", "Luento", "https://facebook.example/1"))
    tell(door, feed({"item": "status", "verb": "add", "post_id": "1000_1", "published": 1}))
    with Session(db.engine) as session:
        assert session.scalars(select(Post.text)).one() == "Luento"


def test_a_hint_without_values_has_the_page_walked(house: House, door: FlaskClient) -> None:
    asked: list[str] = []
    ports = house.app.extensions["tjs_ports"]
    house.app.extensions["tjs_ports"] = replace(ports, nudge=lambda task, delay_seconds=0: asked.append(task))
    tell(door, of_page(changed_fields=["feed"]))
    assert "walk" in asked


def test_a_no_that_passes_is_tried_again_by_itself(
    house: House, door: FlaskClient, facebook: FakeChannel, clock: MovableClock
) -> None:
    on_page(facebook, "1_7", "Hei")
    facebook.look_failures = [GatewayError(GatewayFailure.TRANSIENT, "2")]
    tell(door, feed(comment("edited", 7)))
    assert troubles() == [("feed/comment/edited", HintState.WAITING, HintTrouble.CHANNEL_SAID_NO)]
    clock.advance(minutes=1)
    jobs.work_hints()
    assert troubles() == []
    assert texts_of("1_7") == ["Hei"]


def test_a_no_that_stays_waits_for_a_person_in_the_end(
    house: House, door: FlaskClient, facebook: FakeChannel, clock: MovableClock
) -> None:
    tell(door)
    facebook.look_failures = [GatewayError(GatewayFailure.TRANSIENT, "2")] * 20
    tell(door, feed(comment("edited", 7)))
    for _ in range(9):
        clock.advance(hours=2)
        jobs.work_hints()
    assert facebook.looked == 8
    assert [state for _, state, _ in troubles()] == [HintState.STUCK]


@pytest.mark.parametrize("failure", [GatewayFailure.THROTTLED, GatewayFailure.STOPPED])
def test_a_channel_that_wants_peace_is_left_alone_and_nothing_is_given_up(
    house: House, door: FlaskClient, facebook: FakeChannel, clock: MovableClock, failure: GatewayFailure
) -> None:
    facebook.look_failures = [GatewayError(failure, "32", retry_after_seconds=600)]
    tell(door, feed(*[comment("edited", number) for number in range(20)], comment("add", 99)))
    assert facebook.looked == 1
    assert [state for _, state, _ in troubles()] == [HintState.WAITING] * 20
    assert texts_of("1_99") == ["Hei"]
    for number in range(20):
        on_page(facebook, f"1_{number}", "Hei")
    clock.advance(seconds=599)
    jobs.work_hints()
    assert facebook.looked == 1
    clock.advance(hours=1)
    jobs.work_hints()
    assert troubles() == []


def test_a_stopped_channel_is_not_asked(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    with Session(db.engine) as session:
        session.execute(update(Channel).values(stopped_reason="190"))
        session.commit()
    tell(door, feed(comment("edited", 7), comment("add", 8)))
    assert facebook.looked == 0
    assert texts_of("1_8") == ["Hei"]


def test_without_a_connection_what_needs_a_look_waits_for_a_person(house: House, door: FlaskClient) -> None:
    house.disconnect()
    tell(door, feed(comment("edited", 7), comment("add", 8)))
    assert troubles() == [("feed/comment/edited", HintState.STUCK, HintTrouble.NOT_CONNECTED)]
    assert texts_of("1_8") == ["Hei"]


def test_what_stands_no_more_is_gone_and_troubles_nobody(house: House, door: FlaskClient) -> None:
    tell(door, feed(comment("add", 7, "Ensin"), comment("edited", 7, "Sitten")))
    assert house.item("1_7").is_gone
    assert troubles() == []


def test_one_hint_that_breaks_us_keeps_no_other_out(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    facebook.look_failures = [RuntimeError("a defect"), RuntimeError("a defect")]  # type: ignore[list-item]  # what nobody foresaw
    tell(door, feed(comment("add", 7), comment("edited", 8), comment("add", 9)))
    assert texts_of("1_7") == ["Hei"]
    assert texts_of("1_9") == ["Hei"]
    assert troubles() == [("feed/comment/edited", HintState.STUCK, HintTrouble.DEFECT)]


def test_a_worker_that_died_is_followed_by_another(house: House, door: FlaskClient, clock: MovableClock) -> None:
    send(door, encoded(feed(comment("add", 7))))
    with Session(db.engine) as session:
        until = datetime(2026, 11, 16, 6, 3, tzinfo=UTC)
        session.add(HintTurn(channel_id=house.channel_id(), lease_key="dead", leased_until=until))
        session.commit()
    jobs.work_hints()
    assert count(Item) == 0
    clock.advance(minutes=4)
    jobs.work_hints()
    assert count(Item) == 1
    assert count(HintTurn) == 0


def test_trying_again_and_setting_aside_are_a_persons_verbs(
    house: House, door: FlaskClient, facebook: FakeChannel
) -> None:
    tell(door, feed(comment("mute", 7)), of_page(changes=[{"field": "leadgen", "value": {}}]))
    first, second = (entry.hint.id for entry in hint_list.listed(0, 10))
    hint_list.try_again(house.tiedottaja, first)
    hint_list.set_aside(house.operator, second)
    jobs.work_hints()
    assert [state for _, state, _ in troubles()] == [HintState.STUCK, HintState.SET_ASIDE]


def test_bodies_are_let_go_of_a_month_after_their_work(house: House, door: FlaskClient, clock: MovableClock) -> None:
    tell(door, feed(comment("add", 7)), feed(comment("mute", 8)), feed(comment("poke", 9)))
    hint_list.set_aside(house.operator, hint_list.listed(0, 10)[1].hint.id)
    clock.advance(days=29)
    assert hint_list.let_go() == 0
    clock.advance(days=2)
    assert hint_list.let_go() == 2
    assert (count(RawEvent), count(UnworkedHint)) == (1, 1)
    assert count(Item) == 1


def test_hints_end_where_a_walk_does(house: House, door: FlaskClient, facebook: FakeChannel) -> None:
    written = on_page(facebook, "1_7", "Hei", created_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))
    tell(door, feed(comment("add", 7, "Hei")))
    before = house.item("1_7")
    take_in(by_channel(house.channel_id()), house.channel_id(), [written])
    after = house.item("1_7")
    assert (before.version, texts_of("1_7")) == (after.version, ["Hei"])


@given(document=DOCUMENTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_well_signed_is_answered_kept_and_either_worked_or_listed(
    house: House, door: FlaskClient, document: Any
) -> None:
    bodies = count(RawEvent)
    assert send(door, json.dumps(document).encode()).status_code == 200
    jobs.work_hints()
    assert count(RawEvent) == bodies + 1
    with Session(db.engine) as session:
        event = session.scalars(select(RawEvent).order_by(RawEvent.id.desc()).limit(1)).one()
        assert event.worked_at is not None
        assert event.done_count == event.hint_count
        defects = session.scalars(select(UnworkedHint.detail).where(UnworkedHint.trouble == HintTrouble.DEFECT)).all()
        assert defects == []
