"""An answer's way from a draft to the outbox. The moves between its states stand in `domain.answer.MOVES`."""

from __future__ import annotations

from sqlalchemy import select

from tjs_moderation.domain.answer import Move, checked_text, next_state
from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.sending import AT_ONCE, Sending, When, leaves_at
from tjs_moderation.domain.vocabulary import ActKind, AnswerState, ChannelKind, ItemKind, NoticeKind, Permission
from tjs_moderation.domain.working_time import WorkCalendar
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError, TransitionError
from tjs_moderation.models import Act, Answer, AnswerReturn, AnswerRevision, Channel, Item
from tjs_moderation.services import answering, draft_checks, drafts, leaving, notices, options, outbox, placing
from tjs_moderation.services.drafts import Typed
from tjs_moderation.services.reach import conflict, item_to_change
from tjs_moderation.services.threads import newest_of_thread
from tjs_moderation.services.transaction import Work, new_nonce, reading, seal_of, transact, user
from tjs_moderation.services.wiring import ports

_REFUSALS = {
    leaving.GONE: "item_is_gone",
    leaving.WINDOW_CLOSED: "window_closed",
    leaving.REPLIED_BEFORE: "replied_privately_before",
}
"""Why an answer cannot leave, by what the channel would say to it."""


def save_draft(
    user_id: int, item_id: int, text: str, answer_version: int | None = None, typed: Typed | None = None
) -> int:
    """Write or revise the answer to an item; gives the answer's id.

    `answer_version` is the version the writer saw (None where there was no answer); ConflictError where it is another
    now. Only the one whose desk the item is on, and those who approve, may write. An answer that was approved and has
    not left is stopped, and needs approval again. `typed` is the kept draft that the text grew from: it has become this
    revision, and is kept no longer. TransitionError where another message of the conversation is being answered.
    """
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.DRAFT_ANSWER)
        answering.check_writer(work.session, user_id, item)
        text = checked_text(text, item.kind)
        answer = answering.open_answer(work.session, item_id)
        if (answer.version if answer else None) != answer_version:
            raise conflict(work.session, item_id, "answer_changed")
        if answer is None:
            answer = answering.start(work, item)
        elif answer.state is AnswerState.APPROVED:
            answering.halt(work, answer)
        revision = answering.revise(work, answer, text)
        drafts.use(work, item, text, typed)
        work.nudge("index")
        answering.finish(work, item, "save_draft", answer, text=seal_of(revision.nonce, text))
    return answer.id


def submit(user_id: int, answer_id: int, version: int) -> None:
    """Give the draft to the tiedottaja to approve.

    InvalidInputError where something in it blocks (`draft_checks`); the advices that stand are recorded.
    """
    passed = draft_checks.look_through(answer_id)
    with transact(user(user_id)) as work:
        answer, item = answering.take(work, user_id, answer_id, version, Permission.DRAFT_ANSWER)
        answering.check_writer(work.session, user_id, item)
        answer.state = next_state(answer.state, Move.SUBMIT)
        advices = passed.check(answer)
        approvers = notices.holders(work.session, Permission.APPROVE_ANSWER)
        notices.tell_all(work, approvers, NoticeKind.TO_APPROVE, item.id, f"answer:{answer.id}:{version}")
        answering.finish(work, item, "submit", answer, **advices)


def send_back(user_id: int, answer_id: int, version: int, why: str) -> None:
    """Return a draft to its expert with a sentence why."""
    if not why.strip():
        raise InvalidInputError("return_needs_why")
    with transact(user(user_id)) as work:
        answer, item = answering.take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        answer.state = next_state(answer.state, Move.SEND_BACK)
        returned = AnswerReturn(
            answer_id=answer.id,
            revision=answer.revision,
            why=storable(why.strip()),
            nonce=new_nonce(),
            returned_by_id=user_id,
            returned_at=work.now,
        )
        work.session.add(returned)
        if item.expert_id is not None:
            notices.tell(work, item.expert_id, NoticeKind.RETURNED, item.id, f"answer:{answer.id}:{version}")
        sealed = seal_of(returned.nonce, returned.why)
        answering.finish(work, item, "send_back", answer, why=sealed)


def approve(
    user_id: int,
    answer_id: int,
    version: int,
    newest_item_id: int,
    newest_text_version: int | None = None,
    *,
    is_private: bool = False,
    sending: Sending = AT_ONCE,
) -> int:
    """Approve the revision that was seen, as an answer to the newest message that was seen; gives the act's id.

    `newest_text_version` is how that message read then (None asks for no particular version). The answer waits in the
    outbox until `sending` says, the hold-back at least; `is_private` sends it to the writer of a comment alone, which a
    channel allows once and for seven days. Raises ConflictError where the person has written again since, or edited;
    InvalidInputError where it is too long to be sent privately, or the moment is none; TransitionError where what they
    wrote has been removed, the channel would certainly refuse, or its window would close first; and NotAllowedError
    where four eyes are asked for and the approver wrote the revision. What blocks a draft blocks its approval as well.
    """
    passed = draft_checks.look_through(answer_id, is_private=is_private)
    with transact(user(user_id)) as work:
        answer, item = answering.take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        approved = next_state(answer.state, Move.APPROVE)
        if placing.removal_in_force(work.session, item.id) is not None:
            raise TransitionError("take_back_first")
        newest = newest_of_thread(work.session, item)
        if newest.id != newest_item_id or newest.text_version != (newest_text_version or newest.text_version):
            raise ConflictError("newer_message", item_id=item.id)
        answering.check_four_eyes(work.session, user_id, answer)
        answer.state, answer.approved_revision = approved, answer.revision
        answer.approved_newest_item_id, answer.approved_newest_text_version = newest.id, newest.text_version
        answer.approved_by_id, answer.approved_at = user_id, work.now
        work.session.flush()
        act = outbox.plan_answer(work, item, answer, is_private=is_private)
        _schedule(work, act, item, answer, sending)
        advices = passed.check(answer)
        leaves = act.not_before.isoformat(timespec="seconds")
        read = [newest.id, newest.text_version]
        answering.finish(work, item, "approve", answer, newest=read, leaves=leaves, **advices)
    return act.id


def _schedule(work: Work, act: Act, item: Item, answer: Answer, sending: Sending) -> None:
    """Give the act its moment, and say beforehand what is known already: that its channel would refuse it by then."""
    if act.kind is ActKind.PRIVATE_MESSAGE:
        checked_text(answering.current(work.session, answer).text, ItemKind.MESSAGE)
    held = options.hold_back(work.session).get(act.kind, 0)
    calendar = WorkCalendar(ports().settings.zone, options.office_hours(work.session))
    act.not_before = leaves_at(sending, work.now, held, calendar)
    if work.session.get_one(Channel, item.channel_id).kind is ChannelKind.BY_HAND:
        return
    work.session.flush()
    refusal = leaving.why_not(work.session, act, item, work.now)
    if refusal:
        raise TransitionError(_REFUSALS[refusal])
    held_until = leaves_at(AT_ONCE, work.now, held, calendar)
    if sending.when is When.UNDELAYED and not leaving.why_not(work.session, act, item, held_until):
        # Only a window that would close meanwhile is worth the time in which one could think again.
        act.not_before = held_until
    if leaving.why_not(work.session, act, item, act.not_before):
        raise TransitionError("window_closes_first", item_id=item.id)


def stop(user_id: int, answer_id: int, version: int) -> None:
    """Stop an approved answer before it leaves. TransitionError where it is leaving or has left."""
    with transact(user(user_id)) as work:
        answer, item = answering.take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        answering.halt(work, answer)
        answering.finish(work, item, "stop_answer", answer)


def withdraw(user_id: int, answer_id: int, version: int) -> None:
    """Give an answer up: the item waits for another, or for a decision that it needs none."""
    with transact(user(user_id)) as work:
        answer, item = answering.take(work, user_id, answer_id, version, Permission.APPROVE_ANSWER)
        answer.state = next_state(answer.state, Move.WITHDRAW)
        answering.finish(work, item, "withdraw_answer", answer)


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
