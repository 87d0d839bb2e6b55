"""Finding: the newest items that hold every word asked for and lie within the bounds, of those a person may see."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from tjs_moderation.domain.search import LONGEST_QUERY, MOST_TERMS, Part, Term, terms
from tjs_moderation.domain.vocabulary import CaseState, Category, ItemKind, Outcome, Permission
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Channel,
    Item,
    Routing,
    SearchText,
    StoredAssessment,
    Topic,
    User,
)
from tjs_moderation.services.listing import LISTED, Columns, Listed, columns, with_parts
from tjs_moderation.services.newest import newest_assessment
from tjs_moderation.services.reach import sight_of, visible_by
from tjs_moderation.services.search_index import ID_MASK, is_behind, our_words, place_at

PAGE_SIZE = 30

RARE = 2_000
"""Up to how many hits are gathered before anything else is looked at; more are walked, newest first."""

SHAPES = 64
"""So many statements are kept made."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words, and bounds that narrow it. None or "" bounds nothing. `until` is excluded."""

    words: str = ""
    part: Part | None = None
    writer: str = ""
    state: CaseState | None = None
    outcome: Outcome | None = None
    category: Category | None = None
    topic: str | None = None
    channel_id: int | None = None
    kind: ItemKind | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words asked for, those of the writer's name among them.

        Raises InvalidInputError where there are too many, where they are too long, or where there are only signs.
        """
        for written in (self.words, self.writer):
            if len(written) > LONGEST_QUERY:
                raise InvalidInputError("search_too_long", limit=LONGEST_QUERY)
        asked = terms(self.words, [self.part] if self.part else list(Part))
        about = terms(self.writer, [Part.WRITER])
        if (self.words.strip() and not asked) or (self.writer.strip() and not about):
            raise InvalidInputError("search_without_words")
        if len(asked) + len(about) > MOST_TERMS:
            raise InvalidInputError("search_too_many_words", limit=MOST_TERMS)
        return asked + about

    @property
    def bounds(self) -> dict[str, object]:
        """What narrows it, by name; days as the places where they begin."""
        days = {name: place_at(day) for name, day in (("since", self.since), ("until", self.until)) if day is not None}
        equal = {name: getattr(self, name) for name in (*_OWN, "topic")}
        return {name: value for name, value in equal.items() if value is not None} | days

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Wanted()


class Hit(NamedTuple):
    """An item that was found, with every text of it that may hold what was asked for. Equal hits tell the same."""

    item: Listed
    answers: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, newest first. `next_place` is None on the last; `is_behind`: some texts cannot be found yet."""

    hits: Sequence[Hit]
    next_place: int | None
    terms: tuple[Term, ...]
    is_behind: bool = False


class Source(Enum):
    """Where places are read from: walked, newest first, or gathered beforehand where there are few.

    Many are met soon by walking; few would have everything walked through.
    """

    INDEX = auto()
    """SQLite's index of words: it gives the newest first by itself."""
    EVERYTHING = auto()
    WORDS_MET = auto()
    WORDS_GATHERED = auto()
    BOUNDS_GATHERED = auto()
    """What lies within the bounds of an item's own columns."""


class Shape(NamedTuple):
    """What a search asks beside its values: searches for other words are one statement."""

    source: Source
    bounds: frozenset[str]
    sight: Permission | None
    is_further: bool


def find(person: User, wanted: Wanted, before: int | None = None, limit: int = PAGE_SIZE) -> Found:
    """A page of what this person may see of what they look for: `before` is the place of the page before.

    Raises InvalidInputError where the words cannot be looked for (see `Wanted.terms`).
    """
    terms = wanted.terms
    shape, values = _asked(person, wanted, terms, before)
    rows = columns(_items(shape), {**values, "most": limit + 1})
    page = [Listed(*item) for _, *item in rows[:limit]]
    session = db.session()
    answers, notes = our_words(session, [item.id for item in page])
    hits = [Hit(item, tuple(answers.get(item.id, ())), tuple(notes.get(item.id, ()))) for item in page]
    return Found(hits, rows[limit - 1].place if len(rows) > limit else None, terms, is_behind(session))


def find_ids(person: User, wanted: Wanted, most: int) -> list[int]:
    """The newest items of what this person looks for, at most `most`; raises as `find` does."""
    shape, values = _asked(person, wanted, wanted.terms)
    return [place & ID_MASK for (place,) in columns(_places(shape), {**values, "most": most})]


def _asked(
    person: User, wanted: Wanted, terms: Sequence[Term], before: int | None = None
) -> tuple[Shape, dict[str, object]]:
    """The shape of a search, and its values by the names that they have in the statement."""
    is_sqlite = db.session().get_bind().dialect.name == "sqlite"
    words = as_fts5(terms) if is_sqlite else as_tsquery(terms)
    values = {**wanted.bounds, "asked": words, "person": person.id, "before": before}
    source = _source(values, is_sqlite=is_sqlite)
    return Shape(source, frozenset(wanted.bounds), sight_of(person), before is not None), values


def _source(values: Mapping[str, object], *, is_sqlite: bool) -> Source:
    if not values["asked"]:
        own = _own_bounds(values)
        return Source.BOUNDS_GATHERED if own and _are_few(select(Item.id).where(*own), values) else Source.EVERYTHING
    if is_sqlite:
        return Source.INDEX
    return Source.WORDS_GATHERED if _are_few(_with_words(_WORDS.c.place), values) else Source.WORDS_MET


def _are_few(found: Select[int], values: Mapping[str, object]) -> bool:
    how_many = select(func.count()).select_from(found.limit(RARE + 1).subquery())
    return bool(columns(how_many, values)[0][0] <= RARE)


@lru_cache(maxsize=SHAPES)
def _items(shape: Shape) -> Columns:
    """What is found: the place of each item, and the item."""
    [place] = (here := _places(shape).subquery("here")).c
    statement = select(place, *LISTED).select_from(here).join(Item, _is_at(place))
    return with_parts(statement).order_by(place.desc())


def _places(shape: Shape) -> Select[int]:
    place, statement = _from(shape)
    bounds = _bounds(shape.bounds, place)
    if bounds or shape.sight is not Permission.SEE_ALL_ITEMS:
        statement = statement.join(Item, _is_at(place)).where(visible_by(shape.sight, bindparam("person")), *bounds)
    if shape.is_further:
        statement = statement.where(place < bindparam("before"))
    return statement.order_by(place.desc()).limit(bindparam("most"))


def _from(shape: Shape) -> tuple[ColumnElement[int], Select[int]]:
    """The column of the places, and the statement that reads them."""
    place: ColumnElement[int] = _WORDS.c.place
    match shape.source:
        case Source.INDEX:
            place = column("rowid", BigInteger)
            hits = select(place.label("place")).select_from(table("search_index", place))
            return place, hits.where(text("search_index MATCH :asked"))
        case Source.EVERYTHING:
            return place, select(place)
        case Source.WORDS_MET:
            return place, _with_words(place)
        case Source.WORDS_GATHERED:
            return _gathered(_with_words(place))
        case Source.BOUNDS_GATHERED:
            own = _own_bounds(shape.bounds)
            return _gathered(select(place).join(Item, Item.id == _WORDS.c.item_id).where(*own))


def _gathered(hits: Select[int]) -> tuple[ColumnElement[int], Select[int]]:
    # The planner would walk all items, newest first, to meet these few: it must not look through the brackets.
    place = hits.cte("hits").prefix_with("MATERIALIZED").c.place
    return place, select(place)


_WORDS = SearchText.__table__


def _with_words(place: ColumnElement[int]) -> Select[int]:
    return select(place).where(text("search_text.search_index @@ CAST(:asked AS tsquery)"))


def _is_at(place: ColumnElement[int]) -> ColumnElement[bool]:
    return Item.id == place.op("&")(ID_MASK)


def as_fts5(asked: Sequence[Term]) -> str:
    """The words as FTS5 asks for them; they hold letters, digits and underscores only."""
    return " AND ".join(
        "(" + " OR ".join(f'"{word}"{" *" if term.is_beginning else ""}' for word in term.indexed) + ")"
        for term in asked
    )


def as_tsquery(asked: Sequence[Term]) -> str:
    """The same for PostgreSQL."""
    return " & ".join(
        "(" + " | ".join(f"'{word}'{':*' if term.is_beginning else ''}" for word in term.indexed) + ")"
        for term in asked
    )


_OWN: Mapping[str, InstrumentedAttribute[Any]] = {
    "state": Item.state,
    "outcome": Item.outcome,
    "category": Item.category,
    "channel_id": Item.channel_id,
    "kind": Item.kind,
}
"""The item's own columns that can be bounds; `ix_item_bounds` holds them all."""


def _own_bounds(names: Container[str]) -> list[ColumnElement[bool]]:
    return [known == bindparam(name) for name, known in _OWN.items() if name in names]


def _bounds(names: Container[str], place: ColumnElement[int]) -> list[ColumnElement[bool]]:
    bounds = _own_bounds(names)
    if "since" in names:
        bounds.append(place >= bindparam("since"))
    if "until" in names:
        bounds.append(place < bindparam("until"))
    if "topic" in names:
        bounds.append(_is_about(bindparam("topic")))
    return bounds


def _is_about(topic: ColumnElement[str]) -> ColumnElement[bool]:
    """What the console takes for this topic, or a person has routed as it."""
    # As `models.base.JsonText` writes it; a slug has no sign in it that LIKE would take for one of its own.
    told = cast(StoredAssessment.topics, Text).contains(literal('"topic":"').concat(topic).concat('"'))
    seen = exists().where(StoredAssessment.id == newest_assessment(), told)
    routed = exists().where(Routing.item_id == Item.id, Routing.topic_id == Topic.id, Topic.slug == topic)
    return or_(seen, routed)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the bounds are chosen from: topics as (slug, name), channels as (id, name)."""

    topics: Sequence[tuple[str, str]]
    channels: Sequence[tuple[int, str]]


def choices() -> Choices:
    """The topics and channels of the house, by name. Two queries."""
    topics = columns(select(Topic.slug, Topic.name).order_by(Topic.name))
    channels = columns(select(Channel.id, Channel.name).order_by(Channel.name))
    return Choices([(row.slug, row.name) for row in topics], [(row.id, row.name) for row in channels])
