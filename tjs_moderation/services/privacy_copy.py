"""A person's copy of their data (GDPR Article 15): all that the console holds of them, ready to be written as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.vocabulary import AnswerState, Permission
from tjs_moderation.errors import NotFoundError
from tjs_moderation.models import (
    Answer,
    AnswerRevision,
    Appeal,
    Author,
    Channel,
    Decision,
    Item,
    ItemText,
    Note,
    StoredAssessment,
)
from tjs_moderation.services import keeping
from tjs_moderation.services.changes import check_actor
from tjs_moderation.services.transaction import Actor, Work, transact

FORMAT = "tjs-person-1"

Rows = dict[int, list[dict[str, Any]]]


def copy_of(actor: Actor, author_id: int) -> dict[str, Any]:
    """Everything that is held of a person, as JSON holds it; that it was taken is recorded.

    The names of colleagues are left out: their notes and reasons are about the person, their names are not. Raises
    NotFoundError where there is no such person, or they were forgotten.
    """
    with transact(actor) as work:
        check_actor(work.session, actor, Permission.RUN_PRIVACY)
        row = work.session.execute(
            select(Author, Channel.name)
            .join(Channel, Channel.id == Author.channel_id)
            .where(Author.id == author_id, Author.erased_at.is_(None))
        ).one_or_none()
        if row is None:
            raise NotFoundError("person")
        author, channel = row
        items = _items(work.session, author)
        work.record("export_person", items=[item.id for item in items], author=author.id)
        return _document(work, author, channel, items)


def _document(work: Work, author: Author, channel: str, items: Sequence[Item]) -> dict[str, Any]:
    ids = [item.id for item in items]
    told = {
        "texts": _texts(work.session, ids),
        "proposals": _proposals(work.session, ids),
        "decisions": _decisions(work.session, ids),
        "answers": _answers(work.session, ids),
        "notes": _notes(work.session, ids),
        "appeals": _appeals(work.session, ids),
    }
    return {
        "format": FORMAT,
        "made_at": work.now.isoformat(),
        "person": {"name": author.name, "channel": channel, "id_on_channel": author.external_id},
        "kept_days": {str(kind): days for kind, days in keeping.retention(work.session).items()},
        "items": [_item(item) | {part: rows.get(item.id, []) for part, rows in told.items()} for item in items],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "number": item.id,
        "kind": str(item.kind),
        "id_on_channel": item.external_id,
        "post": item.post.text if item.post else None,
        "address": item.permalink,
        "attachments": item.attachments,
        "written_at": item.created_at.isoformat() if item.created_at else None,
        "received_at": item.received_at.isoformat(),
        "is_hidden": item.is_hidden,
        "is_gone": item.is_gone,
    }


def _items(session: Session, author: Author) -> Sequence[Item]:
    theirs = select(Item).where(Item.author_id == author.id, Item.erased_at.is_(None))
    return session.scalars(theirs.options(joinedload(Item.post)).order_by(Item.sorted_at, Item.id)).all()


def _texts(session: Session, ids: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for text in session.scalars(select(ItemText).where(ItemText.item_id.in_(ids)).order_by(ItemText.number)):
        told = {"version": text.number, "seen_at": text.seen_at.isoformat(), "text": text.text, "raw": text.raw}
        found[text.item_id].append(told)
    return found


def _proposals(session: Session, ids: Sequence[int]) -> Rows:
    """What the console thought by itself, and why (Article 15(1)(h))."""
    found: Rows = defaultdict(list)
    thought = select(StoredAssessment).where(StoredAssessment.item_id.in_(ids)).order_by(StoredAssessment.id)
    for each in session.scalars(thought):
        found[each.item_id].append(
            {
                "at": each.created_at.isoformat(),
                "version": each.text_version,
                "outcome": str(each.outcome),
                "category": str(each.category),
                "scores": each.scores,
                "reasons": [reason["sentence"] for reason in each.reasons],
                "topics": each.topics,
            }
        )
    return found


def _decisions(session: Session, ids: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    decided = select(Decision).where(Decision.item_id.in_(ids)).options(joinedload(Decision.reason))
    for each in session.scalars(decided.order_by(Decision.id)):
        found[each.item_id].append(
            {
                "at": each.decided_at.isoformat(),
                "kind": str(each.kind),
                "reason": each.reason.label if each.reason else None,
                "words": each.words,
                "rule": each.rule or None,
                "is_automatic": each.is_automatic,
            }
        )
    return found


def _answers(session: Session, ids: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    published = (
        select(Answer.item_id, Answer.published_at, AnswerRevision.text)
        .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .where(Answer.item_id.in_(ids), Answer.state == AnswerState.PUBLISHED)
        .where(AnswerRevision.number == Answer.approved_revision)
    )
    for item_id, at, text in session.execute(published):
        found[item_id].append({"at": at.isoformat() if at else None, "text": text})
    return found


def _notes(session: Session, ids: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for note in session.scalars(select(Note).where(Note.item_id.in_(ids)).order_by(Note.id)):
        found[note.item_id].append({"at": note.written_at.isoformat(), "text": note.text})
    return found


def _appeals(session: Session, ids: Sequence[int]) -> Rows:
    found: Rows = defaultdict(list)
    for each in session.scalars(select(Appeal).where(Appeal.item_id.in_(ids)).order_by(Appeal.id)):
        told = {"at": each.filed_at.isoformat(), "text": each.words, "outcome": each.outcome and str(each.outcome)}
        found[each.item_id].append(told | {"why": each.why})
    return found
