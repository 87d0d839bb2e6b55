"""The desk at size: a queue's page, finding, deciding and taking in, each beside the least it could cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, cycle, islice
from random import Random

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tjs_moderation.bench.frame import Goal, Held, Measurement, Sample, Sitting, written
from tjs_moderation.bench.speech import Speech
from tjs_moderation.bench.yard import Yard, batch_of_rows, fetch, in_turns, one_row_commits, p95, timed
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.domain.search import Part, terms
from tjs_moderation.domain.vocabulary import CaseState, Category, DecisionKind, ItemKind, Outcome
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, Item
from tjs_moderation.services import casework, search
from tjs_moderation.services.file_intake import BATCH_SIZE
from tjs_moderation.services.intake import take_in
from tjs_moderation.services.search import Wanted
from tjs_moderation.services.transaction import channel
from tjs_moderation.web.queues import key_in_address, key_of

SMALL = 1_000
"""The size that growth is told from."""

PAGES, WARMING = 240, 24
SEARCHES, DECISIONS, TAKEN = 120, 200, 5_000
_QUICK = 24

_STATES = (CaseState.REMOVAL, CaseState.WEIGH, CaseState.QUESTION, CaseState.READ, CaseState.EXPERT, CaseState.DONE)
_DEEP = (CaseState.READ, CaseState.DONE)


class Desk:
    """Measures one install against a small one and against bare floors on its own database."""

    def __init__(self, yard: Yard, small: Yard) -> None:
        self.yard, self.small = yard, small
        self._brought = count()

    def pages(self, is_quick: bool) -> list[Sample]:
        """The queue page's p95 with its floor, by itself, and with the p95 at a thousand items."""
        many = _QUICK if is_quick else PAGES
        ours, floor, small = (
            _calls(yard, is_floor=is_floor)
            for yard, is_floor in ((self.yard, False), (self.yard, True), (self.small, False))
        )
        for calls in (ours, floor, small):
            for call in islice(calls, WARMING):
                call()
        taken = in_turns([islice(ours, many), islice(floor, many), islice(small, many)])
        figure, bare, at_thousand = map(p95, taken)
        return [Sample(figure, bare), Sample(figure), Sample(figure, at_thousand)]

    def searches(self, is_quick: bool) -> list[Sample]:
        """Finding by words of every rarity beside the bare query, and by bounds alone."""
        many = _QUICK if is_quick else SEARCHES
        asked = list(islice(queries(self.yard.items), many))
        with self.yard.app.app_context():
            for words in asked[:4]:
                self._find(Wanted(words))
            ours, bare = in_turns(
                [
                    [partial(self._find, Wanted(words)) for words in asked],
                    [partial(self._bare_search, words) for words in asked],
                ]
            )
            bounds = [timed(partial(self._find, wanted)) for wanted in _bounds()]
        return [Sample(p95(ours), p95(bare)), Sample(max(bounds))]

    def _find(self, wanted: Wanted) -> None:
        db.session.remove()
        search.find(self.yard.officer, wanted)

    def _bare_search(self, words: str) -> None:
        asked = terms(words, list(Part))
        told = search.as_tsquery(asked) if self.yard.is_postgres else search.as_fts5(asked)
        with self.yard.bare.connect() as connection:
            connection.execute(_BARE_SEARCH[self.yard.is_postgres], {"asked": told}).all()

    def decisions(self, is_quick: bool) -> list[Sample]:
        """Decisions a second, each in its transaction with its log entry, beside commits of one row."""
        many = _QUICK if is_quick else DECISIONS
        with self.yard.app.app_context():
            with Session(db.engine) as session:
                waiting = select(Item.id, Item.version).where(Item.state == CaseState.READ).order_by(Item.id.desc())
                items = session.execute(waiting.limit(many)).all()
            keep = one_row_commits(self.yard.bare)
            decide = partial(casework.decide, self.yard.officer.id, kind=DecisionKind.KEEP)
            deciding = [partial(decide, item.id, item.version) for item in items]
            ours, bare = in_turns([deciding, [keep for _ in items]])
        return [Sample(_rate(ours), _rate(bare))]

    def intake(self, is_quick: bool) -> list[Sample]:
        """Items a second that come in, each new, beside bare rows in one batch."""
        many = _QUICK if is_quick else TAKEN
        with self.yard.app.app_context():
            with Session(db.engine) as session:
                channel_id = session.scalars(select(Channel.id).where(Channel.name == "facebook")).one()
            incoming = [self._incoming() for _ in range(many)]
            batches = [incoming[start : start + BATCH_SIZE] for start in range(0, many, BATCH_SIZE)]
            ours = sum(timed(partial(take_in, channel(channel_id), channel_id, batch)) for batch in batches)
            bare = timed(batch_of_rows(self.yard.bare, [one.text for one in incoming]))
        return [Sample(1_000 * many / ours, 1_000 * many / bare)]

    def _incoming(self) -> Incoming:
        number = next(self._brought)
        at = datetime.now(UTC)
        return Incoming(
            f"bench_{at.timestamp()}_{number}",
            text="Milloin seuraava kurssi alkaa, ja mistä siihen ilmoittaudutaan? " * 2,
            post_external_id=f"1000_p{1 + number % 40}",
            author_external_id=f"w{1 + number % 100}",
            author_name="Aino Aalto",
            created_at=at,
        )


_BARE_SEARCH = {
    False: text("SELECT rowid FROM search_index WHERE search_index MATCH :asked ORDER BY rowid DESC LIMIT 31"),
    True: text(
        "WITH hits AS MATERIALIZED (SELECT place FROM search_text WHERE search_index @@ CAST(:asked AS tsquery)) "
        "SELECT place FROM hits ORDER BY place DESC LIMIT 31"
    ),
}
"""The barest query that finds the newest of what holds the words, on SQLite and on PostgreSQL."""


def queries(items: int) -> Iterator[str]:
    """Searches without end: words of every rarity, alone and in pairs, as people said them."""
    chance = Random(5)  # noqa: S311  # nothing is kept secret with it
    forms = Speech(1, items).forms
    while True:
        words = [forms[int(len(forms) ** chance.uniform(0.3, 1)) - 1] for _ in range(chance.choice((1, 1, 2)))]
        yield " ".join(words)


def _bounds() -> Iterator[Wanted]:
    """Searches without words: of an empty queue, a small one, a rare kind, and a time long ago."""
    yield Wanted(state=CaseState.TROUBLE)
    yield Wanted(state=CaseState.REMOVAL)
    yield Wanted(outcome=Outcome.REMOVE, state=CaseState.READ)
    yield Wanted(category=Category.SEXUAL_HARASSMENT)
    yield Wanted(category=Category.THREAT, kind=ItemKind.MESSAGE)
    yield Wanted(topic="ewc")
    yield Wanted(until=datetime.now(UTC) - timedelta(days=900))


def _calls(yard: Yard, *, is_floor: bool) -> Iterator[Callable[[], None]]:
    """Fetching pages of queues without end: the first of each, and pages far behind it of the long ones."""
    with yard.app.app_context(), Session(db.engine) as session:
        keys = [(state, None) for state in _STATES] + [
            (state, item) for state in _DEEP for item in _far(session, state)
        ]
    paths = []
    for state, item in keys:
        after = "" if item is None else f"?key={item.id}" if is_floor else f"?after={key_in_address(key_of(item))}"
        paths.append(f"/queues/{state}{after}")
    for path in cycle(paths):
        yield partial(fetch, yard.floor, path) if is_floor else partial(yard.page, path)


def _far(session: Session, state: CaseState) -> Sequence[Item]:
    """Some items of a queue, from its newer half to its end."""
    newest = session.scalar(select(func.max(Item.id)).where(Item.state == state)) or 0
    some = (
        select(Item).where(Item.state == state, Item.id <= newest * share // 4).order_by(Item.id.desc()).limit(1)
        for share in (3, 2, 1)
    )
    return [item for statement in some for item in session.scalars(statement)]


def _rate(times: Sequence[float]) -> float:
    return 1_000 * len(times) / sum(times)


def sittings(desk: Desk, suffix: str = "", where: str = "") -> tuple[Sitting, ...]:
    """What is measured of one install; `suffix` and `where` tell it from that of another database."""
    size = f"{written(desk.yard.items)} asiaa{where}"

    def of(name: str, title: str, unit: str, goal: Goal | None = None) -> Measurement:
        return Measurement(f"{name}{suffix}", f"{title}, {size}", unit, goal)

    def at_most(limit: float) -> Goal:
        return Goal(limit, False, Held.RATIO)

    def at_least(limit: float) -> Goal:
        return Goal(limit, True, Held.RATIO)

    return (
        Sitting(
            (
                of("queue_page", "jonosivu, p95, pohjana paljas avainsivu", "ms", at_most(2.5)),
                of("queue_page_p95", "jonosivu, p95", "ms", Goal(10, False)),
                of("queue_page_growth", "jonosivu, p95, pohjana 1 000 asiaa", "ms", at_most(1.3)),
            ),
            desk.pages,
        ),
        Sitting(
            (
                of("search", "haku sanoilla, p95, pohjana paljas haku", "ms", at_most(2)),
                of("search_bounds", "haku pelkillä rajauksilla, hitain", "ms"),
            ),
            desk.searches,
        ),
        Sitting(
            (of("decision", "päätös jälkineen, pohjana yhden rivin talletus", "/s", at_least(0.5)),), desk.decisions
        ),
        Sitting((of("intake", "tuonti, pohjana rivit yhdessä erässä", "/s", at_least(0.3)),), desk.intake),
    )
