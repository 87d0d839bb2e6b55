"""A first walk of a big page, killed once on its way: how many calls it makes, beside how many paging requires."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.app import create_app
from tjs_moderation.bench.frame import Goal, Held, Measurement, Sample, Sitting
from tjs_moderation.extensions import db
from tjs_moderation.models import Item
from tjs_moderation.services import install
from tjs_moderation.settings import Settings, environment_without_tjs
from tjs_moderation.simulator import BackgroundServer, PageState, create_simulator
from tjs_moderation.simulator.calls import Simulation

PAGE_ID, TOKEN, SECRET = "1000", "bench-token", "bench-secret"  # the simulated page lets nobody else in
A_PAGE = 100
WALKS = 2
"""Processes that walk: one is killed half way, the other goes on. Each lists the posts and conversations anew."""

CUT_SHORT = 1
"""The call under way as the first is killed; nobody can know whether what it read was kept."""

_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Size:
    """How many posts there are, and how many comments hang from them in all, most of them under a few."""

    posts: int = 200
    comments: int = 20_000


QUICK = Size(posts=8, comments=600)


@dataclass(frozen=True, slots=True)
class WalkFigures:
    """Read calls the page received, how many it takes at least, and seconds of both walks with their starting."""

    calls: int
    required: int
    seconds: float


def measure(size: Size = Size()) -> WalkFigures:
    """Walk a made-up page by two processes, one after the other. AssertionError where something is missing."""
    state = PageState(PAGE_ID)
    sizes = _fill(state, size)
    pages = _pages(sizes)
    simulator = create_simulator(state, app_secret=SECRET, page_token=TOKEN)
    page: Simulation = simulator.extensions["simulator"]
    with TemporaryDirectory(prefix="tjs-walk-") as name, BackgroundServer(simulator) as server:
        app = _install(Path(name))
        begun = time.monotonic()
        with _walking(name, server.url) as first:
            _wait_for(first, page, sum(pages.values()) // 2)
            first.kill()
        with _walking(name, server.url) as second:
            status = second.wait()
        seconds = time.monotonic() - begun
        _check(app, status, size)
    reads = Counter(page.ledger.reads)
    listing = WALKS * (ceil(size.posts / A_PAGE) + 1)
    return WalkFigures(sum(reads.values()), listing + sum(pages.values()) + CUT_SHORT, seconds)


def _fill(state: PageState, size: Size) -> Mapping[str, int]:
    """Posts and comments on the page; gives how many comments each post has."""
    now, chance = state.clock.now(), random.Random(1)  # noqa: S311  # the same page every time
    for number in range(size.posts):
        state.publish(f"julkaisu {number}", created_at=now - timedelta(days=number / 4))
    posts = list(state.posts)
    weights = [1 + 30 * (number % 17 == 0) for number in range(len(posts))]
    crowd = chance.choices(posts, weights, k=size.comments)
    for number, post_id in enumerate(crowd):
        at = now - timedelta(minutes=size.comments - number)
        state.comment(post_id, state.meet(f"Kävijä {number % 200}"), f"kommentti {number}", created_at=at)
    return dict.fromkeys(posts, 0) | Counter(crowd)


def _pages(sizes: Mapping[str, int]) -> dict[str, int]:
    """How many pages each thread takes; one that is empty is asked for, too, to be known as such."""
    return {post_id: max(1, ceil(count / A_PAGE)) for post_id, count in sizes.items()}


def _install(folder: Path) -> Flask:
    """An empty install at the place where the walking processes look for it."""
    settings = Settings(
        instance_path=folder,
        database_url=f"sqlite:///{folder / 'tjs.db'}",
        queue_url=f"sqlite:///{folder / 'queue.db'}",
        secret_key="a key for one measurement, thrown away",  # noqa: S106  # opens nothing
    )
    app = create_app(settings)
    with app.app_context():
        install.prepare()
        db.engine.dispose()
    return app


def _walking(folder: str, graph_url: str) -> subprocess.Popen[bytes]:
    environment = environment_without_tjs() | {
        "TJS_INSTANCE_PATH": folder,
        "TJS_FACEBOOK_GRAPH_URL": graph_url,
        "TJS_FACEBOOK_PAGE_ID": PAGE_ID,
        "TJS_FACEBOOK_PAGE_TOKEN": TOKEN,
        "TJS_FACEBOOK_APP_SECRET": SECRET,
    }
    command = [sys.executable, "-m", "tjs_moderation.cli", "sync", "--json"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  # our own


def _wait_for(walking: subprocess.Popen[bytes], page: Simulation, calls: int) -> None:
    """Until the page has received so many calls."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while sum(page.ledger.reads.values()) < calls:
        if walking.poll() is not None or time.monotonic() > until:
            walking.kill()
            raise AssertionError("the walk ended before it could be killed")
        time.sleep(0.005)


def _check(app: Flask, status: int, size: Size) -> None:
    with app.app_context():
        with Session(db.engine) as session:
            count = session.scalar(select(func.count()).select_from(Item))
        db.engine.dispose()
    if (status, count) != (0, size.comments):
        raise AssertionError(f"the walk ended with {status} and {count} of {size.comments} comments")


def _take(is_quick: bool) -> Sequence[Sample]:
    found = measure(QUICK if is_quick else Size())
    return [Sample(found.calls, floor=found.required), Sample(found.seconds)]


SITTINGS = (
    Sitting(
        (
            Measurement("walk_calls", "sivun läpikäynti, tapettu kerran", "kutsua", Goal(1.0, False, Held.RATIO)),
            Measurement("walk_seconds", "sama, 20 000 kommenttia", "s"),
        ),
        _take,
    ),
)
