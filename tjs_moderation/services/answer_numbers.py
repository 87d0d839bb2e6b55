"""The figures of questions and answers over a stretch of days, by week and by topic, from the counts of days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tjs_moderation.domain.period import Period, Step, beginning
from tjs_moderation.domain.tally import Measure, Punctuality, Stage, half_within, stage_in

OF_ANSWERS = (Measure.ASKED, Measure.REPLIED, Measure.STAGE, Measure.PUNCTUAL)
"""What is counted of questions and their answers."""


@dataclass(slots=True)
class Answered:
    """One week, or one topic: what was asked, what of that has an answer by now, and how the answers came about.

    `asked` and `replied` are of the questions written then, the others of the answers published then.
    """

    asked: int = 0
    replied: int = 0
    punctual: Counter[Punctuality] = field(default_factory=Counter)
    stages: dict[Stage, Counter[str]] = field(default_factory=lambda: {stage: Counter() for stage in Stage})

    @property
    def published(self) -> int:
        return self.punctual.total()

    @property
    def share(self) -> int | None:
        """How many per cent of the questions have been answered; None where nothing was asked."""
        return round(100 * min(self.replied, self.asked) / self.asked) if self.asked else None

    def half(self, stage: Stage) -> str | None:
        """The step of waiting within which half of the answers had come so far."""
        return half_within(self.stages[stage])

    def add(self, measure: Measure, key: str, count: int) -> None:
        """Add one count of one day."""
        if measure is Measure.ASKED:
            self.asked += count
        elif measure is Measure.REPLIED:
            self.replied += count
        elif measure is Measure.PUNCTUAL:
            self.punctual[Punctuality(key.partition(":")[0])] += count
        else:
            stage, _, step = stage_in(key)
            self.stages[stage][step] += count


class AnswerCounts:
    """Questions and answers of a period: by the Monday of each week, by topic (`NO_TOPIC` for none), and in all."""

    def __init__(self, period: Period) -> None:
        self.weeks = {monday: Answered() for monday in period.beginnings(Step.WEEK)}
        self._topics: defaultdict[str, Answered] = defaultdict(Answered)
        self.total = Answered()

    @property
    def topics(self) -> Mapping[str, Answered]:
        """By topic, as far as anything was asked or answered about it."""
        return {slug: each for slug, each in self._topics.items() if each.asked or each.published}

    def add(self, measure: Measure, day: date, key: str, count: int) -> None:
        """Add one count of one day."""
        for each in (self.weeks[beginning(day, Step.WEEK)], self._topics[_topic_in(measure, key)], self.total):
            each.add(measure, key, count)


def _topic_in(measure: Measure, key: str) -> str:
    if measure is Measure.STAGE:
        return stage_in(key)[1]
    return key.partition(":")[2] if measure is Measure.PUNCTUAL else key
