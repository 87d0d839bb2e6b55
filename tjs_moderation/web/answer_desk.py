"""What can be done with an answer at this moment, worked out beforehand so that no button leads to a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tjs_moderation.domain.answer import LIMITS, OVER
from tjs_moderation.domain.case import ON_ITS_WAY
from tjs_moderation.domain.comparison import Piece, compare
from tjs_moderation.domain.sending import Sending, When, leaves_at
from tjs_moderation.domain.vocabulary import (
    ActKind,
    ActState,
    AnswerState,
    CaseState,
    ChannelKind,
    ItemKind,
    Permission,
)
from tjs_moderation.domain.window import Window, window_of
from tjs_moderation.domain.working_time import WorkCalendar
from tjs_moderation.models import Act, AnswerRevision, Draft, User
from tjs_moderation.services.answer_papers import Drafted
from tjs_moderation.services.casefile import CaseFile
from tjs_moderation.services.wiring import ports

_NOT_SENT_YET = frozenset({AnswerState.DRAFT, AnswerState.RETURNED})


@dataclass(frozen=True, slots=True)
class Box:
    """What stands in the draft box: its text, the kept draft it is, if it is one, and the revision it grew from."""

    text: str
    draft: Draft | None
    grew_from: int


@dataclass(frozen=True, slots=True)
class AnswerDesk:
    """What `person` may do with the answer to the item of `case` now; the services check the same again.

    `chosen` is the kept draft they want to go on with.
    """

    person: User
    case: CaseFile
    chosen: int | None = None

    @property
    def typed(self) -> Sequence[Draft]:
        """What the person has typed and not saved as a version, newest first."""
        return self.case.papers.typed if self.may_write else ()

    @property
    def draft(self) -> Drafted | None:
        return self.case.draft

    @property
    def state(self) -> AnswerState | None:
        """Where the answer stands; None where nobody has begun one."""
        return self.draft.answer.state if self.draft else None

    @property
    def may_approve(self) -> bool:
        return self.person.may(Permission.APPROVE_ANSWER) and not self.case.item.is_own

    @property
    def may_write(self) -> bool:
        """Whether the item is on this person's desk, or on everybody's who approves."""
        is_mine = self.person.may(Permission.DRAFT_ANSWER) and self.case.item.expert_id == self.person.id
        return not self.case.item.is_own and (is_mine or self.may_approve)

    @property
    def is_asked_for(self) -> bool:
        """Whether this person is to write now, rather than merely may."""
        item = self.case.item
        return self.may_write and item.state is CaseState.EXPERT and item.expert_id == self.person.id

    @property
    def is_to_be_sent(self) -> bool:
        """Whether the answer has yet to be sent for approval."""
        return self.state is None or self.state in _NOT_SENT_YET

    @property
    def window(self) -> Window | None:
        """The time in which an answer to a private message may still leave; None where there is no limit."""
        item = self.case.item
        if self.state in OVER or item.channel.kind is not ChannelKind.FACEBOOK:
            return None
        return window_of(item.kind, self.case.newest_from_person.sorted_at)

    @property
    def is_window_open(self) -> bool:
        """Whether an answer that a person writes may still leave."""
        return self._is_open_at(ports().clock())

    @property
    def limit(self) -> int:
        return LIMITS[self.case.item.kind]

    @property
    def difference(self) -> Sequence[Piece]:
        """What changed between the last two revisions; nothing where there is but one."""
        if self.draft is None or len(self.draft.revisions) < 2:
            return ()
        return compare(self.draft.revisions[-2].text, self.draft.current.text)

    @property
    def box(self) -> Box:
        """What stands in the draft box: the text that was chosen, the newest that nothing has overtaken, or the answer.

        What was typed on an older revision is not put over the newer one: it stands beside it to be chosen.
        """
        current = self.draft.current if self.draft else None
        grew_from = current.number if current else 0
        chosen = next((draft for draft in self.typed if draft.id == self.chosen), None)
        newest = next((draft for draft in self.typed if draft.grew_from == grew_from), None)
        draft = chosen or newest
        return Box(draft.text if draft else current.text if current else "", draft, grew_from)

    def box_with(self, text: str) -> Box:
        """A draft box with a text that was given back."""
        draft = next((draft for draft in self.typed if draft.text == text), None)
        return Box(text, draft, self.box.grew_from)

    @property
    def beside(self) -> Sequence[tuple[Draft, Sequence[Piece]]]:
        """The other texts the person has typed, each with how it differs from what stands in the box."""
        box = self.box
        return [(draft, compare(box.text, draft.text)) for draft in self.typed if draft is not box.draft]

    def mended(self, drafted: Drafted) -> Sequence[Piece]:
        """What others made of this person's own text; nothing where they wrote none, or wrote last."""
        own = [revision for revision in drafted.revisions if revision.written_by_id == self.person.id]
        if not own or own[-1] is drafted.current:
            return ()
        return compare(own[-1].text, drafted.current.text)

    @property
    def sendings(self) -> Sequence[tuple[str, datetime]]:
        """When the answer can leave, as the form has it: each way with its moment, none after the window."""
        papers, now = self.case.papers, ports().clock()
        kind = ActKind.PRIVATE_MESSAGE if self.case.item.kind is ItemKind.MESSAGE else ActKind.REPLY
        held, calendar = papers.hold_back[kind], WorkCalendar(ports().settings.zone, papers.office)
        at_once, later = (leaves_at(Sending(w), now, held, calendar) for w in (When.AT_ONCE, When.WORKING_TIME))
        if not self._is_open_at(at_once):
            return [(When.UNDELAYED, now)] if self.is_window_open else []
        found = [(str(When.AT_ONCE), at_once)]
        return [*found, (When.WORKING_TIME, later)] if later != at_once and self._is_open_at(later) else found

    def _is_open_at(self, moment: datetime) -> bool:
        return self.window is None or self.window.is_open(moment, is_by_person=True)

    @property
    def act(self) -> Act | None:
        """The act by which the answer leaves, while it has not left."""
        answer_id = self.draft.answer.id if self.draft else None
        waiting = (act for act in self.case.acts if act.answer_id == answer_id and act.state in ON_ITS_WAY)
        return next(waiting, None) if answer_id else None

    @property
    def can_stop(self) -> bool:
        return self.may_approve and self.act is not None and self.act.state is not ActState.CLAIMED

    @property
    def over(self) -> Sequence[Drafted]:
        """The answers that were published or given up, newest first."""
        return [drafted for drafted in reversed(self.case.answers) if not drafted.is_open]

    def writer(self, revision: AnswerRevision) -> str:
        """Who wrote a revision."""
        return self.case.people[revision.written_by_id].name

    def approver(self, drafted: Drafted) -> str:
        """Who approved an answer; empty where nobody has."""
        person = self.case.people.get(drafted.answer.approved_by_id or 0)
        return person.name if person else ""
