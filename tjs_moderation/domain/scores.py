"""Scores of a text on the labels of `Score`, 0…1 each: from what rules found, or from a model that does better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tjs_moderation.domain.language import Asking, Utterance
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.vocabulary import Category, Outcome, Score


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a model makes of a text. All numbers are probabilities, 0…1; None where the model has no opinion.

    `scores` has every label of `Score`; `trouble`: a person should see it; `removable`: it should go; `question`: it
    asks for an answer; `topics` by code. `thresholds` says from where on `trouble` and `removable` count. `worst` is
    the span (code points) of the passage that troubles most; empty where the text is one passage.
    """

    scores: Mapping[str, float]
    trouble: float | None = None
    removable: float | None = None
    question: float | None = None
    topics: Mapping[str, float] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    worst: tuple[int, int] = (0, 0)

    def is_above(self, name: str, share: float | None) -> bool:
        """Whether a probability reaches the threshold of this name; never where either is unknown."""
        return share is not None and share >= self.thresholds.get(name, 2.0)

    def is_below(self, name: str, share: float | None) -> bool:
        """Whether a probability misses the threshold of this name; never where either is unknown."""
        return share is not None and share < self.thresholds.get(name, -1.0)


class ScoreModel(Protocol):
    """Estimates a text that was read. Pure: the same text and findings give the same estimate."""

    @property
    def version(self) -> str:
        """Names the weights, so that every assessment says what it was made with."""

    def estimate(self, utterance: Utterance, findings: tuple[Finding, ...], asked: Asking) -> Estimate:
        """What the model makes of a text."""


_LABELS_OF: Mapping[Category, tuple[tuple[Score, float], ...]] = {
    Category.INSULT: ((Score.INSULT, 1.0), (Score.TOXICITY, 0.9)),
    Category.DEGRADING: ((Score.INSULT, 0.85), (Score.TOXICITY, 0.85)),
    Category.OBSCENE: ((Score.OBSCENE, 1.0), (Score.TOXICITY, 0.75), (Score.INSULT, 0.35)),
    Category.THREAT: ((Score.THREAT, 1.0), (Score.TOXICITY, 0.95), (Score.SEVERE_TOXICITY, 0.6)),
    Category.IDENTITY_ATTACK: (
        (Score.IDENTITY_ATTACK, 1.0),
        (Score.TOXICITY, 0.95),
        (Score.INSULT, 0.6),
        (Score.SEVERE_TOXICITY, 0.4),
    ),
    Category.SEXUAL_HARASSMENT: ((Score.OBSCENE, 0.9), (Score.TOXICITY, 0.85), (Score.INSULT, 0.5)),
}
_WEIGHT_OF = {Outcome.REMOVE: 0.9, Outcome.WEIGH: 0.55, Outcome.KEEP: 0.0}
_LEAST = 0.02
_LABELS = tuple(label.value for label in Score)


class RuleScores:
    """Scores that follow from the findings alone: each finding leaves less doubt about the labels of its category."""

    version = "rules-1"

    def estimate(self, utterance: Utterance, findings: tuple[Finding, ...], _: Asking) -> Estimate:
        """The scores alone; of everything else the rules speak for themselves."""
        return Estimate(self.scores(utterance, findings))

    def scores(self, utterance: Utterance, findings: Iterable[Finding]) -> dict[str, float]:
        """A score for every label; `utterance` is not needed here."""
        doubts = dict.fromkeys(_LABELS, 1.0 - _LEAST)
        removals = 0
        for finding in findings:
            weight = _WEIGHT_OF[finding.rule.outcome]
            removals += finding.rule.outcome is Outcome.REMOVE
            for label, share in _LABELS_OF.get(finding.rule.category, ()):
                doubts[label.value] *= 1.0 - weight * share
        if removals >= 2:
            doubts[Score.SEVERE_TOXICITY.value] *= 0.6
        return {label: round(1.0 - doubt, 4) for label, doubt in doubts.items()}
