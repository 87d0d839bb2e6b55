"""Has the judge read what has arrived. Whatever fails goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import AutomaticStep, Category, Outcome
from tjs_moderation.errors import FaultsError
from tjs_moderation.models import Item, RuleSet, StoredAssessment
from tjs_moderation.models.item import is_unread
from tjs_moderation.services import automatic, options, placing
from tjs_moderation.services.readings import ToRead, select_texts, to_read
from tjs_moderation.services.rules import live_rules
from tjs_moderation.services.transaction import CONSOLE, reading, transact
from tjs_moderation.services.wiring import ports

BATCH = 200
"""How many items one transaction assesses: long enough to save commits, short enough to let others in between."""


def assess_arrived(limit: int = BATCH) -> int:
    """Assess up to `limit` of the items whose text nobody has read yet, oldest first; gives how many were.

    Where they stand makes no difference: a question that was edited on its way to an answer is read again as well.

    The judging happens outside the transaction. An item that changed meanwhile is left for the next round.
    """
    with reading() as session:
        rules = live_rules(session)
        waiting = _arrived(session, limit)
    if not waiting:
        return 0
    assessments = _judged(rules, [entry.reading for entry in waiting])
    return _store(rules, list(zip(waiting, assessments, strict=True)))


def _arrived(session: Session, limit: int) -> list[ToRead]:
    return to_read(session, session.execute(select_texts().where(is_unread).order_by(Item.id).limit(limit)).all())


def _judged(rules: RuleSet, readings: Sequence[Reading]) -> list[Assessment]:
    try:
        judge = ports().judge(rules.text)
    except FaultsError as error:
        return [unjudged(f"rules: {error}") for _ in readings]
    return list(judge.assess(readings))


def unjudged(failure: str) -> Assessment:
    """What stands for an assessment where there is none: a person weighs it."""
    return Assessment(Outcome.WEIGH, Category.UNREADABLE, {}, (), False, 0.0, (), "und", "", failure)


def _store(rules: RuleSet, judged: Sequence[tuple[ToRead, Assessment]]) -> int:
    with transact(CONSOLE) as work:
        ids = [waiting.item.id for waiting, _ in judged]
        found = work.session.scalars(select(Item).where(Item.id.in_(ids)).order_by(Item.id).with_for_update())
        items = {item.id: item for item in found}
        option, office = options.automation(work.session), options.office_hours(work.session)
        placed: list[Item] = []
        for waiting, assessment in judged:
            item = items[waiting.item.id]
            if item.outcome is not None or item.text_version != waiting.text_version:
                continue
            item.outcome, item.category = assessment.outcome, assessment.category
            item.is_question = assessment.is_question
            step = automatic.first_step(option, office, assessment, item.kind, work.now)
            work.session.add(_row(item, assessment, rules.id, work.now, step))
            placed.append(item)
        if placed:
            placing.settle(work, placed)
            work.record(
                "assess",
                items=[item.id for item in placed],
                rule_set=rules.number,
                outcomes=[[item.id, item.text_version, str(item.outcome), str(item.category)] for item in placed],
            )
    return len(placed)


def _row(item: Item, assessment: Assessment, rule_set_id: int, now: datetime, step: AutomaticStep) -> StoredAssessment:
    return StoredAssessment(
        item_id=item.id,
        text_version=item.text_version,
        rule_set_id=rule_set_id,
        model_version=assessment.model_version,
        outcome=assessment.outcome,
        category=assessment.category,
        scores=dict(assessment.scores),
        reasons=[asdict(reason) for reason in assessment.reasons],
        is_question=assessment.is_question,
        question_score=assessment.question_score,
        topics=[asdict(topic) for topic in assessment.topics],
        language=assessment.language,
        failure=assessment.failure,
        created_at=now,
        shadows=[asdict(reason) for reason in assessment.shadows],
        shadow_outcome=assessment.shadow_outcome if assessment.shadows else None,
        automatic=assessment.automatic,
        automatic_step=step,
    )
