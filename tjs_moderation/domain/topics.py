"""What a text is about: the topics of the rule set, scored by their words and examples. Several may hold, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, repeat

from tjs_moderation.domain.examples import Examples
from tjs_moderation.domain.language import Utterance
from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.rulebook import Topic
from tjs_moderation.domain.rulebook.lexicon import Lexicon

_HINT = 0.4
_SURE = 0.8
_LIKELIEST, _SECOND, _FURTHER = 0.16, 0.1, 0.25
"""From where on topics are given. The second is given sooner than others: who doubts the first looks there. What words
and examples alone say of a topic has to reach the last."""


class TopicFinder:
    """Scores texts on topics. Built once per rule set; safe to share between threads."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self._topics = topics
        entries = [
            (2 * i + k, entry) for i, topic in enumerate(topics) for k, entry in enumerate((topic.hints, topic.sure))
        ]
        self._lexicon = Lexicon(entries)
        self._examples = Examples(topics)

    def topics_of(
        self, utterance: Utterance, answered: Utterance | None = None, guesses: Mapping[str, float] | None = None
    ) -> tuple[TopicScore, ...]:
        """The topics of a text, the likeliest first; what it answers to (`answered`) counts half.

        `guesses` are a model's probabilities by code; those of topics that the rule set does not have are passed over.
        """
        doubts: dict[int, float] = defaultdict(lambda: 1.0)
        likeness = self._examples.likeness(utterance)
        for i, share in likeness.items():
            doubts[i] *= 1.0 - share
        known = guesses or {}
        # A model guesses boldly about what it never learnt: a topic it does not know takes from all its guesses.
        unknown = max((share for i, share in likeness.items() if self._topics[i].code not in known), default=0.0)
        for i, topic in enumerate(self._topics):
            doubts[i] *= 1.0 - (1.0 - unknown) * known.get(topic.code, 0.0)
        self._count(utterance, doubts, 1.0)
        if answered is not None:
            self._count(answered, doubts, 0.5)
        scored = [
            TopicScore(code, share)
            for i, doubt in doubts.items()
            if (share := round(1.0 - doubt, 4)) >= _SECOND
            and ((code := self._topics[i].code) in known or share >= _FURTHER)
        ]
        return _worth_giving(sorted(scored, key=lambda each: (-each.score, each.topic)))

    def _count(self, utterance: Utterance, doubts: dict[int, float], share: float) -> None:
        """Each word found leaves less doubt; the same word twice says nothing new."""
        seen: set[tuple[int, frozenset[str], int]] = set()
        for hit in self._lexicon.hits(utterance.lexemes):
            for number in hit.lists:
                key = number, utterance.lexemes[hit.first].lemmas, hit.last - hit.first
                if key not in seen:
                    seen.add(key)
                    doubts[number // 2] *= 1.0 - share * (_SURE if number % 2 else _HINT)


def _worth_giving(ranked: Sequence[TopicScore]) -> tuple[TopicScore, ...]:
    """None where even the likeliest is unlikely; otherwise those that are likely enough for their place."""
    if not ranked or ranked[0].score < _LIKELIEST:
        return ()
    least = chain((_LIKELIEST, _SECOND), repeat(_FURTHER))
    return tuple(each for each, share in zip(ranked, least, strict=False) if each.score >= share)
