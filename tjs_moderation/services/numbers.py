"""The figures of a stretch of days, from the counts that verbs keep: cheap at any size. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.backtest import Verdict
from tjs_moderation.domain.cadence import silent_days
from tjs_moderation.domain.period import Period, Step, beginning
from tjs_moderation.domain.tally import Measure, day_of, judged_in
from tjs_moderation.domain.vocabulary import CaseState, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import DayTally, Item, Post, QueueCount, User
from tjs_moderation.services import post_counts
from tjs_moderation.services.answer_numbers import OF_ANSWERS, AnswerCounts
from tjs_moderation.services.wiring import ports

POSTS_SHOWN = 50

_LOADS = (Measure.DECIDED, Measure.ANSWERED, Measure.ROUTED)


@dataclass(slots=True)
class Judged:
    """One sort of proposal (of a category, or by a rule), and what people decided of such texts."""

    about: str
    outcome: Outcome
    decided: Counter[Verdict] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.decided.total()

    @property
    def followed(self) -> int | None:
        """How often people did what was proposed; None where nothing was proposed but to weigh it."""
        agreeing = {Outcome.KEEP: Verdict.KEPT, Outcome.REMOVE: Verdict.REMOVED}.get(self.outcome)
        return self.decided[agreeing] if agreeing else None

    @property
    def overruled(self) -> int:
        """How often people did the opposite; of what is only to be weighed, never."""
        return 0 if self.followed is None else self.total - self.followed


@dataclass(frozen=True, slots=True)
class Load:
    """What one person did in the period, and how many questions lie on their desk now."""

    name: str
    decided: int
    answered: int
    routed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class CountedPost:
    """A post with what its channel counts of it now; `item_id` is a comment under it, where there is one."""

    post: Post
    counts: Mapping[str, int]
    item_id: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was counted in a period, added up; arrivals by the beginning of each step."""

    arrivals: Mapping[date, Counter[str]]
    totals: Mapping[Measure, Counter[str]]
    answers: AnswerCounts

    def judged(self, measure: Measure) -> list[Judged]:
        """What became of proposals, by category or by rule; those that were overruled most first."""
        found: dict[tuple[Outcome, str], Judged] = {}
        for key, count in self.totals[measure].items():
            outcome, verdict, about = judged_in(key)
            found.setdefault((outcome, about), Judged(about, outcome)).decided[verdict] += count
        return sorted(found.values(), key=lambda each: (-each.overruled, -each.total, each.about, each.outcome))


def figures(period: Period) -> Figures:
    """What was counted in these days. Two queries."""
    session = db.session()
    arrivals: defaultdict[date, Counter[str]] = defaultdict(Counter)
    within = DayTally.day.between(period.since, period.until)
    by_day = (Measure.ARRIVED, *OF_ANSWERS)
    days = select(DayTally.measure, DayTally.day, DayTally.key, DayTally.count)
    answers = AnswerCounts(period)
    for measure, day, key, count in session.execute(days.where(DayTally.measure.in_(by_day), within)):
        if measure is Measure.ARRIVED:
            arrivals[beginning(day, period.step)][key] += count
        else:
            answers.add(measure, day, key, count)
    others = [measure for measure in Measure if measure not in by_day]
    added_up = select(DayTally.measure, DayTally.key, func.sum(DayTally.count)).where(
        DayTally.measure.in_(others), within
    )
    totals: dict[Measure, Counter[str]] = {measure: Counter() for measure in others}
    for measure, key, count in session.execute(added_up.group_by(DayTally.measure, DayTally.key)):
        if count:
            totals[measure][key] = int(count)
    return Figures(arrivals, totals, answers)


def loads(counted: Figures) -> list[Load]:
    """What each person did in the period, by name; those who did nothing and have nothing waiting are left out."""
    session = db.session()
    waiting = dict(
        session.execute(
            select(QueueCount.expert_id, QueueCount.count).where(QueueCount.state == CaseState.EXPERT)
        ).all()
    )
    decided, answered, routed = (counted.totals[measure] for measure in _LOADS)
    people = session.execute(select(User.id, User.name).order_by(User.name, User.id)).all()
    rows = [
        Load(name, decided[str(who)], answered[str(who)], routed[str(who)], waiting.get(who, 0)) for who, name in people
    ]
    return [row for row in rows if row.decided or row.answered or row.routed or row.waiting]


def silence() -> int | None:
    """How many days have passed since the newest post, where a week or more have; else None. One look at an index."""
    newest_at = db.session.scalar(select(func.max(Post.created_at)))
    return silent_days(newest_at, ports().clock())


def posts_by_week(period: Period) -> Mapping[date, int]:
    """How many posts were made in each week that the period touches, by its Monday."""
    zone = ports().settings.zone
    made = db.session.scalars(select(Post.created_at).where(*_made_within(period, zone)))
    counted = Counter(beginning(day_of(at, zone), Step.WEEK) for at in made if at is not None)
    return {monday: counted[monday] for monday in period.beginnings(Step.WEEK)}


def newest_posts(period: Period) -> Sequence[CountedPost]:
    """The newest posts of the period with their counts as they are now. Three queries."""
    session = db.session()
    made = select(Post).where(*_made_within(period, ports().settings.zone))
    posts = session.scalars(made.order_by(Post.created_at.desc(), Post.id.desc()).limit(POSTS_SHOWN)).all()
    ids = [post.id for post in posts]
    counts = post_counts.latest(session, ids) if ids else {}
    items = _an_item_of_each(session, ids)
    return [CountedPost(post, counts.get(post.id, {}), items.get(post.id)) for post in posts]


def _an_item_of_each(session: Session, post_ids: Sequence[int]) -> dict[int, int]:
    """A comment under each post, so that there is a way to the post's own page."""
    if not post_ids:
        return {}
    some = select(Item.id).where(Item.post_id == Post.id).order_by(Item.sorted_at, Item.id).limit(1)
    found = session.execute(select(Post.id, some.scalar_subquery()).where(Post.id.in_(post_ids)))
    return {post_id: item_id for post_id, item_id in found if item_id is not None}


def _made_within(period: Period, zone: ZoneInfo) -> tuple[ColumnElement[bool], ...]:
    """Conditions on posts: made between two midnights of the organisation's own time."""
    since, after = _midnight(period.since, zone), _midnight(period.until + timedelta(days=1), zone)
    return Post.created_at >= since, Post.created_at < after


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
