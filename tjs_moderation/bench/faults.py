"""Web server and worker are killed (-9) at any moment: what was acknowledged is there, and nothing happened twice.

Visitors write on a simulated page, Meta's news comes to the door, files are sent in, somebody decides and takes back,
the worker reads and sends, the clock goes on and sometimes an hour back. After each death everything is held still and
looked at; at the end the console is compared with the page and its ledger.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.app import Wiring, create_app
from tjs_moderation.bench.nest import CLOCK_FILE, PATIENCE_SECONDS, WEB, WORKER, House, shifted_clock
from tjs_moderation.domain.vocabulary import ActKind, ActState, DecisionKind, Role
from tjs_moderation.extensions import db
from tjs_moderation.gateways.facebook import SIGNATURE_HEADER, signature_of
from tjs_moderation.models import Act, Decision, ImportRun, Item, QueueCount, RawEvent
from tjs_moderation.models.proof import EVERYBODY
from tjs_moderation.services import audit, install, people, recounting
from tjs_moderation.services.install import FILES_CHANNEL
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.settings import read_settings
from tjs_moderation.simulator import BackgroundServer, PageState, create_simulator

PAGE_ID, TOKEN, SECRET = "1000", "faults-token", "faults-secret"  # the simulated page lets nobody else in
NEWS, DECISIONS, FILES = "news", "decisions", "files"
EMAIL, PASSWORD = "tiina@faults.example", "a long one, thrown away soon"
ROUNDS, FEW_ROUNDS = 1_000, 40
STEPS = 8
"""So many things are done in a round; the death comes at some moment among them."""

LONGEST_WAIT_SECONDS = 0.25
ROUND_SECONDS = 300
"""By so much the clock goes on with each round: past every lease and hold-back."""

ROWS = 5
SETTLING_SECONDS = 0.3
TAIL = 400
"""So many of the newest entries of the log are verified after each round; all of them at the end."""

_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_DEEDS = {ActKind.HIDE: "hide", ActKind.UNHIDE: "unhide"}


@dataclass(slots=True)
class Outcome:
    """What came of it. `problems` is empty where nothing was lost, doubled or miscounted."""

    seed: int
    rounds: int = 0
    deaths: dict[str, int] = field(default_factory=lambda: dict.fromkeys((WEB, WORKER), 0))
    acknowledged: dict[str, int] = field(default_factory=lambda: dict.fromkeys((NEWS, DECISIONS, FILES), 0))
    unanswered: int = 0
    items: int = 0
    acts: int = 0
    entries: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def play(seed: int, rounds: int = ROUNDS, database_url: str | None = None) -> Outcome:
    """Play so many rounds by a seed. `database_url` is an empty database; a SQLite file where none is given."""
    begun = time.monotonic()
    outcome = Outcome(seed)
    state = PageState(PAGE_ID)
    simulator = create_simulator(state, app_secret=SECRET, page_token=TOKEN)
    with tempfile.TemporaryDirectory(prefix="tjs-faults-") as name, BackgroundServer(simulator) as page:
        folder = Path(name)
        (folder / CLOCK_FILE).write_text("0")
        environment = _environment(folder, page.url, database_url)
        clock = folder / CLOCK_FILE
        app = create_app(read_settings(environment), Wiring(clock=lambda: shifted_clock(clock), nudge=lambda *_: None))
        with app.app_context():
            install.prepare()
            people.add_user(CONSOLE, "Tiina", EMAIL, Role.TIEDOTTAJA, (), PASSWORD)
            db.engine.dispose()
            with House(environment, clock) as house:
                _Play(seed, state, house, outcome).run(rounds)
            _compare_acts(outcome, simulator.extensions["simulator"].ledger.deeds)
            db.session.remove()
            db.engine.dispose()
    outcome.seconds = time.monotonic() - begun
    return outcome


def _environment(folder: Path, graph_url: str, database_url: str | None) -> dict[str, str]:
    return {
        "TJS_INSTANCE_PATH": str(folder),
        "TJS_DATABASE_URL": database_url or f"sqlite:///{folder / 'tjs.db'}",
        "TJS_SECRET_KEY": "a key for one play, thrown away",
        "TJS_FACEBOOK_GRAPH_URL": graph_url,
        "TJS_FACEBOOK_PAGE_ID": PAGE_ID,
        "TJS_FACEBOOK_PAGE_TOKEN": TOKEN,
        "TJS_FACEBOOK_APP_SECRET": SECRET,
        "TJS_FACEBOOK_VERIFY_TOKEN": "faults-word",
        "TJS_HOLD_BACK_SECONDS": "0",
        "TJS_SECOND_FACTOR": "nobody",
        "TJS_SESSION_IDLE_SECONDS": "1000000000",
        "TJS_SESSION_SECONDS": "1000000000",
        "TJS_LOG_LEVEL": "error",
    }


class _Play:
    """The world outside: visitors, Meta, and somebody who works in the console."""

    def __init__(self, seed: int, state: PageState, house: House, outcome: Outcome) -> None:
        self.random, self.state, self.house, self.outcome = random.Random(seed), state, house, outcome  # noqa: S311  # a play
        self.browser, self.token, self.number = requests.Session(), "", 0
        self.bodies: set[bytes] = set()
        self.decided: set[int] = set()
        self.imports = 0
        for number in range(3):
            state.publish(f"julkaisu {number}", post_id=f"{number + 1}")

    def run(self, rounds: int) -> None:
        self._sign_in()
        for _ in range(rounds):
            self._round()
            self._check()
        self._settle()

    def _round(self) -> None:
        victims = self.random.choice(([WEB], [WORKER], [WEB, WORKER]))
        death = threading.Timer(self.random.uniform(0, LONGEST_WAIT_SECONDS), self._kill, [victims])
        death.start()
        for _ in range(STEPS):
            step = self.random.choices((self._write, self._send_news, self._decide, self._import), (3, 3, 3, 1))[0]
            try:
                step()
            except requests.RequestException:
                self.outcome.unanswered += 1
        death.join()
        # An hour back now and then, as a machine does whose clock was wrong.
        self.house.shift_clock(-3600 if self.random.random() < 0.05 else ROUND_SECONDS)
        self.outcome.rounds += 1

    def _kill(self, victims: list[str]) -> None:
        for kind in victims:
            self.house.kill(kind)
            self.outcome.deaths[kind] += 1
        self.house.revive()

    def _sign_in(self) -> None:
        def token(path: str) -> str:
            found = _CSRF.search(self.browser.get(f"{self.house.url}{path}", timeout=PATIENCE_SECONDS).text)
            return found[1] if found else ""

        form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token("/sign-in")}
        self.browser.post(f"{self.house.url}/sign-in", form, timeout=PATIENCE_SECONDS)
        self.token = token("/me")

    def _post(self, path: str, **sent: object) -> requests.Response:
        return self.browser.post(
            f"{self.house.url}{path}",
            timeout=PATIENCE_SECONDS,
            allow_redirects=False,
            headers={"Referer": self.house.url},
            **sent,  # type: ignore[arg-type]  # requests' own names
        )

    def _write(self) -> None:
        self.number += 1
        self.state.comment(f"{self.random.randint(1, 3)}", self.state.meet("Kävijä"), f"kommentti {self.number}")

    def _send_news(self) -> None:
        """Meta tells of a comment; what it gets 200 for it does not tell again."""
        comment = self.random.choice([*self.state.comments.values()] or [None])
        if comment is None:
            return
        self.number += 1
        name = f"{comment.post_id}_{comment.id}"
        value = {"item": "comment", "verb": "add", "post_id": comment.post_id, "comment_id": name}
        change = {"field": "feed", "value": value}
        told = {"object": "page", "entry": [{"id": PAGE_ID, "time": self.number, "changes": [change]}]}
        body = json.dumps(told).encode()
        headers = {SIGNATURE_HEADER: signature_of(SECRET, body), "Content-Type": "application/json"}
        answer = requests.post(f"{self.house.url}/hooks/facebook", body, headers=headers, timeout=PATIENCE_SECONDS)
        if answer.ok:
            self.bodies.add(body)
            self.outcome.acknowledged[NEWS] += 1

    def _decide(self) -> None:
        """Somebody removes or keeps something, or takes back what was decided last."""
        with Session(db.engine) as session:
            items = select(Item.id, Item.version).where(~Item.is_own, ~Item.is_gone)
            found = session.execute(items.order_by(Item.id.desc()).limit(40)).all()
            last = session.execute(
                select(Decision.id, Decision.item_id, Item.version)
                .join(Item, Item.id == Decision.item_id)
                .where(Decision.kind != DecisionKind.TAKE_BACK)
                .order_by(Decision.id.desc())
                .limit(1)
            ).first()
        if last is not None and self.random.random() < 0.3:
            path, sent = f"/items/{last.item_id}/decisions/{last.id}/undo", {"version": last.version}
        elif found:
            item_id, version = self.random.choice(found)
            kind = self.random.choice((DecisionKind.KEEP, DecisionKind.REMOVE, DecisionKind.REMOVE))
            reason = "insulting" if kind is DecisionKind.REMOVE else ""
            path, sent = f"/items/{item_id}/decisions", {"kind": kind, "version": version, "reason": reason}
        else:
            return
        answer = self._post(path, data=sent | {"csrf_token": self.token})
        if answer.status_code == requests.codes.found:
            self.outcome.acknowledged[DECISIONS] += 1

    def _import(self) -> None:
        self.number += 1
        rows = "".join(f"f{self.number}-{row},Kirjoitin tämän {row},2026-01-02T10:00:00Z\n" for row in range(ROWS))
        file = {"file": (f"{self.number}.csv", "id,text,created_at\n" + rows, "text/csv")}
        sent = {"csrf_token": self.token, "channel": FILES_CHANNEL, "told_as": "csv"}
        answer = self._post("/import", data=sent, files=file)
        if answer.status_code == requests.codes.found:
            self.imports += 1
            self.outcome.acknowledged[FILES] += 1

    def _check(self) -> None:
        with self.house.held_still(), Session(db.engine) as session:
            decisions = session.scalar(select(func.count()).select_from(Decision)) or 0
            runs = session.scalar(select(func.count()).select_from(ImportRun)) or 0
            bodies = set(session.scalars(select(RawEvent.body).where(RawEvent.id > self._seen(session))))
            self._complain(decisions < self.outcome.acknowledged[DECISIONS], "a decision is lost")
            self._complain(runs < self.imports, "a file is lost")
            self._complain(not self.bodies <= bodies, "news is lost")
            self._complain(not audit.verify_tail(session, TAIL).is_whole, "the chain is broken")
            self._complain(_kept_counts(session) != _counts(session), "the counters are wrong")
            self._complain(recounting.kept(session) != recounting.recount(session), "the days' counts are wrong")
        self.bodies.clear()

    def _seen(self, session: Session) -> int:
        """Bodies up to this number were there in an earlier round."""
        newest = session.scalar(select(func.max(RawEvent.id))) or 0
        return max(0, newest - 4 * STEPS)

    def _complain(self, is_wrong: bool, words: str) -> None:
        if is_wrong:
            self.outcome.problems.append(f"round {self.outcome.rounds}: {words}")

    def _settle(self) -> None:
        """Nobody dies any more, and everything comes to its end."""
        expected = {f"{comment.post_id}_{comment.id}" for comment in self.state.comments.values()}
        left = {"comments": 1}
        known: Counter[str] = Counter()
        give_up_at = time.monotonic() + 10 * PATIENCE_SECONDS
        while any(left.values()) and time.monotonic() < give_up_at:
            self.house.shift_clock(2 * ROUND_SECONDS)
            time.sleep(SETTLING_SECONDS)
            with self.house.held_still(), Session(db.engine) as session:
                left = _left(session)
                known = Counter(session.scalars(select(Item.external_id)))
            left["comments"] = len(expected - known.keys())
        self._complain(any(left.values()), f"not settled: {left}")
        doubled = [external_id for external_id, count in known.items() if count > 1]
        self._complain(bool(doubled), f"twice: {doubled[:3]}")
        rows = sum(external_id.startswith("f") for external_id in known)
        self._complain(rows < ROWS * self.imports, "rows of a file are lost")
        self._complain(not audit.verify().is_whole, "the chain is broken")
        self.outcome.items = len(known)
        with Session(db.engine) as session:
            self.outcome.entries = audit.head()[0]
            self.outcome.acts = session.scalar(select(func.count()).select_from(Act)) or 0


_UNDER_WAY = (ActState.PLANNED, ActState.CLAIMED, ActState.UNKNOWN)


def _left(session: Session) -> dict[str, int]:
    """How much has not come to its end."""
    waiting = {
        "acts": select(func.count()).where(Act.state.in_(_UNDER_WAY)),
        "bodies": select(func.count()).where(RawEvent.worked_at.is_(None)),
        "files": select(func.count()).where(ImportRun.finished_at.is_(None)),
    }
    return {name: session.scalar(count) or 0 for name, count in waiting.items()}


def _kept_counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(QueueCount.state, QueueCount.count).where(QueueCount.expert_id == EVERYBODY))
    return {str(state): count for state, count in rows if count}


def _counts(session: Session) -> dict[str, int]:
    rows = session.execute(select(Item.state, func.count()).group_by(Item.state))
    return {str(state): count for state, count in rows}


def _compare_acts(outcome: Outcome, deeds: object) -> None:
    """Each act that is done happened once on the page, and nothing else happened there."""
    with Session(db.engine) as session:
        done = session.execute(select(Act.kind, Act.target_external_id).where(Act.state == ActState.DONE))
        acts = Counter((_DEEDS[kind], target) for kind, target in done)
    happened = Counter((deed.kind, deed.target_id) for deed in deeds)  # type: ignore[attr-defined]  # the ledger's
    if acts != happened:
        outcome.problems.append(f"acts and deeds differ: {sorted((acts - happened) + (happened - acts))[:5]}")
