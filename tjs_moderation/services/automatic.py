"""What rules hide by themselves (P13): off by default, never deleted, within caps, looked over by a person afterwards.

A text is considered once, right after it was read. What is not hidden then stays what it was: a proposal.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.ports import Assessment
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import (
    AutomaticStep,
    Category,
    ChannelKind,
    DecisionKind,
    ItemKind,
    Outcome,
)
from tjs_moderation.domain.working_time import OfficeHours, is_within
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import Answer, Channel, Decision, DecisionReason, Item, Routing, RuleSet, StoredAssessment
from tjs_moderation.services import options, outbox, placing
from tjs_moderation.services.options import Automation
from tjs_moderation.services.reach import touch
from tjs_moderation.services.transaction import Work, new_nonce, reading, rule_set, transact
from tjs_moderation.services.wiring import ports

BATCH = 200
"""How many texts one round considers."""

USUAL_REASONS = MappingProxyType(
    {
        Category.INSULT: "insulting",
        Category.DEGRADING: "degrading",
        Category.OBSCENE: "inappropriate",
        Category.THREAT: "threat",
        Category.IDENTITY_ATTACK: "discriminating",
        Category.SEXUAL_HARASSMENT: "harassment",
        Category.PERSONAL_DATA: "personal_data",
        Category.SPAM: "spam",
    }
)
"""The reason for a removal that usually goes with each category, by its code."""


def first_step(
    option: Automation, office: OfficeHours, assessment: Assessment, kind: ItemKind, now: datetime
) -> AutomaticStep:
    """Whether a text that was just read is to be considered. A blind judge, doubt or a private message never is."""
    is_allowed = assessment.automatic and assessment.outcome is Outcome.REMOVE and not assessment.failure
    if is_allowed and kind is ItemKind.COMMENT and _is_wanted(option, office, now):
        return AutomaticStep.DUE
    return AutomaticStep.NONE


def consider_due(limit: int = BATCH) -> int:
    """Hide, or leave to people, what rules would hide by themselves; gives how many texts were considered.

    Safe with any number of workers: each text is considered once, and caps are counted one after the other.
    """
    with reading() as session:
        due = session.execute(
            select(StoredAssessment.id, StoredAssessment.item_id, RuleSet.number)
            .join(RuleSet, RuleSet.id == StoredAssessment.rule_set_id)
            .where(StoredAssessment.automatic_step == AutomaticStep.DUE)
            .order_by(StoredAssessment.id)
            .limit(limit),
        ).all()
    considered = 0
    for assessment_id, item_id, number in due:
        # Another worker, or a person, was faster with this item; if nobody was, the next round comes back to it.
        with suppress(ConflictError):
            _consider(assessment_id, item_id, number)
            considered += 1
    return considered


def _consider(assessment_id: int, item_id: int, number: int) -> None:
    with transact(rule_set(number)) as work:
        item = work.session.scalars(select(Item).where(Item.id == item_id).with_for_update()).one()
        assessment = work.session.get_one(StoredAssessment, assessment_id)
        if assessment.automatic_step is not AutomaticStep.DUE:
            work.leave_no_entry()
            return
        reason = _reason(work.session, assessment)
        if reason is None or not _is_untouched(work.session, item, assessment):
            assessment.automatic_step = AutomaticStep.LEFT
            work.leave_no_entry()
            return
        assessment.automatic_step = _step(work, assessment)
        if assessment.automatic_step is AutomaticStep.DONE:
            _hide(work, item, assessment, reason)
        elif assessment.automatic_step is AutomaticStep.LEFT:
            work.leave_no_entry()
        else:
            work.record(
                "leave_to_people", items=[item.id], rule=assessment.automatic, because=str(assessment.automatic_step)
            )


def _step(work: Work, assessment: StoredAssessment) -> AutomaticStep:
    """What the option and the caps say now. Holds the option, so that nobody else counts meanwhile."""
    option = options.automation_held(work.session)
    if not _is_wanted(option, options.office_hours(work.session), work.now):
        return AutomaticStep.LEFT
    if _count(work) >= option.cap_per_day:
        return AutomaticStep.CAP
    rules = work.session.get_one(RuleSet, assessment.rule_set_id)
    cap = _caps(rules.text).get(assessment.automatic)
    if cap is not None and _count(work, Decision.rule == assessment.automatic) >= cap:
        return AutomaticStep.RULE_CAP
    return AutomaticStep.DONE


def _is_wanted(option: Automation, office: OfficeHours, now: datetime) -> bool:
    return option.is_on and is_within(option.hours, now.astimezone(ports().settings.zone), office)


def _count(work: Work, *conditions: ColumnElement[bool]) -> int:
    """How many automatic decisions were made today, local time, those taken back included."""
    zone = ports().settings.zone
    midnight = datetime.combine(work.now.astimezone(zone).date(), time(), zone).astimezone(UTC)
    made = select(func.count()).where(Decision.decided_by_id.is_(None), Decision.decided_at >= midnight, *conditions)
    return work.session.scalar(made) or 0


@lru_cache(maxsize=4)
def _caps(rules: str) -> dict[str, int | None]:
    """The daily cap of each rule that may hide by itself; None where only the house's own cap binds it."""
    return {rule.name: rule.automatic.cap_per_day for rule in parse_rule_set(rules).rules if rule.automatic}


def _is_untouched(session: Session, item: Item, assessment: StoredAssessment) -> bool:
    """Whether the text is still the one that was read, stands where we can hide it, and nobody has had it in hand."""
    is_same = item.text_version == assessment.text_version and item.outcome is Outcome.REMOVE
    is_shown = item.kind is ItemKind.COMMENT and not (item.is_own or item.is_hidden or item.is_gone)
    if not is_same or not is_shown or item.can_hide is False:
        return False
    channel = session.get_one(Channel, item.channel_id)
    if channel.kind is ChannelKind.BY_HAND or channel.name not in ports().channels():
        return False
    in_hand = [exists().where(model.item_id == item.id) for model in (Decision, Routing, Answer)]
    return not any(session.scalar(select(found)) for found in in_hand)


def _reason(session: Session, assessment: StoredAssessment) -> DecisionReason | None:
    """The reason from the house's list that goes with the category; None where there is none in use."""
    code = USUAL_REASONS.get(assessment.category)
    found = session.scalars(select(DecisionReason).where(DecisionReason.code == code)).one_or_none()
    return found if found is not None and found.is_active and found.for_removal else None


def _hide(work: Work, item: Item, assessment: StoredAssessment, reason: DecisionReason) -> None:
    decision = Decision(
        item_id=item.id,
        item_version=item.version,
        text_version=item.text_version,
        kind=DecisionKind.REMOVE,
        reason_id=reason.id,
        nonce=new_nonce(),
        assessment_id=assessment.id,
        rule_set_id=assessment.rule_set_id,
        rule=assessment.automatic,
        decided_at=work.now,
    )
    work.session.add(decision)
    work.session.flush()
    outbox.plan_for_decision(work, item, decision)
    placing.settle(work, [item])
    touch(item, work.now)
    work.record(
        "remove_automatically",
        items=[item.id],
        decision=decision.id,
        text_version=decision.text_version,
        assessment=decision.assessment_id,
        rule_set=decision.rule_set_id,
        reason=reason.code,
        rule=decision.rule,
    )
