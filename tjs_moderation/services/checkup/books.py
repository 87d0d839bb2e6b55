"""Checks of what is written: the rule set, the counters, the audit log, and the clock it was written by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.health import Depth, Finding, bad, ok, warn
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.errors import FaultsError, NotFoundError
from tjs_moderation.models import AuditEntry, Item, QueueCount
from tjs_moderation.models.proof import EVERYBODY
from tjs_moderation.services import audit as log
from tjs_moderation.services import heads as signed
from tjs_moderation.services.rules import live_rules

SMALL_STATES = (CaseState.ARRIVED, CaseState.REMOVAL, CaseState.APPROVAL, CaseState.TROUBLE, CaseState.GOING_OUT)
"""Those that stay small at any size of the install: counted at a glance."""

TAIL = 200
"""How many of the newest entries are checked where the whole log is not."""

HEAD_LATE = timedelta(days=2)
"""A day after a head should have been signed, and told outside."""

CLOCK_TOLERANCE = timedelta(minutes=2)


def clock(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """Whether the clock goes behind what was written by it before."""
    newest = session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
    ahead = datetime.fromisoformat(newest) - now if newest else timedelta()
    if ahead > CLOCK_TOLERANCE:
        yield bad("clock", "clock_behind", minutes=int(ahead.total_seconds() // 60), now=now)
    else:
        yield ok("clock", "clock", now=now)


def rules(session: Session, _: datetime, __: Depth) -> Iterator[Finding]:
    """Whether the rule set in force can be read."""
    try:
        live = live_rules(session)
        parsed = parse_rule_set(live.text)
    except NotFoundError:
        yield bad("rules", "rules_missing")
    except FaultsError as error:
        yield bad("rules", "rules_faulty", faults=len(error.faults), line=error.faults[0].line)
    else:
        yield ok("rules", "rules", number=live.number, count=len(parsed.rules))


def heads(session: Session, now: datetime, _: Depth) -> Iterator[Finding]:
    """Whether the heads of the log are signed day by day, and kept outside."""
    last, outlets = signed.signed_last(session), signed.outlets(session)
    late = [each for each in outlets if each.told_at is None or each.told_at + HEAD_LATE < now]
    first = session.scalar(select(AuditEntry.at).where(AuditEntry.seq == 1))
    if last is None and (first is None or datetime.fromisoformat(first) + HEAD_LATE > now):
        yield ok("heads", "heads_soon")
    elif last is None or last + HEAD_LATE < now:
        yield warn("heads", "heads_unsigned")
    elif not outlets:
        yield warn("heads", "heads_kept_here", at=last)
    elif late:
        yield warn("heads", "heads_untold", names=", ".join(f"{each.name}: {each.failure or '–'}" for each in late))
    else:
        yield ok("heads", "heads", at=last, names=", ".join(each.name for each in outlets))


def counters(session: Session, _: datetime, depth: Depth) -> Iterator[Finding]:
    """Whether the counters of the queues say what a recount does; at a glance, of the small queues."""
    states = SMALL_STATES if depth is Depth.GLANCE else tuple(CaseState)
    grouped = select(Item.state, func.count().label("total")).where(Item.state.in_(states)).group_by(Item.state)
    counted = {row.state: row.total for row in session.execute(grouped)}
    of_everybody = QueueCount.expert_id == EVERYBODY
    noted = select(QueueCount.state, QueueCount.count.label("total")).where(of_everybody, QueueCount.state.in_(states))
    kept = {row.state: row.total for row in session.execute(noted)}
    wrong = [str(state) for state in states if counted.get(state, 0) != kept.get(state, 0)]
    if wrong:
        yield bad("counters", "counters_differ", states=", ".join(wrong))
    else:
        yield ok("counters", "counters", count=len(states))


def audit(session: Session, _: datetime, depth: Depth) -> Iterator[Finding]:
    """Whether the chain is whole: its newest entries and its head, or every entry."""
    verdict = log.verify_whole(session) if depth is Depth.DEEP else log.verify_tail(session, TAIL)
    if verdict.is_whole:
        yield ok("audit", "audit" if depth is Depth.DEEP else "audit_tail", entries=verdict.entries)
    else:
        yield bad("audit", "audit_broken", first_bad=verdict.first_bad)
