"""What becomes of made-up items: what the console thinks of each, what people decide, who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random

from tjs_moderation.bench.bulk import Heap
from tjs_moderation.bench.ledger import Ledger
from tjs_moderation.bench.speech import Said
from tjs_moderation.domain.case import Facts, place, urgency
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, CaseState, Category, DecisionKind, ItemKind
from tjs_moderation.domain.vocabulary import Outcome as Proposal

REMOVE, WEIGH, QUESTION = 0.06, 0.15, 0.25
"""Below which of even chances an item is proposed for removal, is weighed, or asks something; the rest is kept."""

OVERRULED, REMOVED_OF_WEIGHED, LOOKED_AT, ANSWERED = 0.1, 0.25, 0.6, 0.6
_RUDE = (Category.INSULT, Category.DEGRADING, Category.OBSCENE, Category.THREAT, Category.SPAM)
_KEPT = (Category.NEUTRAL, Category.NEUTRAL, Category.CRITICISM, Category.PRAISE)
_RULES = {
    Category.INSULT: ("loukkaus-puhuteltu", "nimittely-puhuteltu", "loukkaus-toisesta"),
    Category.DEGRADING: ("halventaminen", "laatusana-toisesta"),
    Category.OBSCENE: ("haistattelu", "kiroilu-puhuteltu"),
    Category.THREAT: ("uhkaus", "vihjattu-uhkaus"),
    Category.SPAM: ("",),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Who and what an install begins with, by id."""

    channel_id: int
    rule_set_id: int
    officer_id: int
    experts: Sequence[int]
    topics: Mapping[str, int]
    removal_reason: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item as it came. `is_open`: it has come so lately that nobody has seen to it yet."""

    id: int
    kind: ItemKind
    post_id: int | None
    parent_id: int | None
    author_id: int
    at: datetime
    said: Said
    nonce: str
    is_own: bool
    is_open: bool
    received_at: datetime

    @property
    def external_id(self) -> str:
        return f"1000_{self.id}"


@dataclass(slots=True)
class Standing:
    """Where an item has come to, and the words of its answer as they are indexed."""

    version: int = 1
    state: CaseState = CaseState.DONE
    urgency: int = 0
    outcome: Proposal | None = None
    category: Category | None = None
    is_question: bool = False
    expert_id: int | None = None
    is_hidden: bool = False
    topic: str = ""
    assessment_id: int | None = None
    answer_words: tuple[str, ...] = ()


class Fates:
    """Tells of one item after the other what became of it, and leaves the rows that it left."""

    def __init__(self, place: Place, seed: int, ledger: Ledger, answers: Sequence[Said]) -> None:
        self.place, self.ledger, self._answers = place, ledger, answers
        self._chance = Random(seed)  # noqa: S311  # nothing is kept secret with it
        self._ids = {name: count(1) for name in ("assessment", "decision", "routing", "answer", "act")}

    def think(self, heap: Heap, arrival: Arrival) -> Standing:
        """What the console thinks of it; nothing yet of one in twenty of those that came lately, or of our own."""
        chance = self._chance
        if arrival.is_own:
            return Standing()
        if arrival.is_open and chance.random() < 0.05:
            return Standing(state=CaseState.ARRIVED)
        outcome, category = self._proposal(chance.random())
        is_question = category is Category.QUESTION
        topic = chance.choice(list(self.place.topics)) if is_question or chance.random() < 0.2 else ""
        found = Standing(2, CaseState.ARRIVED, urgency(category), outcome, category, is_question, topic=topic)
        found.assessment_id = next(self._ids["assessment"])
        topics = f'[{{"topic":"{topic}","score":0.8}}]' if topic else "[]"
        heap.add(
            *("assessment", found.assessment_id, arrival.id, 1, self.place.rule_set_id, "bench", outcome.value),
            *(category.value, '{"insult":0.1,"toxicity":0.1}', self._reasons(category), is_question),
            *(0.9 if is_question else 0.1, topics, "fi", "", arrival.received_at + timedelta(minutes=1)),
        )
        return found

    def _proposal(self, chance: float) -> tuple[Proposal, Category]:
        if chance < REMOVE:
            return Proposal.REMOVE, self._chance.choice(_RUDE)
        if chance < WEIGH:
            return Proposal.WEIGH, self._chance.choice((*_RUDE, Category.HARSH_CRITICISM))
        return Proposal.KEEP, Category.QUESTION if chance < QUESTION else self._chance.choice(_KEPT)

    def _reasons(self, category: Category) -> str:
        if category not in _RULES:
            return "[]"
        rule = self._chance.choice(_RULES[category])
        told = (
            '"code":"rule","start":0,"end":4,"text":"sana","sentence":"Sana loukkaa.","sentence_sv":"","sentence_en":""'
        )
        return f'[{{{told},"rule":"{rule}"}}]'

    def befall(self, heap: Heap, arrival: Arrival, standing: Standing) -> None:
        """What people did about it, and where that leaves it."""
        if arrival.is_own or standing.outcome is None:
            return
        facts = self._wait(heap, arrival, standing) if arrival.is_open else self._settle(heap, arrival, standing)
        standing.state = place(facts)

    def _wait(self, heap: Heap, arrival: Arrival, standing: Standing) -> Facts:
        """It came lately: some of the questions lie with an expert, or have an answer to be approved."""
        chance = self._chance.random()
        if not standing.is_question or chance < 0.4:
            return Facts(standing.outcome, standing.is_question)
        standing.expert_id = self._chance.choice(self.place.experts)
        self._route(heap, arrival, standing, ended_at=None)
        if chance < 0.8:
            return Facts(standing.outcome, is_question=True, is_routed=True)
        self._answer(heap, arrival, standing, published_at=None)
        return Facts(standing.outcome, is_question=True, is_routed=True, answer=AnswerState.SUBMITTED)

    def _settle(self, heap: Heap, arrival: Arrival, standing: Standing) -> Facts:
        chance, is_question = self._chance.random(), standing.is_question
        at = arrival.received_at + timedelta(minutes=self._chance.expovariate(1 / 300))
        if is_question and chance < ANSWERED:
            standing.expert_id = self._chance.choice(self.place.experts)
            self._route(heap, arrival, standing, ended_at=at + timedelta(hours=20))
            self._answer(heap, arrival, standing, published_at=at + timedelta(hours=20))
            standing.expert_id = None
            return Facts(standing.outcome, is_question, answer=AnswerState.PUBLISHED)
        if is_question:
            self._decide(heap, arrival, standing, DecisionKind.NO_ANSWER, at)
            return Facts(standing.outcome, is_question, needs_no_answer=True)
        if standing.outcome is Proposal.KEEP and chance > LOOKED_AT:
            return Facts(standing.outcome)
        removed_below = {Proposal.REMOVE: 1 - OVERRULED, Proposal.WEIGH: REMOVED_OF_WEIGHED, Proposal.KEEP: 0.003}
        kind = DecisionKind.REMOVE if chance < removed_below[standing.outcome or Proposal.KEEP] else DecisionKind.KEEP
        self._decide(heap, arrival, standing, kind, at)
        return Facts(standing.outcome, decision=kind)

    def _decide(self, heap: Heap, arrival: Arrival, standing: Standing, kind: DecisionKind, at: datetime) -> None:
        decision_id, place, actor = next(self._ids["decision"]), self.place, f"user:{self.place.officer_id}"
        reason = place.removal_reason if kind is DecisionKind.REMOVE else None
        heap.add(
            *("decision", decision_id, arrival.id, standing.version, 1, kind.value, reason, "", arrival.nonce),
            *(standing.assessment_id, place.rule_set_id, place.officer_id, at),
        )
        standing.version += 1
        facts = {"assessment": standing.assessment_id, "rule_set": place.rule_set_id, "text_version": 1}
        self.ledger.enter(heap, at, actor, kind.value, [arrival.id], decision=decision_id, words=None, **facts)
        if kind is DecisionKind.REMOVE and arrival.kind is ItemKind.COMMENT:
            standing.is_hidden = True
            self._act(heap, arrival, ActKind.HIDE, at, decision_id=decision_id)

    def _act(
        self,
        heap: Heap,
        arrival: Arrival,
        kind: ActKind,
        at: datetime,
        decision_id: int | None = None,
        answer_id: int | None = None,
    ) -> None:
        """Something that was done on the channel five minutes after it was decided."""
        act_id, done_at = next(self._ids["act"]), at + timedelta(minutes=5)
        key = f"{kind}:{decision_id}" if decision_id else f"answer:{answer_id}:1:3"
        heap.add(
            *("act", act_id, key, self.place.channel_id, arrival.id, kind.value, ActState.DONE.value),
            *(arrival.external_id, decision_id, answer_id, 1 if answer_id else None, 1, done_at, None, "", False),
            *(self.place.officer_id, at, done_at),
        )
        self.ledger.enter(heap, done_at, "console", f"{kind}_done", [arrival.id], act=act_id, result=None)

    def _route(self, heap: Heap, arrival: Arrival, standing: Standing, ended_at: datetime | None) -> None:
        at, topic_id = arrival.received_at + timedelta(minutes=30), self.place.topics[standing.topic]
        heap.add(
            *("routing", next(self._ids["routing"]), arrival.id, topic_id, standing.expert_id, "Aiheen asiantuntija."),
            *(self.place.officer_id, at, ended_at, ""),
        )
        standing.version += 1
        who = {"topic": topic_id, "expert": standing.expert_id}
        self.ledger.enter(heap, at, f"user:{self.place.officer_id}", "route", [arrival.id], **who)

    def _answer(self, heap: Heap, arrival: Arrival, standing: Standing, published_at: datetime | None) -> None:
        answer_id, said = next(self._ids["answer"]), self._chance.choice(self._answers)
        at, officer = arrival.received_at + timedelta(hours=2), self.place.officer_id
        state = AnswerState.PUBLISHED if published_at else AnswerState.SUBMITTED
        approval = (1, arrival.id, 1, officer, at) if published_at else (None,) * 5
        heap.add("answer", answer_id, 3, arrival.id, state.value, 1, *approval, published_at, at)
        heap.add("answer_revision", answer_id, 1, said.text, arrival.nonce, standing.expert_id, at)
        standing.answer_words, standing.version = said.words, standing.version + 2
        verbs = ("save_draft", "submit", "approve") if published_at else ("save_draft", "submit")
        for verb in verbs:
            actor = officer if verb == "approve" else standing.expert_id
            self.ledger.enter(heap, at, f"user:{actor}", verb, [arrival.id], answer=answer_id, revision=1)
        if published_at:
            kind = ActKind.REPLY if arrival.kind is ItemKind.COMMENT else ActKind.PRIVATE_MESSAGE
            self._act(heap, arrival, kind, published_at - timedelta(minutes=5), answer_id=answer_id)
