"""Erases what has been kept long enough, by itself, once a day: in batches, each a verb with its entry.

Of an item the same is erased as where a person asks for it (`services/erasing`), and the ledger stays. What is still
worked on, or complained of, is left until it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update

from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.retention import Kept, over_since
from tjs_moderation.domain.vocabulary import AnswerState, CaseState, ItemKind
from tjs_moderation.models import Answer, AnswerRevision, Appeal, Author, Draft, ImportRun, Item, Setting
from tjs_moderation.models.privacy import is_undecided
from tjs_moderation.services import erasing, hint_list, keeping, scrubbing
from tjs_moderation.services.options import put_setting
from tjs_moderation.services.standing import IS_REMOVED
from tjs_moderation.services.transaction import CONSOLE, Work, reading, transact
from tjs_moderation.services.wiring import ports

BATCH = 200
MOST = 10_000
"""So many items of a kind one night erases at most; the next goes on."""

RAN_AT = "retention_ran_at"
"""The setting that says when it was done last."""

NIGHT = range(1, 6)
"""The hours of the organisation's own time zone in which it is done."""

AGAIN_AT_NIGHT, AGAIN_BY_DAY = timedelta(hours=18), timedelta(hours=42)

_CLOSED = (CaseState.DONE, CaseState.READ)


def keep_up() -> bool:
    """Erase what is due, once a day; says whether it was this time.

    At night where a worker is up then; on a machine that is shut down for the night, once it has been missed.
    """
    now = ports().clock()
    with reading() as session:
        kept = session.get(Setting, RAN_AT)
    since = now - datetime.fromisoformat(kept.value) if kept else None
    is_night = now.astimezone(ports().settings.zone).hour in NIGHT
    if since is not None and since < (AGAIN_AT_NIGHT if is_night else AGAIN_BY_DAY):
        return False
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        put_setting(work.session, RAN_AT, now.isoformat())
    if since is None:
        # An install that has just begun has nothing to erase; one that was just updated waits for its first night.
        return False
    let_go()
    scrubbing.scrub_due()
    return True


def let_go() -> Counter[Kept]:
    """Erase everything whose time is over; gives how much of each kind."""
    now = ports().clock()
    with reading() as session:
        days = keeping.retention(session)
    gone: Counter[Kept] = Counter()
    for kind, condition in _ITEMS.items():
        gone[kind] = _let_go_of_items(kind, condition(), over_since(kind, days, now))
    gone[Kept.DRAFTS] = _let_go_of_drafts(over_since(Kept.DRAFTS, days, now))
    gone[Kept.RAW_EVENTS] = hint_list.let_go(days[Kept.RAW_EVENTS])
    gone[Kept.LOGS] = _let_go_of_imports(over_since(Kept.LOGS, days, now))
    if any(gone.values()):
        scrubbing.scrub()
    return +gone


def _let_go_of_items(kind: Kept, condition: ColumnElement[bool], before: datetime) -> int:
    is_over = and_(Item.erased_at.is_(None), Item.state.in_(_CLOSED), Item.changed_at < before, condition)
    is_free = ~exists().where(Appeal.item_id == Item.id, is_undecided)
    with reading() as session:
        ids = session.scalars(select(Item.id).where(is_over, is_free).order_by(Item.id).limit(MOST)).all()
    for start in range(0, len(ids), BATCH):
        with transact(CONSOLE) as work:
            chosen = select(Item).where(Item.id.in_(ids[start : start + BATCH]), is_over, is_free)
            items = work.session.scalars(chosen.order_by(Item.id).with_for_update(of=Item)).all()
            if not items:
                work.leave_no_entry()
                continue
            erasing.erase_items(work, items)
            _unname_whoever_is_gone(work, items)
            work.record("erase_by_age", items=[item.id for item in items], kind=str(kind), count=len(items))
    return len(ids)


def _unname_whoever_is_gone(work: Work, items: Sequence[Item]) -> None:
    """Somebody of whose words nothing is left is nobody we know."""
    writers = {item.author_id for item in items if item.author_id is not None}
    is_here = exists().where(Item.author_id == Author.id, Item.erased_at.is_(None))
    for author in work.session.scalars(select(Author).where(Author.id.in_(writers), ~is_here)):
        erasing.unname(work, author)


_ITEMS: dict[Kept, Callable[[], ColumnElement[bool]]] = {
    Kept.MESSAGES: lambda: Item.kind == ItemKind.MESSAGE,
    Kept.REMOVED: lambda: and_(Item.kind == ItemKind.COMMENT, IS_REMOVED),
    Kept.COMMENTS: lambda: and_(Item.kind == ItemKind.COMMENT, ~IS_REMOVED),
}
"""Which items are of which kind; each is of one."""


def _let_go_of_drafts(before: datetime) -> int:
    """Erase what was typed and never kept, and the revisions of answers that are over, but for the published one."""
    with transact(CONSOLE) as work:
        typed = work.session.scalars(delete(Draft).where(Draft.saved_at < before).returning(Draft.id)).all()
        old = work.session.execute(_unpublished(before)).all()
        for answer_id, number in old:
            is_this = and_(AnswerRevision.answer_id == answer_id, AnswerRevision.number == number)
            erasing.erase_revisions(work.session, is_this)
        if typed or old:
            work.record("erase_by_age", kind=str(Kept.DRAFTS), count=len(typed) + len(old))
            work.nudge("index")
        else:
            work.leave_no_entry()
    return len(typed) + len(old)


def _unpublished(before: datetime) -> Select[int, int]:
    is_unpublished = or_(Answer.state == AnswerState.WITHDRAWN, AnswerRevision.number != Answer.approved_revision)
    return (
        select(AnswerRevision.answer_id, AnswerRevision.number)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(Answer.state.in_(OVER), is_unpublished, AnswerRevision.written_at < before, AnswerRevision.text != "")
        .limit(MOST)
    )


def _let_go_of_imports(before: datetime) -> int:
    """Remove the files of rejected rows and the names of the files that were taken in."""
    with transact(CONSOLE) as work:
        is_named = or_(ImportRun.file_name != "", ImportRun.rejects_path.is_not(None))
        old = work.session.execute(
            select(ImportRun.id, ImportRun.rejects_path).where(ImportRun.finished_at < before, is_named).limit(MOST)
        ).all()
        ids = [run_id for run_id, _ in old]
        nameless = update(ImportRun).where(ImportRun.id.in_(ids))
        work.session.execute(nameless.values(file_name="", stored_path="", rejects_path=None, failure=""))
        if old:
            work.record("erase_by_age", kind=str(Kept.LOGS), count=len(old))
        else:
            work.leave_no_entry()
    for _, rejects in old:
        if rejects:
            Path(rejects).unlink(missing_ok=True)
    return len(old)
