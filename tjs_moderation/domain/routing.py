"""Who answers: topics to experts, with the reason in a form that can be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tjs_moderation.domain.ports import TopicScore


class Why(StrEnum):
    """Why somebody was proposed; the web turns it into a sentence."""

    ONLY_EXPERT = "only_expert"
    LEAST_LOADED = "least_loaded"
    OPEN_TO_ALL = "open_to_all"
    NO_EXPERT = "no_expert"
    NO_TOPIC = "no_topic"


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who can answer: `load` is how many questions wait for them now."""

    id: int
    name: str
    load: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """A topic and its experts. A topic open to all has no owner until somebody takes the question."""

    topic_id: int
    slug: str
    experts: tuple[Expert, ...]
    is_open_to_all: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a question should go. `expert` is None where nobody is named; `score` is the topic's likelihood 0…1."""

    why: Why
    topic_id: int | None = None
    expert: Expert | None = None
    score: float = 0.0


def propose(topics: Sequence[TopicScore], desks: Sequence[Desk]) -> Proposal:
    """The expert for a question.

    It goes to the likeliest topic that we have a desk for, and of its experts to the one with the least waiting (the
    lower id where two have the same).
    """
    by_slug = {desk.slug: desk for desk in desks}
    for found in sorted(topics, key=lambda topic: -topic.score):
        desk = by_slug.get(found.topic)
        if desk is not None:
            return _propose_at(desk, found.score)
    return Proposal(Why.NO_TOPIC)


def _propose_at(desk: Desk, score: float) -> Proposal:
    if desk.is_open_to_all:
        return Proposal(Why.OPEN_TO_ALL, desk.topic_id, None, score)
    if not desk.experts:
        return Proposal(Why.NO_EXPERT, desk.topic_id, None, score)
    chosen = min(desk.experts, key=lambda expert: (expert.load, expert.id))
    why = Why.ONLY_EXPERT if len(desk.experts) == 1 else Why.LEAST_LOADED
    return Proposal(why, desk.topic_id, chosen, score)
