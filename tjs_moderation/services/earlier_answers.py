"""Earlier answers to questions like this one: found by base forms, kept beside the search index, shown to who may see.

Only a bounded number of rows is read however many answers there are: of each word the newest few, so that a word that
everybody says costs no more than a rare one. How many there are in all is told by how far back the newest few reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, TextClause, and_, delete, exists, insert, or_, select, text
from sqlalchemy.orm import Session

from tjs_moderation.domain.likeness import MOST_WORDS, Likeness, most_alike, weights, words_of
from tjs_moderation.domain.vocabulary import ActKind, AnswerState, ItemKind, Role
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Act,
    Answer,
    AnswerRevision,
    EarlierAnswer,
    EarlierWord,
    Item,
    ItemText,
    User,
)
from tjs_moderation.services.reach import visible_to

READ_OF_A_WORD = 1_200
"""So many of the newest answers a word leads to are looked at."""

WORDS_ASKED = 16
"""So many of the rarest words of a question are looked for."""

CANDIDATES = 120
"""So many of the likest are held against who may see them."""

LOOKED_AT_ONCE = 20
"""So many of them are read at a time, until enough are found that may be shown."""

SHOWN = 5

GIVEN = (AnswerState.APPROVED, AnswerState.PUBLISHED)
"""The states of an answer that somebody has stood up for."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question with its answer; `share` is how much of what is asked it shares, 0…1."""

    answer_id: int
    item_id: int
    question: str
    answer: str
    sources: str
    state: AnswerState
    given_at: datetime | None
    is_private: bool
    share: float


def similar(person: User, item_id: int, question: str, limit: int = SHOWN) -> Sequence[Earlier]:
    """The answers given to the questions most like this one, the likest first, of those this person may see.

    Answers to the item itself are left out, and of those that read the same only the likest is given. Four queries,
    seldom more.
    """
    session = db.session()
    newest, usual_length = _size(session)
    counts = _counts(session, words_of(question), newest)
    if not counts:
        return ()
    weight = weights(counts, newest)
    asked = sorted(counts, key=lambda word: weight[word], reverse=True)[:WORDS_ASKED]
    found = _candidates(session, {word: weight[word] for word in asked})
    whole = sum(weight[word] for word in asked)
    return _shown(session, person, item_id, most_alike(found, whole, usual_length), limit)


def text_of(person: User, answer_id: int) -> str:
    """The text of an answer that was given, for another to begin with; empty where this person may not see it."""
    found = _given(person).where(Answer.id == answer_id).with_only_columns(AnswerRevision.text)
    return db.session.scalar(found) or ""


def index(session: Session, item_ids: Collection[int]) -> None:
    """Keep what the answers to these items are found by; what is no longer given is forgotten. A part of indexing."""
    rows = session.execute(
        select(Answer.id, Answer.item_id, ItemText.text, _was_private())
        .join(Item, Item.id == Answer.item_id)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .where(Answer.item_id.in_(item_ids), Answer.state.in_(GIVEN)),
    ).all()
    kept = session.execute(
        select(EarlierAnswer.answer_id, EarlierAnswer.words).where(EarlierAnswer.item_id.in_(item_ids)),
    ).all()
    if not rows and not kept:
        return
    for answer_id, words in kept:
        gone = EarlierWord.word.in_(words.split())
        session.execute(delete(EarlierWord).where(EarlierWord.answer_id == answer_id, gone))
    session.execute(delete(EarlierAnswer).where(EarlierAnswer.answer_id.in_([row.answer_id for row in kept])))
    _add(session, [(answer_id, of_item, is_private, words_of(asked)) for answer_id, of_item, asked, is_private in rows])


def _add(session: Session, told: Sequence[tuple[int, int, bool, Sequence[str]]]) -> None:
    """Keep these: the answer's id, the item's, whether it was private, the words of its question."""
    answers = [
        {
            "answer_id": answer_id,
            "item_id": item_id,
            "is_private": is_private,
            "words": " ".join(words),
            "length": len(words),
        }
        for answer_id, item_id, is_private, words in told
    ]
    leads = [{"word": word, "answer_id": answer_id} for answer_id, *_, words in told for word in words]
    for model, fresh in ((EarlierAnswer, answers), (EarlierWord, leads)):
        if fresh:
            session.execute(insert(model), fresh)


def _was_private() -> ColumnElement[bool]:
    """Whether an answer was given to one person alone."""
    sent = exists().where(Act.answer_id == Answer.id, Act.kind == ActKind.PRIVATE_MESSAGE)
    return or_(Item.kind == ItemKind.MESSAGE, sent)


_NEWEST = "(SELECT answer_id FROM earlier_word WHERE word = :word{0} ORDER BY answer_id DESC LIMIT :most) AS leads{0}"
_COUNT = f"SELECT {{0}}, count(*), min(answer_id) FROM {_NEWEST}"  # noqa: S608  # of our own words
_HITS = f"SELECT CAST(:weight{{0}} AS FLOAT) AS weight, answer_id FROM {_NEWEST}"  # noqa: S608  # of our own words
_CANDIDATES = """
    SELECT likest.answer_id, likest.shared, earlier_answer.length
    FROM (
        SELECT answer_id, sum(weight) AS shared FROM ({hits}) AS hits
        GROUP BY answer_id ORDER BY shared DESC, answer_id DESC LIMIT :candidates
    ) AS likest
    JOIN earlier_answer ON earlier_answer.answer_id = likest.answer_id"""
# Written out: a statement of so many parts costs SQLAlchemy more to put together than a database to answer.


@lru_cache(maxsize=2 * MOST_WORDS)
def _of_each(part: str, whole: str, words: int) -> TextClause:
    """A statement with a part for each word."""
    return text(whole.format(hits=" UNION ALL ".join(part.format(place) for place in range(words))))


def _counts(session: Session, words: Sequence[str], newest: int) -> Mapping[str, int]:
    """About how many answers each word leads to; those that lead to none are left out. One query, or none."""
    if not words or not newest:
        return {}
    told: dict[str, object] = {f"word{place}": word for place, word in enumerate(words)}
    found = session.execute(_of_each(_COUNT, "{hits}", len(words)), told | {"most": READ_OF_A_WORD})
    return {words[place]: _reckoned(count, oldest, newest) for place, count, oldest in found if count}


def _candidates(session: Session, weight: Mapping[str, float]) -> Sequence[tuple[int, float, int]]:
    """The answers whose questions share the most weight: (answer's id, that weight, how many words). One query."""
    told: dict[str, object] = {"most": READ_OF_A_WORD, "candidates": CANDIDATES}
    for place, (word, weighs) in enumerate(weight.items()):
        told |= {f"word{place}": word, f"weight{place}": weighs}
    found = session.execute(_of_each(_HITS, _CANDIDATES, len(weight)), told)
    return [(answer_id, shared, length) for answer_id, shared, length in found]


def _reckoned(count: int, oldest: int, newest: int) -> int:
    """How many there are in all, where the newest `count` of them reach back to the answer `oldest`."""
    if count < READ_OF_A_WORD:
        return count
    return max(count, count * newest // (newest - oldest + 1))


_SIZE = text(
    "SELECT max(answer_id), avg(length) FROM "
    "(SELECT answer_id, length FROM earlier_answer ORDER BY answer_id DESC LIMIT :most) AS newest"
)


def _size(session: Session) -> tuple[int, float]:
    """The newest answer's id, and how many words a question has, by the newest of them. One query."""
    last, length = session.execute(_SIZE, {"most": READ_OF_A_WORD}).one()
    return last or 0, float(length or 0)


_Given = Select[int, int, str, str, str, AnswerState, datetime | None, datetime | None, bool]


def _given(person: User) -> _Given:
    """Answers that were given, of those a person may see: what is public, and what they may see of the rest."""
    return _given_to(person.id, person.role, person.is_active)


@lru_cache(maxsize=64)
def _given_to(person_id: int, role: Role, is_active: bool) -> _Given:
    """The same, kept: it costs more to put together than to carry out."""
    person = User(id=person_id, role=role, is_active=is_active)
    is_public = and_(~EarlierAnswer.is_private, ~Item.is_hidden, ~Item.is_gone)
    return (
        select(
            Answer.id,
            Answer.item_id,
            ItemText.text.label("question"),
            AnswerRevision.text.label("answer"),
            Answer.sources,
            Answer.state,
            Answer.published_at,
            Answer.approved_at,
            EarlierAnswer.is_private,
        )
        .join(EarlierAnswer, EarlierAnswer.answer_id == Answer.id)
        .join(Item, Item.id == Answer.item_id)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .join(AnswerRevision, and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == Answer.revision))
        .where(Answer.state.in_(GIVEN), or_(is_public, visible_to(person)))
    )


def _shown(session: Session, person: User, item_id: int, alike: Sequence[Likeness], limit: int) -> Sequence[Earlier]:
    """The first of these that the person may see; of those that read the same, one."""
    shown: dict[str, Earlier] = {}
    for start in range(0, len(alike), LOOKED_AT_ONCE):
        some = {each.answer_id: each.share for each in alike[start : start + LOOKED_AT_ONCE]}
        found = session.execute(_given(person).where(Answer.id.in_(some), Answer.item_id != item_id)).all()
        for row in sorted(found, key=lambda row: list(some).index(row.id)):
            given_at = row.published_at or row.approved_at
            earlier = Earlier(
                row.id,
                row.item_id,
                row.question,
                row.answer,
                row.sources,
                row.state,
                given_at,
                row.is_private,
                some[row.id],
            )
            shown.setdefault(row.answer, earlier)
        if len(shown) >= limit:
            break
    return list(shown.values())[:limit]
