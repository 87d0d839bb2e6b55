"""Who answers: topics to experts, with the reason in a form that can be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from tjs_moderation.domain.ports import TopicScore

HEARD_FROM = 0.5
"""The expert of another topic is heard where that topic is at least so likely, as a part of the likeliest's score."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Why(StrEnum):
    """Why somebody was proposed; the web turns it into a sentence."""

    ONLY_EXPERT = "only_expert"
    ONLY_ONE_HERE = "only_one_here"
    LEAST_LOADED = "least_loaded"
    TURN = "turn"
    SUBSTITUTE = "substitute"
    NOBODY_HERE = "nobody_here"
    OPEN_TO_ALL = "open_to_all"
    NO_EXPERT = "no_expert"
    NO_TOPIC = "no_topic"


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is not at work, up to and including the day `until`; and who answers in their place, if anybody."""

    until: date
    substitute_id: int | None = None


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who can answer.

    `load` is how many questions wait for them now, `last_at` when they last got one (None: never), `away` is set while
    they are not at work, and `is_officer` marks a tiedottaja, to whom a question falls back.
    """

    id: int
    name: str
    load: int = 0
    last_at: datetime | None = None
    away: Away | None = None
    is_officer: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A topic and its experts. A topic open to all has no owner until somebody takes the question."""

    topic_id: int
    slug: str
    experts: tuple[Expert, ...]
    is_open_to_all: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a question should go. `expert` is None where nobody is named; `score` is the topic's likelihood 0…1.

    `in_place_of` is whom a substitute stands for; `heard` are the experts of other topics the question is about, too.
    """

    why: Why
    topic_id: int | None = None
    expert: Expert | None = None
    score: float = 0.0
    in_place_of: Expert | None = None
    heard: tuple[Expert, ...] = ()


def propose(topics: Sequence[TopicScore], desks: Sequence[Desk], staff: Sequence[Expert] = ()) -> Proposal:
    """The expert for a question; `staff` is everybody who can answer anything.

    It goes to the likeliest topic that we have a desk for, and of its experts who are at work to the one with the
    least waiting, or whose turn it is: who got one longest ago (the lower id where nothing else tells them apart).
    Where they are all away it goes to a substitute, and where there is none to a tiedottaja. One owns the question;
    an expert of each other topic that is nearly as likely is heard.
    """
    found = _desks_of(topics, desks)
    if not found:
        return Proposal(Why.NO_TOPIC)
    people = {expert.id: expert for expert in staff}
    (first, score), *others = found
    why, owner, absent = _owner(first, people)
    heard: dict[int, Expert] = {}
    for desk, other_score in others:
        _, expert, _ = _owner(desk, people, may_fall_back=False)
        if other_score >= HEARD_FROM * score and expert is not None and expert.id != (owner.id if owner else 0):
            heard[expert.id] = expert
    return Proposal(why, first.topic_id, owner, score, absent, tuple(heard.values()))


def stand_in(away: Expert, people: Mapping[int, Expert]) -> Expert | None:
    """Who answers in place of somebody who is away: their substitute, or that one's; None where nobody is at work."""
    seen = {away.id}
    current: Expert | None = away
    while current is not None and current.away is not None:
        current = people.get(current.away.substitute_id or 0)
        if current is not None and current.id in seen:
            return None
        seen.update({current.id} if current else ())
    return current


def _desks_of(topics: Sequence[TopicScore], desks: Sequence[Desk]) -> list[tuple[Desk, float]]:
    """The desks of these topics with their likelihood, the likeliest first."""
    by_slug = {desk.slug: desk for desk in desks}
    likeliest = sorted(topics, key=lambda topic: -topic.score)
    return [(by_slug[topic.topic], topic.score) for topic in likeliest if topic.topic in by_slug]


def _owner(
    desk: Desk, people: Mapping[int, Expert], *, may_fall_back: bool = True
) -> tuple[Why, Expert | None, Expert | None]:
    """Why, who answers on a topic, and in whose place."""
    if desk.is_open_to_all:
        return Why.OPEN_TO_ALL, None, None
    if not desk.experts:
        return Why.NO_EXPERT, None, None
    here = [expert for expert in desk.experts if expert.away is None]
    if here:
        return _reason(here, desk.experts), _first(here), None
    standing_in = {one.id: (one, away) for away in desk.experts if (one := stand_in(away, people)) is not None}
    if standing_in:
        chosen, absent = standing_in[_first([one for one, _ in standing_in.values()]).id]
        return Why.SUBSTITUTE, chosen, absent
    officers = [one for one in people.values() if one.is_officer and one.away is None] if may_fall_back else []
    return Why.NOBODY_HERE, _first(officers) if officers else None, None


def _first(experts: Iterable[Expert]) -> Expert:
    return min(experts, key=lambda expert: (*_claim(expert), expert.id))


def _claim(expert: Expert) -> tuple[int, datetime]:
    return expert.load, expert.last_at or _NEVER


def _reason(here: Sequence[Expert], experts: Sequence[Expert]) -> Why:
    if len(here) == 1:
        return Why.ONLY_EXPERT if len(experts) == 1 else Why.ONLY_ONE_HERE
    least = min(expert.load for expert in here)
    waiting_alike = {expert.last_at for expert in here if expert.load == least}
    return Why.TURN if len(waiting_alike) > 1 else Why.LEAST_LOADED
