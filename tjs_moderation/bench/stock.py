"""An install of any size: years of comments and messages with what was thought, decided and answered about them.

Everything is as the verbs would have left it: items stand where `domain.case` puts them, counters agree with a recount,
the audit chain is whole, every item can be found. The newest two in a hundred wait in the queues, and two fifths of
what was proposed to be kept have never been looked at. Equal seeds and sizes give equal installs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from tjs_moderation.bench.bulk import Heap, writing
from tjs_moderation.bench.fates import Arrival, Fates, Place, Standing
from tjs_moderation.bench.ledger import Ledger
from tjs_moderation.bench.speech import Said, Speech
from tjs_moderation.domain.vocabulary import CaseState, ItemKind, Role
from tjs_moderation.models import AuditHead, Channel, DecisionReason, Item, QueueCount, RuleSet, Topic
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services import people
from tjs_moderation.services.search_index import place_at
from tjs_moderation.services.transaction import CONSOLE, seal_of

PASSWORD = "mitattavan talon avain"  # noqa: S105  # opens nothing but a throwaway install
OFFICER, EXPERTS = "mittari@esimerkki.fi", 4
SPAN = timedelta(days=3 * 365)
CHUNK, BATCH = 10_000, 200
PER_POST, PER_AUTHOR = 100, 8
OPEN_SHARE, FEWEST_OPEN = 0.02, 60
"""How many of the newest items wait in the queues."""

OWN, MESSAGES, REPLIES = 0.03, 0.05, 0.35
_FIRST = "Aino Eero Helmi Ilmari Kaisa Lauri Marja Niilo Oona Pekka Raili Seppo Tuula Urho Veera Yrjö".split()
_LAST = "Aalto Harju Järvinen Koskela Lehto Mäkelä Niemi Ojala Rantanen Salmi Tuominen Virtanen".split()


def fill(engine: Engine, items: int, now: datetime, seed: int = 1) -> None:
    """Fill a new install, to whose app the context belongs, with so many items, the newest just before `now`.

    It must be an install just prepared: what it holds already would be in the way (ValueError).
    """
    stock = Stock(_people_in(engine), items, now, seed)
    with Session(engine) as session:
        head = session.scalars(select(AuditHead)).one()
        stock.ledger.seq, stock.ledger.hash = head.seq, head.hash
    with writing(engine) as writer:
        for heap in stock.heaps():
            writer.write(heap)
    with Session(engine) as session:
        session.execute(update(AuditHead).values(seq=stock.ledger.seq, hash=stock.ledger.hash))
        rows = [{"state": state, "expert_id": who, "count": count} for (state, who), count in stock.counts.items()]
        session.execute(insert(QueueCount), rows)
        session.commit()


def _people_in(engine: Engine) -> Place:
    with Session(engine) as session:
        if session.scalar(select(Item.id).limit(1)) is not None:
            raise ValueError("this install has items already")
        topics = {slug: topic_id for topic_id, slug in session.execute(select(Topic.id, Topic.slug))}
        channel_id = session.scalars(select(Channel.id).where(Channel.name == "facebook")).one()
        rule_set_id = session.scalars(select(RuleSet.id).where(RuleSet.is_live)).one()
        reason = session.scalars(select(DecisionReason.id).where(DecisionReason.code == "insulting")).one()
    officer, _ = people.add_user(CONSOLE, "Maija Mittari", OFFICER, Role.TIEDOTTAJA, (), PASSWORD)
    experts = [
        people.add_user(CONSOLE, f"Asiantuntija {number}", f"asiantuntija{number}@esimerkki.fi", Role.ASIANTUNTIJA)[0]
        for number in range(EXPERTS)
    ]
    return Place(channel_id, rule_set_id, officer, experts, topics, reason)


class Stock:
    """Makes the rows, a heap at a time; `counts` and `ledger` are whole once all have been taken."""

    def __init__(self, place: Place, items: int, now: datetime, seed: int) -> None:
        self.place, self.items, self.now = place, items, now
        self.counts: Counter[tuple[CaseState, int]] = Counter()
        self.ledger = Ledger(0, "")
        self._chance = Random(seed)  # noqa: S311  # nothing is kept secret with it
        self._speech = Speech(seed, items)
        self._fates = Fates(place, seed, self.ledger, list(self._speech.texts(200)))
        self._posts = list(self._speech.texts(max(items // PER_POST, 5)))
        self._authors = [f"{first} {last}" for first in _FIRST for last in _LAST]
        self._latest: dict[int, int] = {}
        self._first_open = items - max(int(items * OPEN_SHARE), min(FEWEST_OPEN, items))

    def heaps(self) -> Iterator[Heap]:
        """First the posts and those who write, then what they wrote, ten thousand at a time."""
        yield self._beginning()
        for start in range(1, self.items + 1, CHUNK):
            heap = Heap()
            count = min(CHUNK, self.items + 1 - start)
            arrivals = [self._arrival(start + ahead, said) for ahead, said in enumerate(self._speech.texts(count))]
            for first in range(0, count, BATCH):
                self._take_in(heap, arrivals[first : first + BATCH])
            yield heap

    def _beginning(self) -> Heap:
        heap, channel_id, step = Heap(), self.place.channel_id, SPAN / len(self._posts)
        counted = 0
        for number, said in enumerate(self._posts, start=1):
            at = self.now - SPAN + number * step - timedelta(days=1)
            heap.add("post", number, channel_id, f"1000_p{number}", said.text, at)
            for kind in ("shares", "comments", "reactions"):
                for day, figure in ((1, 3), (2, 9), (7, 14)):
                    counted += 1
                    seen_at = at + timedelta(days=day)
                    heap.add("post_count", counted, number, kind, figure + number % 40, seen_at)
        for number in range(1, self._author_count + 1):
            heap.add("author", number, channel_id, f"w{number}", self._name(number))
        return heap

    @property
    def _author_count(self) -> int:
        return max(self.items // PER_AUTHOR, 3)

    def _name(self, author_id: int) -> str:
        return self._authors[author_id % len(self._authors)]

    def _arrival(self, item_id: int, said: Said) -> Arrival:
        """The item with this number. Some people write again and again; most answers hang from what was said last."""
        chance, share = self._chance, item_id / (self.items + 1)
        kind = ItemKind.MESSAGE if chance.random() < MESSAGES else ItemKind.COMMENT
        post_id = parent_id = None
        if kind is ItemKind.COMMENT:
            post_id = max(1, int(share * len(self._posts)) - int(chance.expovariate(0.5)))
            parent_id = self._latest.get(post_id) if chance.random() < REPLIES else None
            self._latest[post_id] = parent_id or item_id
        at = self.now - SPAN * (1 - share)
        return Arrival(
            id=item_id,
            kind=kind,
            post_id=post_id,
            parent_id=parent_id,
            author_id=1 + int(self._author_count * chance.random() ** 3),
            at=at,
            received_at=at + timedelta(minutes=3),
            said=said,
            nonce=f"{chance.getrandbits(128):032x}",
            is_own=chance.random() < OWN,
            is_open=item_id > self._first_open,
        )

    def _take_in(self, heap: Heap, arrivals: Sequence[Arrival]) -> None:
        """A batch comes in, is thought about, and meets its fate."""
        at, channel_id = arrivals[-1].received_at, self.place.channel_id
        texts = [[one.id, 1, seal_of(one.nonce, one.said.text)] for one in arrivals]
        ids = [one.id for one in arrivals]
        self.ledger.enter(heap, at, f"channel:{channel_id}", "take_in", ids, channel=channel_id, texts=texts)
        standings = [self._fates.think(heap, one) for one in arrivals]
        outcomes = [
            [one.id, 1, str(told.outcome), str(told.category)]
            for one, told in zip(arrivals, standings, strict=True)
            if told.outcome
        ]
        if outcomes:
            ids = [outcome[0] for outcome in outcomes if isinstance(outcome[0], int)]
            self.ledger.enter(heap, at, "console", "assess", ids, rule_set=1, outcomes=outcomes)
        for one, standing in zip(arrivals, standings, strict=True):
            self._fates.befall(heap, one, standing)
            self._count(standing)
            self._keep(heap, one, standing)

    def _count(self, standing: Standing) -> None:
        self.counts[standing.state, EVERYBODY] += 1
        if standing.expert_id is not None:
            self.counts[standing.state, standing.expert_id] += 1
        elif standing.state is CaseState.EXPERT:
            self.counts[standing.state, NOBODY_YET] += 1

    def _keep(self, heap: Heap, one: Arrival, standing: Standing) -> None:
        is_message = one.kind is ItemKind.MESSAGE
        heap.add(
            *("item", one.id, standing.version, self.place.channel_id, one.external_id, one.kind.value, one.post_id),
            *(one.parent_id, f"1000_{one.parent_id}" if one.parent_id else None),
            *(f"t{one.author_id}" if is_message else None, one.author_id, one.is_own, standing.is_hidden, False),
            *(not is_message, "[]", one.at, one.received_at, one.at, one.received_at, 1, standing.state.value),
            *(standing.urgency, standing.outcome and standing.outcome.value),
            *(standing.category and standing.category.value, standing.is_question, standing.expert_id),
        )
        heap.add("item_text", one.id, 1, one.said.text, one.nonce, "{}", one.received_at)
        name = self._name(one.author_id).lower().split()
        post = self._posts[one.post_id - 1].words if one.post_id else ()
        parts = (("t", one.said.words), ("w", name), ("p", post), ("a", standing.answer_words))
        words = " ".join(f"{letter}_{word}" for letter, told in parts for word in told)
        heap.add("search_text", place_at(one.at, one.id), one.id, words)
