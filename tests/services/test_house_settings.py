"""What the house has agreed on: topics, reasons and settings change provably, one verb at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.rulebook.topic_text import TopicWords
from tjs_moderation.domain.vocabulary import ActKind, DecisionKind
from tjs_moderation.domain.wording import Wording
from tjs_moderation.domain.working_time import OfficeHours
from tjs_moderation.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    TransitionError,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, DecisionReason
from tjs_moderation.services import (
    audit,
    casework,
    changes,
    first_steps,
    options,
    people,
    reasons,
    routing,
    rules,
    topics,
)
from tjs_moderation.services.first_steps import Step
from tjs_moderation.services.options import Languages
from tjs_moderation.services.topics import Draft
from tjs_moderation.services.transaction import CONSOLE, look_anew, user

PAY = Draft("Palkkaus", TopicWords(("palkka",), ("palkkaus",), ("Mistä näen palkkani?",)))


def last_entry() -> tuple[str, dict[str, Any]]:
    with Session(db.engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    return entry.verb, json.loads(entry.body)


def sheet(topic_id: int) -> topics.Sheet:
    look_anew()
    return topics.sheet(topic_id)


def known_topics() -> dict[str, tuple[str, ...]]:
    """The topics as the judge reads them from the rule set in force."""
    look_anew()
    return {topic.code: topic.examples for topic in parse_rule_set(rules.live_rules().text).topics}


def test_a_topic_added_here_is_one_the_judge_knows_and_questions_are_routed_by(house: House, session: Session) -> None:
    draft = replace(PAY, experts=frozenset({house.expert}))
    topic_id = topics.add_topic(user(house.tiedottaja), "palkkaus", draft)
    assert known_topics()["palkkaus"] == ("Mistä näen palkkani?",)
    assert "patkatyot" in known_topics()
    verb, body = last_entry()
    assert (verb, body["code"], body["after"]["examples"]) == ("add_topic", "palkkaus", ["Mistä näen palkkani?"])
    assert body["rules"] == rules.live_rules().number == 2
    proposal = routing.proposal_for(session, [TopicScore("palkkaus", 0.9)])
    assert (proposal.topic_id, proposal.expert and proposal.expert.id) == (topic_id, house.expert)
    assert sheet(topic_id).draft == draft


def test_changing_words_puts_them_in_force_and_keeps_what_was(house: House) -> None:
    topic_id = house.topic_id("ewc")
    before = sheet(topic_id)
    assert before.words is not None
    words = replace(before.words, hints=before.words.hints[1:], examples=("Mikä on EWC?",))
    draft = replace(before.draft, words=words)
    assert topics.change_topic(user(house.tiedottaja), topic_id, draft, before.number, before.rules)
    assert known_topics()["ewc"] == ("Mikä on EWC?",)
    verb, body = last_entry()
    assert verb == "change_topic"
    assert body["before"] == {"hints": [before.words.hints[0]], "examples": []}
    assert body["after"] == {"hints": [], "examples": ["Mikä on EWC?"]}
    assert body["sha256"] == rules.live_rules().text_hash
    entries = audit.verify().entries
    assert not topics.change_topic(user(house.tiedottaja), topic_id, sheet(topic_id).draft)
    assert (rules.live_rules().number, audit.verify().entries) == (2, entries)


def test_a_topic_out_of_use_is_neither_known_nor_chosen_and_comes_back_whole(house: House, session: Session) -> None:
    topic_id, item = house.topic_id("ewc"), house.receive("c1", "Kuinka ewc perustetaan?")
    before = sheet(topic_id).draft
    topics.set_topic_in_use(user(house.tiedottaja), topic_id, is_active=False)
    assert "ewc" not in known_topics()
    assert "ewc" not in {topic.slug for topic in people.topics()}
    assert routing.proposal_for(session, [TopicScore("ewc", 0.9)]).topic_id is None
    with pytest.raises(InvalidInputError, match="unknown_topic"):
        routing.route(house.tiedottaja, item.id, item.version, topic_id, house.expert, "Aihe on EWC.")
    topics.set_topic_in_use(user(house.tiedottaja), topic_id, is_active=True)
    assert "ewc" in known_topics()
    assert sheet(topic_id).draft == before


def test_the_slower_of_two_is_told_what_the_other_changed(house: House) -> None:
    topic_id = house.topic_id("ewc")
    seen = sheet(topic_id)
    was, theirs, mine = seen.draft, replace(seen.draft, name="Eurooppa"), replace(seen.draft, is_open_to_all=True)
    topics.change_topic(user(house.tiedottaja), topic_id, theirs, seen.number, seen.rules)
    with pytest.raises(ConflictError) as refused:
        topics.change_topic(user(house.tiedottaja), topic_id, mine, seen.number, seen.rules)
    assert refused.value.facts["who"] == "Tiina"
    look_anew()
    [change] = changes.changes_of(db.session(), topics.subject_of(topic_id), after=seen.number)
    assert (change.before, change.after) == ({"name": was.name}, {"name": "Eurooppa"})


def test_words_changed_in_the_text_of_the_rules_are_not_overwritten_unseen(house: House) -> None:
    topic_id = house.topic_id("ewc")
    seen = sheet(topic_id)
    text = rules.live_rules().text.replace("aihe ewc\n", 'aihe ewc\n  esimerkki "Mikä on EWC?"\n')
    rules.publish_rules(user(house.tiedottaja), text, "Esimerkki")
    with pytest.raises(ConflictError):
        topics.change_topic(user(house.tiedottaja), topic_id, seen.draft, seen.number, seen.rules)
    assert known_topics()["ewc"] == ("Mikä on EWC?",)


@pytest.mark.parametrize(
    ("code", "draft", "error"),
    [
        ("Palkka", PAY, "topic_code"),
        ("ewc", PAY, "topic_code_in_use"),
        ("palkkaus", replace(PAY, name="  "), "topic_name"),
        ("palkkaus", replace(PAY, words=TopicWords()), "topic_words_missing"),
        ("palkkaus", replace(PAY, experts=frozenset({987})), "unknown_expert"),
    ],
)
def test_a_topic_that_cannot_be_is_refused_and_nothing_is_kept(
    house: House, code: str, draft: Draft, error: str
) -> None:
    with pytest.raises((InvalidInputError, ConflictError), match=error):
        topics.add_topic(user(house.tiedottaja), code, draft)
    assert rules.live_rules().number == 1


def test_a_reason_is_worded_in_three_languages_and_chosen_until_it_is_out_of_use(house: House) -> None:
    words = Wording("Loukkaa tekijänoikeutta", "Bryter mot upphovsrätten", "Breaks copyright")
    reason_id = reasons.add_reason(user(house.tiedottaja), "copyright", words, for_removal=True)
    listed = [seen.reason.code for seen in reasons.all_reasons() if seen.reason.for_removal]
    assert listed[-2:] == ["copyright", "other_removal"]
    first, second = (house.receive(f"c{number}", "Olet idiootti.") for number in (1, 2))
    casework.decide(house.tiedottaja, first.id, first.version, DecisionKind.REMOVE, "copyright")
    reasons.change_reason(user(house.tiedottaja), reason_id, replace(words, fi="Rikkoo tekijänoikeutta"))
    assert last_entry()[1]["before"] == {"fi": "Loukkaa tekijänoikeutta"}
    reasons.set_reason_in_use(user(house.tiedottaja), reason_id, is_active=False)
    with pytest.raises(InvalidInputError, match="unknown_reason"):
        casework.decide(house.tiedottaja, second.id, second.version, DecisionKind.REMOVE, "copyright")
    with Session(db.engine) as session:
        assert session.get_one(DecisionReason, reason_id).label == "Rikkoo tekijänoikeutta"


def test_the_last_reason_for_a_removal_stays_in_use(house: House) -> None:
    *others, last = [seen.reason.id for seen in reasons.all_reasons() if seen.reason.for_removal]
    for reason_id in others:
        reasons.set_reason_in_use(CONSOLE, reason_id, is_active=False)
    with pytest.raises(TransitionError, match="last_reason"):
        reasons.set_reason_in_use(CONSOLE, last, is_active=False)


def test_a_new_install_has_its_reasons_in_every_language(house: House) -> None:
    assert all(seen.reason.label_sv and seen.reason.label_en for seen in reasons.all_reasons())


def test_each_kind_of_act_waits_as_long_as_was_set_for_it(house: House) -> None:
    options.set_hold_back(user(house.operator), {ActKind.HIDE: 60})
    item = house.receive("c1", "Olet idiootti.")
    casework.decide(house.tiedottaja, item.id, item.version, DecisionKind.REMOVE, "insulting")
    house.wait_and_send(seconds=59)
    assert house.facebook.asked == []
    house.wait_and_send(seconds=2)
    assert [act.kind for act in house.facebook.asked] == [ActKind.HIDE]
    assert options.hold_back(db.session())[ActKind.REPLY] == 300


def test_what_the_environment_has_fixed_the_console_does_not_change(house: House) -> None:
    wired = house.app.extensions["tjs_ports"]
    given = frozenset({"TJS_HOLD_BACK_SECONDS", "TJS_LOCALE", "TJS_BULK_CAP"})
    fixed = wired.settings.with_changes(hold_back_seconds=20, given=given)
    options.set_hold_back(CONSOLE, {ActKind.HIDE: 900})
    house.app.extensions["tjs_ports"] = replace(wired, settings=fixed)
    assert set(options.hold_back(db.session()).values()) == {20}
    with pytest.raises(TransitionError, match="fixed_by_environment"):
        options.set_hold_back(CONSOLE, {ActKind.HIDE: 60})
    with pytest.raises(TransitionError, match="fixed_by_environment"):
        options.set_languages(CONSOLE, Languages("sv", ("fi",)))
    assert options.set_languages(CONSOLE, Languages("fi", ("fi",)))
    with pytest.raises(TransitionError, match="fixed_by_environment"):
        options.set_bulk_cap(CONSOLE, 7)


FORBIDDEN: dict[str, Callable[[House], object]] = {
    "four eyes": lambda house: options.set_four_eyes(user(house.tiedottaja), is_on=True),
    "hold-back": lambda house: options.set_hold_back(user(house.tiedottaja), {ActKind.HIDE: 1}),
    "office hours": lambda house: options.set_office_hours(user(house.tiedottaja), OfficeHours()),
    "bulk cap": lambda house: options.set_bulk_cap(user(house.tiedottaja), 5),
    "languages": lambda house: options.set_languages(user(house.tiedottaja), Languages("fi")),
    "automatic": lambda house: options.set_automatic(user(house.operator), is_on=True),
    "topic": lambda house: topics.add_topic(user(house.operator), "palkkaus", PAY),
    "reason": lambda house: reasons.add_reason(user(house.operator), "uusi", Wording("Uusi"), for_removal=True),
    "rules": lambda house: first_steps.accept_rules(house.operator),
    "first steps": lambda house: first_steps.close_first_steps(house.expert),
}
"""What the wrong person tries."""


def test_words_are_for_the_tiedottaja_and_the_machine_for_the_operator(house: House) -> None:
    before = audit.verify().entries
    for verb in FORBIDDEN.values():
        with pytest.raises(NotAllowedError):
            verb(house)
    assert audit.verify().entries == before


def test_of_two_who_save_at_once_one_is_refused(house: House) -> None:
    seen, told = changes.number_of(db.session(), options.subject_of(options.HOLD_BACK)), list[str]()
    db.session.remove()
    together = threading.Barrier(2)

    def save(seconds: int) -> None:
        with house.app.app_context():
            together.wait()
            try:
                options.set_hold_back(user(house.operator), {ActKind.HIDE: seconds}, seen)
            except ConflictError:
                told.append("refused")
            else:
                told.append("saved")

    savers = [threading.Thread(target=save, args=(seconds,)) for seconds in (10, 20)]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert sorted(told) == ["refused", "saved"]
    assert audit.verify().is_whole


def test_the_first_steps_are_over_when_all_is_done(house: House) -> None:
    assert first_steps.first_steps().done == {Step.PEOPLE}
    assert "Pätkätyöt" not in {topic.name for topic in first_steps.topics_without_expert()}
    for topic in first_steps.topics_without_expert():
        topics.set_topic_in_use(user(house.tiedottaja), topic.id, is_active=False)
    first_steps.accept_rules(house.tiedottaja)
    house.receive("c1", "Kiitos!")
    look_anew()
    steps = first_steps.first_steps()
    assert (steps.next, steps.are_over) == (Step.SOURCE, False)
    first_steps.close_first_steps(house.operator)
    look_anew()
    assert first_steps.first_steps().are_over
