"""A judge for the tests of the pages: simple enough that one sees beforehand what it will say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tjs_moderation.domain.ports import Assessment, Reading, Reason, TopicScore
from tjs_moderation.domain.vocabulary import Category, Outcome

_JUDGEMENTS = {
    "tollo": (Outcome.REMOVE, Category.INSULT, "”tollo” loukkaa henkilöä."),
    "uhkaan": (Outcome.REMOVE, Category.THREAT, "”uhkaan” on uhkaus."),
    "kelvoton": (Outcome.WEIGH, Category.HARSH_CRITICISM, "”kelvoton” on kova sana."),
}


class PlainJudge:
    """*tollo* insults, *uhkaan* threatens, *kelvoton* is weighed, a question mark asks; *pätkätyö* is the topic."""

    model_version = "plain"

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        yield from map(_assessment, readings)


def _assessment(reading: Reading) -> Assessment:
    text, asks = reading.text, "?" in reading.text
    word = next((word for word in _JUDGEMENTS if word in text), None)
    outcome, category, sentence = Outcome.KEEP, Category.QUESTION if asks else Category.NEUTRAL, ""
    reasons: tuple[Reason, ...] = ()
    if word is not None:
        outcome, category, sentence = _JUDGEMENTS[word]
        start = text.index(word)
        reasons = (Reason(category, start, start + len(word), word, sentence, rule="tests"),)
    return Assessment(
        outcome=outcome,
        category=category,
        scores={},
        reasons=reasons,
        is_question=asks,
        question_score=float(asks),
        topics=(TopicScore("patkatyot", 0.9),) if "pätkätyö" in text else (),
        language="fi",
        model_version="plain",
    )
