"""One comment from import to published answer, and one insult from import to hidden. Newcomers read this first."""

from __future__ import annotations

from tests.support.house import House
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, CaseState, DecisionKind, Outcome
from tjs_moderation.services import answers, audit, casework, routing


def test_a_question_is_routed_drafted_returned_mended_approved_and_published(house: House) -> None:
    question = house.receive("c1", "Kuinka ewc perustetaan?")
    assert (question.state, question.is_question) == (CaseState.QUESTION, True)

    routing.route(house.tiedottaja, question.id, question.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    assert house.item("c1").state is CaseState.EXPERT

    answer_id = answers.save_draft(house.expert, question.id, "Neuvottelukunta perustetaan pyynnöstä.")
    answers.submit(house.expert, answer_id, house.answer(question.id).version)
    assert house.item("c1").state is CaseState.APPROVAL

    answers.send_back(house.tiedottaja, answer_id, house.answer(question.id).version, "Kerro vielä, kuka pyytää.")
    draft = house.answer(question.id)
    answers.save_draft(house.expert, question.id, "Perustetaan sadan työntekijän pyynnöstä.", draft.version)
    answers.submit(house.expert, answer_id, house.answer(question.id).version)
    answers.approve(house.tiedottaja, answer_id, house.answer(question.id).version, question.id)
    assert house.item("c1").state is CaseState.GOING_OUT
    assert house.facebook.asked == []

    house.wait_and_send()

    [sent] = house.facebook.asked
    assert (sent.kind, sent.target_external_id, sent.text) == (
        ActKind.REPLY,
        "c1",
        "Perustetaan sadan työntekijän pyynnöstä.",
    )
    assert house.answer(question.id).state is AnswerState.PUBLISHED
    assert house.item("c1").state is CaseState.DONE
    channel, tiedottaja = f"channel:{house.channel_id()}", f"user:{house.tiedottaja}"
    expert = f"user:{house.expert}"
    assert house.trail(question.id) == [
        (channel, "take_in"),
        ("console", "assess"),
        (tiedottaja, "route"),
        (expert, "save_draft"),
        (expert, "submit"),
        (tiedottaja, "send_back"),
        (expert, "save_draft"),
        (expert, "submit"),
        (tiedottaja, "approve"),
        (channel, "reply_done"),
    ]
    assert audit.verify().is_whole


def test_an_insult_is_proposed_for_removal_and_hidden_after_the_hold_back(house: House) -> None:
    insult = house.receive("c2", "Olet idiootti.")
    assert (insult.state, insult.outcome) == (CaseState.REMOVAL, Outcome.REMOVE)

    casework.decide(house.tiedottaja, insult.id, insult.version, DecisionKind.REMOVE, "insulting", "Suora solvaus.")
    assert house.item("c2").state is CaseState.GOING_OUT
    house.wait_and_send(minutes=1)
    assert house.facebook.asked == []

    house.wait_and_send()

    [act] = house.acts(insult.id)
    assert (act.kind, act.state) == (ActKind.HIDE, ActState.DONE)
    assert [(sent.kind, sent.target_external_id) for sent in house.facebook.asked] == [(ActKind.HIDE, "c2")]
    assert house.item("c2").is_hidden
    assert house.item("c2").state is CaseState.DONE
    assert house.trail(insult.id) == [
        (f"channel:{house.channel_id()}", "take_in"),
        ("console", "assess"),
        (f"user:{house.tiedottaja}", "remove"),
        (f"channel:{house.channel_id()}", "hide_done"),
    ]
    assert audit.verify().is_whole
