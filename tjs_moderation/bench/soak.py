"""A long stay on a page where everything goes wrong now and then: nothing is missed, nothing is done twice.

Visitors write, edit and delete while people decide and answer, news of it comes to the door, faults of every kind meet
one call and one piece of news in twenty, and time passes by a clock that is moved. Afterwards the console is compared
with the page and with its ledger.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.app import Wiring, create_app
from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind, ItemKind, Role
from tjs_moderation.errors import TjsError
from tjs_moderation.extensions import db
from tjs_moderation.gateways.facebook import FacebookChannel, FacebookCredentials, FacebookHook
from tjs_moderation.models import Act, Answer, Channel, Item, ItemText, RawEvent, UnworkedHint
from tjs_moderation.services import (
    answers,
    casework,
    channels,
    hints,
    install,
    people,
    publishing,
    threads,
    todo,
    walking,
)
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.settings import Settings
from tjs_moderation.simulator import BackgroundServer, MovableClock, PageState, create_simulator
from tjs_moderation.simulator.calls import Simulation
from tjs_moderation.simulator.faults import FOR_NEWS, FOR_READS, FOR_WRITES, NAMES
from tjs_moderation.simulator.objects import Person
from tjs_moderation.simulator.postman import Subscription

PAGE_ID, TOKEN, SECRET = "1000", "soak-token", "soak-secret"  # the simulated page lets nobody else in
FAULT_RATE = 0.05
BRIEF_SECONDS = 0.2
"""How long what is late is late: real time, for which everybody waits."""

ORDERED = (
    ("expired_token", "GET", "comments$"),
    ("blocked", "POST", ""),
    ("flat", "GET", "messages$"),
    ("lasting", "GET", "comments$"),
    ("lasting", "GET", "published_posts$"),
)
"""Faults that stop the channel or do not pass by themselves: once each in every scene, with the calls they meet."""

SEEDS = (1, 2, 3)
"""The seeds of the small soak. Each is sure to meet a third of all kinds of faults once, whatever chance brings."""

NEWS_FIELDS = ("feed", "messages", "message_echoes")
_FOR_WRITES_ALONE = frozenset(FOR_WRITES) - frozenset(FOR_READS)
_KINDS = {
    ActKind.HIDE: "hide",
    ActKind.UNHIDE: "unhide",
    ActKind.DELETE: "delete",
    ActKind.REPLY: "reply",
    ActKind.PRIVATE_MESSAGE: "message",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is on the page at first, in how many scenes more happens, and how much in each."""

    posts: int = 200
    comments: int = 20_000
    conversations: int = 40
    scenes: int = 5
    happenings: int = 200
    decisions: int = 40


SMALL = Size(posts=5, comments=140, conversations=2, scenes=2, happenings=12, decisions=6)


def sure_faults(seed: int) -> Sequence[str]:
    """The kinds of faults that a soak of this seed is sure to meet besides ORDERED; three seeds in a row meet all."""
    return sorted(NAMES - {name for name, _, _ in ORDERED})[seed % len(SEEDS) :: len(SEEDS)]


def _met_by(fault: str) -> tuple[str, str]:
    """The calls or news that meet a fault which is sure to come: their method and a pattern for their path."""
    if fault in FOR_NEWS:
        return "NEWS", ""
    return ("POST", "") if fault in _FOR_WRITES_ALONE else ("GET", "comments$")


@dataclass(slots=True)
class Outcome:
    """What came of a soak. `problems` is empty where the console agrees with the page and its ledger."""

    seed: int
    comments: int = 0
    acts: int = 0
    walks: int = 0
    calls: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def soak(seed: int, size: Size = Size(), database_url: str | None = None) -> Outcome:
    """Play it once by a seed. `database_url` is an empty database; a SQLite file of its own where none is given."""
    begun = time.monotonic()
    clock = MovableClock(lambda: datetime(2026, 11, 16, 6, tzinfo=UTC))
    state = PageState(PAGE_ID, clock=clock)
    simulator = create_simulator(state, app_secret=SECRET, page_token=TOKEN)
    with tempfile.TemporaryDirectory(prefix="tjs-soak-") as folder, BackgroundServer(simulator) as server:
        channel = FacebookChannel(
            FacebookCredentials(PAGE_ID, TOKEN, SECRET), graph_url=server.url, inbox_calls_per_second=1000.0
        )
        hook = FacebookHook(PAGE_ID, SECRET, "soak-word")
        wiring = Wiring(
            clock=clock.now,
            channels=lambda: {"facebook": channel},
            hooks=lambda: {"facebook": hook},
            nudge=lambda *_: None,
            rest=clock.advance,
        )
        app = create_app(_settings(Path(folder), database_url), wiring)
        with BackgroundServer(app) as door, app.app_context():
            install.prepare()
            play = _Play(seed, size, state, simulator.extensions["simulator"], clock)
            play.run(f"{door.url}/hooks/facebook")
            db.session.remove()
            db.engine.dispose()
    play.outcome.seconds = time.monotonic() - begun
    return play.outcome


def _settings(folder: Path, database_url: str | None) -> Settings:
    return Settings(
        instance_path=folder,
        database_url=database_url or f"sqlite:///{folder / 'tjs.db'}",
        queue_url=f"sqlite:///{folder / 'queue.db'}",
        secret_key="a key for one soak, thrown away",  # noqa: S106  # of an install that lives as long as the soak
    )


class _Play:
    """One soak: who is on the page, who works in the house, and what has come of it so far."""

    def __init__(self, seed: int, size: Size, state: PageState, page: Simulation, clock: MovableClock) -> None:
        self.random, self.size, self.state, self.page, self.clock = random.Random(seed), size, state, page, clock  # noqa: S311
        self.seed, self.outcome = seed, Outcome(seed)
        self.officer = people.add_user(CONSOLE, "Tiina", "tiina@soak.example", Role.TIEDOTTAJA, ())[0]
        self.operator = people.add_user(CONSOLE, "Aatos", "aatos@soak.example", Role.ATK_SUUNNITTELIJA, ())[0]

    def run(self, door_url: str) -> None:
        """From the first post to the comparison, with the page's news coming to `door_url`."""
        self._fill_the_page()
        self._subscribe(door_url)
        self.page.faults.at_random(self.seed, FAULT_RATE, NAMES)
        for name in sure_faults(self.seed):
            method, path = _met_by(name)
            self.page.faults.order(name, method=method, path_regex=path, details={"seconds": BRIEF_SECONDS})
        for _ in range(self.size.scenes):
            for name, method, path in ORDERED:
                self.page.faults.order(name, method=method, path_regex=path)
            self._work(rounds=6)
            self._visit()
            self._decide()
        self._settle()
        self._compare()

    def _subscribe(self, door_url: str) -> None:
        self.state.subscribed_fields = NEWS_FIELDS
        self.page.postman.subscription = Subscription(door_url, NEWS_FIELDS)

    def _fill_the_page(self) -> None:
        now = self.clock.now()
        for number in range(self.size.posts):
            self.state.publish(f"julkaisu {number}", created_at=now - timedelta(days=number / 4))
        posts = list(self.state.posts)
        # A few posts are far busier than the rest.
        crowd = self.random.choices(
            posts, [1 + 30 * (number % 17 == 0) for number in range(len(posts))], k=self.size.comments
        )
        for number, post in enumerate(crowd):
            at = now - timedelta(minutes=5 * (self.size.comments - number))
            self.state.comment(post, self._somebody(), f"kommentti {number}", created_at=at)
        for number in range(self.size.conversations):
            self.state.write(self.state.meet(f"Kirjoittaja {number}"), f"viesti {number}")

    def _somebody(self) -> Person:
        return self.state.meet(f"Kävijä {self.random.randrange(200)}")

    def _visit(self) -> None:
        """What visitors do between two looks at the page."""
        for number in range(self.size.happenings):
            alive = [each for each in self.state.comments.values() if not each.is_deleted]
            comment = self.random.choice(alive)
            match self.random.randrange(4):
                case 0:
                    self.state.comment(comment.id, self._somebody(), f"vastaus {number} {self.random.random()}")
                case 1:
                    if comment.author.id != PAGE_ID:
                        self.state.edit(comment.id, f"muutettu {number} {self.random.random()}")
                case 2:
                    self.state.remove(comment.id)
                case _:
                    self.state.comment(comment.post_id, self._somebody(), f"uusi {number} {self.random.random()}")

    def _decide(self) -> None:
        """What people decide about what has come in."""
        for item in self._undecided():
            with suppress(TjsError):
                if item.kind is ItemKind.MESSAGE or self.random.random() < 0.5:
                    self._answer(item)
                else:
                    casework.decide(self.officer, item.id, item.version, DecisionKind.REMOVE, "insulting")

    def _answer(self, item: Item) -> None:
        answer_id = answers.save_draft(self.officer, item.id, f"Vastaus viestiin {item.external_id}.")
        answers.submit(self.officer, answer_id, self._answer_version(answer_id))
        newest = self._newest(item)
        answers.approve(self.officer, answer_id, self._answer_version(answer_id), newest)

    def _answer_version(self, answer_id: int) -> int:
        with Session(db.engine) as session:
            return session.get_one(Answer, answer_id).version

    def _newest(self, item: Item) -> int:
        with Session(db.engine) as session:
            return threads.newest_of_thread(session, session.get_one(Item, item.id)).id

    def _undecided(self) -> list[Item]:
        acted_on = select(Act.item_id)
        answered = select(Answer.item_id)
        with Session(db.engine) as session:
            fresh = select(Item).where(~Item.is_own, ~Item.is_gone, Item.id.not_in(acted_on), Item.id.not_in(answered))
            found = session.scalars(fresh.order_by(Item.id)).all()
        return self.random.sample(found, min(self.size.decisions, len(found)))

    def _work(self, rounds: int) -> None:
        """What the workers do, and the operator where the channel has stopped."""
        for _ in range(rounds):
            self._walk(is_thorough=False)
            hints.work_hints()
            for _ in range(20):
                if not publishing.send_due():
                    break
            self._see_to_trouble()
            self.clock.advance(600)

    def _walk(self, *, is_thorough: bool) -> bool:
        """One walk; True where it read everything."""
        self._resume()
        reports = walking.walk_all(is_thorough=is_thorough)
        self.outcome.walks += len(reports)
        self.outcome.calls += sum(report.calls for report in reports)
        return bool(reports) and not any(each.failure or each.troubles or each.is_cut for each in reports)

    def _resume(self) -> None:
        with Session(db.engine) as session:
            stopped = session.scalars(select(Channel.id).where(Channel.stopped_reason != "")).all()
        for channel_id in stopped:
            channels.resume(self.operator, channel_id)

    def _see_to_trouble(self) -> None:
        """A person has refused and failed acts tried again; one on something that is gone is let be."""
        trouble = [ActState.REFUSED, ActState.FAILED]
        with Session(db.engine) as session:
            found = session.execute(
                select(Act.id, Item.is_gone)
                .join(Item, Item.id == Act.item_id)
                .where(Act.state.in_(trouble), ~Act.is_settled)
            ).all()
        for act_id, is_gone in found:
            with suppress(TjsError):
                if is_gone:
                    todo.see_to(self.officer, act_id, has_happened=False)
                else:
                    todo.try_again(self.officer, act_id)

    def _settle(self) -> None:
        """Let everything come to its end, faults still coming."""
        for _ in range(60):
            if not self._open_acts():
                break
            self._work(rounds=3)
        if not self.page.postman.wait_until_empty(60):
            self.outcome.problems.append("news is still on its way")
        for _ in range(60):
            hints.work_hints()
            if self._walk(is_thorough=True) and not self._unworked():
                return
            self.clock.advance(1200)
        self.outcome.problems.append(f"not settled: {self._open_acts()} acts are open, {self._unworked()} hints")

    def _unworked(self) -> int:
        """How many bodies and hints of news nobody has worked yet, those included that a person would have to see."""
        fresh = select(func.count()).select_from(RawEvent).where(RawEvent.worked_at.is_(None))
        with Session(db.engine) as session:
            return (session.scalar(fresh) or 0) + (session.scalar(select(func.count(UnworkedHint.id))) or 0)

    def _open_acts(self) -> int:
        over = [ActState.DONE, ActState.STOPPED]
        with Session(db.engine) as session:
            waiting = select(Act.id).where(Act.state.not_in(over), ~Act.is_settled)
            return len(session.scalars(waiting).all())

    def _compare(self) -> None:
        with Session(db.engine) as session:
            newest = ItemText.number == Item.text_version
            told = select(Item, ItemText.text).join(ItemText, (ItemText.item_id == Item.id) & newest)
            known = {item.external_id: (item, text) for item, text in session.execute(told)}
            acts = session.scalars(select(Act).where(Act.state == ActState.DONE)).all()
            texts = {act.id: publishing._text(session, act) for act in acts}  # noqa: SLF001  # what left, word for word
        self._compare_comments(known)
        for conversation in self.state.conversations.values():
            for message in conversation.messages:
                if known.get(message.id, (None, None))[1] != message.text:
                    self.outcome.problems.append(f"message {message.id}")
        self._compare_acts(Counter((_KINDS[act.kind], act.target_external_id, texts[act.id]) for act in acts))
        self.outcome.faults = dict(self.page.faults.met)

    def _compare_comments(self, known: dict[str, tuple[Item, str]]) -> None:
        for comment in self.state.comments.values():
            external_id = f"{comment.post_id}_{comment.id}"
            item, text = known.get(external_id, (None, ""))
            self.outcome.comments += not comment.is_deleted
            if comment.is_deleted:
                if item is not None and not item.is_gone:
                    self.outcome.problems.append(f"{external_id} is gone and nobody noticed")
            elif item is None or (text, item.is_gone, item.is_hidden) != (comment.message, False, comment.is_hidden):
                self.outcome.problems.append(f"{external_id} is not as it stands on the page")

    def _compare_acts(self, acts: Counter[tuple[str, str, str]]) -> None:
        deeds = Counter((deed.kind, deed.target_id, deed.text) for deed in self.page.ledger.deeds)
        self.outcome.acts = sum(acts.values())
        if acts != deeds:
            self.outcome.problems.append(f"acts and deeds differ: {sorted((acts - deeds) + (deeds - acts))[:5]}")
