"""Parts of the verbs on answers: taking hold of one, beginning it, adding a revision, ending the verb."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.answer import OVER, Move, is_own_work, next_state
from tjs_moderation.domain.vocabulary import AnswerState, Permission
from tjs_moderation.errors import NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.models import Answer, AnswerRevision, Item, Routing, User
from tjs_moderation.services import options, outbox, placing
from tjs_moderation.services.handing import put_on_desk
from tjs_moderation.services.reach import conflict, item_to_change, touch
from tjs_moderation.services.threads import is_conversation, same_thread
from tjs_moderation.services.transaction import Work, new_nonce

BEGAN_BY_THEMSELVES = "Aloitti vastaamisen itse."
"""Why an item is on the desk of whoever began to answer what was on nobody's."""


def take(work: Work, user_id: int, answer_id: int, version: int, permission: Permission) -> tuple[Answer, Item]:
    """An answer at the version that was seen, and its item, both locked. Raises as `item_to_change` does."""
    answer = work.session.get(Answer, answer_id)
    if answer is None:
        raise NotFoundError("answer")
    # The item is locked first, as every verb does it, so that two verbs never wait for each other.
    item = item_to_change(work, user_id, answer.item_id, None, permission)
    work.session.refresh(answer, with_for_update=True)
    if answer.version != version:
        raise conflict(work.session, item.id, "answer_changed")
    return answer, item


def check_writer(session: Session, user_id: int, item: Item) -> None:
    """Raises where this person may not write the answer to an item: it lies on another's desk, or is our own."""
    person = session.get_one(User, user_id)
    if item.is_own:
        raise TransitionError("not_for_this_item")
    if not person.may(Permission.APPROVE_ANSWER) and item.expert_id != user_id:
        raise NotAllowedError("not_your_desk")


def check_four_eyes(session: Session, user_id: int, answer: Answer) -> None:
    """Raises NotAllowedError where somebody else has to approve the revision."""
    revision = current(session, answer)
    if options.has_four_eyes(session) and is_own_work(user_id, frozenset({revision.written_by_id})):
        raise NotAllowedError("four_eyes")


def current(session: Session, answer: Answer) -> AnswerRevision:
    """The newest revision of an answer."""
    return session.get_one(AnswerRevision, (answer.id, answer.revision))


def open_answer(session: Session, item_id: int) -> Answer | None:
    """The answer to an item that is not over, locked; None where there is none."""
    found = select(Answer).where(Answer.item_id == item_id, Answer.state.not_in(list(OVER))).with_for_update(of=Answer)
    return session.scalars(found).one_or_none()


def start(work: Work, item: Item) -> Answer:
    """A new answer, at the desk of whoever begins it where the item is on nobody's.

    TransitionError where another answer is under way in the same conversation: a person is answered once at a time.
    """
    _check_conversation(work.session, item)
    answer = Answer(item_id=item.id, state=AnswerState.DRAFT, revision=0, created_at=work.now)
    work.session.add(answer)
    work.session.flush()
    is_routed = work.session.scalars(
        select(Routing.id).where(Routing.item_id == item.id, Routing.ended_at.is_(None)),
    ).first()
    if is_routed is None:
        put_on_desk(work, item, None, work.actor.id, BEGAN_BY_THEMSELVES)
    return answer


def _check_conversation(session: Session, item: Item) -> None:
    if not is_conversation(item):
        return
    # Whoever begins an answer in a conversation holds its first message meanwhile: two cannot begin at once.
    first = select(Item.id).where(same_thread(item)).order_by(Item.id).limit(1).with_for_update(of=Item)
    session.scalars(first).one()
    under_way = select(Item.id).join(Answer, Answer.item_id == Item.id).where(same_thread(item), Item.id != item.id)
    other = session.scalars(under_way.where(Answer.state.not_in(list(OVER))).limit(1)).first()
    if other is not None:
        raise TransitionError("conversation_is_being_answered", item_id=other)


def revise(work: Work, answer: Answer, text: str) -> AnswerRevision:
    """Add a revision, unless the text is the same as it was."""
    if answer.revision:
        before = current(work.session, answer)
        answer.state = next_state(answer.state, Move.REVISE)
        if before.text == text:
            return before
    answer.revision += 1
    revision = AnswerRevision(
        answer_id=answer.id,
        number=answer.revision,
        text=text,
        nonce=new_nonce(),
        written_by_id=work.actor.id,
        written_at=work.now,
    )
    work.session.add(revision)
    return revision


def halt(work: Work, answer: Answer) -> None:
    """Take an approval back: stop the act that has not left, and let one that was refused trouble nobody any more."""
    answer.state = next_state(answer.state, Move.REOPEN)
    act = outbox.open_answer_act(work.session, answer.id)
    if act is not None:
        outbox.call_off(act, work.now)


def finish(work: Work, item: Item, verb: str, answer: Answer, **facts: object) -> None:
    """End a verb on an answer: the item stands where it belongs, has a new version, and the entry is left."""
    placing.settle(work, [item])
    touch(item, work.now)
    work.record(verb, items=[item.id], answer=answer.id, revision=answer.revision, **facts)
