"""Queue task -> service call, nothing more. A lost queue loses nothing: every task asks the database what is due."""

from __future__ import annotations

import secrets
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import structlog
from flask import Flask
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey
from structlog.contextvars import bound_contextvars, get_contextvars

from tjs_moderation.errors import ConflictError
from tjs_moderation.logs import ORIGIN
from tjs_moderation.services import (
    absences,
    assessment,
    automatic,
    beating,
    bulk,
    connection_checks,
    deadlines,
    draft_links,
    follow_ups,
    heads,
    hints,
    importing,
    mailing,
    notices,
    publishing,
    retention,
    scrubbing,
    search_index,
    trials,
    waiting,
    walking,
)
from tjs_moderation.services.wiring import Nudge, ports
from tjs_moderation.settings import Settings

log = structlog.get_logger()

MAX_ROUNDS = 10_000
"""How many batches one task works at most before it lets the others in; the next minute goes on."""


def assess() -> None:
    """Assess everything that has arrived, hide of it what rules may hide, and bring back to experts what goes on."""
    for _ in range(MAX_ROUNDS):
        if not assessment.assess_arrived() + automatic.consider_due() + follow_ups.follow_up():
            return


def index() -> None:
    """Make everything findable that has changed."""
    for _ in range(MAX_ROUNDS):
        if not search_index.index_due():
            return


def send() -> None:
    """Carry out every act that is due."""
    for _ in range(MAX_ROUNDS):
        if not publishing.send_due():
            return


def walk() -> None:
    """Walk every channel."""
    # The practice page costs nothing, and whoever tries the console wants to see every edit soon.
    for report in walking.walk_all(is_thorough=ports().settings.is_demo):
        log.info(
            "walked",
            channel=report.channel,
            new=report.counts.new,
            calls=report.calls,
            is_cut=report.is_cut,
            troubles=len(report.troubles),
            failure=report.failure,
        )


def take_in_files() -> None:
    """Take in the files that wait."""
    importing.run_waiting()


def work_hints() -> None:
    """Work everything that channels have sent."""
    for _ in range(MAX_ROUNDS):
        if not hints.work_hints():
            return


def tidy() -> None:
    """Let go of what has been kept long enough."""
    trials.let_go()
    notices.let_go()
    draft_links.let_go()


def keep_to_times() -> None:
    """Erase what has been kept for as long as the house has agreed, once a day."""
    retention.keep_up()


def scrub() -> None:
    """Wipe what the database keeps beside its rows of what was erased."""
    scrubbing.scrub_due()


def work_bulks() -> None:
    """Work what was begun to be done to many items, in the hands of nobody."""
    bulk.work_waiting()


def open_links() -> None:
    """Open the links of drafts that somebody has asked for."""
    for _ in range(MAX_ROUNDS):
        if not draft_links.open_due():
            return


def try_rules() -> None:
    """Try the drafts of rules that wait for it."""
    trials.run_waiting()


def look_after_connections() -> None:
    """Ask what the tokens are still worth, once a day."""
    connection_checks.check_connections()


def keep_time() -> None:
    """Hand on what lies with people who are away, tell of deadlines, and of a working day that left things unread."""
    absences.hand_on()
    deadlines.tell_due()
    waiting.note_unread_day()


def mail() -> None:
    """Begin the day's summaries, and hand over every mail that is due."""
    mailing.begin_morning()
    for _ in range(MAX_ROUNDS):
        if not mailing.send_due():
            return


def keep_heads() -> None:
    """Sign where the log stands, once a day, and tell it outside."""
    heads.keep_up()


TASKS: dict[str, Callable[[], None]] = {
    "beat": beating.beat,
    "connections": look_after_connections,
    "walk": walk,
    "import": take_in_files,
    "hints": work_hints,
    "assess": assess,
    "index": index,
    "bulk": work_bulks,
    "send": send,
    "trials": try_rules,
    "links": open_links,
    "deadlines": keep_time,
    "mail": mail,
    "heads": keep_heads,
    "retention": keep_to_times,
}
"""What can be asked of a worker, in the order of the data's flow; each safe at any time, by any number of workers."""


NIGHTLY: dict[str, Callable[[], None]] = {"tidy": tidy, "scrub": scrub}
"""What is done once a night."""

CALM = frozenset({"hints", "index"})
"""Tasks that are asked for so often that one nudge has to do for many."""

CALM_SECONDS = 1.0


def run_all() -> None:
    """Do once whatever is due, in the order of the data's flow: for commands and tests without a worker."""
    for task in TASKS.values():
        task()


def make_queue(settings: Settings, app: Flask) -> Huey:
    """The task queue by its URL, with its tasks bound to `app`: a nudge does one; time does them all."""
    if settings.queue_url.startswith("sqlite"):
        queue: Huey = SqliteHuey("tjs", filename=settings.queue_url.removeprefix("sqlite:///"), results=False)
    else:
        queue = RedisHuey("tjs", url=settings.queue_url, results=False)

    @queue.task(name="work")
    def work(name: str, origin: str = "") -> None:
        with app.app_context():
            run(name, origin)

    @queue.periodic_task(crontab(minute="*"), name="every_minute")
    def every_minute() -> None:
        with app.app_context():
            for name in TASKS:
                if name != "walk":
                    run(name)

    # A walk costs calls, and Graph counts them; the practice page costs nothing and should answer soon.
    @queue.periodic_task(crontab(minute="*" if settings.is_demo else "*/10"), name="every_ten_minutes")
    def every_ten_minutes() -> None:
        with app.app_context():
            run("walk")

    @queue.periodic_task(crontab(hour="3", minute="17"), name="every_night")
    def every_night() -> None:
        with app.app_context():
            for name in NIGHTLY:
                run(name)

    queue.tjs_work = work
    return queue


def run(name: str, origin: str = "") -> None:
    """Run one task. A failure is logged and left to the next round: nothing depends on this one.

    Its lines in the log bear a mark of its own, and that of the request it goes back to (`origin`), if any.
    """
    marks = {"job": secrets.token_hex(4)} | ({ORIGIN: origin} if origin else {})
    with bound_contextvars(**marks):
        _run(name)


def _run(name: str) -> None:
    try:
        (TASKS | NIGHTLY)[name]()
    except ConflictError as error:
        log.info("task_overtaken", task=name, reason=str(error))
    except Exception as error:  # noqa: BLE001  # one failing task must not stop the others
        # The text of an error can hold what the public wrote; its kind and place are enough to find it by.
        log.error("task_failed", task=name, kind=type(error).__name__, at=place_of(error))  # noqa: TRY400  # see above


def place_of(error: BaseException) -> str:
    """Where an error was raised, as `module:line` of the innermost frame."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else ""


class _Calm:
    """Lets one nudge do for many: the first goes at once, all of the next second share one at its end."""

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._is_promised = False
        self._lock = threading.Lock()

    def delay_seconds(self) -> float | None:
        """In how many seconds to nudge; None where a nudge that is on its way already comes late enough."""
        now = time.monotonic()
        with self._lock:
            if now >= self._rests_until:
                self._rests_until, self._is_promised = now + CALM_SECONDS, False
                return 0.0
            if self._is_promised:
                return None
            self._is_promised = True
            return self._rests_until - now


def nudge_through(app: Flask) -> Nudge:
    """A nudge that goes through the queue of `app`; a queue that cannot be reached is logged and forgotten."""
    calm = {task: _Calm() for task in CALM}

    def nudge(task: str, delay_seconds: float = 0) -> None:
        if task in calm and not delay_seconds:
            told_after = calm[task].delay_seconds()
            if told_after is None:
                return
            delay_seconds = told_after
        try:
            enqueue, told = app.extensions["tjs_queue"].tjs_work, (task, get_contextvars().get(ORIGIN, ""))
            enqueue.schedule(told, delay=delay_seconds) if delay_seconds else enqueue(*told)
        except Exception as error:  # noqa: BLE001  # whatever the broker raises, the row is the truth
            log.warning("nudge_lost", task=task, kind=type(error).__name__)

    return nudge
