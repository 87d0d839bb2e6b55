"""Finding: the newest items that hold every word asked for and lie within the bounds, of those a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Text,
    TextClause,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from tjs_moderation.domain.search import LONGEST_QUERY, MOST_TERMS, Part, Term, terms
from tjs_moderation.domain.vocabulary import CaseState, Category, ItemKind, Outcome
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
from tjs_moderation.services.desk import newest_assessment
from tjs_moderation.services.listing import LISTED, Listed, columns, with_parts
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.search_index import ID_MASK, is_behind, our_words, place_at

PAGE_SIZE = 30

RARE = 2_000
"""Up to how many hits are gathered before anything else is looked at; more are walked, newest first."""


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
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that was found, with every text of it that may hold what was asked for."""

    item: Listed
    answers: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, newest first. `next_place` is None on the last; `is_behind`: some texts cannot be found yet."""

    hits: Sequence[Hit]
    next_place: int | None
    terms: Sequence[Term]
    is_behind: bool = False


def find(person: User, wanted: Wanted, before: int | None = None, limit: int = PAGE_SIZE) -> Found:
    """A page of what this person may see of what they look for: `before` is the place of the page before.

    Raises InvalidInputError where the words cannot be looked for (see `Wanted.terms`).
    """
    session = db.session()
    places = _places(session, person, wanted, before, limit + 1)
    page = places[:limit]
    hits_found = _hits(session, [found & ID_MASK for found in page])
    return Found(hits_found, page[-1] if len(places) > limit else None, wanted.terms, is_behind(session))


def find_ids(person: User, wanted: Wanted, most: int) -> list[int]:
    """The newest items of what this person looks for, at most `most`; raises as `find` does."""
    return [place & ID_MASK for place in _places(db.session(), person, wanted, None, most)]


def _places(session: Session, person: User, wanted: Wanted, before: int | None, most: int) -> Sequence[int]:
    hits, place, matches = _source(session, wanted)
    if before is not None:
        matches = [*matches, place < before]
    statement = (
        select(place)
        .select_from(hits)
        .join(Item, Item.id == place.op("&")(ID_MASK))
        .where(*matches, visible_to(person), *_bounds(wanted, place))
        .order_by(place.desc())
        .limit(most)
    )
    return session.scalars(statement).all()


def _source(
    session: Session, wanted: Wanted
) -> tuple[FromClause, ColumnElement[int], list[ColumnElement[bool] | TextClause]]:
    """Where places are read from, their column, and the condition of the words."""
    words, asked = SearchText.__table__, wanted.terms
    if not asked:
        gathered = _gathered(session, wanted)
        return (words, words.c.place, []) if gathered is None else (gathered, gathered.c.place, [])
    if session.get_bind().dialect.name == "sqlite":
        index = table("search_index", column("rowid", BigInteger))
        return index, index.c.rowid, [text("search_index MATCH :asked").bindparams(asked=as_fts5(asked))]
    matches = text("search_text.search_index @@ CAST(:asked AS tsquery)").bindparams(asked=as_tsquery(asked))
    some = select(literal_column("1")).select_from(words).where(matches).limit(RARE + 1).subquery()
    if (session.scalar(select(func.count()).select_from(some)) or 0) > RARE:
        return words, words.c.place, [matches]
    # The planner would walk all items, newest first, to meet these few: it must not look through the brackets.
    gathered = select(words.c.place).where(matches).cte("hits").prefix_with("MATERIALIZED")
    return gathered, gathered.c.place, []


def _gathered(session: Session, wanted: Wanted) -> FromClause | None:
    """The places of all that lies within the bounds of its own columns; None where those are none, or many.

    Many are met soon by walking, newest first; few would have everything walked through.
    """
    bounds = _own_bounds(wanted)
    some = select(literal_column("1")).select_from(Item).where(*bounds).limit(RARE + 1).subquery()
    if not bounds or (session.scalar(select(func.count()).select_from(some)) or 0) > RARE:
        return None
    words = SearchText.__table__
    places = select(words.c.place).join(Item, Item.id == words.c.item_id).where(*bounds)
    return places.cte("hits").prefix_with("MATERIALIZED")


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


def _own_bounds(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of an item's own columns; `ix_item_bounds` holds them all."""
    equal: list[tuple[InstrumentedAttribute[Any], object]] = [
        (Item.state, wanted.state),
        (Item.outcome, wanted.outcome),
        (Item.category, wanted.category),
        (Item.channel_id, wanted.channel_id),
        (Item.kind, wanted.kind),
    ]
    return [known == asked for known, asked in equal if asked is not None]


def _bounds(wanted: Wanted, place: ColumnElement[int]) -> list[ColumnElement[bool]]:
    bounds = _own_bounds(wanted)
    if wanted.since is not None:
        bounds.append(place >= place_at(wanted.since))
    if wanted.until is not None:
        bounds.append(place < place_at(wanted.until))
    if wanted.topic is not None:
        bounds.append(_is_about(wanted.topic))
    return bounds


def _is_about(topic: str) -> ColumnElement[bool]:
    """What the console takes for this topic, or a person has routed as it."""
    # As `models.base.JsonText` writes it; a slug has no sign in it that LIKE would take for one of its own.
    told = cast(StoredAssessment.topics, Text).contains(f'"topic":"{topic}"', autoescape=True)
    seen = exists().where(StoredAssessment.id == newest_assessment(), told)
    routed = exists().where(Routing.item_id == Item.id, Routing.topic_id == Topic.id, Topic.slug == topic)
    return or_(seen, routed)


def _hits(session: Session, ids: Sequence[int]) -> list[Hit]:
    if not ids:
        return []
    found = {row.id: Listed(*row) for row in columns(_THESE, {"ids": ids})}
    answers, notes = our_words(session, ids)
    return [Hit(found[item_id], answers.get(item_id, []), notes.get(item_id, [])) for item_id in ids]


_THESE = with_parts(select(*LISTED)).where(Item.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the bounds are chosen from: topics as (slug, name), channels as (id, name)."""

    topics: Sequence[tuple[str, str]]
    channels: Sequence[tuple[int, str]]


def choices() -> Choices:
    """The topics and channels of the house, by name. Two queries."""
    session = db.session()
    topics = session.execute(select(Topic.slug, Topic.name).order_by(Topic.name)).all()
    channels = session.execute(select(Channel.id, Channel.name).order_by(Channel.name)).all()
    return Choices([(row.slug, row.name) for row in topics], [(row.id, row.name) for row in channels])
