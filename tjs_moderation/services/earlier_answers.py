"""Earlier answers to questions like this one: found by base forms, kept beside the search index, shown to who may see.

Only a bounded number of rows is read however many answers there are: of each word the newest few, so that a word that
everybody says costs no more than a rare one. How many there are in all is told by how far back the newest few reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, func, insert, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tjs_moderation.domain.likeness import most_alike, weights, words_of
from tjs_moderation.domain.vocabulary import ActKind, AnswerState, ItemKind
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
    given_at: datetime
    is_private: bool
    share: float


def similar(person: User, item_id: int, question: str, limit: int = SHOWN) -> Sequence[Earlier]:
    """The answers given to the questions most like this one, the likest first, of those this person may see.

    Answers to the item itself are left out, and of those that read the same only the likest is given. Four queries.
    """
    session = db.session()
    newest, usual_length = _size(session)
    counts = _counts(session, words_of(question), newest)
    if not counts:
        return ()
    weight = weights(counts, newest)
    asked = sorted(counts, key=lambda word: weight[word], reverse=True)[:WORDS_ASKED]
    found = session.execute(_candidates({word: weight[word] for word in asked})).all()
    whole = sum(weight[word] for word in asked)
    alike = {each.answer_id: each.share for each in most_alike(found, whole, usual_length)}
    return _shown(session, person, item_id, alike, limit)


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
    told = [(answer_id, of_item, words_of(text), is_private) for answer_id, of_item, text, is_private in rows]
    answers = [
        {
            "answer_id": answer_id,
            "item_id": of_item,
            "is_private": is_private,
            "words": " ".join(words),
            "length": len(words),
        }
        for answer_id, of_item, words, is_private in told
    ]
    leads = [{"word": word, "answer_id": answer_id} for answer_id, _, words, _ in told for word in words]
    for model, fresh in ((EarlierAnswer, answers), (EarlierWord, leads)):
        if fresh:
            session.execute(insert(model), fresh)


def _was_private() -> ColumnElement[bool]:
    """Whether an answer was given to one person alone."""
    sent = exists().where(Act.answer_id == Answer.id, Act.kind == ActKind.PRIVATE_MESSAGE)
    return or_(Item.kind == ItemKind.MESSAGE, sent)


def _newest_with(word: str) -> Select[int]:
    leads = select(EarlierWord.answer_id).where(EarlierWord.word == word)
    return leads.order_by(EarlierWord.answer_id.desc()).limit(READ_OF_A_WORD)


def _counts(session: Session, words: Sequence[str], newest: int) -> Mapping[str, int]:
    """About how many answers each word leads to; those that lead to none are left out. One query, or none."""
    if not words or not newest:
        return {}
    each = []
    for place, word in enumerate(words):
        leads = _newest_with(word).subquery()
        each.append(select(literal(place), func.count(), func.min(leads.c.answer_id)).select_from(leads))
    found = session.execute(union_all(*each)).all()
    return {words[place]: _reckoned(count, oldest, newest) for place, count, oldest in found if count}


def _reckoned(count: int, oldest: int, newest: int) -> int:
    """How many there are in all, where the newest `count` of them reach back to the answer `oldest`."""
    if count < READ_OF_A_WORD:
        return count
    return max(count, count * newest // (newest - oldest + 1))


def _size(session: Session) -> tuple[int, float]:
    """The newest answer's id, and how many words a question has, by the newest of them. One query."""
    newest = select(EarlierAnswer.answer_id, EarlierAnswer.length).order_by(EarlierAnswer.answer_id.desc())
    some = newest.limit(READ_OF_A_WORD).subquery()
    last, length = session.execute(select(func.max(some.c.answer_id), func.avg(some.c.length))).one()
    return last or 0, float(length or 0)


def _candidates(weight: Mapping[str, float]) -> Select[int, float, int]:
    """The answers whose questions share the most weight: (answer's id, that weight, how many words)."""
    each = [select(literal(weight[word]).label("weight"), _newest_with(word).subquery().c.answer_id) for word in weight]
    hits = union_all(*each).subquery()
    shared = func.sum(hits.c.weight).label("shared")
    best = select(hits.c.answer_id, shared).group_by(hits.c.answer_id).order_by(shared.desc(), hits.c.answer_id.desc())
    likest = best.limit(CANDIDATES).subquery()
    return select(likest.c.answer_id, likest.c.shared, EarlierAnswer.length).join(
        EarlierAnswer, EarlierAnswer.answer_id == likest.c.answer_id
    )


def _given(person: User) -> Select[Answer, Item, str, str, bool]:
    """Answers that were given, of those a person may see: what is public, and what they may see of the rest."""
    is_public = and_(~EarlierAnswer.is_private, ~Item.is_hidden, ~Item.is_gone)
    return (
        select(Answer, Item, ItemText.text, AnswerRevision.text, EarlierAnswer.is_private)
        .join(EarlierAnswer, EarlierAnswer.answer_id == Answer.id)
        .join(Item, Item.id == Answer.item_id)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .join(AnswerRevision, and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == Answer.revision))
        .where(Answer.state.in_(GIVEN), or_(is_public, visible_to(person)))
    )


def _shown(session: Session, person: User, item_id: int, alike: Mapping[int, float], limit: int) -> Sequence[Earlier]:
    if not alike:
        return ()
    place = case({answer_id: order for order, answer_id in enumerate(alike)}, value=Answer.id)
    found = _given(person).where(Answer.id.in_(alike), Answer.item_id != item_id).order_by(place).limit(4 * limit)
    shown: dict[str, Earlier] = {}
    for answer, item, question, text, is_private in session.execute(found):
        earlier = Earlier(
            answer_id=answer.id,
            item_id=item.id,
            question=question,
            answer=text,
            sources=answer.sources,
            state=answer.state,
            given_at=answer.published_at or answer.approved_at or answer.created_at,
            is_private=is_private,
            share=alike[answer.id],
        )
        shown.setdefault(text, earlier)
    return list(shown.values())[:limit]
