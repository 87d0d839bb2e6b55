"""What may be asked around a text: its author, its post, the time, the kind, the scores. Known, or not known at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from math import inf

from tjs_moderation.domain.ports import Context
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.vocabulary import ItemKind

REMOVABLE = "removable"
"""The estimate that a text should go, asked for like a score."""
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when the rules of a text are asked.

    `post_lines`: the lines of the rule set whose words the post has, None without a post. `scores`: by `Score` or
    `REMOVABLE`, None before the model has spoken.
    """

    context: Context = field(default_factory=Context)
    post_lines: frozenset[int] | None = None
    scores: Mapping[str, float] | None = None


class Quantity(StrEnum):
    """A number of a text's context; the values are fields of `Context`."""

    ITEMS = "author_items"
    REMOVED = "author_removed"
    IN_HOUR = "author_in_hour"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the context lies between two, both included."""

    quantity: Quantity
    least: float = 0
    most: float = inf

    def holds(self, facts: Facts) -> bool | None:
        value: int | None = getattr(facts.context, self.quantity)
        return None if value is None else self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class ScoreAmount:
    """A score lies between two, both included. `label` is one of `Score`, or `REMOVABLE`."""

    label: str
    least: float = 0
    most: float = 1

    def holds(self, facts: Facts) -> bool | None:
        value = (facts.scores or {}).get(self.label)
        return None if value is None else self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class PostAge:
    """The post was older (or younger) than this when the text was written."""

    limit: timedelta
    is_older: bool

    def holds(self, facts: Facts) -> bool | None:
        written, posted = facts.context.written_at, facts.context.post_written_at
        if written is None or posted is None:
            return None
        return (written - posted > self.limit) is self.is_older


@dataclass(frozen=True, slots=True)
class PostWords:
    """The post has one of these words or phrases, in any form. `line` is where the rule set says so."""

    line: int
    entries: tuple[Entry, ...]

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.post_lines is None else self.line in facts.post_lines


@dataclass(frozen=True, slots=True)
class Hours:
    """The text was written between two times of day, in minutes from midnight; the end itself is outside.

    Where the end comes first, the stretch goes over midnight.
    """

    begin: int
    end: int

    def holds(self, facts: Facts) -> bool | None:
        at = facts.context.written_at
        if at is None:
            return None
        return (at.hour * 60 + at.minute - self.begin) % _MINUTES_A_DAY < (self.end - self.begin) % _MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Weekdays:
    """The text was written on one of these days (Monday is 0)."""

    days: frozenset[int]

    def holds(self, facts: Facts) -> bool | None:
        at = facts.context.written_at
        return None if at is None else at.weekday() in self.days


@dataclass(frozen=True, slots=True)
class OfKind:
    """The text is a comment, or a message."""

    kind: ItemKind

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.context.kind is None else facts.context.kind is self.kind


Check = Amount | ScoreAmount | PostAge | PostWords | Hours | Weekdays | OfKind


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One line of a rule: one of the checks must hold, or none of them where it is denied."""

    checks: tuple[Check, ...]
    is_denied: bool = False

    def holds(self, facts: Facts) -> bool:
        """Whether the line holds. What is not known makes neither it nor its denial hold."""
        answers = [check.holds(facts) for check in self.checks]
        if self.is_denied:
            return all(answer is False for answer in answers)
        return any(answers)
