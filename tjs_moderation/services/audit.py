"""Reading the audit log: is the chain whole, what is its head, what happened to an item."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain import chain
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, AuditHead, AuditSubject

_TABLE = AuditEntry.__table__
_COLUMNS = tuple(_TABLE.c[name] for name in chain.Entry._fields)
"""Of the table, not of the model: whose rows cost twice as much to bring, and a walk brings all of them."""


def verify() -> chain.Verdict:
    """Walk the whole chain in the order of its numbers, in memory of a constant size."""
    with Session(db.engine) as session:
        return verify_whole(session)


def verify_whole(session: Session) -> chain.Verdict:
    """The same, by a session one has already."""
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    # A walk that stops at a bad entry leaves the rest unread.
    with closing(entries(session)) as found:
        return chain.verify(found, (head.seq, head.hash) if head else (0, chain.GENESIS))


def verify_tail(session: Session, count: int) -> chain.Verdict:
    """Check the newest `count` entries and the head: quick at any length, and blind to what lies further back."""
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    newest = session.execute(select(*_COLUMNS).order_by(_TABLE.c.seq.desc()).limit(count)).all()
    tail = [chain.Entry(*row) for row in reversed(newest)]
    after = (tail[0].seq - 1, tail[0].previous) if tail and tail[0].seq > 1 else (0, chain.GENESIS)
    return chain.verify(tail, (head.seq, head.hash) if head else (0, chain.GENESIS), after)


def head() -> tuple[int, str]:
    """The number and hash of the newest entry."""
    row = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return row.seq, row.hash


def story_of(item_id: int, limit: int = 200) -> Sequence[AuditEntry]:
    """The newest entries about an item, oldest of them first."""
    newest = db.session.scalars(
        select(AuditEntry)
        .join(AuditSubject, AuditSubject.seq == AuditEntry.seq)
        .where(AuditSubject.item_id == item_id)
        .order_by(AuditSubject.seq.desc())
        .limit(limit),
    ).all()
    return newest[::-1]


def page_of_entries(before_seq: int | None, limit: int = 50) -> Sequence[AuditEntry]:
    """A page of the log, newest first, of the entries before `before_seq`."""
    statement = select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(limit)
    if before_seq is not None:
        statement = statement.where(AuditEntry.seq < before_seq)
    return db.session.scalars(statement).all()


def entries(session: Session, last: int | None = None) -> Generator[chain.Entry, None, None]:
    """The entries in the order of their numbers, up to the one numbered `last`, in memory of a constant size."""
    statement = select(*_COLUMNS).order_by(_TABLE.c.seq).execution_options(yield_per=5000)
    if last is not None:
        statement = statement.where(_TABLE.c.seq <= last)
    with session.execute(statement) as found:
        yield from map(chain.Entry._make, found)
