"""The versions page: what was written, what changed in it, and why it was returned, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tjs_moderation.domain.comparison import Piece, compare
from tjs_moderation.services.answer_history import AnswerHistory


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an answer: a version (its `text` and `changes` since the one before), or a return with its `why`."""

    at: datetime
    who: str
    number: int
    text: str = ""
    changes: Sequence[Piece] = ()
    why: str = ""


def steps(history: AnswerHistory) -> list[Step]:
    """Every step of an answer, the newest first."""
    names, before, told = history.names, "", []
    for revision in history.revisions:
        changes = compare(before, revision.text) if before else ()
        who = names.get(revision.written_by_id, "")
        told.append(Step(revision.written_at, who, revision.number, revision.text, changes))
        before = revision.text
    told += [
        Step(each.returned_at, names.get(each.returned_by_id or 0, ""), each.revision, why=each.why)
        for each in history.returns
    ]
    return sorted(told, key=lambda step: (step.number, bool(step.why), step.at), reverse=True)
