"""What people decide: on one sight of an item, with a reason, reversibly; the slower of two learns who was faster."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.queries import queries_of
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ActKind, ActState, CaseState, DecisionKind, ItemKind, Role
from tjs_moderation.errors import (
    ConflictError,
    GatewayError,
    GatewayFailure,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    OutcomeUnknownError,
    TjsError,
    TransitionError,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import Decision, DecisionReason, Item
from tjs_moderation.services import answers, casework, people
from tjs_moderation.services.transaction import CONSOLE

REMOVE, KEEP, DELETE = DecisionKind.REMOVE, DecisionKind.KEEP, DecisionKind.DELETE


def decide(
    house: House, kind: DecisionKind, reason: str | None = None, external_id: str = "c1", words: str = ""
) -> int:
    item = house.item(external_id)
    return casework.decide(house.tiedottaja, item.id, item.version, kind, reason, words)


def take_back(house: House, decision_id: int, external_id: str = "c1") -> int:
    return casework.take_back(house.tiedottaja, decision_id, house.item(external_id).version)


def insult(house: House) -> Item:
    return house.receive("c1", "Olet idiootti.")


def hidden_insult(house: House) -> int:
    insult(house)
    decision = decide(house, REMOVE, "insulting")
    house.wait_and_send()
    assert house.item("c1").is_hidden
    return decision


def at_once(house: House, *verbs: Callable[[], object]) -> list[object]:
    """What came of each of `verbs`, begun at the same moment: what it gave, or its error."""
    start = threading.Barrier(len(verbs))
    ends: list[object] = [None] * len(verbs)

    def do(number: int) -> None:
        with house.app.app_context():
            start.wait()
            try:
                ends[number] = verbs[number]()
            except TjsError as error:
                ends[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_the_slower_of_two_learns_who_was_faster_with_what(house: House) -> None:
    other = people.add_user(CONSOLE, "Toini", "toini@tjs.example", Role.TIEDOTTAJA, password="toinen-salainen-sana")[0]
    item = insult(house)
    ends = at_once(
        house,
        lambda: casework.decide(house.tiedottaja, item.id, item.version, REMOVE, "insulting"),
        lambda: casework.decide(other, item.id, item.version, KEEP),
    )
    [conflict] = [end for end in ends if isinstance(end, ConflictError)]
    won_by_first = isinstance(ends[0], int)
    assert (conflict.facts["who"], conflict.facts["what"]) == (
        ("Tiina", "remove") if won_by_first else ("Toini", "keep")
    )
    assert conflict.facts["at"] == house.clock.now
    assert len([end for end in ends if isinstance(end, int)]) == 1
    check_books()


def test_a_decision_on_an_old_sight_of_an_item_is_refused(house: House) -> None:
    item = insult(house)
    house.receive("c1", "Olet idiootti!!!")
    with pytest.raises(ConflictError) as caught:
        casework.decide(house.tiedottaja, item.id, item.version, REMOVE, "insulting")
    assert caught.value.facts["who"] == "console"


def test_the_database_itself_refuses_two_decisions_on_one_sight(house: House) -> None:
    insult(house)
    decision_id = decide(house, REMOVE, "insulting")
    with Session(db.engine) as session:
        values = dict(session.execute(select(Decision.__table__).where(Decision.id == decision_id)).mappings().one())
        del values["id"]
        session.add(Decision(**values))
        with pytest.raises(IntegrityError):
            session.commit()


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        (REMOVE, None, "removal_needs_reason"),
        (REMOVE, "", "removal_needs_reason"),
        (REMOVE, "criticism", "unknown_reason"),
        (REMOVE, "nothing like it", "unknown_reason"),
        (REMOVE, "insulting\x00", "unknown_reason"),
        (KEEP, "insulting", "unknown_reason"),
    ],
)
def test_a_removal_needs_a_reason_from_the_list(
    house: House, kind: DecisionKind, reason: str | None, code: str
) -> None:
    insult(house)
    with pytest.raises(InvalidInputError, match=code):
        decide(house, kind, reason)
    assert house.item("c1").state is CaseState.REMOVAL


def test_a_reason_that_is_no_longer_in_use_cannot_be_chosen(house: House) -> None:
    insult(house)
    with Session(db.engine) as session:
        session.scalars(select(DecisionReason).where(DecisionReason.code == "insulting")).one().is_active = False
        session.commit()
    with pytest.raises(InvalidInputError, match="unknown_reason"):
        decide(house, REMOVE, "insulting")


def test_words_of_ones_own_are_kept_in_characters_a_database_can_hold(house: House) -> None:
    insult(house)
    decision_id = decide(house, REMOVE, "insulting", words=" Suora\x00 solvaus. ")
    with Session(db.engine) as session:
        assert session.get_one(Decision, decision_id).words == "Suora\ufffd solvaus."


def test_a_decision_keeps_what_it_was_made_on(house: House) -> None:
    insult(house)
    house.receive("c1", "Olet todella idiootti.")
    with Session(db.engine) as session:
        decision = session.get_one(Decision, decide(house, REMOVE, "insulting"))
        assert (decision.text_version, decision.rule_set_id is not None) == (2, True)
        assert decision.assessment_id is not None


def test_deciding_and_taking_back_ask_little_of_the_database(app: Flask, house: House) -> None:
    item = insult(house)

    def cost(verb: Callable[[], int]) -> tuple[int, list[str]]:
        with queries_of(app) as asked:
            return verb(), asked

    me = house.tiedottaja
    kept, keeping = cost(partial(casework.decide, me, item.id, item.version, KEEP))
    _, undoing = cost(partial(casework.take_back, me, kept, house.item("c1").version))
    _, removing = cost(partial(casework.decide, me, item.id, house.item("c1").version, REMOVE, "insulting"))
    assert len(keeping) <= 15, keeping
    assert len(undoing) <= 15, undoing
    assert len(removing) <= 21, removing
    check_books()


def test_hiding_comes_before_deleting(house: House) -> None:
    insult(house)
    with pytest.raises(TransitionError, match="hide_before_delete"):
        decide(house, DELETE, "insulting")
    decide(house, REMOVE, "insulting")
    with pytest.raises(TransitionError, match="hide_before_delete"):
        decide(house, DELETE, "insulting")
    house.wait_and_send()
    decide(house, DELETE, "insulting")
    house.wait_and_send()
    assert house.facebook.deleted == {"c1"}
    assert (house.item("c1").is_gone, house.item("c1").state) == (True, CaseState.DONE)
    with pytest.raises(TransitionError, match="hide_before_delete"):
        decide(house, DELETE, "insulting")


def test_what_others_hid_is_not_deleted_without_a_removal_of_ours(house: House) -> None:
    house.receive("c1", "Olet idiootti.", is_hidden=True)
    with pytest.raises(TransitionError, match="hide_before_delete"):
        decide(house, DELETE, "insulting")


def test_a_removal_within_the_hold_back_is_taken_back_and_never_leaves(house: House) -> None:
    insult(house)
    take_back(house, decide(house, REMOVE, "insulting"))
    house.wait_and_send()
    assert house.facebook.asked == []
    assert house.item("c1").state is CaseState.REMOVAL
    check_books()


def test_what_was_hidden_is_shown_again_at_once_when_the_removal_is_taken_back(house: House) -> None:
    take_back(house, hidden_insult(house))
    jobs.send()
    assert (house.facebook.hidden, house.item("c1").is_hidden) == (set(), False)
    assert house.item("c1").state is CaseState.REMOVAL
    check_books()


def test_a_removal_that_was_refused_is_taken_back_and_troubles_nobody(house: House) -> None:
    insult(house)
    decision = decide(house, REMOVE, "insulting")
    house.facebook.failures.append(GatewayError(GatewayFailure.PERMISSION))
    house.wait_and_send()
    take_back(house, decision)
    house.wait_and_send(hours=2)
    assert (house.item("c1").state, len(house.facebook.asked)) == (CaseState.REMOVAL, 1)


def test_a_removal_nobody_knows_the_end_of_is_not_taken_back_before_it_is_known(house: House) -> None:
    insult(house)
    decision = decide(house, REMOVE, "insulting")
    house.facebook.is_losing_answers = True
    house.facebook.failures.append(OutcomeUnknownError("lost"))
    house.wait_and_send()
    with pytest.raises(TransitionError, match="act_under_way"):
        take_back(house, decision)
    house.wait_and_send(hours=1)
    take_back(house, decision)
    jobs.send()
    assert house.facebook.hidden == set()


def test_a_deletion_is_taken_back_until_it_has_happened(house: House) -> None:
    hidden_insult(house)
    take_back(house, decide(house, DELETE, "insulting"))
    assert house.item("c1").state is CaseState.DONE
    deletion = decide(house, DELETE, "insulting")
    house.wait_and_send()
    with pytest.raises(TransitionError, match="deleted_for_good"):
        take_back(house, deletion)
    assert house.facebook.deleted == {"c1"}


def test_only_the_last_decision_is_taken_back_and_only_once(house: House) -> None:
    removal = hidden_insult(house)
    deletion = decide(house, DELETE, "insulting")
    with pytest.raises(TransitionError, match="not_the_last_decision"):
        take_back(house, removal)
    event = take_back(house, deletion)
    with pytest.raises(TransitionError, match="not_the_last_decision"):
        take_back(house, deletion)
    with pytest.raises(NotFoundError):
        take_back(house, event)


def test_what_is_removed_again_before_it_was_shown_stays_hidden(house: House) -> None:
    take_back(house, hidden_insult(house))
    again = decide(house, REMOVE, "insulting")
    house.wait_and_send()
    assert (house.facebook.hidden, house.item("c1").is_hidden) == ({"c1"}, True)
    assert [(act.kind, act.state) for act in house.acts(house.item("c1").id)] == [
        (ActKind.HIDE, ActState.DONE),
        (ActKind.UNHIDE, ActState.STOPPED),
    ]
    take_back(house, again)
    jobs.send()
    assert house.facebook.hidden == set()
    check_books()


def test_what_somebody_else_hid_is_not_shown_when_our_removal_is_taken_back(house: House) -> None:
    house.receive("c1", "Olet idiootti.", is_hidden=True)
    take_back(house, decide(house, REMOVE, "insulting"))
    house.wait_and_send()
    assert house.facebook.asked == []


def test_a_comment_the_channel_does_not_let_us_hide_is_not_decided_away(house: House) -> None:
    house.receive("c1", "Olet idiootti.", can_hide=False)
    with pytest.raises(TransitionError, match="channel_cannot_hide"):
        decide(house, REMOVE, "insulting")


def test_a_private_message_is_removed_from_our_desk_alone(house: House) -> None:
    house.receive("m1", "Olet idiootti.", kind=ItemKind.MESSAGE, conversation_external_id="t1")
    decide(house, REMOVE, "insulting", "m1")
    house.wait_and_send()
    assert (house.item("m1").state, house.facebook.asked) == (CaseState.DONE, [])


def test_a_removed_item_is_decided_no_further_before_that_is_taken_back(house: House) -> None:
    hidden_insult(house)
    for kind, reason in ((KEEP, None), (DecisionKind.NO_ANSWER, None), (REMOVE, "insulting")):
        with pytest.raises(TransitionError, match="take_back_first"):
            decide(house, kind, reason)


def test_nothing_is_decided_about_our_own_comments(house: House) -> None:
    house.receive("o1", "Sivun oma.", is_own=True)
    for kind in (KEEP, REMOVE):
        with pytest.raises(TransitionError, match="not_for_this_item"):
            decide(house, kind, "insulting" if kind is REMOVE else None, "o1")


def test_what_is_being_answered_is_not_removed_and_what_is_removed_is_not_answered(house: House) -> None:
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    answers.save_draft(house.tiedottaja, item.id, "Näin.")
    answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    decision = decide(house, REMOVE, "other_removal")
    answer = house.answer(item.id)
    with pytest.raises(TransitionError, match="take_back_first"):
        answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
    take_back(house, decision)
    answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
    with pytest.raises(TransitionError, match="answer_on_its_way"):
        decide(house, REMOVE, "other_removal")
    check_books()


def test_a_question_closed_without_an_answer_opens_again_with_a_new_text(house: House) -> None:
    house.receive("c1", "Kuinka ewc perustetaan?")
    decide(house, DecisionKind.NO_ANSWER)
    assert house.item("c1").state is CaseState.DONE
    assert house.receive("c1", "Kuinka ewc lopetetaan?").state is CaseState.QUESTION


@pytest.mark.parametrize("who", ["expert", "operator"])
def test_only_a_tiedottaja_decides(house: House, who: str) -> None:
    item = insult(house)
    with pytest.raises(NotAllowedError):
        casework.decide(getattr(house, who), item.id, item.version, KEEP)


def test_somebody_whose_sign_in_was_closed_decides_nothing(house: House) -> None:
    item = insult(house)
    people.set_active(CONSOLE, house.tiedottaja, False)
    with pytest.raises(NotAllowedError):
        casework.decide(house.tiedottaja, item.id, item.version, KEEP)


def test_a_claim_tells_the_next_who_has_it_and_runs_out(house: House) -> None:
    other = people.add_user(CONSOLE, "Toini", "toini@tjs.example", Role.TIEDOTTAJA, password="toinen-salainen-sana")[0]
    item = insult(house)
    assert casework.claim(house.tiedottaja, item.id) is None
    assert casework.claim(house.tiedottaja, item.id) is None
    assert casework.claim(other, item.id) == "Tiina"
    house.clock.advance(seconds=casework.CLAIM_SECONDS)
    assert casework.claim(other, item.id) is None
    assert casework.claim(house.tiedottaja, item.id) == "Toini"
    assert house.item("c1").version == item.version


def test_two_who_open_an_item_at_once_cannot_both_have_claimed_it(house: House) -> None:
    other = people.add_user(CONSOLE, "Toini", "toini@tjs.example", Role.TIEDOTTAJA, password="toinen-salainen-sana")[0]
    item = insult(house)
    ends = at_once(house, lambda: casework.claim(house.tiedottaja, item.id), lambda: casework.claim(other, item.id))
    assert sorted(map(str, ends)) in (["None", "Tiina"], ["None", "Toini"])
