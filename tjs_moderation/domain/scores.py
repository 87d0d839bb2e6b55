"""Scores of a text on the labels of `Score`, 0…1 each: from what rules found, or from a model that does better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.vocabulary import Category, Outcome, Score


class ScoreModel(Protocol):
    """Gives scores to a text that was read. Pure: the same text and findings give the same scores."""

    version: str

    def scores(self, utterance: Utterance, findings: tuple[Finding, ...]) -> Mapping[str, float]:
        """A score for every label."""


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


class RuleScores:
    """Scores that follow from the findings alone: each finding leaves less doubt about the labels of its category."""

    version = "rules-1"

    def scores(self, utterance: Utterance, findings: Iterable[Finding]) -> dict[str, float]:
        """A score for every label; `utterance` is not needed here."""
        doubts = dict.fromkeys(Score, 1.0 - _LEAST)
        removals = 0
        for finding in findings:
            weight = _WEIGHT_OF[finding.rule.outcome]
            removals += finding.rule.outcome is Outcome.REMOVE
            for label, share in _LABELS_OF.get(finding.rule.category, ()):
                doubts[label] *= 1.0 - weight * share
        if removals >= 2:
            doubts[Score.SEVERE_TOXICITY] *= 0.6
        return {label.value: round(1.0 - doubt, 4) for label, doubt in doubts.items()}
