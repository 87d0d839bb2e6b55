"""Answers that only one person reads: to whom they go, until when, how often, how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.leaving import act_of, answered
from tests.support.house import House
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, ItemKind
from tjs_moderation.errors import (
    InvalidInputError,
    TransitionError,
)
from tjs_moderation.services import answers, leaving, publishing

LEASE_AND_A_BIT = publishing.LEASE_SECONDS + 1


def test_an_answer_to_a_private_message_goes_to_the_person(house: House) -> None:
    answered(house, "m1", kind=ItemKind.MESSAGE, conversation_external_id="t1", author_external_id="p9")
    house.wait_and_send()
    [sent] = house.facebook.asked
    assert (sent.kind, sent.target_external_id) == (ActKind.PRIVATE_MESSAGE, "p9")


def test_an_answer_whose_window_closes_before_a_worker_comes_to_it_does_not_leave(house: House) -> None:
    item = answered(
        house,
        "m1",
        kind=ItemKind.MESSAGE,
        conversation_external_id="t1",
        author_external_id="p9",
        created_at=house.clock.now - timedelta(days=7) + timedelta(minutes=10),
    )
    house.clock.advance(minutes=11)
    house.wait_and_send()
    assert house.facebook.asked == []
    assert (act_of(house, item).state, act_of(house, item).detail) == (ActState.REFUSED, leaving.WINDOW_CLOSED)


def test_what_comes_too_late_to_be_answered_privately_is_not_approved(house: House) -> None:
    told = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1", "author_external_id": "p9"}
    with pytest.raises(TransitionError, match="window_closed"):
        answered(house, "m1", created_at=house.clock.now - timedelta(days=8), **told)
    assert house.answer(house.item("m1").id).state is AnswerState.SUBMITTED


def test_an_answer_of_a_person_is_told_from_any_other(house: House) -> None:
    answered(house, "m1", kind=ItemKind.MESSAGE, conversation_external_id="t1", author_external_id="p9")
    house.wait_and_send()
    assert [sent.is_by_person for sent in house.facebook.asked] == [True]


def test_a_comment_is_answered_privately_once_and_for_seven_days(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    for text in ("Laitan viestiä.", "Ja vielä tämä."):
        answers.save_draft(house.tiedottaja, item.id, text)
        answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
        answer = house.answer(item.id)
        if text == "Ja vielä tämä.":
            with pytest.raises(TransitionError, match="replied_privately_before"):
                answers.approve(house.tiedottaja, answer.id, answer.version, item.id, is_private=True)
        else:
            answers.approve(house.tiedottaja, answer.id, answer.version, item.id, is_private=True)
        house.wait_and_send()
    [sent] = house.facebook.asked
    assert (sent.kind, sent.target_external_id) == (ActKind.PRIVATE_MESSAGE, "c1")
    old = house.receive("c2", "Kuinka ewc perustetaan?", created_at=house.clock.now - timedelta(days=8))
    answers.save_draft(house.tiedottaja, old.id, "Näin.")
    answers.submit(house.tiedottaja, house.answer(old.id).id, house.answer(old.id).version)
    late = house.answer(old.id)
    with pytest.raises(TransitionError, match="window_closed"):
        answers.approve(house.tiedottaja, late.id, late.version, old.id, is_private=True)
    answers.approve(house.tiedottaja, late.id, late.version, old.id)


def test_a_private_answer_to_a_comment_has_the_length_of_a_message(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    answers.save_draft(house.tiedottaja, item.id, "a" * 2001)
    answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    answer = house.answer(item.id)
    with pytest.raises(InvalidInputError):
        answers.approve(house.tiedottaja, answer.id, answer.version, item.id, is_private=True)
