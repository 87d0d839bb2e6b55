"""The outbox as verbs use it: planning acts, taking them back, and what follows when one is over. Parts of verbs."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.answer import Move, next_state
from tjs_moderation.domain.case import IN_TROUBLE, ON_ITS_WAY
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, DecisionKind, ItemKind, NoticeKind
from tjs_moderation.errors import TransitionError
from tjs_moderation.models import Act, Answer, AnswerRevision, Author, Decision, Item, Routing
from tjs_moderation.services import notices, options
from tjs_moderation.services.placing import removal_in_force
from tjs_moderation.services.threads import answered_with
from tjs_moderation.services.transaction import Work

_CARRIED_OUT_BY = {DecisionKind.REMOVE: ActKind.HIDE, DecisionKind.DELETE: ActKind.DELETE}


def plan_for_decision(work: Work, item: Item, decision: Decision) -> Act | None:
    """The act that carries a decision out, planned for after the hold-back; None where the channel has nothing to do.

    A private message cannot be hidden or deleted on the channel: removing one is ours alone. What a rule is hiding
    already is not hidden a second time when a person confirms it.
    """
    kind = _CARRIED_OUT_BY.get(decision.kind)
    if kind is None or item.kind is ItemKind.MESSAGE or item.is_gone:
        return None
    if kind is ActKind.HIDE:
        _call_off_showing(work, item)
        if item.is_hidden or _is_being_hidden(work.session, item):
            return None
    return _plan(work, item, kind, f"{kind}:{decision.id}", decision_id=decision.id)


def plan_answer(work: Work, item: Item, answer: Answer, *, is_private: bool = False) -> Act:
    """The act that publishes an approved answer after the hold-back; `is_private` answers a comment by a message."""
    kind = ActKind.PRIVATE_MESSAGE if is_private or item.kind is ItemKind.MESSAGE else ActKind.REPLY
    target = item.external_id
    if item.kind is ItemKind.MESSAGE:
        author = work.session.get(Author, item.author_id) if item.author_id else None
        if author is None:
            raise TransitionError("nobody_to_answer")
        target = author.external_id
    key = f"answer:{answer.id}:{answer.revision}:{answer.version}"
    act = _plan(work, item, kind, key, answer_id=answer.id, target=target)
    act.answer_revision = answer.revision
    return act


def _plan(
    work: Work,
    item: Item,
    kind: ActKind,
    key: str,
    decision_id: int | None = None,
    answer_id: int | None = None,
    target: str | None = None,
) -> Act:
    delay = options.hold_back(work.session).get(kind, 0)
    act = Act(
        key=key,
        channel_id=item.channel_id,
        item_id=item.id,
        kind=kind,
        state=ActState.PLANNED,
        target_external_id=target or item.external_id,
        decision_id=decision_id,
        answer_id=answer_id,
        not_before=work.now + timedelta(seconds=delay),
        planned_by_id=work.actor.user_id,
        planned_at=work.now,
    )
    work.session.add(act)
    work.nudge("send", delay)
    return act


def undo(work: Work, item: Item, undone: Decision, by: Decision) -> None:
    """Make a decision that is being taken back undone on the channel: stop what has not left, show what was hidden.

    Nothing is shown while another removal is in force: the automatic one below a person's word that confirmed it.
    Raises TransitionError where an act is leaving at this moment, is unknown, or cannot be undone.
    """
    act = work.session.scalars(select(Act).where(Act.decision_id == undone.id).with_for_update()).one_or_none()
    if act is not None and act.state is ActState.DONE and act.kind is ActKind.DELETE:
        raise TransitionError("deleted_for_good")
    if act is not None and act.state is not ActState.DONE:
        call_off(act, work.now)
    elif undone.kind is DecisionKind.REMOVE and item.is_hidden and _is_ours_to_show(work.session, item):
        _plan(work, item, ActKind.UNHIDE, f"{ActKind.UNHIDE}:{by.id}", decision_id=by.id)


def _is_being_hidden(session: Session, item: Item) -> bool:
    """Whether hiding it is on its way already, or may have happened."""
    on_its_way = [*ON_ITS_WAY, ActState.UNKNOWN]
    hiding = select(Act.id).where(Act.item_id == item.id, Act.kind == ActKind.HIDE, Act.state.in_(on_its_way))
    return session.scalars(hiding.where(~Act.is_settled).limit(1)).first() is not None


def _is_ours_to_show(session: Session, item: Item) -> bool:
    """Whether it was us who hid an item last, by no removal still in force: what others hid is not ours to show."""
    if removal_in_force(session, item.id) is not None:
        return False
    last = session.scalars(
        select(Act.kind)
        .where(Act.item_id == item.id, Act.kind.in_([ActKind.HIDE, ActKind.UNHIDE]), Act.state == ActState.DONE)
        .order_by(Act.id.desc())
        .limit(1),
    ).first()
    return last is ActKind.HIDE


def _call_off_showing(work: Work, item: Item) -> None:
    """What was to be shown again is removed once more: nothing may show it any more."""
    showing = select(Act).where(Act.item_id == item.id, Act.kind == ActKind.UNHIDE, ~Act.is_settled)
    over = [ActState.DONE, ActState.STOPPED]
    for act in work.session.scalars(showing.where(Act.state.not_in(over)).with_for_update()):
        call_off(act, work.now)


def call_off(act: Act, now: datetime) -> None:
    """See that an act which is not done never will be. TransitionError where it is leaving, or unknown."""
    if act.state in {ActState.REFUSED, ActState.FAILED}:
        act.is_settled = True
    else:
        stop(act, now)


def stop(act: Act, now: datetime) -> None:
    """Stop an act that has not left. TransitionError where it has, or may have."""
    if act.state not in {ActState.PLANNED, ActState.BY_HAND}:
        raise TransitionError("act_under_way")
    act.state, act.finished_at = ActState.STOPPED, now


def open_answer_act(session: Session, answer_id: int) -> Act | None:
    """The act of an answer that is not over yet or that somebody has to look at, locked."""
    over = [ActState.STOPPED, ActState.DONE]
    return session.scalars(
        select(Act).where(Act.answer_id == answer_id, Act.state.not_in(over), ~Act.is_settled).with_for_update(),
    ).one_or_none()


def complete(work: Work, act: Act, item: Item, result_external_id: str | None) -> list[Item]:
    """An act has happened: mark it done, and change what it changed; gives the items that now stand elsewhere."""
    act.state, act.finished_at = ActState.DONE, work.now
    act.leased_until = act.lease_key = None
    act.result_external_id = result_external_id
    act.detail = ""
    if act.kind in {ActKind.HIDE, ActKind.UNHIDE}:
        item.is_hidden = act.kind is ActKind.HIDE
    elif act.kind is ActKind.DELETE:
        item.is_gone = True
    elif act.answer_id is not None:
        return [item, *_publish(work, act.answer_id, item)]
    return [item]


def _publish(work: Work, answer_id: int, item: Item) -> list[Item]:
    """Mark an answer published; gives the other messages of its conversation that it has answered as well."""
    answer = work.session.get_one(Answer, answer_id)
    answer.state = next_state(answer.state, Move.PUBLISH)
    answer.published_at = work.now
    revision = work.session.get_one(AnswerRevision, (answer.id, answer.approved_revision or answer.revision))
    others = answered_with(work.session, answer, item)
    answered = [item.id, *(other.id for other in others)]
    open_routing = select(Routing).where(Routing.item_id.in_(answered), Routing.ended_at.is_(None))
    concerned: set[int | None] = {revision.written_by_id}
    for routing in work.session.scalars(open_routing):
        routing.ended_at = work.now
        concerned.add(routing.expert_id)
    # Whoever approved it knows already that it goes out.
    people = [person for person in concerned if person is not None and person != answer.approved_by_id]
    notices.tell_all(work, people, NoticeKind.ANSWERED, item.id, f"answer:{answer.id}")
    return others


def see_to(work: Work, act: Act) -> None:
    """A person has seen to an act that did not happen: it troubles nobody now; its answer needs approval again."""
    if act.state not in IN_TROUBLE or act.is_settled:
        raise TransitionError("act_not_in_trouble")
    act.is_settled = True
    if act.state is ActState.UNKNOWN:
        act.state, act.finished_at = ActState.FAILED, work.now
    if act.answer_id is not None:
        answer = work.session.get_one(Answer, act.answer_id)
        if answer.state is AnswerState.APPROVED:
            answer.state = next_state(answer.state, Move.REOPEN)
