"""Stand-ins for the outside world: a clock one moves, a judge that goes by words, a channel in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from tjs_moderation.domain.ports import (
    ActDone,
    Assessment,
    Incoming,
    IncomingConversation,
    IncomingPost,
    OutwardAct,
    Page,
    Reading,
    Reason,
    TopicScore,
    Usage,
)
from tjs_moderation.domain.vocabulary import ActKind, Category, Outcome
from tjs_moderation.errors import GatewayError, GatewayFailure, TjsError

_Told = TypeVar("_Told", Incoming, IncomingPost)

MONDAY_MORNING = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class WordJudge:
    """Removes "idiootti", weighs "hmm", and takes what ends in "?" for a question on the topics it names."""

    model_version = "words-1"

    def __init__(self, rules: str) -> None:
        self.rules = rules

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        for reading in readings:
            yield self._assess(reading.text)

    def _assess(self, text: str) -> Assessment:
        low = text.lower()
        start = low.find("idiootti")
        outcome = Outcome.REMOVE if start >= 0 else Outcome.WEIGH if "hmm" in low else Outcome.KEEP
        is_question = text.rstrip().endswith("?")
        reasons = (Reason("insult", start, start + 8, text[start : start + 8], "Loukkaa."),) if start >= 0 else ()
        topics = tuple(TopicScore(slug, 0.9) for slug in ("ewc", "patkatyot", "yhdistystoiminta") if slug in low)
        category = Category.INSULT if start >= 0 else Category.QUESTION if is_question else Category.NEUTRAL
        return Assessment(
            outcome,
            category,
            {"insult": float(start >= 0)},
            reasons,
            is_question,
            float(is_question),
            topics,
            "fi",
            self.model_version,
        )


class WorkerKilled(BaseException):
    """The process ends here, as if it had been killed: nothing that stands below is done."""


@dataclass
class FakeChannel:
    """A channel in memory: what stands on it, every act it was asked for, and the errors it is to answer with next.

    `killed_at` says where the worker dies next: "before" the act happens, or "after". `hidden` and `deleted` are what a
    visitor would see.
    """

    page_posts: list[IncomingPost] = field(default_factory=list)
    page_comments: dict[str, list[Incoming]] = field(default_factory=dict)
    page_messages: list[Incoming] = field(default_factory=list)
    page_conversations: dict[str, IncomingConversation] = field(default_factory=dict)
    looked: int = 0
    asked: list[OutwardAct] = field(default_factory=list)
    happened: dict[str, ActDone] = field(default_factory=dict)
    failures: list[TjsError] = field(default_factory=list)
    look_failures: list[TjsError] = field(default_factory=list)
    is_losing_answers: bool = False
    killed_at: str = ""
    times_happened: Counter[str] = field(default_factory=Counter)
    usage: Usage = field(default_factory=Usage)
    hidden: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """Begin anew: nothing stands here, nothing was asked."""
        vars(self).update(vars(FakeChannel()))

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        return Page(tuple(self.page_posts), None)

    def comments(
        self, post_external_id: str, cursor: str | None = None, since: datetime | None = None
    ) -> Page[Incoming]:
        told = self.page_comments.get(post_external_id, ())
        return Page(tuple(each for each in told if not (since and each.created_at and each.created_at < since)), None)

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        return Page((), None)

    def messages(self, conversation_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        return Page((), None)

    def comment(self, external_id: str) -> Incoming:
        self._say_no()
        everything = (entry for page in self.page_comments.values() for entry in page)
        return _found(everything, external_id)

    def message(self, external_id: str, conversation_external_id: str) -> Incoming:
        self._say_no()
        return _found(self.page_messages, external_id)

    def post(self, external_id: str) -> IncomingPost:
        self._say_no()
        return _found(self.page_posts, external_id)

    def conversation_with(self, person_external_id: str) -> IncomingConversation | None:
        self._say_no()
        return self.page_conversations.get(person_external_id)

    def _say_no(self) -> None:
        self.looked += 1
        if self.look_failures:
            raise self.look_failures.pop(0)

    def is_gone(self, external_id: str) -> bool:
        return all(each.external_id != external_id for told in self.page_comments.values() for each in told)

    def perform(self, act: OutwardAct) -> ActDone:
        self.asked.append(act)
        if self.failures and not self.is_losing_answers:
            raise self.failures.pop(0)
        self._die("before")
        done = self._happen(act)
        self._die("after")
        if self.failures:
            raise self.failures.pop(0)
        return done

    def _happen(self, act: OutwardAct) -> ActDone:
        done = self.happened[act.key] = ActDone(f"made-{len(self.happened) + 1}")
        self.times_happened[act.key] += 1
        if act.kind is ActKind.HIDE:
            self.hidden.add(act.target_external_id)
        elif act.kind is ActKind.UNHIDE:
            self.hidden.discard(act.target_external_id)
        elif act.kind is ActKind.DELETE:
            self.deleted.add(act.target_external_id)
        return done

    def _die(self, moment: str) -> None:
        if self.killed_at == moment:
            self.killed_at = ""
            raise WorkerKilled

    def read_back(self, act: OutwardAct) -> ActDone | None:
        if self.look_failures:
            raise self.look_failures.pop(0)
        return self.happened.get(act.key)


def _found(entries: Iterable[_Told], external_id: str) -> _Told:
    for entry in entries:
        if entry.external_id == external_id:
            return entry
    raise GatewayError(GatewayFailure.GONE, "100/33")
