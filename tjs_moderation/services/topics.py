"""What people ask about: each topic with its name, its experts and the words by which the judge knows it.

The words stand in the rule set and nowhere else: changing them here puts a new version of it in force.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, selectinload

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.deadlines import AnswerTime
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.rulebook.topic_text import (
    CODE,
    TopicWords,
    topic_codes,
    topic_words,
    with_topic,
    without_topic,
)
from tjs_moderation.domain.vocabulary import Permission, Role
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import RuleSet, Topic, TopicExpert, User
from tjs_moderation.services.changes import check_actor, keep_change, number_of
from tjs_moderation.services.options import check_answer_time, told_time
from tjs_moderation.services.rules import live_held, live_rules, published_since, put_in_force
from tjs_moderation.services.transaction import Actor, Work, transact

LONGEST_NAME = 120
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says of a topic; the experts by their ids."""

    name: str
    words: TopicWords
    experts: frozenset[int] = frozenset()
    is_open_to_all: bool = False
    answer_time: AnswerTime | None = None
    """How long an answer may take; None is as long as in the rest of the house."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A topic as it stands: `words` is None where the rule set does not have it. `number` and `rules` are what a change
    has to be made on: how often the topic was changed, and the version of the rule set.
    """

    topic: Topic
    words: TopicWords | None
    number: int
    rules: int

    @property
    def draft(self) -> Draft:
        """The same as what a person would have said of it."""
        experts = frozenset(person.id for person in self.topic.experts)
        words, topic = self.words or TopicWords(), self.topic
        return Draft(topic.name, words, experts, topic.is_open_to_all, time_of(topic))


def subject_of(topic_id: int) -> str:
    """Under what the changes of a topic are kept."""
    return f"topic:{topic_id}"


def time_of(topic: Topic | None) -> AnswerTime | None:
    """The topic's own time for an answer; None where the house's holds."""
    if topic is None or topic.answer_amount is None or topic.answer_unit is None:
        return None
    return AnswerTime(topic.answer_amount, topic.answer_unit)


def sheets() -> Sequence[Sheet]:
    """Every topic, those in use first, by name. Three queries."""
    rules = live_rules()
    found = db.session.scalars(select(Topic).options(selectinload(Topic.experts)).order_by(Topic.name)).all()
    listed = sorted(found, key=lambda topic: not topic.is_active)
    return [Sheet(topic, _words(rules, topic), 0, rules.number) for topic in listed]


def strays(known: Sequence[Sheet]) -> list[str]:
    """The codes of what the rule set calls topics and nobody has added here: no question is routed by them."""
    codes = {sheet.topic.slug for sheet in known}
    return [code for code in topic_codes(live_rules().text) if code not in codes]


def sheet(topic_id: int) -> Sheet:
    """One topic. NotFoundError where there is none."""
    rules = live_rules()
    found = select(Topic).where(Topic.id == topic_id).options(selectinload(Topic.experts))
    topic = db.session.scalars(found).one_or_none()
    if topic is None:
        raise NotFoundError("topic")
    return Sheet(topic, _words(rules, topic), number_of(db.session(), subject_of(topic_id)), rules.number)


def stray_words(code: str) -> TopicWords:
    """The words the rule set has for a code that nobody has added here; none where it does not have it."""
    return topic_words(live_rules().text, code) or TopicWords()


def words_then(topic: Topic, rules: int) -> TopicWords:
    """The words of a topic in an earlier version of the rule set; those of now where that one did not have it."""
    text = db.session.scalar(select(RuleSet.text).where(RuleSet.number == rules)) or ""
    return topic_words(text, topic.slug) or _words(live_rules(), topic) or TopicWords()


def possible_experts() -> Sequence[User]:
    """Who can answer questions: everybody in the house but those who run it, and who was an expert before, by name."""
    was_chosen = exists().where(TopicExpert.user_id == User.id)
    can_answer = (User.role != Role.ATK_SUUNNITTELIJA) & (User.is_active | was_chosen)
    return db.session.scalars(select(User).where(can_answer).order_by(User.name, User.id)).all()


def add_topic(actor: Actor, code: str, draft: Draft) -> int:
    """Add a topic, and its words to the rule set; gives its id.

    InvalidInputError where something cannot be used, ConflictError where the code is taken, `FaultsError` where the
    rule set would have faults.
    """
    draft = _checked(draft)
    if not re.fullmatch(CODE, code) or len(code) > LONGEST_CODE:
        raise InvalidInputError("topic_code", limit=LONGEST_CODE)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        if work.session.scalar(select(Topic.id).where(Topic.slug == code)) is not None:
            raise ConflictError("topic_code_in_use", code=code)
        topic = Topic(slug=code, is_active=True)
        _write_down(topic, draft)
        work.session.add(topic)
        work.session.flush()
        _give_experts(work.session, topic.id, draft.experts)
        rules = _write(work, code, draft.name, draft.words)
        work.record("add_topic", topic=topic.id, code=code, after=_told(draft), **rules)
    return topic.id


def change_topic(actor: Actor, topic_id: int, draft: Draft, seen: int | None = None, rules: int | None = None) -> bool:
    """Change a topic, and its words in the rule set; gives whether anything became another.

    `seen` and `rules` are the numbers of the sheet it was made on, None where nobody looked. ConflictError where
    somebody has changed the topic since, here or in the rule set. Otherwise raises as `add_topic`.
    """
    draft = _checked(draft)
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        topic = _held(work.session, topic_id)
        live = live_held(work.session)
        _check_words_unchanged(work.session, topic, live, rules)
        words, experts = _words(live, topic) or TopicWords(), _experts(work.session, topic_id)
        before = Draft(topic.name, words, experts, topic.is_open_to_all, time_of(topic))
        entry = keep_change(work, subject_of(topic_id), seen, *_difference(before, draft))
        if not entry:
            work.leave_no_entry()
            return False
        _write_down(topic, draft)
        _give_experts(work.session, topic_id, draft.experts)
        written = {}
        if topic.is_active and (before.words != draft.words or before.name != draft.name):
            written = _write(work, topic.slug, draft.name, draft.words)
        elif not topic.is_active:
            topic.kept_words = _kept(draft.words)
        work.record("change_topic", topic=topic_id, code=topic.slug, **entry, **written)
    return True


def set_topic_in_use(actor: Actor, topic_id: int, is_active: bool, seen: int | None = None) -> bool:
    """Take a topic out of use, its words out of the rule set, or both back; gives whether anything became another.

    What has been asked and answered on it stays. ConflictError where somebody has changed it since.
    """
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.EDIT_RULES)
        topic = _held(work.session, topic_id)
        live = live_held(work.session)
        was, becomes = {"is_active": topic.is_active}, {"is_active": is_active}
        entry = keep_change(work, subject_of(topic_id), seen, was, becomes)
        if not entry:
            work.leave_no_entry()
            return False
        words = _words(live, topic)
        topic.is_active, topic.kept_words = is_active, None if is_active else _kept(words)
        written = _write(work, topic.slug, topic.name, words if is_active else None)
        work.record(
            "revive_topic" if is_active else "retire_topic", topic=topic_id, code=topic.slug, **entry, **written
        )
    return True


def _checked(draft: Draft) -> Draft:
    name = storable(" ".join(draft.name.split()))
    if not name or len(name) > LONGEST_NAME or "#" in name:
        raise InvalidInputError("topic_name", limit=LONGEST_NAME)
    if draft.words.is_empty:
        raise InvalidInputError("topic_words_missing")
    if draft.answer_time is not None:
        check_answer_time(draft.answer_time)
    kept = (tuple(storable(each) for each in told) for told in _lists(draft.words))
    return replace(draft, name=name, words=TopicWords(*kept))


def _write_down(topic: Topic, draft: Draft) -> None:
    topic.name, topic.is_open_to_all, allowed = draft.name, draft.is_open_to_all, draft.answer_time
    topic.answer_amount, topic.answer_unit = (allowed.amount, allowed.unit) if allowed else (None, None)


def _held(session: Session, topic_id: int) -> Topic:
    topic = session.get(Topic, topic_id, with_for_update=True)
    if topic is None:
        raise NotFoundError("topic")
    return topic


def _words(rules: RuleSet | None, topic: Topic) -> TopicWords | None:
    """The words of a topic: those of the rule set, or those kept while it is out of use."""
    if topic.is_active:
        return topic_words(rules.text, topic.slug) if rules else None
    return TopicWords(*(tuple(told) for told in topic.kept_words)) if topic.kept_words else None


def _check_words_unchanged(session: Session, topic: Topic, live: RuleSet | None, seen: int | None) -> None:
    """ConflictError where the rule set's own editor has changed the words since."""
    if live is None or seen in {None, live.number} or not topic.is_active:
        return
    then = session.scalar(select(RuleSet.text).where(RuleSet.number == seen))
    if then is None or topic_words(then, topic.slug) != topic_words(live.text, topic.slug):
        raise published_since(session, live)


def _experts(session: Session, topic_id: int) -> frozenset[int]:
    return frozenset(session.scalars(select(TopicExpert.user_id).where(TopicExpert.topic_id == topic_id)))


def _give_experts(session: Session, topic_id: int, experts: frozenset[int]) -> None:
    """Put these in place of those before. InvalidInputError where one cannot answer."""
    now = _experts(session, topic_id)
    can_answer = (User.role != Role.ATK_SUUNNITTELIJA) & User.is_active & User.id.in_(experts - now)
    if len(experts - now) != len(session.scalars(select(User.id).where(can_answer)).all()):
        raise InvalidInputError("unknown_expert")
    gone = TopicExpert.user_id.in_(now - experts)
    session.execute(delete(TopicExpert).where(TopicExpert.topic_id == topic_id, gone))
    session.add_all(TopicExpert(topic_id=topic_id, user_id=user_id) for user_id in sorted(experts - now))
    session.flush()


def _write(work: Work, code: str, name: str, words: TopicWords | None) -> dict[str, Any]:
    """Put the topic's words in force in the rule set, or take them out of it; what the entry tells of it."""
    live = live_held(work.session)
    if live is None:
        raise NotFoundError("rule_set")
    has_words = words is not None and not words.is_empty
    text = with_topic(live.text, code, name, words) if words and has_words else without_topic(live.text, code)
    if text == live.text:
        return {}
    parse_rule_set(text)
    why = f"Aihe {name}: {'sanat' if has_words else 'pois käytöstä'}"
    rules = put_in_force(work, text, why)
    return {"rules": rules.number, "sha256": rules.text_hash}


def _kept(words: TopicWords | None) -> list[list[str]] | None:
    return [list(told) for told in _lists(words)] if words else None


def _lists(words: TopicWords) -> tuple[tuple[str, ...], ...]:
    return words.hints, words.sure, words.examples


def _told(draft: Draft) -> dict[str, Any]:
    """A draft as the log keeps it."""
    hints, sure, examples = (list(told) for told in _lists(draft.words))
    return {
        "name": draft.name,
        "is_open_to_all": draft.is_open_to_all,
        "experts": sorted(draft.experts),
        "answer_time": told_time(draft.answer_time),
        "hints": hints,
        "sure": sure,
        "examples": examples,
    }


def _difference(before: Draft, after: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was and what becomes; of the lists of words only those that go and those that come."""
    was, becomes = _told(before), _told(after)
    for name in ("hints", "sure", "examples"):
        gone = [word for word in was[name] if word not in becomes[name]]
        come = [word for word in becomes[name] if word not in was[name]]
        if gone or come or was[name] == becomes[name]:
            was[name], becomes[name] = gone, come
    return was, becomes
