"""What waits for a person to do or to see to: done, impossible, unknown, and by whom."""

from __future__ import annotations

import pytest

from tests.services.leaving import act_of, answered, approve, removed
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import ActState, AnswerState, CaseState
from tjs_moderation.errors import (
    GatewayError,
    GatewayFailure,
    OutcomeUnknownError,
    TransitionError,
)
from tjs_moderation.services import answers, publishing, todo

LEASE_AND_A_BIT = publishing.LEASE_SECONDS + 1


def test_on_a_channel_worked_by_hand_an_act_becomes_a_to_do_and_is_marked_done(house: House) -> None:
    item = removed(house, channel_name="kasin")
    house.wait_and_send()
    act = act_of(house, item)
    assert (act.state, house.item("c1").state) == (ActState.BY_HAND, CaseState.GOING_OUT)

    todo.mark_done(house.tiedottaja, act.id)

    assert (act_of(house, item).state, house.item("c1").is_hidden) == (ActState.DONE, True)
    assert house.item("c1").state is CaseState.DONE
    with pytest.raises(TransitionError):
        todo.mark_done(house.tiedottaja, act.id)
    check_books()


def test_an_answer_in_somebodys_hands_is_called_back_where_the_person_has_written_again(house: House) -> None:
    item = answered(house, channel_name="kasin")
    house.wait_and_send()
    assert act_of(house, item).state is ActState.BY_HAND
    house.clock.advance(minutes=1)
    house.receive("c2", "Löysin jo, kiitos!", "kasin", parent_external_id="c1")

    house.wait_and_send(minutes=1)

    assert act_of(house, item).state is ActState.STOPPED
    assert (house.answer(item.id).state, house.item("c1").state) == (AnswerState.SUBMITTED, CaseState.APPROVAL)
    check_books()


def test_what_cannot_be_done_by_hand_is_trouble_until_somebody_sees_to_it(house: House) -> None:
    item = removed(house, channel_name="kasin")
    house.wait_and_send()
    todo.mark_impossible(house.tiedottaja, act_of(house, item).id, "Ei löytynyt.")
    assert (house.item("c1").state, act_of(house, item).detail) == (CaseState.TROUBLE, "Ei löytynyt.")

    todo.see_to(house.tiedottaja, act_of(house, item).id, has_happened=False)

    assert house.item("c1").state is CaseState.DONE
    with pytest.raises(TransitionError):
        todo.see_to(house.tiedottaja, act_of(house, item).id, has_happened=True)
    check_books()


def test_an_unknown_act_is_no_to_do_where_its_channel_has_lost_its_connection(house: House) -> None:
    """It may have happened: nobody is told to do it again."""
    item = removed(house)
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    house.disconnect()
    house.wait_and_send(hours=1)
    assert (act_of(house, item).state, house.item("c1").state) == (ActState.UNKNOWN, CaseState.TROUBLE)


def test_a_refused_answer_can_be_mended_and_is_approved_again(house: House) -> None:
    item = answered(house, text="Liian pitkä.")
    house.facebook.failures.append(GatewayError(GatewayFailure.BAD_REQUEST))
    house.wait_and_send()
    assert house.item("c1").state is CaseState.TROUBLE

    answers.save_draft(house.tiedottaja, item.id, "Lyhyt.", house.answer(item.id).version)
    assert house.item("c1").state is CaseState.APPROVAL
    approve(house, item)
    house.wait_and_send()

    assert [sent.text for sent in house.facebook.asked] == ["Liian pitkä.", "Lyhyt."]
    assert house.answer(item.id).state is AnswerState.PUBLISHED
    check_books()


def test_seeing_that_an_answer_never_left_asks_for_its_approval_again(house: House) -> None:
    item = answered(house)
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    todo.see_to(house.tiedottaja, act_of(house, item).id, has_happened=False)
    assert house.answer(item.id).state is AnswerState.SUBMITTED
    for _ in range(3):
        house.wait_and_send(hours=3)
    assert len(house.facebook.asked) == 1


def test_seeing_that_an_answer_did_leave_publishes_it(house: House) -> None:
    item = answered(house)
    house.facebook.is_losing_answers = True
    house.facebook.failures.append(OutcomeUnknownError("no answer"))
    house.wait_and_send()
    todo.see_to(house.tiedottaja, act_of(house, item).id, has_happened=True)
    assert (house.answer(item.id).state, house.item("c1").state) == (AnswerState.PUBLISHED, CaseState.DONE)
    house.wait_and_send(hours=3)
    assert len(house.facebook.asked) == 1


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_a_tiedottaja_works_the_outbox(house: House, who: str) -> None:
    item = removed(house, channel_name="kasin")
    house.wait_and_send()
    with pytest.raises(Exception, match="work_outbox"):
        todo.mark_done(getattr(house, who), act_of(house, item).id)
    assert act_of(house, item).state is ActState.BY_HAND
