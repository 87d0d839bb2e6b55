"""What is counted by day, and under which key: arrivals, waits, proposals followed or overruled, topics, people's load.

A day is a day of the organisation's own time zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.vocabulary import Category, DecisionKind, Outcome


class Measure(StrEnum):
    """What a count is of.

    `ARRIVED` is by the day something was written, under its proposal as it is now (`UNREAD` where it has none);
    `TOPIC` likewise, under the strongest topic of the newest thought about it. The others are by the day somebody did
    something: `FIRST_DECISION` and `ANSWER` under how long it had waited since it came in, `BY_CATEGORY` and `BY_RULE`
    under what was proposed and what people decided, `DECIDED`, `ANSWERED` and `ROUTED` under the id of who decided,
    wrote the answer, or got the question.

    Of questions: `ASKED` and `REPLIED` are by the day they were written, under their topic; `STAGE` and `PUNCTUAL` by
    the day their answer was published, under stage, topic and how long they had waited until then, and under whether
    the answer was in time, and topic.
    """

    ARRIVED = "arrived"
    TOPIC = "topic"
    FIRST_DECISION = "first_decision"
    ANSWER = "answer"
    BY_CATEGORY = "by_category"
    BY_RULE = "by_rule"
    DECIDED = "decided"
    ANSWERED = "answered"
    ROUTED = "routed"
    ASKED = "asked"
    REPLIED = "replied"
    STAGE = "stage"
    PUNCTUAL = "punctual"


class Stage(StrEnum):
    """How far a question has come on its way: opened by its expert, drafted, approved, published."""

    READING = "reading"
    DRAFT = "draft"
    APPROVAL = "approval"
    PUBLISHING = "publishing"


class Punctuality(StrEnum):
    """Whether an answer was published by its deadline; `FREE` of those that had none."""

    IN_TIME = "in_time"
    LATE = "late"
    FREE = "free"


NO_TOPIC = "-"
"""The topic of a question that is about none of ours."""


UNREAD = "unread"
"""The key of what has arrived and nobody has read yet."""

WAITS: tuple[tuple[str, timedelta], ...] = (
    ("15m", timedelta(minutes=15)),
    ("1h", timedelta(hours=1)),
    ("4h", timedelta(hours=4)),
    ("12h", timedelta(hours=12)),
    ("1d", timedelta(days=1)),
    ("3d", timedelta(days=3)),
    ("7d", timedelta(days=7)),
    ("longer", timedelta.max),
)
"""The steps that waits are counted in, each with the longest wait that still belongs to it."""

VERDICTS = {DecisionKind.KEEP: Verdict.KEPT, DecisionKind.REMOVE: Verdict.REMOVED}
"""The decisions that a proposal is held against: the second step of deleting says nothing new."""

FIRST_DECISIONS = (DecisionKind.KEEP, DecisionKind.REMOVE, DecisionKind.DELETE, DecisionKind.NO_ANSWER)
"""The decisions with which waiting for one is over."""

_PARTS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed of a text that people decided about, and the first rule that spoke for it (or empty)."""

    outcome: Outcome
    category: Category
    rule: str = ""

    def keys(self, verdict: Verdict) -> list[tuple[Measure, str]]:
        """What is counted where people decided so of it."""
        judged = f"{self.outcome}:{verdict}"
        by_rule = [(Measure.BY_RULE, f"{judged}:{self.rule}")] if self.rule else []
        return [(Measure.BY_CATEGORY, f"{judged}:{self.category}"), *by_rule]


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """The moments of a question that was answered; `read_at` and `due_at` are None where nobody kept one."""

    topic: str
    written_at: datetime
    received_at: datetime
    read_at: datetime | None
    drafted_at: datetime
    approved_at: datetime
    published_at: datetime
    due_at: datetime | None

    def counts(self) -> Iterator[tuple[Measure, datetime, str]]:
        """What is counted of it: the measure, the moment whose day it is counted on, and the key."""
        topic = self.topic or NO_TOPIC
        yield Measure.REPLIED, self.written_at, topic
        reached = (self.read_at, self.drafted_at, self.approved_at, self.published_at)
        for stage, at in zip(Stage, reached, strict=True):
            if at is not None:
                waited = max(at - self.received_at, timedelta(0))
                yield Measure.STAGE, self.published_at, f"{stage}:{topic}:{wait_step(waited)}"
        in_time = self.due_at is not None and self.published_at <= self.due_at
        how = Punctuality.FREE if self.due_at is None else Punctuality.IN_TIME if in_time else Punctuality.LATE
        yield Measure.PUNCTUAL, self.published_at, f"{how}:{topic}"


def stage_in(key: str) -> tuple[Stage, str, str]:
    """What a key of `STAGE` says: the stage, the topic, and the step of waiting."""
    stage, topic, step = key.split(":", _PARTS - 1)
    return Stage(stage), topic, step


def half_within(counts: Mapping[str, int]) -> str | None:
    """The step of waiting within which half had what they waited for; None where nothing was counted."""
    total, reached = sum(counts.values()), 0
    for step, _longest in WAITS:
        reached += counts.get(step, 0)
        if total and 2 * reached >= total:
            return step
    return None


def judged_in(key: str) -> tuple[Outcome, Verdict, str]:
    """What a key of `BY_CATEGORY` or `BY_RULE` says: the proposal, what people decided, and the category or rule."""
    outcome, verdict, about = key.split(":", _PARTS - 1)
    return Outcome(outcome), Verdict(verdict), about


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The organisation's own day of a moment."""
    return moment.astimezone(zone).date()


def wait_step(waited: timedelta) -> str:
    """The step of `WAITS` that a wait belongs to."""
    return next(name for name, longest in WAITS if waited <= longest)


def strongest(topics: Sequence[TopicScore]) -> str:
    """The topic a text is most likely about; empty where it is about none."""
    return max(topics, key=lambda topic: topic.score).topic if topics else ""
