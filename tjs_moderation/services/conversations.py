"""A private conversation as one talk: what they said and what we said, who is at work on it, and until when. Reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.vocabulary import ActKind, ActState, ChannelKind
from tjs_moderation.domain.window import Window
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Answer, AnswerRevision, Item, ItemText, Routing, User
from tjs_moderation.services import leaving
from tjs_moderation.services.desk import names_of
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.threads import is_conversation, same_thread

PAGE_SIZE = 50
_FirstShown = aliased(Item)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: the message, where the channel has told of it, or our answer before it has.

    `answer` is the answer of ours that it is, with who wrote and who approved it; None for what was written elsewhere.
    """

    at: datetime
    text: str
    item: Item | None = None
    answer: Answer | None = None
    writer_id: int | None = None

    @property
    def is_ours(self) -> bool:
        return self.item is None or self.item.is_own


@dataclass(frozen=True, slots=True)
class Conversation:
    """A page of a conversation, oldest first; `before` is where the earlier ones begin (None where there are none).

    `work_on` is the message whose answer is at work, or to be written next; `expert_id` on whose desk it lies;
    `window` until when an answer may leave (None: no limit).
    """

    item: Item
    said: Sequence[Said]
    before: int | None
    work_on: int
    is_being_answered: bool
    expert_id: int | None
    window: Window | None
    names: Mapping[int, str]


def conversation_of(person: User, item_id: int, before: int | None = None) -> Conversation:
    """The conversation of a message, as far as its page goes: the newest, or those before the message `before`.

    NotFoundError where the item is no message of a conversation, or this person may not see it. Six queries.
    """
    session = db.session()
    item = _message(session, person, item_id)
    page = _page(session, item, before)
    shown = page[:PAGE_SIZE]
    answers, routing = _answers(session, item), _routing(session, item)
    under_way = next((each.answer for each in answers if each.answer.state not in OVER), None)
    newest = next((each for each, _ in shown if not each.is_own), item)
    said = _woven(shown, answers, is_newest_page=before is None)
    return Conversation(
        item,
        said,
        shown[-1][0].id if len(page) > PAGE_SIZE else None,
        under_way.item_id if under_way else routing.item_id if routing else newest.id,
        under_way is not None,
        routing.expert_id if routing else None,
        leaving.window_for(session, item) if item.channel.kind is ChannelKind.FACEBOOK else None,
        names_of(_people_in(said, routing)),
    )


def _message(session: Session, person: User, item_id: int) -> Item:
    wanted = select(Item).where(Item.id == item_id, visible_to(person))
    item = session.scalars(wanted.options(joinedload(Item.channel), joinedload(Item.author))).one_or_none()
    if item is None or not is_conversation(item):
        raise NotFoundError("conversation")
    return item


def _routing(session: Session, item: Item) -> Routing | None:
    """On whose desk the conversation lies."""
    lies = select(Routing).join(Item, Item.id == Routing.item_id).where(same_thread(item), Routing.ended_at.is_(None))
    return session.scalars(lies.order_by(Routing.id)).first()


def _people_in(said: Sequence[Said], routing: Routing | None) -> set[int]:
    found = {each.writer_id for each in said} | {each.answer.approved_by_id for each in said if each.answer}
    return {person_id for person_id in (*found, routing.expert_id if routing else None) if person_id is not None}


def _page(session: Session, item: Item, before: int | None) -> list[tuple[Item, str]]:
    """The newest messages with their texts, newest first, one more than fits."""
    statement = (
        select(Item, ItemText.text)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .where(same_thread(item))
        .order_by(Item.sorted_at.desc(), Item.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        at = select(_FirstShown.sorted_at).where(_FirstShown.id == before).scalar_subquery()
        statement = statement.where(or_(Item.sorted_at < at, and_(Item.sorted_at == at, Item.id < before)))
    return [(row[0], row[1]) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class _Ours:
    """An answer of ours in the conversation, and what became of it on the channel."""

    answer: Answer
    revision: AnswerRevision
    external_id: str | None


def _answers(session: Session, item: Item) -> list[_Ours]:
    """Every answer that was written to a message of the conversation, oldest first, in its newest revision."""
    is_newest = and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == Answer.revision)
    has_left = and_(Act.answer_id == Answer.id, Act.kind == ActKind.PRIVATE_MESSAGE, Act.state == ActState.DONE)
    found = session.execute(
        select(Answer, AnswerRevision, Act.result_external_id)
        .join(Item, Item.id == Answer.item_id)
        .join(AnswerRevision, is_newest)
        .outerjoin(Act, has_left)
        .where(same_thread(item))
        .order_by(Answer.id),
    )
    return [_Ours(*row) for row in found]


def _woven(shown: Sequence[tuple[Item, str]], ours: Sequence[_Ours], *, is_newest_page: bool) -> list[Said]:
    """The messages of a page, oldest first, with the answers that the channel has not told of yet in their places."""
    by_name = {each.external_id: each for each in ours if each.external_id}
    said = []
    for item, text in shown:
        own = by_name.pop(item.external_id, None)
        said.append(
            Said(item.sorted_at, text, item, own.answer, own.revision.written_by_id)
            if own
            else Said(item.sorted_at, text, item)
        )
    first_at = said[-1].at if said else None
    for each in ours:
        at = each.answer.published_at
        is_untold = each.external_id is None or each.external_id in by_name
        if at is not None and is_untold and is_newest_page and (first_at is None or at >= first_at):
            said.append(Said(at, each.revision.text, None, each.answer, each.revision.written_by_id))
    return sorted(said, key=lambda each: (each.at, each.item.id if each.item else 0))
