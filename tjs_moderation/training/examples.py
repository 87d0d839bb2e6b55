"""What the model learns from: texts with what is known of each, head by head, and how much each counts."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tjs_moderation.domain.model import QUESTION, REMOVABLE, TOPIC_PREFIX, TROUBLE
from tjs_moderation.domain.vocabulary import Category, Outcome, Score
from tjs_moderation.training.sentences import UNSEEN, Sentence, sentences

TOPICS = ("epaasiallinen-kohtelu", "patkatyot", "ewc", "historiahanke", "yhdistystoiminta", "koulutus")
HEADS = (*(label.value for label in Score), TROUBLE, REMOVABLE, QUESTION, *(TOPIC_PREFIX + topic for topic in TOPICS))

WRITTEN, UNMARKED, SUOMI24 = "written", "unmarked", "suomi24"
CIVIL = ("vkk", "finparl")

_SCORES_OF: dict[str, dict[Score, float]] = {
    Category.INSULT: {Score.INSULT: 1.0, Score.TOXICITY: 1.0},
    Category.DEGRADING: {Score.INSULT: 0.9, Score.TOXICITY: 1.0},
    Category.OBSCENE: {Score.OBSCENE: 1.0, Score.TOXICITY: 0.7},
    Category.THREAT: {Score.THREAT: 1.0, Score.TOXICITY: 1.0},
    Category.IDENTITY_ATTACK: {Score.IDENTITY_ATTACK: 1.0, Score.TOXICITY: 1.0, Score.INSULT: 0.7},
    Category.SEXUAL_HARASSMENT: {Score.TOXICITY: 1.0, Score.OBSCENE: 0.5, Score.INSULT: 0.4},
}
_YSO_TOPICS = {
    "epaasiallinen_kohtelu": "epaasiallinen-kohtelu",
    "patkatyot": "patkatyot",
    "ewc_yhteistoiminta": "ewc",
    "historia": "historiahanke",
    "yhdistystoiminta": "yhdistystoiminta",
    "koulutus_kurssit": "koulutus",
}
_WRITTEN_WEIGHT = 4.5
"""The written sentences are what the page is like; the sets from elsewhere teach words and calm."""
_UNMARKED_WEIGHT = 3.0
_CALM_WEIGHT, _ROUGH_WEIGHT = 0.5, 0.1
_ROUGH_FEELINGS = frozenset("13")
"""Anger and disgust, as the subtitles' annotators (XED) number feelings."""
_VOTES = {"unsure": 0.5, "REJECT": None}
_Row = TypeVar("_Row")
_SEED = 7
_COUNTS = {"vkk": 5000, "finparl": 3000, "xed_fi": 25_243, "xed_sv": 1500, "yso": 5000}


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and for each head that something is known of: the share of “yes”, 0…1. `weight` is how much it counts.

    `decided`: what those who published a comment hold of the label it was judged for, None where they published none.
    `is_held_back`: the measuring weights are trained without it.
    """

    source: str
    text: str
    known: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0
    decided: bool | None = None
    is_held_back: bool = False


def examples(data: Path) -> Iterator[Example]:
    """Everything to learn from, in a fixed order. `data` is the folder that holds `train/` (see docs/model-card.md)."""
    train = data / "train"
    for sentence in sentences():
        if sentence.source in UNSEEN:
            continue
        text, held = sentence.text, sentence.is_held_back
        asks = {QUESTION: float(sentence.is_question)}
        yield Example(WRITTEN, text, _known_of(sentence), _WRITTEN_WEIGHT, is_held_back=held)
        yield Example(UNMARKED, text.replace("?", ""), asks, _UNMARKED_WEIGHT, is_held_back=held)
    yield from _suomi24(train)
    yield from _civil(train)
    yield from _colloquial(train)
    for row in _some(_rows(train / "yso_topic_titles.tsv"), "yso"):
        yield Example("yso", row["title"], _topics(_YSO_TOPICS.get(row["topic"], "")), 0.3)


def _known_of(sentence: Sentence) -> dict[str, float]:
    share = 1.0 if sentence.outcome is Outcome.REMOVE else 0.5 if sentence.outcome is Outcome.WEIGH else 0.0
    scores = _SCORES_OF.get(sentence.category, {})
    known = {label.value: share * scores.get(label, 0.0) for label in Score if label is not Score.SEVERE_TOXICITY}
    known[TROUBLE] = float(sentence.outcome is not Outcome.KEEP)
    known[REMOVABLE] = float(sentence.outcome is Outcome.REMOVE)
    known[QUESTION] = float(sentence.is_question)
    return known | _topics(*sentence.topics)


def _topics(*held: str) -> dict[str, float]:
    return {TOPIC_PREFIX + each: float(each in held) for each in TOPICS}


def _nothing_wrong() -> dict[str, float]:
    return dict.fromkeys((*(label.value for label in Score), TROUBLE, REMOVABLE), 0.0)


def _suomi24(train: Path) -> Iterator[Example]:
    """Each comment was judged by three for one label alone; their votes are its share of “yes”."""
    published = _rows(train / "suomi24_toxicity_train.tsv")
    decided = {(row["text"], row["label_type"]): row["value"] == "1" for row in published}
    for row in _rows(train / "suomi24_raw_3annotators_train.tsv"):
        label = row["label_type"]
        votes = [
            vote
            for name in ("annotator1", "annotator2", "annotator3")
            if (vote := _VOTES.get(row[name], float(row[name] == label))) is not None
        ]
        if not votes:
            continue
        share = sum(votes) / len(votes)
        known = {label: share}
        if share > 0.6:
            known[TROUBLE] = 1.0
            known.setdefault(Score.TOXICITY.value, 0.8)
        yield Example(SUOMI24, row["text"], known, decided=decided.get((row["text"], label)))


def _civil(train: Path) -> Iterator[Example]:
    with (train / "eduskunta_vkk_train.csv").open(encoding="utf-8", newline="") as file:
        questions = [row["sentence"] for row in csv.DictReader(file)]
    for text in _some(questions, "vkk"):
        yield Example("vkk", text, _nothing_wrong())
    for row in _some(_rows(train / "finparl_sentences_unlabelled.tsv"), "finparl"):
        yield Example("finparl", row["text"], _nothing_wrong())


def _colloquial(train: Path) -> Iterator[Example]:
    """Subtitles: people speaking to one another, about none of our topics. Some are rude: the angry count least."""
    for row in _some(_rows(train / "xed_fi.tsv"), "xed_fi"):
        asks = {QUESTION: 0.0} if row["is_question"] == "0" else {}
        feelings = set(row["labels"].replace(" ", "").split(","))
        weight = _CALM_WEIGHT if feelings.isdisjoint(_ROUGH_FEELINGS) else _ROUGH_WEIGHT
        yield Example("xed", row["text"], _nothing_wrong() | _topics() | asks, weight)
    lines = (train / "xed_sv_projections.tsv").read_text(encoding="utf-8").splitlines()
    for line in _some(lines, "xed_sv"):
        yield Example("xed", line.rsplit("\t", 1)[0], _nothing_wrong() | _topics(), 0.25)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _some(rows: list[_Row], name: str) -> list[_Row]:
    chance = random.Random(_SEED)  # noqa: S311  # the same rows at every training, nothing secret
    return chance.sample(rows, min(len(rows), _COUNTS[name]))
