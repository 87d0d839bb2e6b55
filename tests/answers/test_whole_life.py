"""The whole life of an answer, whoever does what in whatever order: two experts, a tiedottaja, a person who keeps
writing, and a channel that fails. Nothing reaches the person but what was approved, once, and in time.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.answers.conftest import QUESTION, Desk
from tests.support.recount import check_books
from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.sending import Sending, When
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, ItemKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError, TjsError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Answer, AnswerRevision, Item
from tjs_moderation.services import answers, drafts, options, routing, todo
from tjs_moderation.services.threads import newest_of_thread
from tjs_moderation.services.transaction import CONSOLE

WINDOW = timedelta(days=7)
FAILURES = (
    OutcomeUnknownError("lost"),
    GatewayError(GatewayFailure.TRANSIENT),
    GatewayError(GatewayFailure.REFUSED),
)
WHO = st.integers(0, 2)
SOON = st.sampled_from([timedelta(minutes=1), timedelta(minutes=6), timedelta(hours=30), timedelta(days=6)])


class Life(RuleBasedStateMachine):
    """One thread and its answers. What is refused changes nothing; what was approved is remembered here."""

    desk: ClassVar[Desk]
    seen: ClassVar[Counter[str]]

    @initialize(is_private=st.booleans(), has_four_eyes=st.booleans())
    def ask(self, is_private: bool, has_four_eyes: bool) -> None:
        house = self.desk.house
        house.examples += 1
        house.facebook.failures.clear()
        self.people = (house.tiedottaja, house.expert, house.other_expert)
        self.is_private, self.has_four_eyes, self.said = is_private, has_four_eyes, 0
        options.set_four_eyes(CONSOLE, has_four_eyes)
        self.begun_at = len(house.facebook.asked)
        self.approved: dict[tuple[int, int], tuple[int, int]] = {}
        self.person_writes()
        item = self.item
        self.do(routing.route, house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe.")

    @rule()
    def person_writes(self) -> None:
        self.said += 1
        self.heard_at = self.desk.house.clock.now
        name, first = f"e{self.desk.house.examples}-{self.said}", f"e{self.desk.house.examples}-1"
        told: dict[str, Any] = {"author_external_id": f"person-{self.desk.house.examples}"}
        if self.is_private:
            told |= {"kind": ItemKind.MESSAGE, "conversation_external_id": first}
        elif self.said > 1:
            told |= {"parent_external_id": first}
        self.desk.house.receive(name, f"{QUESTION} {self.said}", **told)

    @rule(writer=st.integers(0, 1), steps=st.integers(3, 5))
    def work_goes_on(self, writer: int, steps: int) -> None:
        """The next few steps, as they usually are taken."""
        for _ in range(steps):
            found = self.answer
            if found is None:
                self.draft(writer, "Näin se on.")
            elif found.state is AnswerState.APPROVED:
                self.time_passes(timedelta(minutes=6))
            elif found.state is AnswerState.SUBMITTED:
                self.approve(0, When.AT_ONCE)
            else:
                self.act(writer, answers.submit)

    @rule()
    def work_goes_all_the_way(self) -> None:
        """As it should: by the one on whose desk it lies."""
        self.work_goes_on(self.people.index(self.item.expert_id or self.people[1]), 4)

    @rule(who=WHO, words=st.sampled_from(["Näin.", "Toisin."]))
    def draft(self, who: int, words: str) -> None:
        found = self.answer
        item_id = found.item_id if found else self.item.id
        self.do(drafts.keep, self.people[who], item_id, words, 0)
        self.do(answers.save_draft, self.people[who], item_id, words, found.version if found else None)

    @rule(who=WHO, deed=st.sampled_from([answers.submit, answers.send_back, answers.stop, answers.withdraw]))
    def act(self, who: int, deed: Any) -> None:
        """Somebody does something with the answer, whether they may or not."""
        if found := self.answer:
            words = ("Lyhennä.",) if deed is answers.send_back else ()
            self.do(deed, self.people[who], found.id, found.version, *words)

    @rule(who=WHO, when=st.sampled_from(When))
    def approve(self, who: int, when: When) -> None:
        if (found := self.answer) is None:
            return
        with Session(db.engine) as session:
            newest = newest_of_thread(session, session.get_one(Item, found.item_id))
        sending = Sending(when, self.desk.house.clock.now + timedelta(days=2))
        if self.do(answers.approve, self.people[who], found.id, found.version, newest.id, None, sending=sending):
            self.approved[found.id, found.revision] = self.people[who], self.said

    @rule(expert=st.integers(1, 2), is_tried_again=st.booleans())
    def tiedottaja_tidies(self, expert: int, is_tried_again: bool) -> None:
        """Gives the question to another expert, and sees to what went wrong."""
        item = self.item
        self.do(routing.route, self.people[0], item.id, item.version, None, self.people[expert], "Sinä tiedät.")
        for act in self.acts():
            is_trouble = act.state in {ActState.REFUSED, ActState.FAILED} and not act.is_settled
            if is_trouble and is_tried_again:
                self.do(todo.try_again, self.people[0], act.id)
            elif is_trouble:
                self.do(todo.see_to, self.people[0], act.id, has_happened=False)

    @rule(failure=st.sampled_from(FAILURES), is_lost_after=st.booleans())
    def channel_fails(self, failure: TjsError, is_lost_after: bool) -> None:
        self.desk.house.facebook.failures[:] = [failure]
        self.desk.house.facebook.is_losing_answers = is_lost_after and isinstance(failure, OutcomeUnknownError)

    @rule(by=SOON)
    def time_passes(self, by: timedelta) -> None:
        before = len(self.desk.house.facebook.asked)
        self.desk.house.wait_and_send(seconds=by.total_seconds())
        for asked in self.desk.house.facebook.asked[before:]:
            [act] = [act for act in self.acts() if act.key == asked.key]
            approver, heard = self.approved[act.answer_id or 0, act.answer_revision or 0]
            with Session(db.engine) as session:
                revision = session.get_one(AnswerRevision, (act.answer_id, act.answer_revision))
            assert asked.text == revision.text
            assert approver == self.people[0]
            assert not (self.has_four_eyes and approver == revision.written_by_id)
            assert heard == self.said, "somebody wrote after it was approved"
            assert act.kind is not ActKind.PRIVATE_MESSAGE or self.desk.house.clock.now <= self.heard_at + WINDOW
            self.seen["sent"] += 1

    @invariant()
    def nothing_happens_twice(self) -> None:
        if not hasattr(self, "approved"):
            return
        happened = self.desk.house.facebook.times_happened
        assert all(times == 1 for times in happened.values())
        done = Counter(act.answer_id for act in self.acts() if act.key in happened)
        assert all(times == 1 for times in done.values())

    def do(self, verb: Any, *args: Any, **named: Any) -> bool:
        """Do something that may well be refused; gives whether it was done."""
        try:
            verb(*args, **named)
        except TjsError as error:
            self.seen[str(error)] += 1
            return False
        return True

    @property
    def item(self) -> Item:
        """What the person said last."""
        return self.desk.house.item(f"e{self.desk.house.examples}-{self.said}")

    @property
    def answer(self) -> Answer | None:
        """The answer of the thread that is not over."""
        mine = select(Answer).join(Item, Item.id == Answer.item_id).where(Answer.state.not_in(list(OVER)))
        with Session(db.engine) as session:
            return session.scalars(mine.where(Item.external_id.startswith(f"e{self.desk.house.examples}-"))).first()

    def acts(self) -> list[Act]:
        mine = select(Act).join(Item, Item.id == Act.item_id).order_by(Act.id)
        with Session(db.engine) as session:
            return list(
                session.scalars(mine.where(Item.external_id.startswith(f"e{self.desk.house.examples}-"))),
            )


def test_nothing_but_what_was_approved_reaches_the_person_once_and_in_time(desk: Desk) -> None:
    Life.desk, Life.seen = desk, Counter()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=6,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # It proves something only where something was sent, and somebody was told no.
    assert Life.seen["sent"] > 0, Life.seen
    assert {"four_eyes", "not_your_desk", "approve_answer"} & set(Life.seen), Life.seen
    check_books()
    with Session(db.engine) as session:
        for answer in session.scalars(select(Answer).where(Answer.state == AnswerState.PUBLISHED)):
            assert answer.approved_revision == answer.revision
