"""Anybody does anything in any order, and the books are right after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from tests.support.house import House
from tests.support.recount import check_counts
from tjs_moderation import jobs
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, CaseState, DecisionKind, ItemKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError, TjsError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Answer, AnswerRevision, Decision, Item
from tjs_moderation.services import answers, audit, casework, notes, routing, threads, todo
from tjs_moderation.services.placing import removal_in_force

_Row = TypeVar("_Row")

TEXTS = ("Kuinka ewc perustetaan?", "Olet idiootti.", "hmm, enpä tiedä", "Kiitos luennosta!", "Entä patkatyot?")
VERBS = (
    "write",
    "write",
    "edit",
    "message",
    "own",
    "assess",
    "keep",
    "remove",
    "remove",
    "delete",
    "no_answer",
    "take_back",
    "take_back",
    "route",
    "route_open",
    "take",
    "recall",
    "draft",
    "draft",
    "submit",
    "send_back",
    "approve",
    "approve",
    "stop",
    "withdraw",
    "note",
    "send",
    "send",
    "send_later",
    "fail",
    "try_again",
    "see_to",
)
STEP = st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 4))


class Day:
    """One day's work on a handful of items: each step picks what it is about by number, and may well be refused."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people = [house.tiedottaja, house.expert, house.other_expert, house.operator]
        self.refused: Counter[str] = Counter()

    def step(self, verb: str, which: int, how: int) -> None:
        try:
            getattr(self, verb)(which, how)
        except TjsError as error:
            self.refused[str(error)] += 1

    def write(self, which: int, how: int) -> None:
        parent = f"c{which - 1}" if which % 2 else None
        self.house.bring(f"c{which}", TEXTS[how], parent_external_id=parent)

    edit = write

    def message(self, which: int, how: int) -> None:
        told: dict[str, Any] = {"conversation_external_id": "t1", "post_external_id": None, "kind": ItemKind.MESSAGE}
        self.house.bring(f"m{which}", TEXTS[how], **told)

    def own(self, which: int, how: int) -> None:
        self.house.bring(f"o{which}", TEXTS[how], is_own=True)

    def assess(self, which: int, how: int) -> None:
        jobs.assess()

    def keep(self, which: int, how: int) -> None:
        self.decide(which, DecisionKind.KEEP, None)

    def remove(self, which: int, how: int) -> None:
        self.decide(which, DecisionKind.REMOVE, "insulting")

    def delete(self, which: int, how: int) -> None:
        self.decide(which, DecisionKind.DELETE, "insulting")

    def no_answer(self, which: int, how: int) -> None:
        self.decide(which, DecisionKind.NO_ANSWER, None)

    def decide(self, which: int, kind: DecisionKind, reason: str | None) -> None:
        item = self.item(which)
        casework.decide(self.house.tiedottaja, item.id, item.version, kind, reason)

    def take_back(self, which: int, how: int) -> None:
        item = self.item(which)
        newest = select(Decision.id).where(Decision.item_id == item.id, Decision.kind != DecisionKind.TAKE_BACK)
        found = self.scalars(newest.order_by(Decision.id.desc()))
        casework.take_back(self.house.tiedottaja, found[how % len(found)] if found else 0, item.version)

    def route(self, which: int, how: int) -> None:
        item, expert = self.item(which), self.people[1 + how % 2]
        routing.route(self.house.tiedottaja, item.id, item.version, self.house.topic_id("ewc"), expert, "Sopii.")

    def route_open(self, which: int, how: int) -> None:
        item, topic = self.item(which), self.house.topic_id("yhdistystoiminta")
        routing.route(self.house.tiedottaja, item.id, item.version, topic, None, "Kenelle vain.")

    def take(self, which: int, how: int) -> None:
        item = self.item(which)
        routing.take(self.people[1 + how % 2], item.id, item.version)

    def recall(self, which: int, how: int) -> None:
        item = self.item(which)
        routing.recall(self.people[how % 3], item.id, item.version, "Ei minun.")

    def draft(self, which: int, how: int) -> None:
        item = self.item(which)
        answer = self.open_answer(item.id)
        answers.save_draft(self.people[how % 3], item.id, f"Vastaus {how}.", answer.version if answer else None)

    def submit(self, which: int, how: int) -> None:
        answer = self.answer(which)
        answers.submit(self.people[how % 3], answer.id, answer.version)

    def send_back(self, which: int, how: int) -> None:
        answer = self.answer(which)
        answers.send_back(self.house.tiedottaja, answer.id, answer.version, "Lyhennä.")

    def approve(self, which: int, how: int) -> None:
        answer = self.answer(which)
        with Session(db.engine) as session:
            newest = threads.newest_of_thread(session, session.get_one(Item, answer.item_id))
        answers.approve(self.house.tiedottaja, answer.id, answer.version, newest.id, newest.text_version)

    def stop(self, which: int, how: int) -> None:
        answer = self.answer(which)
        answers.stop(self.house.tiedottaja, answer.id, answer.version)

    def withdraw(self, which: int, how: int) -> None:
        answer = self.answer(which)
        answers.withdraw(self.house.tiedottaja, answer.id, answer.version)

    def note(self, which: int, how: int) -> None:
        notes.write_note(self.house.tiedottaja, self.item(which).id, "Katsotko tätä, @inka?")

    def send(self, which: int, how: int) -> None:
        self.house.wait_and_send(minutes=6)

    def send_later(self, which: int, how: int) -> None:
        self.house.wait_and_send(hours=2)

    def fail(self, which: int, how: int) -> None:
        """The next act goes wrong, in one way or another."""
        failure = list(GatewayFailure)[(which + how) % len(GatewayFailure)]
        channel = self.house.facebook
        channel.is_losing_answers = how == 4
        channel.failures[:] = [OutcomeUnknownError("lost") if how >= 3 else GatewayError(failure)]
        channel.look_failures[:] = [GatewayError(GatewayFailure.TRANSIENT)] if which == 5 else []

    def try_again(self, which: int, how: int) -> None:
        todo.try_again(self.house.tiedottaja, self.act(which, how))

    def see_to(self, which: int, how: int) -> None:
        act_id = self.act(which, how)
        with Session(db.engine) as session:
            key = session.get_one(Act, act_id).key
        todo.see_to(self.house.tiedottaja, act_id, has_happened=key in self.house.facebook.happened)

    def item(self, which: int) -> Item:
        items = self.scalars(select(Item).order_by(Item.id))
        return items[which % len(items)]

    def answer(self, which: int) -> Answer:
        found = self.open_answer(self.item(which).id) or self.open_answer(None)
        if found is None:
            raise TjsError("nothing to answer")
        return found

    def open_answer(self, item_id: int | None) -> Answer | None:
        waiting = select(Answer).where(Answer.state.not_in([AnswerState.PUBLISHED, AnswerState.WITHDRAWN]))
        found = self.scalars(waiting.where(Answer.item_id == item_id) if item_id else waiting.order_by(Answer.id))
        return found[0] if found else None

    def act(self, which: int, how: int) -> int:
        found = self.scalars(select(Act.id).where(Act.state.in_([ActState.REFUSED, ActState.FAILED, ActState.UNKNOWN])))
        if not found:
            raise TjsError("no trouble")
        return found[(which + how) % len(found)]

    def scalars(self, statement: Select[_Row]) -> Sequence[_Row]:
        with Session(db.engine) as session:
            return session.scalars(statement).all()


def check_channel(house: House) -> None:
    """Nothing happened twice, nothing went out that nobody approved, and what is hidden is what we think is."""
    happened = house.facebook.times_happened
    assert all(times == 1 for times in happened.values()), happened
    with Session(db.engine) as session:
        acts = {act.key: act for act in session.scalars(select(Act))}
        for asked in house.facebook.asked:
            act = acts[asked.key]
            assert (asked.kind, asked.target_external_id) == (act.kind, act.target_external_id)
            if asked.kind in {ActKind.REPLY, ActKind.PRIVATE_MESSAGE}:
                answer = session.get_one(Answer, act.answer_id)
                assert answer.approved_by_id == house.tiedottaja
                assert asked.text == session.get_one(AnswerRevision, (act.answer_id, act.answer_revision)).text
            else:
                assert act.decision_id is not None
        for act in acts.values():
            assert act.state is not ActState.DONE or act.key in happened, act.key
        gone = {act.item_id for act in acts.values() if act.state is ActState.REFUSED}
        unsure = {act.item_id for act in acts.values() if act.state in {ActState.UNKNOWN, ActState.CLAIMED}}
        for item in session.scalars(select(Item).where(Item.id.not_in(unsure), ~Item.is_own)):
            assert item.is_hidden == (item.external_id in house.facebook.hidden), item.external_id
            settled_badly = {act.item_id for act in acts.values() if act.is_settled}
            if item.state is CaseState.DONE and item.kind is ItemKind.COMMENT and item.id not in settled_badly | gone:
                removal = removal_in_force(session, item.id)
                assert item.is_hidden == (removal is not None), item.external_id


def tidy(house: House) -> None:
    """Forget all that came in and all that was done: hypothesis makes the house once. The chain goes on."""
    tables = (
        "act mention note claim notice draft answer_return answer_revision routing answer decision assessment "
        "item_text audit_subject queue_count day_tally"
    )
    with Session(db.engine) as session:
        session.execute(text("UPDATE item SET parent_id = NULL"))
        for table in [*tables.split(), "search_text", "search_due", "item", "author", "post"]:
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # our own words
        session.execute(text("UPDATE channel SET stopped_reason = ''"))
        session.commit()
    house.facebook.forget()


@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=8, max_size=30))
def test_the_books_are_right_whoever_does_what(house: House, steps: list[tuple[str, int, int]]) -> None:
    tidy(house)
    day = Day(house)
    day.write(0, 0)
    day.assess(0, 0)
    for verb, which, how in steps:
        day.step(verb, which, how)
        check_counts()
        check_channel(house)
    assert audit.verify().is_whole
