"""The examples read as the judge reads them: sparse rows of features, of the whole text and of each of its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tjs_moderation.domain import verdict
from tjs_moderation.domain.features import WIDTH, Row, features, passage_features
from tjs_moderation.domain.judgement import LONGEST_READ
from tjs_moderation.domain.language import asking, read
from tjs_moderation.domain.rulebook import Matcher, default_rule_text, parse_rule_set
from tjs_moderation.domain.scores import RuleScores
from tjs_moderation.domain.topics import TopicFinder

_PROCESSES = 2
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules alone say of a text: how surely it asks, its topics, its scores, what `domain/verdict` asks."""

    asking: float
    topics: dict[str, float]
    is_allowed: bool
    weight: verdict.Weight
    is_criticism: bool
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Read:
    """One text: its row, the same without what rules found, a row for each passage, what the rules say."""

    row: Row
    bare: Row
    passages: list[Row]
    told: Told


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows of features. `whole` and `bare` (as if no rule had spoken) have one a text, in order.

    `passages` has those of the texts that are more than one passage, `owners` the text each belongs to. `told` is what
    the rules say of each text.
    """

    whole: csr_matrix
    bare: csr_matrix
    passages: csr_matrix
    owners: NDArray[np.int64]
    told: list[Told]

    def only(self, chosen: NDArray[np.bool_]) -> Rows:
        """The rows of the chosen texts."""
        inside = chosen[self.owners]
        return Rows(
            whole=self.whole[chosen],
            bare=self.bare[chosen],
            passages=self.passages[inside],
            owners=(np.cumsum(chosen) - 1)[self.owners[inside]],
            told=[told for told, is_chosen in zip(self.told, chosen, strict=True) if is_chosen],
        )


class _Reader:
    """Reads texts by the shipped rules; one a process."""

    def __init__(self) -> None:
        rule_set = parse_rule_set(default_rule_text())
        self._matcher = Matcher(rule_set)
        self._topics = TopicFinder(rule_set.topics)
        self._scores = RuleScores()

    def read(self, text: str) -> _Read:
        utterance = read(text[:LONGEST_READ], self._matcher.seeks)
        findings = self._matcher.findings(utterance)
        asked = asking(utterance)
        told = Told(
            asked.score,
            {each.topic: each.score for each in self._topics.topics_of(utterance)},
            verdict.is_allowed(findings),
            verdict.weight_of(findings),
            verdict.is_criticism(findings),
            self._scores.scores(utterance, findings),
        )
        row = features(utterance, findings, asked)
        bare = features(utterance, (), asked) if findings else row
        return _Read(row, bare, [each for _, each in passage_features(utterance, findings)], told)


_readers: list[_Reader] = []


def _read(text: str) -> _Read:
    if not _readers:
        _readers.append(_Reader())
    return _readers[0].read(text)


def read_all(texts: Sequence[str]) -> Rows:
    """The rows of these texts."""
    with get_context("spawn").Pool(_PROCESSES) as pool:
        read = pool.map(_read, texts, chunksize=_AT_ONCE)
    return Rows(
        whole=_matrix([each.row for each in read]),
        bare=_matrix([each.bare for each in read]),
        passages=_matrix([row for each in read for row in each.passages]),
        owners=np.repeat(np.arange(len(read)), [len(each.passages) for each in read]),
        told=[each.told for each in read],
    )


def _matrix(rows: Sequence[Row]) -> csr_matrix:
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    amounts = np.concatenate([amounts for _, amounts in rows])
    return csr_matrix((amounts, places, ends), shape=(len(rows), WIDTH))
