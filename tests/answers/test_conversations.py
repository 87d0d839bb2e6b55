"""A private conversation is one talk: answered as a whole, by one at a time, and seen by those who must."""

from __future__ import annotations

from typing import Any

import pytest

from tests.answers.conftest import QUESTION, Desk
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import CaseState, ItemKind, NoticeKind
from tjs_moderation.errors import NotFoundError, TransitionError
from tjs_moderation.services import answers, drafts, notes, people, routing
from tjs_moderation.services.transaction import CONSOLE


def test_one_answer_answers_every_message_that_stood_there(desk: Desk) -> None:
    house = desk.house
    desk.message("m0", "Hei!")
    house.clock.advance(minutes=1)
    item = desk.ask_privately("m1")
    house.clock.advance(minutes=1)
    desk.message("m2", "Ja montako meitä pitää olla?")
    assert house.item("m2").expert_id == house.expert
    desk.publish(item)
    assert {house.item(name).state for name in ("m0", "m1", "m2")} == {CaseState.DONE}
    assert house.trail(house.item("m2").id)[-1] == (f"channel:{house.channel_id()}", "private_message_done")
    check_books()


def test_a_conversation_is_answered_once_at_a_time(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately("m1")
    other = desk.message("m2", "Hei, vielä yksi?")
    desk.write(item, "Näin.")
    with pytest.raises(TransitionError, match="conversation_is_being_answered"):
        answers.save_draft(house.tiedottaja, other.id, "Minäkin.")
    answers.withdraw(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    answers.save_draft(house.tiedottaja, other.id, "Nyt minä.")


def test_a_thread_that_goes_on_after_its_answer_comes_back_to_the_same_expert(desk: Desk) -> None:
    house, item = desk.house, desk.ask("c1")
    desk.publish(item)
    house.clock.advance(hours=1)
    house.receive("c2", "Ja kuka sen maksaa?", parent_external_id="c1")
    follow_up = house.item("c2")
    assert (follow_up.state, follow_up.expert_id) == (CaseState.EXPERT, house.expert)
    assert house.trail(follow_up.id)[-1] == ("console", "follow_up")
    assert desk.told(house.expert, NoticeKind.REOPENED) == [follow_up.id]
    check_books()


@pytest.mark.parametrize(
    ("text", "told", "state"),
    [
        ("Ja kuka sen maksaa?", {"author_external_id": "p2"}, CaseState.QUESTION),  # somebody else
        ("Ja kuka sen maksaa?", {"parent_external_id": None}, CaseState.QUESTION),  # another thread
        ("Selvä homma.", {}, CaseState.READ),
        ("Olet idiootti, etkö tiedä?", {}, CaseState.REMOVAL),
        ("hmm, enpä tiedä?", {}, CaseState.WEIGH),
    ],
)
def test_what_is_no_continuation_or_has_to_be_looked_at_goes_to_the_tiedottaja(
    desk: Desk, text: str, told: dict[str, str], state: CaseState
) -> None:
    house = desk.house
    desk.publish(desk.ask("c1"))
    house.clock.advance(hours=1)
    house.receive("c2", text, **({"parent_external_id": "c1"} | told))
    assert (house.item("c2").state, house.item("c2").expert_id) == (state, None)


def test_what_goes_on_with_somebody_who_has_left_waits_for_the_tiedottaja(desk: Desk) -> None:
    house = desk.house
    desk.publish(desk.ask("c1"))
    people.set_active(CONSOLE, house.expert, is_active=False)
    house.clock.advance(hours=1)
    house.receive("c2", QUESTION, parent_external_id="c1")
    jobs.assess()
    assert (house.item("c2").state, house.item("c2").expert_id) == (CaseState.QUESTION, None)


def test_what_a_tiedottaja_has_taken_back_is_not_given_to_the_expert_again(desk: Desk) -> None:
    house = desk.house
    desk.publish(desk.ask("c1"))
    house.clock.advance(hours=1)
    house.receive("c2", QUESTION, parent_external_id="c1")
    routing.recall(house.tiedottaja, house.item("c2").id, house.item("c2").version, "Vastaan itse.")
    jobs.assess()
    assert house.item("c2").state is CaseState.QUESTION


def test_a_private_message_is_out_of_sight_once_it_lies_on_another_desk(desk: Desk) -> None:
    house = desk.house
    comment, message = desk.ask("c1"), desk.ask_privately("m1")
    for item in (comment, message):
        version = house.item(item.external_id).version
        routing.route(house.tiedottaja, item.id, version, None, house.other_expert, "Sikke tietää.")
    notes.write_note(house.expert, comment.id, "Tämän näen vielä.")
    with pytest.raises(NotFoundError):
        notes.write_note(house.expert, message.id, "Tätä en.")


def test_who_answered_a_private_message_still_sees_what_they_answered(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately("m1")
    desk.publish(item)
    desk.ask("c1", expert=house.other_expert)
    assert notes.write_note(house.expert, item.id, "Tämä meni.")


def test_who_is_named_in_a_note_sees_that_item_from_then_on_and_is_told(desk: Desk) -> None:
    house, item = desk.house, desk.ask_privately("m1")
    other = desk.ask("c1")
    with pytest.raises(NotFoundError):
        drafts.keep(house.other_expert, item.id, "En näe.", 0)
    notes.write_note(house.expert, item.id, "Tiedätkö tästä, @sikke?")
    assert desk.told(house.other_expert, NoticeKind.MENTIONED) == [item.id]
    assert notes.write_note(house.other_expert, item.id, "Tiedän.")
    with pytest.raises(NotFoundError):
        notes.write_note(house.other_expert, other.id, "Tätä en näe.")


def test_a_conversation_without_a_name_is_no_conversation(desk: Desk) -> None:
    house = desk.house
    told: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": None}
    first, second = (house.receive(name, QUESTION, **told) for name in ("m1", "m2"))
    for item in (first, second):
        answers.save_draft(house.tiedottaja, item.id, "Näin.")
