"""Everything that shows why something was removed, on one page and in one file; and reading what is put away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain import chain
from tjs_moderation.domain.statement import Removal, Statement, statement_of
from tjs_moderation.domain.vocabulary import DecisionKind, Permission
from tjs_moderation.domain.wording import Wording
from tjs_moderation.errors import SecretsError
from tjs_moderation.models import Appeal, AuditEntry, Decision, ItemText, RuleSet, StoredAssessment
from tjs_moderation.services import person_keys
from tjs_moderation.services.appeals import appeals_of
from tjs_moderation.services.casefile import CaseFile
from tjs_moderation.services.desk import reasons_of
from tjs_moderation.services.reach import item_to_change
from tjs_moderation.services.transaction import transact, user

_REMOVALS = (DecisionKind.REMOVE, DecisionKind.DELETE)


@dataclass(frozen=True, slots=True)
class SealedText:
    """A version of the text with what shows that it was this: the key, and the entry that holds its commitment.

    `seq` is None where the log holds no such commitment: then the text is not the one that came in.
    """

    text: ItemText
    key: str
    commitment: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of an item's removal. `removal` is the newest in force, None where it was taken back."""

    case: CaseFile
    removal: Decision | None
    assessment: StoredAssessment | None
    rule_set_number: int | None
    statement: Statement | None
    appeals: Sequence[Appeal]
    texts: Sequence[SealedText]


def reveal(user_id: int, item_id: int) -> None:
    """Record that this person reads a removed text or a private message. Raises NotFoundError where they may not."""
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.SEE_ROUTED_ITEMS)
        work.record("reveal", items=[item.id], text_version=item.text_version)


def record_export(user_id: int, item_id: int) -> None:
    """Record that this person takes the evidence of a removal out of the console."""
    with transact(user(user_id)) as work:
        item = item_to_change(work, user_id, item_id, None, Permission.DECIDE)
        work.record("export_evidence", items=[item.id], text_version=item.text_version)


def evidence_of(session: Session, case: CaseFile) -> Evidence:
    """The evidence of the item whose file, with its story, is open."""
    removal = next((one for one in reversed(case.standing) if one.kind in _REMOVALS), None)
    last = removal or next((one for one in reversed(case.decisions) if one.kind in _REMOVALS), None)
    assessment, number = _grounds(session, last)
    return Evidence(
        case=case,
        removal=removal,
        assessment=assessment,
        rule_set_number=number,
        statement=_statement(case, removal, assessment) if removal else None,
        appeals=appeals_of(session, case.item.id),
        texts=_sealed(session, case),
    )


def _grounds(session: Session, decision: Decision | None) -> tuple[StoredAssessment | None, int | None]:
    """What was proposed when a removal was decided, and the number of the rules it was proposed by."""
    if decision is None or decision.assessment_id is None:
        return None, None
    row = session.execute(
        select(StoredAssessment, RuleSet.number)
        .outerjoin(RuleSet, RuleSet.id == StoredAssessment.rule_set_id)
        .where(StoredAssessment.id == decision.assessment_id)
    ).one()
    return row[0], row[1]


def _statement(case: CaseFile, removal: Decision, assessment: StoredAssessment | None) -> Statement | None:
    return statement_of(
        Removal(
            kind=removal.kind,
            item_kind=case.item.kind,
            is_automatic=removal.is_automatic,
            decided_at=removal.decided_at,
            written_at=case.item.sorted_at,
            ground=removal.reason.wording if removal.reason else Wording(""),
            proposed=assessment.outcome if assessment else None,
            reasons=reasons_of(assessment, removal.text_version),
            acts=[(act.kind, act.state, act.finished_at) for act in case.acts],
        )
    )


def _sealed(session: Session, case: CaseFile) -> list[SealedText]:
    kept = _commitments(case.story, case.item.id)
    return [_seal(text, kept, _person_key(session, case)) for text in case.texts]


def _seal(text: ItemText, kept: Mapping[int, tuple[int, str]], person_key: bytes | None) -> SealedText:
    key = person_keys.key_of_text(text, person_key)
    commitment = chain.commitment(key, text.text) if key and text.text else ""
    seq, told = kept.get(text.number, (None, ""))
    return SealedText(text, key, commitment, seq if commitment and commitment == told else None)


def _commitments(story: Sequence[AuditEntry], item_id: int) -> dict[int, tuple[int, str]]:
    """By the number of each version of the text: the entry that brought it, and the commitment in it."""
    brought = (entry for entry in story if entry.verb == "take_in")
    return {
        number: (entry.seq, seal or "")
        for entry in brought
        for told_item, number, seal in json.loads(entry.body).get("texts", ())
        if told_item == item_id
    }


def _person_key(session: Session, case: CaseFile) -> bytes | None:
    author = case.item.author
    try:
        return person_keys.ring(session).open(author) if author else None
    except SecretsError:
        return None


def as_document(evidence: Evidence, statements: Mapping[str, str]) -> dict[str, Any]:
    """The evidence as JSON holds it; `statements` are the statements of reasons by language."""
    case, item = evidence.case, evidence.case.item
    return {
        "format": "tjs-evidence-1",
        "item": {
            "number": item.id,
            "kind": str(item.kind),
            "channel": item.channel.name,
            "id_on_channel": item.external_id,
            "address": item.permalink,
            "written_at": item.sorted_at.isoformat(),
            "received_at": item.received_at.isoformat(),
            "is_hidden": item.is_hidden,
            "is_gone": item.is_gone,
        },
        "author": {"name": item.author.name, "id_on_channel": item.author.external_id} if item.author else None,
        "post": {"text": item.post.text, "address": item.post.permalink} if item.post else None,
        "texts": [_told_text(sealed) for sealed in evidence.texts],
        "proposal": _told_proposal(evidence),
        "decisions": [_told_decision(case, decision) for decision in case.decisions],
        "acts": [
            {
                "kind": str(act.kind),
                "state": str(act.state),
                "planned_at": act.planned_at.isoformat(),
                "finished_at": act.finished_at and act.finished_at.isoformat(),
                "answer_of_channel": act.detail,
                "attempts": act.attempts,
            }
            for act in case.acts
        ],
        "appeals": [_told_appeal(case, appeal) for appeal in evidence.appeals],
        "log": [
            {"seq": entry.seq, "at": entry.at, "actor": entry.actor, "verb": entry.verb, "hash": entry.hash}
            for entry in case.story
        ],
        "statements": dict(statements),
    }


def _told_text(sealed: SealedText) -> dict[str, Any]:
    return {
        "version": sealed.text.number,
        "seen_at": sealed.text.seen_at.isoformat(),
        "text": sealed.text.text,
        "key": sealed.key,
        "commitment": sealed.commitment,
        "entry": sealed.seq,
    }


def _told_proposal(evidence: Evidence) -> dict[str, Any] | None:
    thought = evidence.assessment
    if thought is None:
        return None
    return {
        "at": thought.created_at.isoformat(),
        "outcome": str(thought.outcome),
        "category": str(thought.category),
        "scores": thought.scores,
        "reasons": thought.reasons,
        "rule_set": evidence.rule_set_number,
        "model": thought.model_version,
    }


def _told_decision(case: CaseFile, decision: Decision) -> dict[str, Any]:
    person = case.people.get(decision.decided_by_id or 0)
    return {
        "number": decision.id,
        "kind": str(decision.kind),
        "at": decision.decided_at.isoformat(),
        "by": person.name if person else None,
        "rule": decision.rule or None,
        "text_version": decision.text_version,
        "reason": decision.reason.code if decision.reason else None,
        "reason_in_words": decision.reason.label if decision.reason else None,
        "words": decision.words,
        "takes_back": decision.takes_back_id,
    }


def _told_appeal(case: CaseFile, appeal: Appeal) -> dict[str, Any]:
    person = case.people.get(appeal.decided_by_id or 0)
    return {
        "at": appeal.filed_at.isoformat(),
        "words": appeal.words,
        "outcome": appeal.outcome and str(appeal.outcome),
        "why": appeal.why,
        "decided_by": person.name if person else None,
        "decided_at": appeal.decided_at and appeal.decided_at.isoformat(),
    }
