"""An answer's way from the expert's draft to the tiedottaja's approval, and who may do what on it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, CaseState, ItemKind
from tjs_moderation.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    TjsError,
    TransitionError,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import AnswerRevision, Item
from tjs_moderation.services import answers, options, routing
from tjs_moderation.services.transaction import CONSOLE


def routed(house: House, external_id: str = "c1") -> Item:
    """A question on the expert's desk."""
    item = house.receive(external_id, "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    return house.item(external_id)


def submitted(house: House, writer: int | None = None) -> Item:
    item = routed(house)
    answers.save_draft(writer or house.expert, item.id, "Näin se perustetaan.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    return house.item("c1")


def approve(house: House, item: Item, newest: Item | None = None) -> int:
    answer = house.answer(item.id)
    newest = newest or item
    return answers.approve(house.tiedottaja, answer.id, answer.version, newest.id, newest.text_version)


def test_only_the_expert_whose_desk_it_is_on_and_the_tiedottaja_write(house: House) -> None:
    item = routed(house)
    with pytest.raises(NotFoundError):
        answers.save_draft(house.other_expert, item.id, "Minäkin tiedän.")
    with pytest.raises(NotAllowedError):
        answers.save_draft(house.operator, item.id, "Minäkin tiedän.")
    answers.save_draft(house.expert, item.id, "Näin.")
    answers.save_draft(house.tiedottaja, item.id, "Näin juuri.", house.answer(item.id).version)
    assert house.answer(item.id).revision == 2


def test_an_expert_whose_desk_it_has_left_may_read_but_no_longer_write(house: House) -> None:
    item = routed(house)
    routing.route(house.tiedottaja, item.id, item.version, None, house.other_expert, "Sikke tietää.")
    with pytest.raises(NotAllowedError, match="not_your_desk"):
        answers.save_draft(house.expert, item.id, "Vielä minä.")


def test_an_expert_neither_returns_nor_approves_nor_withdraws(house: House) -> None:
    item = submitted(house)
    answer = house.answer(item.id)
    for verb in (
        lambda: answers.approve(house.expert, answer.id, answer.version, item.id),
        lambda: answers.send_back(house.expert, answer.id, answer.version, "Ei."),
        lambda: answers.withdraw(house.expert, answer.id, answer.version),
    ):
        with pytest.raises(NotAllowedError):
            verb()
    assert house.answer(item.id).state is AnswerState.SUBMITTED


@pytest.mark.parametrize(
    ("text", "code"), [("", "answer_empty"), (" \n\t", "answer_empty"), ("x" * 8001, "answer_too_long")]
)
def test_an_answer_nobody_could_send_is_not_kept(house: House, text: str, code: str) -> None:
    item = routed(house)
    with pytest.raises(InvalidInputError, match=code):
        answers.save_draft(house.expert, item.id, text)


def test_an_answer_to_a_message_is_shorter_than_one_to_a_comment(house: House) -> None:
    item = house.receive("m1", "Kuinka ewc perustetaan?", kind=ItemKind.MESSAGE, conversation_external_id="t1")
    with pytest.raises(InvalidInputError, match="answer_too_long"):
        answers.save_draft(house.tiedottaja, item.id, "x" * 2001)
    answers.save_draft(house.tiedottaja, item.id, "x" * 2000)


def test_every_text_that_was_written_is_kept_and_the_same_text_is_no_revision(house: House) -> None:
    item = routed(house)
    answers.save_draft(house.expert, item.id, "Yksi\x00.")
    answers.save_draft(house.expert, item.id, "Yksi\x00.", house.answer(item.id).version)
    answers.save_draft(house.tiedottaja, item.id, "Kaksi.", house.answer(item.id).version)
    with Session(db.engine) as session:
        found = session.execute(
            select(AnswerRevision.text, AnswerRevision.written_by_id).order_by(AnswerRevision.number)
        )
        assert list(found) == [("Yksi\ufffd.", house.expert), ("Kaksi.", house.tiedottaja)]


def test_the_slower_of_two_writers_learns_who_was_faster(house: House) -> None:
    item = routed(house)
    answers.save_draft(house.expert, item.id, "Näin.")
    version = house.answer(item.id).version
    start = threading.Barrier(2)
    refused: list[TjsError] = []

    def write(who: int, text: str) -> None:
        with house.app.app_context():
            start.wait()
            try:
                answers.save_draft(who, item.id, text, version)
            except TjsError as error:
                refused.append(error)
            finally:
                db.session.remove()

    writers = [
        threading.Thread(target=write, args=args) for args in ((house.expert, "Tai näin."), (house.tiedottaja, "Eikö?"))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    [conflict] = refused
    assert isinstance(conflict, ConflictError)
    assert str(conflict) == "answer_changed"
    assert (conflict.facts["who"] in {"Inka", "Tiina"}, conflict.facts["what"]) == (True, "save_draft")
    assert house.answer(item.id).revision == 2
    check_books()


def test_who_begins_an_answer_where_there_is_one_by_now_is_told(house: House) -> None:
    item = routed(house)
    answers.save_draft(house.expert, item.id, "Näin.")
    with pytest.raises(ConflictError, match="answer_changed"):
        answers.save_draft(house.tiedottaja, item.id, "Aloitan tästä.")


def test_every_move_is_made_on_the_answer_as_it_is_now(house: House) -> None:
    item = submitted(house)
    answer = house.answer(item.id)
    old = answer.version - 1
    for verb in (
        lambda: answers.submit(house.expert, answer.id, old),
        lambda: answers.send_back(house.tiedottaja, answer.id, old, "Ei."),
        lambda: answers.approve(house.tiedottaja, answer.id, old, item.id),
        lambda: answers.stop(house.tiedottaja, answer.id, old),
        lambda: answers.withdraw(house.tiedottaja, answer.id, old),
    ):
        with pytest.raises(ConflictError, match="answer_changed"):
            verb()


def test_an_answer_is_returned_with_a_sentence(house: House) -> None:
    item = submitted(house)
    answer = house.answer(item.id)
    with pytest.raises(InvalidInputError, match="return_needs_why"):
        answers.send_back(house.tiedottaja, answer.id, answer.version, "  ")
    answers.send_back(house.tiedottaja, answer.id, answer.version, " Lyhennä.\x00 ")
    assert house.answer(item.id).state is AnswerState.RETURNED
    assert house.item("c1").state is CaseState.EXPERT


def test_an_approval_is_given_on_the_newest_message_only(house: House) -> None:
    item = submitted(house)
    house.clock.advance(minutes=1)
    newer = house.receive("c2", "Ja kuka sen maksaa?", parent_external_id="c1")
    with pytest.raises(ConflictError, match="newer_message"):
        approve(house, item)
    approve(house, item, newer)
    assert house.answer(item.id).approved_newest_item_id == newer.id


def test_an_approval_is_given_on_the_question_as_it_reads_now(house: House) -> None:
    """It was edited after the page was opened, and before the button was pressed."""
    item = submitted(house)
    edited = house.receive("c1", "Kuinka ewc lopetetaan?")
    with pytest.raises(ConflictError, match="newer_message"):
        approve(house, item)
    approve(house, edited)


def test_with_four_eyes_nobody_approves_their_own_answer(house: House) -> None:
    options.set_four_eyes(CONSOLE, is_on=True)
    item = submitted(house, writer=house.tiedottaja)
    with pytest.raises(NotAllowedError, match="four_eyes"):
        approve(house, item)
    answers.save_draft(house.expert, item.id, "Inkan sanoin.", house.answer(item.id).version)
    approve(house, item)


def test_without_four_eyes_a_small_house_gets_by(house: House) -> None:
    approve(house, submitted(house, writer=house.tiedottaja))


def test_the_hold_back_is_what_the_console_says(house: House) -> None:
    options.set_hold_back(CONSOLE, {ActKind.HIDE: 3600, ActKind.REPLY: 3600})
    item = submitted(house)
    approve(house, item)
    house.wait_and_send(minutes=59)
    assert house.facebook.asked == []
    house.wait_and_send(minutes=2)
    assert len(house.facebook.asked) == 1


def test_an_edit_within_the_hold_back_stops_the_answer(house: House) -> None:
    item = submitted(house)
    approve(house, item)
    answers.save_draft(house.expert, item.id, "Korjattuna näin.", house.answer(item.id).version)
    house.wait_and_send()
    assert house.facebook.asked == []
    assert [act.state for act in house.acts(item.id)] == [ActState.STOPPED]
    assert house.item("c1").state is CaseState.APPROVAL
    approve(house, item)
    house.wait_and_send()
    assert [sent.text for sent in house.facebook.asked] == ["Korjattuna näin."]
    check_books()


def test_a_stopped_answer_waits_and_can_be_approved_again(house: House) -> None:
    item = submitted(house)
    approve(house, item)
    answers.stop(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    house.wait_and_send()
    assert (house.facebook.asked, house.item("c1").state) == ([], CaseState.APPROVAL)
    approve(house, item)
    house.wait_and_send()
    assert len(house.facebook.asked) == 1


def test_what_was_published_is_stopped_or_edited_no_more(house: House) -> None:
    item = submitted(house)
    approve(house, item)
    house.wait_and_send()
    answer = house.answer(item.id)
    with pytest.raises(TransitionError):
        answers.stop(house.tiedottaja, answer.id, answer.version)
    with pytest.raises(ConflictError):
        answers.save_draft(house.tiedottaja, item.id, "Toisin.", answer.version)


def test_an_answer_that_was_given_up_makes_room_for_another(house: House) -> None:
    item = submitted(house)
    answers.withdraw(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    assert (house.answer(item.id).state, house.item("c1").state) == (AnswerState.WITHDRAWN, CaseState.EXPERT)
    answers.save_draft(house.expert, item.id, "Uusi alku.")
    assert (house.answer(item.id).state, house.answer(item.id).revision) == (AnswerState.DRAFT, 1)
    check_books()


def test_a_tiedottaja_who_answers_what_lies_on_no_desk_has_it_on_theirs(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    answers.save_draft(house.tiedottaja, item.id, "Näin.")
    assert (house.item("c1").state, house.item("c1").expert_id) == (CaseState.EXPERT, house.tiedottaja)


def test_a_message_from_nobody_cannot_be_answered(house: House) -> None:
    told = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1", "author_external_id": None}
    item = house.receive("m1", "Kuinka ewc perustetaan?", **told)  # type: ignore[arg-type]  # mixed on purpose
    answers.save_draft(house.tiedottaja, item.id, "Näin.")
    answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    with pytest.raises(TransitionError, match="nobody_to_answer"):
        approve(house, item)
    assert house.answer(item.id).state is AnswerState.SUBMITTED


def test_our_own_comments_are_not_answered(house: House) -> None:
    own = house.receive("o1", "Sivun oma?", is_own=True)
    with pytest.raises(TransitionError, match="not_for_this_item"):
        answers.save_draft(house.tiedottaja, own.id, "Niin.")
