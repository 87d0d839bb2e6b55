"""What those who watch over an install want to see grow or shrink: counts and ages, nothing that anybody wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.case import IN_TROUBLE
from tjs_moderation.domain.vocabulary import ActState, CaseState, MailState
from tjs_moderation.models import Act, Channel, Item, Notice, QueueCount, RawEvent, StoredAssessment, WorkerBeat
from tjs_moderation.models.proof import EVERYBODY

LATELY = timedelta(hours=1)
MOST_ASSESSMENTS = 1_000
"""So many of the newest assessments of the last hour are looked at for how long items waited for one."""

_WAITING_ACTS = (ActState.PLANNED, ActState.CLAIMED, ActState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Vital:
    """One figure: its name with its unit at the end, what it says, and what it is about."""

    name: str
    says: str
    value: float
    about: Mapping[str, str] = field(default_factory=dict)


def vitals(session: Session, now: datetime) -> list[Vital]:
    """Every figure as it stands `now` (UTC). Ten queries; their cost grows with what waits, not with what there is."""
    parts = (_queues(session, now), _acts(session, now), _assessments(session, now), _in_and_out(session, now))
    return [*(vital for part in parts for vital in part), *_channels(session, now), *_workers(session, now)]


def _queues(session: Session, now: datetime) -> Iterator[Vital]:
    counts = select(QueueCount.state, QueueCount.count).where(QueueCount.expert_id == EVERYBODY)
    held = {state: count for state, count in session.execute(counts) if count}
    waiting = [state for state in CaseState if state is not CaseState.DONE]
    oldest = select(Item.state, func.min(Item.sorted_at)).where(Item.state.in_(waiting)).group_by(Item.state)
    since = dict(session.execute(oldest).all())
    for state in waiting:
        about = {"queue": str(state)}
        yield Vital("tjs_queue_items", "Items standing in a queue.", held.get(state, 0), about)
        yield Vital("tjs_queue_oldest_seconds", "Age of a queue's oldest item.", _age(since.get(state), now), about)


def _acts(session: Session, now: datetime) -> Iterator[Vital]:
    due = select(Act.state, func.count(), func.min(Act.not_before)).where(Act.state.in_(_WAITING_ACTS))
    waiting = {state: (count, since) for state, count, since in session.execute(due.group_by(Act.state))}
    for state in _WAITING_ACTS:
        count, since = waiting.get(state, (0, None))
        about = {"state": str(state)}
        yield Vital("tjs_acts", "Acts on a channel that are not at their end.", count, about)
        yield Vital("tjs_acts_overdue_seconds", "How long the oldest should have left.", _age(since, now), about)
    trouble = select(func.count()).select_from(Act).where(Act.state.in_(IN_TROUBLE), ~Act.is_settled)
    yield Vital("tjs_acts_in_trouble", "Acts that wait for somebody to look.", session.scalar(trouble) or 0)


def _assessments(session: Session, now: datetime) -> Iterator[Vital]:
    """How long items waited to be assessed. What came in as files is years old; it waited from its coming in."""
    newest = (
        select(StoredAssessment.created_at, Item.received_at)
        .join(Item, Item.id == StoredAssessment.item_id)
        .order_by(StoredAssessment.id.desc())
        .limit(MOST_ASSESSMENTS)
    )
    waits = sorted(
        max(0.0, (made_at - received_at).total_seconds())
        for made_at, received_at in session.execute(newest)
        if made_at >= now - LATELY
    )
    yield Vital("tjs_assessed_lately", f"Assessments of the last hour, at most {MOST_ASSESSMENTS}.", len(waits))
    for part in (0.5, 0.95):
        value = waits[min(len(waits) - 1, int(part * len(waits)))] if waits else 0.0
        about = {"quantile": str(part)}
        yield Vital("tjs_assessment_wait_seconds", "From coming in to being assessed.", value, about)


def _in_and_out(session: Session, now: datetime) -> Iterator[Vital]:
    fresh = select(func.count(), func.min(RawEvent.received_at)).where(RawEvent.worked_at.is_(None))
    count, since = session.execute(fresh).one()
    yield Vital("tjs_events_waiting", "Bodies that channels sent and nobody has worked.", count)
    yield Vital("tjs_events_oldest_seconds", "Age of the oldest of them.", _age(since, now))
    mails = select(func.count(), func.min(Notice.made_at)).where(Notice.mail.in_([MailState.DUE, MailState.CLAIMED]))
    count, since = session.execute(mails).one()
    yield Vital("tjs_mails_waiting", "Mails that have not left.", count)
    yield Vital("tjs_mails_oldest_seconds", "Age of the oldest of them.", _age(since, now))


def _channels(session: Session, now: datetime) -> Iterator[Vital]:
    for channel in session.scalars(select(Channel).order_by(Channel.id)):
        about = {"channel": channel.name}
        yield Vital("tjs_channel_stopped", "1 while a channel stands still.", bool(channel.stopped_reason), about)
        if channel.usage_percent is not None:
            used = channel.usage_percent / 100
            yield Vital("tjs_channel_usage_ratio", "Part of the allowed calls that was used up.", used, about)
        if channel.synced_at is not None:
            yield Vital("tjs_channel_walked_seconds", "Since the last walk.", _age(channel.synced_at, now), about)


def _workers(session: Session, now: datetime) -> Iterator[Vital]:
    seen_at = session.scalar(select(func.max(WorkerBeat.seen_at)))
    if seen_at is not None:
        yield Vital("tjs_worker_seen_seconds", "Since any worker last worked.", _age(seen_at, now))
    try:
        yield Vital("tjs_tasks_waiting", "Tasks in the queue.", current_app.extensions["tjs_queue"].pending_count())
    except Exception:  # noqa: BLE001  # whatever the queue's library raises, the figure is missing and the rest is not
        return


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
