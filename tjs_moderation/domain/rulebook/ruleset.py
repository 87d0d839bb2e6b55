"""A rule set as data: word lists, rules and topics, as parsed from the text a tiedottaja writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tjs_moderation.domain.language import Manner, Target
from tjs_moderation.domain.rulebook.circumstances import Circumstance
from tjs_moderation.domain.rulebook.entries import Entry
from tjs_moderation.domain.vocabulary import Category, Outcome, RuleState


@dataclass(frozen=True, slots=True)
class WordList:
    """A named list of words and phrases."""

    name: str
    entries: tuple[Entry, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold for a rule, besides its trigger. Empty means that it does not matter.

    `with_lists` and `without_lists` look at the rest of the same sentence, all of `circumstances` around the text.
    """

    targets: frozenset[Target] = frozenset()
    not_targets: frozenset[Target] = frozenset()
    manners: frozenset[Manner] = frozenset()
    not_manners: frozenset[Manner] = frozenset()
    languages: frozenset[str] = frozenset()
    not_languages: frozenset[str] = frozenset()
    with_lists: tuple[frozenset[str], ...] = ()
    without_lists: frozenset[str] = frozenset()
    is_question: bool | None = None
    circumstances: tuple[Circumstance, ...] = ()


@dataclass(frozen=True, slots=True)
class Automatic:
    """A rule's leave to hide by itself. `cap_per_day`: at most so many a day; None leaves it to the house's own cap."""

    cap_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what sets it off (`lists`, or `detections`), what else must hold, and what then is proposed and why.

    `because` is the reason in Finnish; in Swedish and English it may be empty. `overrides` names the rules that this
    one silences within a sentence; `*` stands for all of them. `automatic` is None where a person always decides.
    """

    name: str
    outcome: Outcome
    category: Category
    because: str
    lists: frozenset[str] = frozenset()
    detections: frozenset[str] = frozenset()
    conditions: Conditions = Conditions()
    overrides: frozenset[str] = frozenset()
    line: int = 0
    state: RuleState = RuleState.LIVE
    automatic: Automatic | None = None
    because_sv: str = ""
    because_en: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that questions are routed by: its code, its name, words that hint, words that settle it, examples."""

    code: str
    name: str
    hints: tuple[Entry, ...] = ()
    sure: tuple[Entry, ...] = ()
    line: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A whole rule set: its title, lists by name, rules in order, topics in order, and the text it was read from.

    `staff` holds the names of people who work here, as they are called.
    """

    title: str
    lists: Mapping[str, WordList] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    topics: tuple[Topic, ...] = ()
    text: str = ""
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: the rule, the span in the text as given (code points), the words there, the sentence."""

    rule: Rule
    start: int
    end: int
    text: str
    sentence: int
    target: Target
