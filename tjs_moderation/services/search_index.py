"""Keeps the words that items are found by. Triggers mark what has changed; here the marks are worked off."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from sqlalchemy import BindParameter, Select, and_, bindparam, delete, exists, false, insert, select, true, union_all
from sqlalchemy.orm import Session

from tjs_moderation.domain.search import Part, document
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import (
    Answer,
    AnswerRevision,
    Author,
    Item,
    ItemText,
    Note,
    Post,
    SearchDue,
    SearchText,
)
from tjs_moderation.services import earlier_answers
from tjs_moderation.services.transaction import CONSOLE, reading, transact

BATCH = 200
"""How many marks one transaction works off."""

ID_BITS = 31
"""How much of a place is the item's id; the seconds of its time stand before it."""

ID_MASK = (1 << ID_BITS) - 1
"""What takes the id out of a place."""

_LATEST, _EARLIEST = (1 << 32) - 1, -(1 << 32)


def place_at(moment: datetime, item_id: int = 0) -> int:
    """Where an item of that moment stands among all: the later, the greater; of one second, the greater id."""
    seconds = int(moment.astimezone(UTC).timestamp() // 1)
    return (min(max(seconds, _EARLIEST), _LATEST) << ID_BITS) + (item_id & ID_MASK)


def index_due(limit: int = BATCH) -> int:
    """Index anew up to `limit` of the items that are marked, the oldest marks first; gives how many marks were seen.

    The words are made outside the transaction. What another worker has indexed meanwhile is left as that one made it.
    """
    with reading() as session:
        marks = dict(session.execute(select(SearchDue.id, SearchDue.item_id).order_by(SearchDue.id).limit(limit)).all())
        rows = _rows(session, set(marks.values()))
    if not marks:
        return 0
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        gone = delete(SearchDue).where(SearchDue.id.in_(marks)).returning(SearchDue.id)
        left = {marks[mark] for mark in work.session.scalars(gone)}
        work.session.execute(delete(SearchText).where(SearchText.item_id.in_(left)))
        earlier_answers.index(work.session, left)
        fresh = [row for row in rows if row["item_id"] in left]
        if fresh:
            work.session.execute(insert(SearchText), fresh)
    return len(marks)


def is_behind(session: Session) -> bool:
    """Whether something has changed that cannot be found yet."""
    return bool(session.connection().scalar(_SOMETHING_DUE))


_SOMETHING_DUE = select(exists().where(SearchDue.id > 0))


def reindex(limit: int = BATCH) -> Iterator[int]:
    """Index every item anew, `limit` at a time; yields how many have been done so far. Memory stays the same.

    Where a worker is at the same marks, the two share them out.
    """
    after = done = 0
    while True:
        with transact(CONSOLE) as work:
            work.leave_no_entry()
            ids = work.session.scalars(select(Item.id).where(Item.id > after).order_by(Item.id).limit(limit)).all()
            if ids:
                work.session.execute(insert(SearchDue), [{"item_id": item_id} for item_id in ids])
        while _index_some(limit):
            pass
        if not ids:
            return
        after, done = ids[-1], done + len(ids)
        yield done


def _index_some(limit: int) -> bool:
    try:
        return index_due(limit) > 0
    except ConflictError:
        return True


def _rows(session: Session, ids: Collection[int]) -> list[dict[str, object]]:
    answers, notes = our_words(session, ids)
    rows = []
    for item_id, sorted_at, text, author, post in session.execute(_heads(ids)):
        texts = {
            Part.TEXT: [text],
            Part.WRITER: [author or ""],
            Part.POST: [post or ""],
            Part.ANSWER: answers.get(item_id, []),
            Part.NOTE: notes.get(item_id, []),
        }
        rows.append({"place": place_at(sorted_at, item_id), "item_id": item_id, "words": document(texts)})
    return rows


def _heads(ids: Collection[int]) -> Select[int, datetime, str, str, str]:
    return (
        select(Item.id, Item.sorted_at, ItemText.text, Author.name, Post.text)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .outerjoin(Author, Author.id == Item.author_id)
        .outerjoin(Post, Post.id == Item.post_id)
        .where(Item.id.in_(ids))
    )


TextsByItem = dict[int, list[str]]


def our_words(session: Session, ids: Collection[int]) -> tuple[TextsByItem, TextsByItem]:
    """What we have written about these items: the answers, and the notes, by item. One query."""
    answers, notes = TextsByItem(), TextsByItem()
    for item_id, text, is_answer in session.connection().execute(_OUR_WORDS, {"ids": ids}):
        (answers if is_answer else notes).setdefault(item_id, []).append(text)
    return answers, notes


_THESE: BindParameter[int] = bindparam("ids", expanding=True)
_OUR_WORDS = union_all(
    select(Answer.item_id, AnswerRevision.text, true())
    .join(AnswerRevision, and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == Answer.revision))
    .where(Answer.item_id.in_(_THESE)),
    select(Note.item_id, Note.text, false()).where(Note.item_id.in_(_THESE)),
)
"""The answers of some items, each as its newest revision has it, and the notes: item's id, text, whether an answer."""
