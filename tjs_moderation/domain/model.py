"""The trained model at work: one matrix of weights, read once; what a text's features add up to, as probabilities.

The weights are made by `tjs_moderation.training.train` and ship beside this file. Only NumPy is needed here.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tjs_moderation.domain.features import WIDTH, Row, features, passage_features
from tjs_moderation.domain.language import Asking, Utterance
from tjs_moderation.domain.rulebook import Finding
from tjs_moderation.domain.scores import Estimate, RuleScores
from tjs_moderation.domain.vocabulary import Score
from tjs_moderation.errors import TjsError

TROUBLE, REMOVABLE, QUESTION = "trouble", "removable", "question"
BY_PASSAGE = frozenset({TROUBLE, REMOVABLE, Score.THREAT.value})
"""Heads that hear each passage of a text by itself as well, so that what is kind around an insult does not drown it."""
TOPIC_PREFIX = "topic:"
WEIGHTS_FILE = "weights.npz"
_RULES_SHARE = 0.5
"""How much the rules' own scores add to the model's: what both say is surer than what one says."""
Amount = TypeVar("Amount", float, NDArray[np.float64])
_PARTS = frozenset({"weights", "offsets", "about"})


class ModelError(TjsError):
    """The weights are missing or damaged; texts cannot be scored."""

    code = "model"


@dataclass(frozen=True, slots=True)
class TrainedScores:
    """Implements `scores.ScoreModel`. `weights` is one row a feature and one column a head; `offsets` one a head.

    Calibration is folded into both, so that a logistic function of the sum is a probability.
    """

    version: str
    heads: tuple[str, ...]
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    _rules: RuleScores = field(default_factory=RuleScores)

    def estimate(self, utterance: Utterance, findings: tuple[Finding, ...], asked: Asking) -> Estimate:
        """What the model makes of a text."""
        whole = self._sums(features(utterance, findings, asked))
        passages = [(span, self._sums(row)) for span, row in passage_features(utterance, findings)]
        each = [sums for _, sums in passages] or [whole]
        shares = {
            head: _probability(with_passages(sum_, max(sums)) if head in BY_PASSAGE else sum_)
            for head, sum_, *sums in zip(self.heads, whole, *each, strict=True)
        }
        trouble = self.heads.index(TROUBLE)
        worst, _ = max(passages, key=lambda passage: passage[1][trouble], default=((0, 0), whole))
        told = self._rules.scores(utterance, findings)
        return Estimate(
            scores={label: round(float(joined(shares[label], share)), 4) for label, share in told.items()},
            trouble=shares[TROUBLE],
            removable=shares[REMOVABLE],
            question=shares[QUESTION],
            topics={
                head[len(TOPIC_PREFIX) :]: share for head, share in shares.items() if head.startswith(TOPIC_PREFIX)
            },
            thresholds=self.thresholds,
            worst=worst,
        )

    def _sums(self, row: Row) -> list[float]:
        """What the features of a text or passage add up to, for each head."""
        places, amounts = row
        sums: list[float] = (amounts @ self.weights.take(places, axis=0) + self.offsets).tolist()
        return sums


def with_passages(whole: Amount, worst: Amount) -> Amount:
    """What a text comes to: halfway between what is made of it as a whole and of its worst passage."""
    return (whole + worst) / 2


def joined(share: Amount, told: Amount) -> Amount:
    """The score of a label from what the model makes of a text and what the rules' own scores say."""
    return 1.0 - (1.0 - share) * (1.0 - _RULES_SHARE * told)


def _probability(evidence: float) -> float:
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, evidence))))


@cache
def load_model() -> TrainedScores:
    """The shipped model. Raises `ModelError` with one clear sentence where the file is missing or damaged."""
    try:
        written = files(__package__).joinpath("weights", WEIGHTS_FILE).read_bytes()
    except OSError as error:
        raise ModelError("Arviointimallin painotiedosto puuttuu. Asenna ohjelma uudelleen.") from error
    return read_model(written)


def read_model(written: bytes) -> TrainedScores:
    """The model in the bytes of a weights file. Raises `ModelError` where they are none."""
    try:
        with np.load(io.BytesIO(written), allow_pickle=False) as parts:
            if set(parts.files) != _PARTS:
                raise ModelError("Arviointimallin painotiedosto on vääränlainen. Asenna ohjelma uudelleen.")
            weights = parts["weights"].astype(np.float32)
            offsets = parts["offsets"].astype(np.float32)
            about = json.loads(str(parts["about"]))
        model = TrainedScores(str(about["version"]), tuple(about["heads"]), weights, offsets, dict(about["thresholds"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"Arviointimallin painotiedosto on vioittunut ({type(error).__name__}).") from error
    wanted = {label.value for label in Score} | {TROUBLE, REMOVABLE, QUESTION}
    fits = weights.shape == (WIDTH, len(model.heads)) and offsets.shape == (len(model.heads),)
    if not fits or not wanted <= set(model.heads) or not np.isfinite(weights).all():
        raise ModelError("Arviointimallin painotiedosto ei sovi tähän ohjelmaan. Asenna ohjelma uudelleen.")
    return model
