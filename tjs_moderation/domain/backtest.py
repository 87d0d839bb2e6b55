"""Two rule sets on the same texts: what each makes of them, counted, with what people decided as the yardstick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tjs_moderation.domain.ports import Reason
from tjs_moderation.domain.vocabulary import Category, Outcome


class Verdict(StrEnum):
    """What people decided about a text: it stays, or it went."""

    KEPT = "kept"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one rule set makes of a text; `rule` and `sentence` are those of its first reason, or empty."""

    outcome: Outcome
    category: Category
    rule: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One item under two rule sets: `live` is the one in force, `tried` the one that is tried on it."""

    item_id: int
    external_id: str
    text: str
    live: Sight
    tried: Sight
    decided: Verdict | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the two propose another thing, or the same thing of another kind."""
        return (self.live.outcome, self.live.category) != (self.tried.outcome, self.tried.category)


@dataclass(slots=True)
class Agreement:
    """How the proposals of one rule set stand to what people decided of the same texts."""

    counts: Counter[tuple[Outcome, Verdict]] = field(default_factory=Counter)

    @property
    def decided(self) -> int:
        """How many of the texts people have decided about."""
        return self.counts.total()

    @property
    def agreed(self) -> int:
        """How often people did what was proposed."""
        return self.counts[Outcome.KEEP, Verdict.KEPT] + self.counts[Outcome.REMOVE, Verdict.REMOVED]

    @property
    def removed_in_vain(self) -> int:
        """How often removal was proposed of what people kept."""
        return self.counts[Outcome.REMOVE, Verdict.KEPT]

    @property
    def missed(self) -> int:
        """How often keeping was proposed of what people removed."""
        return self.counts[Outcome.KEEP, Verdict.REMOVED]

    @property
    def left_open(self) -> int:
        """How often it was left to people anyway."""
        return self.counts[Outcome.WEIGH, Verdict.KEPT] + self.counts[Outcome.WEIGH, Verdict.REMOVED]


@dataclass(slots=True)
class Tally:
    """The counts of a comparison, added up one text at a time: memory does not grow with the number of texts.

    The keys of `outcomes` and `categories` are pairs: by the rule set in force, by the one that is tried.
    """

    outcomes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    categories: Counter[tuple[Category, Category]] = field(default_factory=Counter)
    live: Agreement = field(default_factory=Agreement)
    tried: Agreement = field(default_factory=Agreement)
    changed: int = 0

    @property
    def read(self) -> int:
        """How many texts were compared."""
        return self.outcomes.total()

    def add(self, compared: Compared) -> None:
        """Count one text."""
        self.outcomes[compared.live.outcome, compared.tried.outcome] += 1
        self.categories[compared.live.category, compared.tried.category] += 1
        self.changed += compared.is_changed
        if compared.decided is not None:
            self.live.counts[compared.live.outcome, compared.decided] += 1
            self.tried.counts[compared.tried.outcome, compared.decided] += 1


def sight_of(outcome: Outcome, category: Category, reasons: Sequence[Reason]) -> Sight:
    """What an assessment comes to, in short."""
    first = next(iter(reasons), None)
    return Sight(outcome, category, first.rule, first.sentence) if first else Sight(outcome, category)
