"""What is counted by day, and under which key: arrivals, waits, proposals followed or overruled, topics, people's load.

A day is a day of the organisation's own time zone.
"""

from __future__ import annotations

from collections.abc import Sequence
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
