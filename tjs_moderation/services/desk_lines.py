"""What waits for a person, in words for a mail: a line each, with the address where it is seen to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime, gettext, ngettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.services.addresses import address
from tjs_moderation.services.waiting import DeskSummary, Question

MOST_TOLD = 10
"""So many questions of a kind are told one by one; the rest are counted."""

QUEUES: Mapping[CaseState, object] = {
    CaseState.ARRIVED: _("Arvioimatta"),
    CaseState.REMOVAL: _("Ehdotettu poistettavaksi"),
    CaseState.WEIGH: _("Punnittavana"),
    CaseState.QUESTION: _("Kysymyksiä ilman vastaajaa"),
    CaseState.READ: _("Luettavana"),
    CaseState.APPROVAL: _("Vastauksia hyväksyttävänä"),
    CaseState.TROUBLE: _("Ongelmissa"),
}
"""What a tiedottaja's queues are called in a summary."""


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One line of what waits."""

    words: str
    address: str


def desk_lines(desk: DeskSummary) -> list[DeskLine]:
    """What waits for a person, the most pressing first; nothing where nothing waits."""
    return [*_own(desk), *_counted(desk), *_late(desk)]


def _own(desk: DeskSummary) -> Iterator[DeskLine]:
    for question in desk.own[:MOST_TOLD]:
        yield DeskLine(_of(question), address("items.show", item_id=question.item_id))
    rest = len(desk.own) - MOST_TOLD
    if rest > 0:
        words = ngettext("ja %(num)s muu kysymys pöydälläsi", "ja %(num)s muuta kysymystä pöydälläsi", rest)
        yield DeskLine(words, address("morning.show"))


def _counted(desk: DeskSummary) -> Iterator[DeskLine]:
    if desk.returned:
        yield DeskLine(
            gettext("Korjattavaksi palautettuja vastauksia: %(count)s", count=desk.returned), address("morning.show")
        )
    for state, count in desk.queues.items():
        if count:
            yield DeskLine(f"{QUEUES[state]}: {count}", address("queues.show", state=state))
    if desk.for_anybody:
        yield DeskLine(
            gettext("Kysymyksiä, jotka kuka tahansa voi ottaa: %(count)s", count=desk.for_anybody),
            address("queues.show", state=CaseState.EXPERT),
        )


def _late(desk: DeskSummary) -> Iterator[DeskLine]:
    for question, owner in desk.late[:MOST_TOLD]:
        who = owner.name if owner else gettext("ei kenenkään pöydällä")
        yield DeskLine(f"{_of(question)} ({who})", address("items.show", item_id=question.item_id))


def _of(question: Question) -> str:
    if question.due_at is None:
        return str(gettext("Asia %(number)s", number=question.item_id))
    words = (
        _("Asia %(number)s, myöhässä: määräaika oli %(due)s")
        if question.is_overdue
        else _("Asia %(number)s, määräaika %(due)s")
    )
    return str(words) % {"number": question.item_id, "due": moment(question.due_at)}


def moment(at: datetime) -> str:
    """A moment as a mail tells it: weekday, day and time in the house's own zone."""
    return str(format_datetime(at, "EEE d.M. HH.mm"))
