"""Earlier answers: the likest first, only what was given, and private messages only to those who may see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import AnswerState, DecisionKind, ItemKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, User
from tjs_moderation.services import answers, casework, earlier_answers, routing
from tjs_moderation.services.earlier_answers import Earlier

PENSION = "Kertyykö määräaikaisesta työstä eläkettä?"
ASKED = "Miten eläkkeet kertyvät määräaikaisissa töissä?"


def answered(house: House, external_id: str, question: str, text: str, *, is_given: bool = True, **told: Any) -> Item:
    item = house.receive(external_id, question, author_external_id=f"by-{external_id}", **told)
    answers.save_draft(house.tiedottaja, item.id, text)
    answers.submit(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version)
    if is_given:
        answers.approve(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, item.id)
    return house.item(external_id)


def similar(house: House, person: int, asked: str = ASKED, item_id: int = 0) -> list[Earlier]:
    jobs.index()
    user = db.session.get_one(User, person)
    found = list(earlier_answers.similar(user, item_id, asked))
    db.session.rollback()
    return found


def test_the_likest_question_comes_first_with_its_answer(house: House) -> None:
    item = answered(house, "c1", PENSION, "Eläkettä kertyy samalla tavalla.")
    answered(house, "c2", "Kertyykö lomaa määräaikaisesta työstä?", "Lomaa kertyy.")
    answered(house, "c3", "Milloin kurssi alkaa?", "Maanantaina.")
    found = similar(house, house.expert)
    assert (found[0].question, found[0].answer) == (PENSION, "Eläkettä kertyy samalla tavalla.")
    assert "Maanantaina." not in {each.answer for each in found}
    assert (found[0].item_id, found[0].state, found[0].is_private) == (item.id, AnswerState.APPROVED, False)


def test_what_was_not_given_is_no_earlier_answer(house: House) -> None:
    item = answered(house, "c1", PENSION, "Kertyy.", is_given=False)
    assert similar(house, house.tiedottaja) == []
    answer = house.answer(item.id)
    answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
    assert [each.answer for each in similar(house, house.tiedottaja)] == ["Kertyy."]
    answers.stop(house.tiedottaja, answer.id, house.answer(item.id).version)
    assert similar(house, house.tiedottaja) == []


def test_an_item_is_not_like_itself_and_equal_answers_are_shown_once(house: House) -> None:
    first = answered(house, "c1", PENSION, "Kertyy.")
    second = answered(house, "c2", ASKED, "Kertyy.")
    assert [each.item_id for each in similar(house, house.tiedottaja, item_id=second.id)] == [first.id]
    assert len(similar(house, house.tiedottaja)) == 1


def test_a_private_message_helps_only_those_who_may_see_it(house: House) -> None:
    told: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"}
    item = answered(house, "m1", PENSION, "Kertyy.", **told)
    answer_id = house.answer(item.id).id
    assert [each.is_private for each in similar(house, house.tiedottaja)] == [True]
    assert similar(house, house.other_expert) == []
    other, tiedottaja = (db.session.get_one(User, person) for person in (house.other_expert, house.tiedottaja))
    assert earlier_answers.text_of(other, answer_id) == ""
    assert earlier_answers.text_of(tiedottaja, answer_id) == "Kertyy."


def test_what_was_answered_privately_under_a_comment_stays_private(house: House) -> None:
    item = answered(house, "c1", PENSION, "Kertyy.", is_given=False)
    answer = house.answer(item.id)
    answers.approve(house.tiedottaja, answer.id, answer.version, item.id, is_private=True)
    assert [each.is_private for each in similar(house, house.tiedottaja)] == [True]
    assert similar(house, house.other_expert) == []


def test_a_question_that_was_hidden_is_not_shown_to_those_who_could_not_see_it(house: House) -> None:
    item = answered(house, "c1", PENSION, "Kertyy.")
    house.wait_and_send()
    item = house.item("c1")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send()
    assert house.item("c1").is_hidden
    assert similar(house, house.other_expert) == []
    assert [each.answer for each in similar(house, house.tiedottaja)] == ["Kertyy."]


@pytest.mark.parametrize("asked", ["", "???", "Moi!", "x" * 9000, "kissa " * 500])
def test_nothing_is_like_a_question_that_says_nothing_we_know(house: House, asked: str) -> None:
    answered(house, "c1", PENSION, "Kertyy.")
    assert similar(house, house.tiedottaja, asked) == []


def test_a_word_everybody_says_costs_no_more_than_a_rare_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier_answers, "READ_OF_A_WORD", 2)
    item = house.receive("c0", "Milloin kurssi alkaa?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe.")
    for number in range(4):
        answered(house, f"c{number + 1}", "Milloin kurssi alkaa?", f"Vastaus {number}.")
    assert [each.answer for each in similar(house, house.expert, "Milloin kurssi alkaa?")] == [
        "Vastaus 3.",
        "Vastaus 2.",
    ]
