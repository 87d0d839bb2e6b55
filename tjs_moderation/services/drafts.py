"""What people have typed of answers, kept as it was typed until they make a revision of it.

A draft is its writer's own: nobody else sees it, and keeping one leaves no audit entry, as no lease does. It proves
nothing; the revision that comes of it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.errors import InvalidInputError, NotFoundError
from tjs_moderation.models import Answer, AnswerRevision, Draft, Item
from tjs_moderation.services.reach import acting_user, item_to_change
from tjs_moderation.services.transaction import Work, transact, user

LIMIT = 20_000
"""The longest draft, in characters: well above every channel's limit, so that what is too long is kept as well."""

MOST = 20
"""How many drafts one person can have of one answer."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A kept draft as a page knows it: its id, and how often it had been saved when the page knew it last."""

    draft_id: int
    saves: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a save: the draft as it is now, and whether it had to become one of its own, beside another."""

    typed: Typed
    is_apart: bool


def keep(user_id: int, item_id: int, text: str, grew_from: int, typed: Typed | None = None) -> Kept | None:
    """Keep what a person has typed of an answer; None where there is nothing to keep that is not kept already.

    `grew_from` is the revision that stood in the box when they began (0 for none). `typed` is the draft that the text
    grew from: where it has been saved from elsewhere since, or is no more, this text becomes a draft of its own and
    overwrites nothing. InvalidInputError where it is longer than `LIMIT`, or there are `MOST` of them.
    """
    text = storable(text)
    if len(text) > LIMIT:
        raise InvalidInputError("too_long", limit=LIMIT, length=len(text))
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        item = item_to_change(work, user_id, item_id, None, Permission.DRAFT_ANSWER)
        mine = _mine(work, user_id, item.id)
        draft = next((each for each in mine if typed == Typed(each.id, each.saves)), None)
        if draft is None:
            if not text.strip() or _is_kept(work, item, mine, text):
                return None
            return Kept(_begin(work, user_id, item.id, text, grew_from, len(mine)), is_apart=bool(mine))
        draft.text, draft.saves, draft.saved_at = text, draft.saves + 1, work.now
    return Kept(Typed(draft.id, draft.saves), is_apart=False)


def drop(user_id: int, draft_id: int) -> int:
    """Let a draft of one's own go, by choice; gives the item it was about. NotFoundError where it is not one's own."""
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        acting_user(work.session, user_id, Permission.DRAFT_ANSWER)
        draft = work.session.get(Draft, draft_id)
        if draft is None or draft.writer_id != user_id:
            raise NotFoundError("draft")
        work.session.delete(draft)
    return draft.item_id


def use(work: Work, item: Item, text: str, typed: Typed | None) -> None:
    """Let go of the writer's drafts that a revision has come of: the one it grew from, and what reads the same.

    A part of verbs. A draft that was saved from elsewhere since stays: its text is another.
    """
    for draft in _mine(work, work.actor.user_id or 0, item.id):
        if typed == Typed(draft.id, draft.saves) or draft.text.strip() == text:
            work.session.delete(draft)


def _mine(work: Work, user_id: int, item_id: int) -> Sequence[Draft]:
    mine = select(Draft).where(Draft.item_id == item_id, Draft.writer_id == user_id)
    return work.session.scalars(mine.order_by(Draft.id).with_for_update()).all()


def _is_kept(work: Work, item: Item, mine: Sequence[Draft], text: str) -> bool:
    """Whether the same text is a draft already, or the newest revision: a save that comes late brings nothing new."""
    newest = (
        select(AnswerRevision.text)
        .join(Answer, (Answer.id == AnswerRevision.answer_id) & (Answer.revision == AnswerRevision.number))
        .where(Answer.item_id == item.id)
        .order_by(Answer.id.desc())
        .limit(1)
    )
    said = {draft.text.strip() for draft in mine} | {work.session.scalar(newest)}
    return text.strip() in said


def _begin(work: Work, user_id: int, item_id: int, text: str, grew_from: int, there_are: int) -> Typed:
    if there_are >= MOST:
        raise InvalidInputError("too_many_drafts", limit=MOST)
    draft = Draft(
        item_id=item_id,
        writer_id=user_id,
        text=text,
        grew_from=grew_from,
        saves=1,
        begun_at=work.now,
        saved_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    return Typed(draft.id, draft.saves)
