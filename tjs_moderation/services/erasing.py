"""What erasing an item consists of, whoever asks for it: a person, or the end of its time. A part of verbs.

The item's row stays: with the channel's own id it is the ledger, which keeps the same thing from coming in again. So do
the decisions, acts and times; of what was written, and by whom, nothing stays. Commitments in the log can no longer be
opened, since their keys go with the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, and_, delete, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, AutomaticStep
from tjs_moderation.errors import TransitionError
from tjs_moderation.models import (
    Act,
    Answer,
    AnswerRevision,
    Author,
    Base,
    Claim,
    Draft,
    EarlierAnswer,
    EarlierWord,
    Item,
    Opinion,
    Routing,
    SearchText,
    StoredAssessment,
)
from tjs_moderation.models.base import JsonText
from tjs_moderation.models.casework import is_awaited
from tjs_moderation.services import outbox, placing
from tjs_moderation.services.reach import touch
from tjs_moderation.services.transaction import Work

GONE = (SearchText, Claim, Draft, EarlierAnswer)
"""The rows of an item that are deleted: what was worked out from its words, and what was never sent anywhere."""

KEPT: Mapping[str, str] = MappingProxyType(
    {
        "assessment.scores": "numbers",
        "assessment.topics": "names of topics",
        "assessment.automatic": "the name of a rule",
        "decision.rule": "the name of a rule",
    }
)
"""The columns of an item's rows that are kept although they hold text, each with what it is."""

_NOT_EMPTY: Mapping[str, Any] = MappingProxyType({"opinion.words": "–", "item_text.raw": {}})
"""What stands in columns that may hold neither an empty text nor an empty list."""

AT_A_TIME = 5000
"""So many items go into one statement; a database takes some tens of thousands of values."""

_BUSY = (ActState.CLAIMED, ActState.UNKNOWN)
_ANSWERING = (ActKind.REPLY, ActKind.PRIVATE_MESSAGE)


def erase_items(work: Work, items: Sequence[Item]) -> None:
    """Erase what was written in these items, which are locked, and about them; what waits for them is ended.

    Raises TransitionError where an act of one of them is leaving at this moment, or may have left: it has to be known
    first what became of it.
    """
    for start in range(0, len(items), AT_A_TIME):
        _erase(work, items[start : start + AT_A_TIME])
    work.nudge("index")


def _erase(work: Work, items: Sequence[Item]) -> None:
    ids = [item.id for item in items]
    _end_what_waits(work, ids)
    answers = work.session.scalars(select(Answer.id).where(Answer.item_id.in_(ids))).all()
    work.session.execute(delete(EarlierWord).where(EarlierWord.answer_id.in_(answers)))
    for model in GONE:
        work.session.execute(delete(model).where(model.item_id.in_(ids)).execution_options(synchronize_session=False))
    for table, belongs in _tables_of(ids, answers):
        _empty(work.session, table, belongs)
    for item in items:
        item.permalink, item.attachments, item.conversation_external_id = None, [], None
        item.erased_at = work.now
        touch(item, work.now)
    work.session.flush()
    placing.settle(work, items)


def unname(work: Work, author: Author) -> None:
    """Let nothing say any more who somebody was, and destroy their key."""
    nobody = f"erased:{author.id}"
    to_them = and_(Act.channel_id == author.channel_id, Act.target_external_id == author.external_id)
    work.session.execute(update(Act).where(to_them).values(target_external_id=nobody))
    author.name, author.external_id, author.sealed_key, author.erased_at = "", nobody, None, work.now


def erase_revisions(session: Session, condition: ColumnElement[bool]) -> None:
    """Erase the revisions of answers that fulfil a condition on `AnswerRevision`."""
    _empty(session, Base.metadata.tables[AnswerRevision.__tablename__], condition)


def free_text(table: Table) -> Iterator[Column[Any]]:
    """The columns of a table in which somebody's words can stand."""
    return (column for column in table.columns if isinstance(column.type, Text | JsonText))


def _tables_of(ids: Iterable[int], answers: Iterable[int]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Every table whose rows belong to an item, or to an answer to one, with what tells them: new ones as well."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            targets = {key.column.table.name for key in column.foreign_keys}
            if column.name == "item_id" and "item" in targets:
                yield table, column.in_(ids)
            elif column.name == "answer_id" and "answer" in targets:
                yield table, column.in_(answers)


def _empty(session: Session, table: Table, condition: ColumnElement[bool]) -> None:
    """Empty the words of these rows, and forget the keys of their commitments."""
    names = {f"{table.name}.{column.name}": column for column in free_text(table)}
    values = {column.name: _nothing(name, column) for name, column in names.items() if name not in KEPT}
    nonces = {column.name: "" for column in table.columns if column.name.endswith("nonce")}
    if values or nonces:
        session.execute(update(table).where(condition).values(values | nonces))


def _nothing(name: str, column: Column[Any]) -> Any:
    if name in _NOT_EMPTY:
        return _NOT_EMPTY[name]
    if column.nullable:
        return None
    return [] if isinstance(column.type, JsonText) else ""


def _end_what_waits(work: Work, ids: Sequence[int]) -> None:
    acts = work.session.scalars(select(Act).where(Act.item_id.in_(ids), ~Act.is_settled).with_for_update()).all()
    if any(act.state in _BUSY for act in acts):
        raise TransitionError("erasing_waits_for_act")
    for act in acts:
        if act.kind in _ANSWERING and act.state not in {ActState.DONE, ActState.STOPPED}:
            outbox.call_off(act, work.now)
    for answer in work.session.scalars(select(Answer).where(Answer.item_id.in_(ids), Answer.state.not_in(OVER))):
        answer.state = AnswerState.WITHDRAWN
    work.session.flush()
    _set(work, Routing, {"ended_at": work.now}, Routing.item_id.in_(ids) & Routing.ended_at.is_(None))
    _set(work, Opinion, {"withdrawn_at": work.now}, Opinion.item_id.in_(ids) & is_awaited)
    is_due = StoredAssessment.automatic_step == AutomaticStep.DUE
    _set(work, StoredAssessment, {"automatic_step": AutomaticStep.LEFT}, StoredAssessment.item_id.in_(ids) & is_due)


def _set(work: Work, model: type[Base], values: Mapping[str, Any], condition: ColumnElement[bool]) -> None:
    work.session.execute(
        update(model).where(condition).values(dict(values)).execution_options(synchronize_session=False)
    )
