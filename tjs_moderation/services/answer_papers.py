"""What there is of the answers to one item, for its page: one query, however much there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from tjs_moderation.domain.answer import OVER
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.domain.working_time import OfficeHours
from tjs_moderation.models import Answer, AnswerRevision, Draft, Item, Setting
from tjs_moderation.services import options
from tjs_moderation.services.newest import why_returned

_Held, _Office = aliased(Setting), aliased(Setting)


@dataclass(frozen=True, slots=True)
class Drafted:
    """An answer with its revisions, oldest first, and the sentence it was returned with last (empty where never)."""

    answer: Answer
    revisions: Sequence[AnswerRevision]
    returned_why: str = ""

    @property
    def current(self) -> AnswerRevision:
        return self.revisions[-1]

    @property
    def is_open(self) -> bool:
        return self.answer.state not in OVER


@dataclass(frozen=True, slots=True)
class AnswerPapers:
    """The answers to an item, oldest first, and what the one who looks has typed of another, newest first.

    Beside them the times by which an answer leaves: how long each kind of act is held back, and the office hours.
    """

    answers: Sequence[Drafted]
    typed: Sequence[Draft]
    hold_back: Mapping[ActKind, int]
    office: OfficeHours


def papers_of(session: Session, item_id: int, person_id: int) -> AnswerPapers:
    """The papers of an item, as this person may see them. One query."""
    rows = session.execute(
        select(Answer, AnswerRevision, why_returned(), Draft, _Held.value, _Office.value)
        .select_from(Item)
        .outerjoin(Answer, Answer.item_id == Item.id)
        .outerjoin(AnswerRevision, AnswerRevision.answer_id == Answer.id)
        .outerjoin(Draft, and_(Draft.item_id == Item.id, Draft.writer_id == person_id))
        .outerjoin(_Held, _Held.name == options.HOLD_BACK)
        .outerjoin(_Office, _Office.name == options.OFFICE_HOURS)
        .where(Item.id == item_id)
        .order_by(Answer.id, AnswerRevision.number, Draft.saved_at.desc(), Draft.id.desc()),
    ).all()
    answers = {row[0].id: Drafted(row[0], [], row[2] or "") for row in rows if row[0] is not None}
    revisions = {(row[1].answer_id, row[1].number): row[1] for row in rows if row[1] is not None}
    papers = [
        Drafted(drafted.answer, [each for (of, _), each in revisions.items() if of == answer_id], drafted.returned_why)
        for answer_id, drafted in answers.items()
    ]
    typed = {row[3].id: row[3] for row in rows if row[3] is not None}
    kept_hold_back, kept_office = rows[0][4:]
    return AnswerPapers(
        papers, list(typed.values()), options.hold_back_of(kept_hold_back), options.office_hours_of(kept_office)
    )
