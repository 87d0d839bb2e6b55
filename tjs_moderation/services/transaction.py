"""One verb, one transaction, one audit entry: `with transact(actor) as work: … work.record("verb", …)`."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, Executable, bindparam, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from tjs_moderation.domain import chain
from tjs_moderation.domain.verbs import VERBS
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.errors import ConflictError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, AuditHead, AuditSubject
from tjs_moderation.models.proof import EVERYBODY, NOBODY_YET
from tjs_moderation.services.tallying import Tallies
from tjs_moderation.services.wiring import ports

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
"""What a statement is given: the values of one execution, or those of many."""

UNIQUE_VIOLATION = "23505"
"""PostgreSQL's SQLSTATE for a unique key that is there already."""

_ADD_TO_QUEUES = text(
    "INSERT INTO queue_count (state, expert_id, count) VALUES (:state, :expert_id, :count) "
    "ON CONFLICT (state, expert_id) DO UPDATE SET count = queue_count.count + excluded.count"
)

_HEAD = select(AuditHead.seq, AuditHead.hash).with_for_update()
_ADD_ENTRY = insert(AuditEntry)
_MOVE_HEAD = update(AuditHead).values(seq=bindparam("newest"), hash=bindparam("its_hash"))
# What is given back is not looked at: asked for it, SQLAlchemy writes all rows by one statement, not by one for each.
_ADD_SUBJECTS = insert(AuditSubject).returning(AuditSubject.seq)

DEADLOCK = "40P01"
"""PostgreSQL's SQLSTATE for two transactions that wait for each other; it ends one of them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a person (`user` and their id), the console, a channel (its id), a rule set (its number)."""

    kind: str
    id: int | None = None

    def __str__(self) -> str:
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @property
    def user_id(self) -> int | None:
        """The id of the person who acts; None where it is no person."""
        return self.id if self.kind == "user" else None


CONSOLE = Actor("console")


def user(user_id: int) -> Actor:
    """A person of the house as an actor."""
    return Actor("user", user_id)


def channel(channel_id: int) -> Actor:
    """A channel as an actor: what came in by it."""
    return Actor("channel", channel_id)


def rule_set(number: int) -> Actor:
    """A published rule set as an actor: what its rules may do by themselves (P13)."""
    return Actor("rule_set", number)


def new_nonce() -> str:
    """A random key for the commitment of one text (32 hexadecimal digits)."""
    return secrets.token_hex(16)


def seal_of(nonce: str, text: str) -> str | None:
    """The commitment that may stand in the log for `text`; None for no text."""
    return chain.commitment(nonce, text) if text else None


class Work:
    """What a verb works with: a session of its own, the time, and the entry it will leave."""

    def __init__(self, session: Session, actor: Actor, now: datetime, zone: ZoneInfo) -> None:
        self.session = session
        self.tallies = Tallies(zone)
        self.actor = actor
        self.now = now
        self.nudges: dict[str, float] = {}
        self._entry: tuple[str, dict[str, object], Sequence[int]] | None = None
        self._counts: Counter[tuple[CaseState, int]] = Counter()
        self._has_written = False
        self._needs_entry = True
        session.info[Work] = self

    def record(self, verb: str, *, items: Sequence[int] = (), **body: object) -> None:
        """Leave the audit entry of this verb, about `items`, once; `body` holds no outside text and no names."""
        if self._entry is not None:
            raise RuntimeError(f"{verb}: this transaction has its entry already")
        if verb not in VERBS:
            raise ValueError(f"{verb} is no verb of domain.verbs")
        self._entry = (verb, body, items)

    def leave_no_entry(self) -> None:
        """Say that nothing which has to be proved is changed here: a lease taken, a mark set on the way."""
        self._needs_entry = False

    def nudge(self, task: str, delay_seconds: float = 0) -> None:
        """Ask a worker for `task` once this has been committed."""
        self.nudges[task] = min(delay_seconds, self.nudges.get(task, delay_seconds))

    def count(self, state: CaseState, expert_id: int | None, step: int) -> None:
        """Count an item in (+1) or out (-1) of the queue it stands in, and of the desk it lies on."""
        self._counts[state, EVERYBODY] += step
        if expert_id is not None:
            self._counts[state, expert_id] += step
        elif state is CaseState.EXPERT:
            self._counts[state, NOBODY_YET] += step

    def write(self, statement: Executable, rows: Parameters = None) -> CursorResult[*tuple[Any, ...]]:
        """Write by the connection itself, many rows at once: a flush would cost more than what it writes."""
        self._has_written = True
        return self.session.connection().execute(statement, rows)

    def seal(self) -> None:
        """Write what is pending: the verb's rows, its entry, the counters. Last of all: the head is held shortly."""
        self.session.flush()
        if self._entry is None:
            if self._has_written and self._needs_entry:
                raise RuntimeError("a verb that changes something leaves an audit entry")
        else:
            self._append(*self._entry)
        self._write_counts()
        self.tallies.write(self.session)

    def _append(self, verb: str, body: dict[str, object], items: Sequence[int]) -> None:
        # By the connection itself: a flush would cost more than what it writes.
        connection = self.session.connection()
        head = connection.execute(_HEAD).one()
        seq, at = head.seq + 1, self.now.astimezone(UTC).isoformat(timespec="microseconds")
        document = chain.canonical({**body, "items": list(items)} if items else body)
        digest = chain.link(head.hash, seq, at, str(self.actor), verb, document)
        entry = {"actor": str(self.actor), "verb": verb, "body": document, "previous": head.hash}
        connection.execute(_ADD_ENTRY, {"seq": seq, "at": at, "hash": digest, **entry})
        connection.execute(_MOVE_HEAD, {"newest": seq, "its_hash": digest})
        if items:
            connection.execute(_ADD_SUBJECTS, [{"seq": seq, "item_id": item} for item in dict.fromkeys(items)])

    def _write_counts(self) -> None:
        steps = [
            {"state": str(state), "expert_id": expert_id, "count": step}
            for (state, expert_id), step in sorted(self._counts.items())
            if step
        ]
        if steps:
            self.session.connection().execute(_ADD_TO_QUEUES, steps)

    def note_flush(self) -> None:
        """Rows of the session have just been written."""
        self._has_written = True
        self.tallies.note(self.session)

    def note_statement(self, *, is_select: bool) -> None:
        """A statement is about to be executed by the session."""
        self._has_written |= not is_select


class _WorkSession(Session):
    """The session of one verb, which tells its `Work` what it writes. To listen to each anew would cost a statement."""


@event.listens_for(_WorkSession, "after_flush")
def _flushed(session: Session, _: object) -> None:
    session.info[Work].note_flush()


@event.listens_for(_WorkSession, "do_orm_execute")
def _executing(state: ORMExecuteState) -> None:
    state.session.info[Work].note_statement(is_select=state.is_select)


@contextmanager
def reading() -> Iterator[Session]:
    """A session for a short look, closed at once: a worker that kept it open would see an old database for ever."""
    with Session(db.engine, expire_on_commit=False) as session:
        yield session


def look_anew() -> None:
    """Let what this request reads next be as it stands now: SQLite shows a request the database of its first look."""
    db.session.rollback()


@contextmanager
def transact(actor: Actor) -> Iterator[Work]:
    """A transaction of its own for one verb by `actor`; commits on leaving, rolls back on any error.

    Raises `ConflictError` where somebody else changed the same thing first, and RuntimeError where a verb has changed
    something without recording it.
    """
    wired = ports()
    with _WorkSession(db.engine, expire_on_commit=False) as session:
        session.connection(execution_options={"is_writing": True})
        work = Work(session, actor, wired.clock(), wired.settings.zone)
        try:
            yield work
            work.seal()
            session.commit()
        except StaleDataError as error:
            raise ConflictError("item_changed") from error
        except DBAPIError as error:
            if _is_overtaken(error):
                raise ConflictError("item_changed") from error
            raise
    for task, delay_seconds in work.nudges.items():
        wired.nudge(task, delay_seconds)


def _is_overtaken(error: DBAPIError) -> bool:
    """Whether a unique key or a deadlock was hit, which means that somebody was faster; anything else is a defect."""
    state = getattr(error.orig, "sqlstate", None)
    return state in {UNIQUE_VIOLATION, DEADLOCK} or "UNIQUE constraint" in str(error.orig)
