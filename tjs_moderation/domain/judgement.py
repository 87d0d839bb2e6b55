"""The judge: a text goes in, an assessment with its reasons comes out. Never raises; what fails goes to a person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial

from tjs_moderation.domain import reasons
from tjs_moderation.domain.language import Asking, DictionaryError, Utterance, asking, load_dictionary, read
from tjs_moderation.domain.language.questions import THRESHOLD as QUESTION_THRESHOLD
from tjs_moderation.domain.model import ModelError, load_model
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.rulebook import Facts, Hearing, Matcher, RuleSet, default_rule_text, parse_rule_set
from tjs_moderation.domain.rulebook.circumstances import REMOVABLE
from tjs_moderation.domain.rulebook.staff import staff_names
from tjs_moderation.domain.scores import Estimate, RuleScores, ScoreModel
from tjs_moderation.domain.topics import TopicFinder
from tjs_moderation.domain.verdict import Evidence, automatic_rule, decide
from tjs_moderation.domain.vocabulary import Category, Outcome, Score

LONGEST_READ = 12_000
"""Code points that are read of a text; a longer one is weighed by a person. (A Facebook comment holds 8,000.)"""
_LONGEST_PARENT = 2_000
_KEPT_POSTS = 64
_QUESTION_FROM = 0.42
"""From where on a text counts as a question where a model has a say; chosen on what its folds had not seen."""


class RuleJudge:
    """Judges texts by one rule set, with scores from the rules or from a model. Safe to share between threads.

    Raises `DictionaryError` when it is made without a dictionary. `trouble` is what keeps it from judging: nothing.
    """

    def __init__(self, rule_set: RuleSet, model: ScoreModel | None = None) -> None:
        load_dictionary()
        self._matcher = Matcher(rule_set)
        self._topics = TopicFinder(rule_set.topics)
        # The comments of one post come together, so the last readings of what stands above them are kept.
        self._read_around = lru_cache(maxsize=_KEPT_POSTS)(partial(read, knows=self._matcher.seeks))
        self._post_lines = lru_cache(maxsize=_KEPT_POSTS)(self._lines_of_post)
        self._model: ScoreModel = model or RuleScores()
        digest = hashlib.sha256(rule_set.text.encode("utf-8", "replace")).hexdigest()[:12]
        self.trouble = ""
        self.model_version = f"{self._model.version}+{digest}"

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        """One assessment for each reading, in order, as soon as it is made."""
        for reading in readings:
            yield self.judge(reading)

    def judge(self, reading: Reading) -> Assessment:
        """The assessment of one reading."""
        try:
            return self._judge(reading)
        except Exception as error:  # noqa: BLE001  # doubt goes to a person, whatever went wrong in here
            return self.failed(f"{type(error).__name__}: {error}")

    def _judge(self, reading: Reading) -> Assessment:
        text = reading.text
        staff = (*self._matcher.rule_set.staff, *reading.staff)
        utterance = read(text[:LONGEST_READ], self._matcher.seeks, staff_names(staff) if staff else None)
        facts = self._facts(reading)
        hearing = self._matcher.hear(utterance, facts)
        asked = asking(utterance)
        estimate = self._model.estimate(utterance, hearing.live, asked)
        if self._matcher.asks_scores:
            hearing = self._matcher.hear(utterance, replace(facts, scores=_asked_scores(estimate)))
        question_score = _question_score(asked, estimate)
        is_question = question_score >= (QUESTION_THRESHOLD if estimate.question is None else _QUESTION_FROM)
        is_whole = len(text) <= LONGEST_READ
        evidence = Evidence(text, utterance.language, hearing.live, estimate, is_question, is_whole=is_whole)
        verdict = decide(evidence)
        return Assessment(
            outcome=verdict.outcome,
            category=verdict.category,
            scores=estimate.scores,
            reasons=verdict.reasons,
            is_question=is_question,
            question_score=round(question_score, 4),
            topics=self._topics.topics_of(utterance, self._answered(reading), estimate.topics),
            language=utterance.language,
            model_version=self.model_version,
            shadows=reasons.of_findings(hearing.shadows),
            shadow_outcome=_shadow_outcome(evidence, hearing),
            automatic=automatic_rule(evidence),
        )

    def _facts(self, reading: Reading) -> Facts:
        post = reading.context.post_text
        if post is None or not self._matcher.asks_post:
            return Facts(reading.context)
        return Facts(reading.context, self._post_lines(post))

    def _lines_of_post(self, post: str) -> frozenset[int]:
        """What the rules ask of a post."""
        return self._matcher.post_lines(self._read_around(post[:_LONGEST_PARENT]))

    def _answered(self, reading: Reading) -> Utterance | None:
        """What a text answers to: the comment above it, or else the post."""
        text = reading.parent_text or reading.context.post_text
        return self._read_around(text[:_LONGEST_PARENT]) if text else None

    def failed(self, failure: str) -> Assessment:
        """The assessment of a text that could not be judged: to be weighed, with the failure named."""
        return _unjudged(failure, self.model_version)


def _question_score(asked: Asking, estimate: Estimate) -> float:
    """How surely a text asks: a third by what its form says, the rest by what the model makes of it."""
    return asked.score if estimate.question is None else (asked.score + 2 * estimate.question) / 3


def _asked_scores(estimate: Estimate) -> Mapping[str, float]:
    """What rules may ask of an estimate, by name; what the model has no opinion of is left out."""
    if estimate.removable is None:
        return estimate.scores
    return {**estimate.scores, REMOVABLE: estimate.removable}


def _shadow_outcome(evidence: Evidence, hearing: Hearing) -> Outcome | None:
    """What the outcome would be if the shadow rules were live; None where they found nothing."""
    return decide(replace(evidence, findings=hearing.together)).outcome if hearing.shadows else None


class BlindJudge:
    """Stands in where the dictionary or the weights cannot be loaded: hands every text to a person."""

    def __init__(self, trouble: str) -> None:
        self.trouble = trouble
        self.model_version = "none"

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        """One assessment for each reading: to be weighed, with the trouble named."""
        return (self.judge(reading) for reading in readings)

    def judge(self, _: Reading) -> Assessment:
        """To be weighed, with the trouble named."""
        return self.failed(self.trouble)

    def failed(self, failure: str) -> Assessment:
        """The same for a text that could not even be read."""
        return _unjudged(failure, self.model_version)


def _unjudged(failure: str, model_version: str) -> Assessment:
    return Assessment(
        outcome=Outcome.WEIGH,
        category=Category.UNREADABLE,
        scores=_no_scores(),
        reasons=(reasons.failed(failure),),
        is_question=False,
        question_score=0.0,
        topics=(),
        language="und",
        model_version=model_version,
        failure=failure,
    )


def _no_scores() -> Mapping[str, float]:
    return {label.value: 0.0 for label in Score}


def judge_for(rule_text: str) -> RuleJudge | BlindJudge:
    """A judge by the rule set written in `rule_text`. Raises `FaultsError` with every fault of it.

    Dictionary and weights are loaded here, not at the first text; without them, everything goes to a person (`trouble`
    says why).
    """
    rule_set = parse_rule_set(rule_text)
    try:
        return RuleJudge(rule_set, load_model())
    except (DictionaryError, ModelError) as error:
        return BlindJudge(str(error))


@cache
def default_judge() -> RuleJudge | BlindJudge:
    """The judge by the shipped rule set, made once."""
    return judge_for(default_rule_text())
