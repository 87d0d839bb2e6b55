"""The house under load: news from Meta, 200 a second, beside twenty people who work. Nothing may be lost or grow.

Web server and worker are the real commands (`serve`, `work`) on an install that has some years behind it. The channel
has no way out: what is measured is what comes in and what people do, and their acts become to-dos.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, quantiles
from tempfile import TemporaryDirectory
from threading import Event

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.bench.crowd import Meta, Seen, Worker, at_work
from tjs_moderation.bench.frame import Goal, Measurement, Sample, Sitting
from tjs_moderation.bench.nest import HOST, free_port
from tjs_moderation.bench.yard import Yard
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, RawEvent
from tjs_moderation.services import people
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.settings import environment_without_tjs

PAGE_ID, SECRET = "1000", "load-secret"  # opens nothing but a throwaway install
PASSWORD = "kahdenkymmenen avain"  # noqa: S105  # of a throwaway install
SECONDS = 600
START_SECONDS = 60.0
LOOK_SECONDS = 1.0
"""How often memory is looked at."""


@dataclass(frozen=True, slots=True)
class Size:
    """For how many seconds, how many events a second and people, on how many items; how long the rest may take then."""

    seconds: float = SECONDS
    rate: float = 200.0
    people: int = 20
    items: int = 10_000
    settling_seconds: float = 600.0


@dataclass(slots=True)
class Memory:
    """What web server and worker hold, in MB, as (seconds since the start, MB)."""

    web: list[tuple[float, float]] = field(default_factory=list)
    worker: list[tuple[float, float]] = field(default_factory=list)


@dataclass(slots=True)
class LoadFigures:
    """What came of a play.

    Of what was acknowledged, `lost` is nowhere to be found; `backlog` was kept and not yet worked at the end, and
    `unworked` was no item either `settled_seconds` later.
    """

    seconds: float
    seen: Seen
    memory: Memory
    lost: int = 0
    backlog: int = 0
    unworked: int = 0
    settled_seconds: float = 0.0

    def time(self, what: str, share: int) -> float:
        """Milliseconds that so many of a hundred took at most; 0 where nobody did it."""
        times = self.seen.times.get(what, [])
        return quantiles(times, n=100, method="inclusive")[share - 1] if len(times) > 1 else sum(times)

    @property
    def errors(self) -> int:
        """What went wrong; that a colleague was faster is no error."""
        return self.seen.troubles.total() - self.seen.troubles["overtaken"]


def play(size: Size = Size(), database_url: str | None = None) -> LoadFigures:
    """Play the load once. `database_url` is an empty database; a SQLite file where none is given."""
    with TemporaryDirectory(prefix="tjs-load-") as name:
        yard = Yard(size.items, database_url, Path(name))
        with yard.app.app_context():
            emails = [f"tekija{number}@esimerkki.fi" for number in range(size.people)]
            for number, email in enumerate(emails):
                people.add_user(CONSOLE, f"Tekijä {number}", email, Role.TIEDOTTAJA, (), PASSWORD)
            db.engine.dispose()
            port = free_port()
            web_processes = 1 if database_url is None else 2  # as docs/deploying starts the two installs
            with _running(_environment(Path(name), yard), port, web_processes) as processes:
                found = _besiege(size, port, emails, processes)
                _settle(found, size)
            db.session.remove()
            db.engine.dispose()
    return found


def _environment(folder: Path, yard: Yard) -> dict[str, str]:
    return {
        "TJS_INSTANCE_PATH": str(folder),
        "TJS_DATABASE_URL": yard.app.config["SQLALCHEMY_DATABASE_URI"],
        "TJS_SECRET_KEY": "a key for one play, thrown away",
        "TJS_FACEBOOK_PAGE_ID": PAGE_ID,
        "TJS_FACEBOOK_APP_SECRET": SECRET,
        "TJS_SECOND_FACTOR": "nobody",
        "TJS_PROXIES": "1",
        "TJS_LOG_LEVEL": "error",
    }


@contextmanager
def _running(environment: Mapping[str, str], port: int, web_processes: int) -> Iterator[dict[str, int]]:
    """The web server on a port, and the worker; gives their process numbers."""
    commands = {
        "web": ["serve", "--no-worker", "--workers", str(web_processes), "--port", str(port)],
        "worker": ["work"],
    }
    known = environment_without_tjs() | dict(environment)
    ours = [sys.executable, "-m", "tjs_moderation.cli"]
    started = {
        name: subprocess.Popen([*ours, *command], env=known)  # noqa: S603  # our own commands
        for name, command in commands.items()
    }
    try:
        _await(f"http://{HOST}:{port}/readyz")
        yield {name: process.pid for name, process in started.items()}
    finally:
        for process in started.values():
            process.send_signal(signal.SIGINT)
        for process in started.values():
            process.wait()


def _await(address: str) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at:
        try:
            if requests.get(address, timeout=START_SECONDS).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise TimeoutError("the web server does not come up")


def _besiege(size: Size, port: int, emails: Sequence[str], processes: Mapping[str, int]) -> LoadFigures:
    """Everybody signs in; then all at once for so many seconds, while memory is looked at."""
    is_over, seen, memory = Event(), Seen(), Memory()
    meta = Meta(port, PAGE_ID, SECRET, size.rate, seen)
    crowd = [Worker(f"http://{HOST}:{port}", email, PASSWORD, n, seen) for n, email in enumerate(emails)]
    for one in crowd:  # one after the other: nobody's morning begins in the same second
        one.sign_in()
    begun = time.monotonic()
    with at_work(*meta.works(is_over), *(lambda one=one: one.work(is_over) for one in crowd)):
        while (passed := time.monotonic() - begun) < size.seconds:
            memory.web.append((passed, _held_mb(processes["web"])))
            memory.worker.append((passed, _held_mb(processes["worker"])))
            is_over.wait(min(LOOK_SECONDS, size.seconds - passed))
        is_over.set()
    return LoadFigures(time.monotonic() - begun, seen, memory)


def _held_mb(process: int) -> float:
    """What a process and its children hold in memory, in MB; 0 where the system does not tell it as Linux does."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0.0
    held = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return held / 1024 + sum(_held_mb(int(child)) for child in children)


def _settle(found: LoadFigures, size: Size) -> None:
    """Look for what was acknowledged, then wait until the worker has worked it all, and look for that."""
    told, begun = set(found.seen.events), time.monotonic()
    with Session(db.engine) as session:
        found.lost = len(told - {_name_in(body) for body in session.scalars(select(RawEvent.body))})
        found.backlog = waiting = _waiting(session)
    while waiting and time.monotonic() - begun < size.settling_seconds:
        time.sleep(LOOK_SECONDS / 10)
        with Session(db.engine) as session:
            waiting = _waiting(session)
    found.settled_seconds = time.monotonic() - begun
    with Session(db.engine) as session:
        found.unworked = len(told - set(session.scalars(select(Item.external_id))))


def _name_in(body: bytes) -> str:
    return str(json.loads(body)["entry"][0]["changes"][0]["value"]["comment_id"])


def _waiting(session: Session) -> int:
    return session.scalar(select(func.count()).where(RawEvent.worked_at.is_(None))) or 0


def sitting(size: Size = Size(), database_url: str | None = None) -> Sitting:
    """The load as something to measure, once."""
    measurements = (
        Measurement("load_rate", "webhookeja otettu vastaan", "/s", Goal(0.98 * size.rate, True)),
        Measurement("load_lost", "kuitattuja tapahtumia kadonnut", "kpl", Goal(0, False)),
        Measurement("load_unworked", "kuitattuja, joita ei viestinä löydy", "kpl", Goal(0, False)),
        Measurement("load_errors", "virheitä", "kpl", Goal(0, False)),
        Measurement("load_overtaken", "kollega ehti ensin", "kpl"),
        *(Measurement(f"load_queue_p{share}", f"jonosivu kuormassa, p{share}", "ms") for share in (50, 99)),
        Measurement("load_queue_p95", "jonosivu kuormassa, p95", "ms", Goal(50, False)),
        Measurement("load_item_p95", "viestin sivu kuormassa, p95", "ms"),
        Measurement("load_decision_p95", "päätös kuormassa, p95", "ms"),
        Measurement("load_webhook_p95", "webhookin vastaus kuormassa, p95", "ms"),
        Measurement("load_backlog", "työstämättä kuorman loppuessa", "kpl"),
        Measurement("load_settled", "loppujen työstäminen", "s"),
        Measurement("load_web_growth", "verkkopalvelimen muisti kasvaa", "Mt/min", Goal(1, False)),
        Measurement("load_worker_growth", "työntekijän muisti kasvaa", "Mt/min", Goal(1, False)),
    )
    return Sitting(measurements, lambda _: samples(play(size, database_url)))


def samples(found: LoadFigures) -> list[Sample]:
    """The figures in the order of the measurements."""
    times = [found.time(what, share) for what, share in _TIMES]
    memory = [
        Sample(growth(held), memory_mb=max((mb for _, mb in held), default=None))
        for held in (found.memory.web, found.memory.worker)
    ]
    figures = [
        *(len(found.seen.events) / found.seconds, found.lost, found.unworked, found.errors),
        *(found.seen.troubles["overtaken"], *times, found.backlog, found.settled_seconds),
    ]
    return [*map(Sample, figures), *memory]


_TIMES = (("queue", 50), ("queue", 99), ("queue", 95), ("item", 95), ("decision", 95), ("webhook", 95))


def growth(held: Sequence[tuple[float, float]]) -> float:
    """MB a minute by which memory grew in the second half, by the straight line that fits best; 0 of too few looks."""
    later = held[len(held) // 2 :]
    if len(later) < 2:
        return 0.0
    seconds, mb = zip(*later, strict=True)
    return 60 * linear_regression(seconds, mb).slope
