"""An answer's way from a draft to the outbox. The moves between its states stand in `domain.answer.MOVES`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.answer import OVER, Binding, Move, checked_text, is_own_work, next_state
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.vocabulary import ActKind, AnswerState, ChannelKind, ItemKind, Permission
from tjs_moderation.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.models import Act, Answer, AnswerRevision, Channel, Item, Routing, User
from tjs_moderation.services import leaving, options, outbox, placing
from tjs_moderation.services.reach import conflict, item_to_change, touch
from tjs_moderation.services.transaction import Work, new_nonce, reading, seal_of, transact, user

_REFUSALS = {
    leaving.GONE: "item_is_gone",
    leaving.WINDOW_CLOSED: "window_closed",
    leaving.REPLIED_BEFORE: "replied_privately_before",
}
"""Why an answer cannot leave, by what the channel would say to it."""


def save_draft(user_id: int, item_id: int, text: str, answer_version: int | None = None) -> int:
    """Write or revise the answer to an item; gives the answer's id.

    `answer_version` is the version the writer saw (None where there was no answer); ConflictError where it is another
    now. Only the one whose desk the item is on, and those who approve, may write. An answer that was approved and has
    not left is stopped, and needs approval again.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.DRAFT_ANSWER)
        _check_writer(work.session, user_id, item)
        text = checked_text(text, item.kind)
        answer = _open_answer(work.session, item_id)
        if (answer.version if answer else None) != answer_version:
            raise conflict(work.session, item_id, "answer_changed")
        if answer is None:
            answer = _start(work, item)
        elif answer.state is AnswerState.APPROVED:
            _halt(work, answer)
        revision = _revise(work, answer, text)
        work.nudge("index")
        _finish(work, item, "save_draft", answer, text=seal_of(revision.nonce, text))
    return answer.id


def submit(user_id: int, answer_id: int, version: int) -> None:
    """Give the draft to the tiedottaja to approve."""
    with transact(user(user_id)) as work:
        answer, item = _take(work, user_id, answer_id, version, Permission.DRAFT_ANSWER)
        _check_writer(work.session, user_id, item)
        answer.state = next_state(answer.state, Move.SUBMIT)
        _finish(work, item, "submit", answer)


def send_back(user_id: int, answer_id: int, version: int, why: str) -> None:
    """Return a draft to its expert with a sentence why."""
    if not why.strip():
        raise InvalidInputError("return_needs_why")
    with transact(user(user_id)) as work:
        answer, item = _take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        answer.state = next_state(answer.state, Move.SEND_BACK)
        answer.returned_why = storable(why.strip())
        _finish(work, item, "send_back", answer)


def approve(
    user_id: int,
    answer_id: int,
    version: int,
    newest_item_id: int,
    newest_text_version: int | None = None,
    *,
    is_private: bool = False,
) -> int:
    """Approve the revision that was seen, as an answer to the newest message that was seen; gives the act's id.

    `newest_text_version` is how that message read then (None asks for no particular version). The answer goes out after
    the hold-back; `is_private` sends it to the writer of a comment alone, which a channel allows once and for seven
    days. Raises ConflictError where the person has written again since, or edited; InvalidInputError where it is too
    long to be sent privately; TransitionError where what they wrote has been removed, or the channel would certainly
    refuse; and NotAllowedError where four eyes are asked for and the approver wrote the revision.
    """
    with transact(user(user_id)) as work:
        answer, item = _take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        approved = next_state(answer.state, Move.APPROVE)
        if placing.removal_in_force(work.session, item.id) is not None:
            raise TransitionError("take_back_first")
        newest = newest_of_thread(work.session, item)
        if newest.id != newest_item_id or newest.text_version != (newest_text_version or newest.text_version):
            raise ConflictError("newer_message", item_id=item.id)
        _check_four_eyes(work.session, user_id, answer)
        answer.state, answer.approved_revision = approved, answer.revision
        answer.approved_newest_item_id, answer.approved_newest_text_version = newest.id, newest.text_version
        answer.approved_by_id, answer.approved_at = user_id, work.now
        work.session.flush()
        act = outbox.plan_answer(work, item, answer, is_private=is_private)
        _check_it_can_leave(work, act, item, answer)
        _finish(work, item, "approve", answer, newest=[newest.id, newest.text_version])
    return act.id


def _check_it_can_leave(work: Work, act: Act, item: Item, answer: Answer) -> None:
    """Say before an answer waits out its hold-back what is known already: that its channel would refuse it."""
    if act.kind is ActKind.PRIVATE_MESSAGE:
        checked_text(_text_of(work.session, answer), ItemKind.MESSAGE)
    if work.session.get_one(Channel, item.channel_id).kind is ChannelKind.BY_HAND:
        return
    work.session.flush()
    refusal = leaving.why_not(work.session, act, item, work.now)
    if refusal:
        raise TransitionError(_REFUSALS[refusal])


def _text_of(session: Session, answer: Answer) -> str:
    return session.get_one(AnswerRevision, (answer.id, answer.revision)).text


def stop(user_id: int, answer_id: int, version: int) -> None:
    """Stop an approved answer before it leaves. TransitionError where it is leaving or has left."""
    with transact(user(user_id)) as work:
        answer, item = _take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        _halt(work, answer)
        _finish(work, item, "stop_answer", answer)


def withdraw(user_id: int, answer_id: int, version: int) -> None:
    """Give an answer up: the item waits for another, or for a decision that it needs none."""
    with transact(user(user_id)) as work:
        answer, item = _take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        answer.state = next_state(answer.state, Move.WITHDRAW)
        _finish(work, item, "withdraw_answer", answer)


def item_id_of(answer_id: int) -> int:
    """The item an answer answers. NotFoundError where there is no such answer."""
    with reading() as session:
        item_id = session.scalar(select(Answer.item_id).where(Answer.id == answer_id))
    if item_id is None:
        raise NotFoundError("answer")
    return item_id


def version_of(answer_id: int, text: str) -> int:
    """The version of an answer whose newest revision reads `text`; ConflictError where it reads otherwise by now."""
    newest = AnswerRevision.number == Answer.revision
    with reading() as session:
        found = session.execute(
            select(Answer.version, AnswerRevision.text)
            .join(AnswerRevision, (AnswerRevision.answer_id == Answer.id) & newest)
            .where(Answer.id == answer_id),
        ).one()
    if found.text != text:
        raise ConflictError("answer_changed")
    version: int = found.version
    return version


def newest_of_thread(session: Session, item: Item) -> Item:
    """The newest thing the person has said in the thread of `item`: in its conversation, or under the same comment."""
    same_thread: ColumnElement[bool]
    if item.kind is ItemKind.MESSAGE and item.conversation_external_id:
        same_thread = (Item.channel_id == item.channel_id) & (
            Item.conversation_external_id == item.conversation_external_id
        )
    else:
        root = item.parent_id or item.id
        same_thread = or_(Item.id == root, Item.parent_id == root)
    same_person = Item.author_id.is_(None) if item.author_id is None else Item.author_id == item.author_id
    newest = session.scalars(
        select(Item)
        .where(same_thread, same_person, ~Item.is_own)
        .order_by(Item.sorted_at.desc(), Item.id.desc())
        .limit(1),
    ).one_or_none()
    return newest or item


def binding_now(session: Session, answer: Answer, item: Item) -> Binding:
    """What an approval given at this moment would be bound to."""
    newest = newest_of_thread(session, item)
    return Binding(answer.revision, newest.id, newest.text_version)


def _take(work: Work, user_id: int, answer_id: int, version: int, permission: Permission) -> tuple[Answer, Item]:
    answer = work.session.get(Answer, answer_id)
    if answer is None:
        raise NotFoundError("answer")
    # The item is locked first, as every verb does it, so that two verbs never wait for each other.
    item = item_to_change(work, user_id, answer.item_id, None, permission)
    work.session.refresh(answer, with_for_update=True)
    if answer.version != version:
        raise conflict(work.session, item.id, "answer_changed")
    return answer, item


def _check_writer(session: Session, user_id: int, item: Item) -> None:
    person = session.get_one(User, user_id)
    if item.is_own:
        raise TransitionError("not_for_this_item")
    if not person.may(Permission.APPROVE_ANSWER) and item.expert_id != user_id:
        raise NotAllowedError("not_your_desk")


def _check_four_eyes(session: Session, user_id: int, answer: Answer) -> None:
    revision = session.get_one(AnswerRevision, (answer.id, answer.revision))
    if options.has_four_eyes(session) and is_own_work(user_id, frozenset({revision.written_by_id})):
        raise NotAllowedError("four_eyes")


def _open_answer(session: Session, item_id: int) -> Answer | None:
    found = select(Answer).where(Answer.item_id == item_id, Answer.state.not_in(list(OVER))).with_for_update(of=Answer)
    return session.scalars(found).one_or_none()


def _start(work: Work, item: Item) -> Answer:
    """A new answer, at the desk of whoever begins it where the item is on nobody's."""
    answer = Answer(item_id=item.id, state=AnswerState.DRAFT, revision=0, created_at=work.now)
    work.session.add(answer)
    work.session.flush()
    is_routed = work.session.scalars(
        select(Routing.id).where(Routing.item_id == item.id, Routing.ended_at.is_(None)),
    ).first()
    if is_routed is None:
        work.session.add(
            Routing(
                item_id=item.id,
                expert_id=work.actor.id,
                why="",
                routed_by_id=work.actor.id,
                routed_at=work.now,
            ),
        )
    return answer


def _revise(work: Work, answer: Answer, text: str) -> AnswerRevision:
    """Add a revision, unless the text is the same as it was."""
    if answer.revision:
        current = work.session.get_one(AnswerRevision, (answer.id, answer.revision))
        answer.state = next_state(answer.state, Move.REVISE)
        if current.text == text:
            return current
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


def _halt(work: Work, answer: Answer) -> None:
    """Take an approval back: stop the act that has not left, and let one that was refused trouble nobody any more."""
    answer.state = next_state(answer.state, Move.REOPEN)
    act = outbox.open_answer_act(work.session, answer.id)
    if act is not None:
        outbox.call_off(act, work.now)


def _finish(work: Work, item: Item, verb: str, answer: Answer, **facts: object) -> None:
    placing.settle(work, [item])
    touch(item, work.now)
    work.record(verb, items=[item.id], answer=answer.id, revision=answer.revision, **facts)
