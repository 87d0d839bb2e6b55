"""Weighing by two: an item in doubt is given to a second person, who says what they would do; then it is decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import CaseState, OpinionKind, Permission
from tjs_moderation.errors import InvalidInputError, NotAllowedError, TransitionError
from tjs_moderation.models import Item, Opinion, User
from tjs_moderation.models.casework import is_awaited
from tjs_moderation.services.asking import open_opinion, withdraw_open
from tjs_moderation.services.reach import conflict, item_to_change
from tjs_moderation.services.transaction import new_nonce, seal_of, transact, user

LIMIT = 2_000
"""The longest question or opinion, in characters."""

UNDECIDED = (CaseState.ARRIVED, CaseState.REMOVAL, CaseState.WEIGH, CaseState.QUESTION, CaseState.READ)
"""Where an item stands of which one can ask what a second person thinks."""


def ask_opinion(user_id: int, item_id: int, asked_of_id: int, question: str = "") -> int:
    """Ask a second person what they would do with an item; gives the id of the opinion that is awaited.

    Like a note, this is no change to the item: it makes nobody's form stale. Raises InvalidInputError where the person
    is oneself or cannot be asked, TransitionError where the item is decided or somebody is asked already.
    """
    question = _words(question)
    if asked_of_id == user_id:
        raise InvalidInputError("opinion_of_oneself")
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.DECIDE)
        asked_of = work.session.get(User, asked_of_id)
        if asked_of is None or not asked_of.may(Permission.GIVE_OPINION):
            raise InvalidInputError("unknown_expert")
        if item.is_own or item.state not in UNDECIDED:
            raise TransitionError("opinion_on_decided")
        if open_opinion(work.session, item_id) is not None:
            raise TransitionError("opinion_awaited")
        opinion = Opinion(
            item_id=item_id,
            question=question,
            asked_by_id=user_id,
            asked_of_id=asked_of_id,
            asked_at=work.now,
            nonce=new_nonce(),
        )
        work.session.add(opinion)
        work.session.flush()
        work.record(
            "ask_opinion",
            items=[item_id],
            opinion=opinion.id,
            user=asked_of_id,
            question=seal_of(opinion.nonce, question),
        )
    return opinion.id


def give_opinion(user_id: int, item_id: int, kind: OpinionKind, words: str) -> None:
    """Say what one would do with an item, with a sentence why; the one who was asked alone can.

    Raises InvalidInputError where the sentence is missing, NotAllowedError where somebody else was asked, and
    ConflictError that tells who did what where it is not awaited any more.
    """
    words = _words(words)
    if not words:
        raise InvalidInputError("opinion_needs_words")
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.GIVE_OPINION)
        opinion = open_opinion(work.session, item_id)
        if opinion is None:
            raise conflict(work.session, item_id, "opinion_not_awaited")
        if opinion.asked_of_id != user_id:
            raise NotAllowedError("opinion_not_awaited")
        opinion.kind, opinion.words = kind, words
        opinion.given_at, opinion.text_version = work.now, item.text_version
        work.record(
            "give_opinion",
            items=[item_id],
            opinion=opinion.id,
            kind=str(kind),
            text_version=item.text_version,
            words=seal_of(opinion.nonce, words),
        )


def withdraw_opinion(user_id: int, item_id: int) -> None:
    """Ask no longer. TransitionError where nothing is awaited."""
    with transact(user(user_id)) as work:
        item_to_change(work, user_id, item_id, None, Permission.DECIDE)
        withdrawn = withdraw_open(work, item_id)
        if withdrawn is None:
            raise TransitionError("opinion_not_awaited")
        work.record("withdraw_opinion", items=[item_id], opinion=withdrawn)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opinion on somebody's desk: one they are asked for, or (`is_answer`) one they asked for and got."""

    opinion: Opinion
    item: Item
    is_answer: bool


def is_theirs(person: User) -> ColumnElement[bool]:
    """What this person is asked of, and what was answered of what they asked and have not decided yet.

    A condition on `Opinion` and its `Item`.
    """
    asked_of_me = is_awaited & (Opinion.asked_of_id == person.id)
    answered_me = Opinion.kind.is_not(None) & (Opinion.asked_by_id == person.id) & Item.state.in_(UNDECIDED)
    return asked_of_me | answered_me


def _words(written: str) -> str:
    written = storable(written.strip())
    if len(written) > LIMIT:
        raise InvalidInputError("too_long", limit=LIMIT, length=len(written))
    return written
