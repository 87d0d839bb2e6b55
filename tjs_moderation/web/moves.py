"""What can be decided about an item at this moment, worked out beforehand so that no button leads to a refusal."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tjs_moderation.domain.vocabulary import ActKind, ActState, CaseState, DecisionKind, ItemKind, Outcome, Permission
from tjs_moderation.domain.wording import Wording
from tjs_moderation.errors import TransitionError
from tjs_moderation.models import Act, Decision, User
from tjs_moderation.services.automatic import USUAL_REASONS
from tjs_moderation.services.casefile import CaseFile
from tjs_moderation.services.deciding import why_not
from tjs_moderation.services.opinions import UNDECIDED
from tjs_moderation.web.sentences import sentence
from tjs_moderation.web.words import word

_REMOVALS = frozenset({DecisionKind.REMOVE, DecisionKind.DELETE})
_ON_ITS_WAY = frozenset({ActState.PLANNED, ActState.CLAIMED, ActState.BY_HAND, ActState.UNKNOWN})
_ANSWERS = frozenset({ActKind.REPLY, ActKind.PRIVATE_MESSAGE})


@dataclass(frozen=True, slots=True)
class Moves:
    """What `person` may decide about the item of `case` now; the services check the same again."""

    person: User
    case: CaseFile

    @property
    def may_decide(self) -> bool:
        return self.person.may(Permission.DECIDE) and not self.case.item.is_own

    @property
    def removal(self) -> Decision | None:
        """The removal in force, if there is one: until it is taken back, only a rule's own can still be confirmed."""
        taken_back = {decision.takes_back_id for decision in self.case.decisions}
        removals = [d for d in self.case.decisions if d.kind in _REMOVALS and d.id not in taken_back]
        return removals[-1] if removals else None

    @property
    def can_keep(self) -> bool:
        last = self.case.last_standing
        is_kept = last is not None and last.kind is DecisionKind.KEEP
        is_said_of_this_text = last is not None and last.text_version == self.case.item.text_version
        return self.may_decide and self.removal is None and not (is_kept and is_said_of_this_text)

    @property
    def can_remove(self) -> bool:
        is_open = self.removal is None or self.removal.is_automatic
        return self.may_decide and is_open and not self.why_not_removed

    @property
    def why_not_removed(self) -> str:
        """Why removing is not possible, as a sentence; empty where it is."""
        item = self.case.item
        if item.kind is ItemKind.COMMENT and item.can_hide is False and not item.is_hidden:
            return sentence(TransitionError("channel_cannot_hide"))
        if any(act.kind in _ANSWERS and act.state in _ON_ITS_WAY for act in self.case.acts):
            return str(gettext("Asiaan on vastaus lähdössä. Pysäytä ensin vastaus, jos haluat poistaa viestin."))
        return ""

    @property
    def can_weigh(self) -> bool:
        """Whether it can be left to be weighed: it is not there yet, and on nobody else's desk."""
        return self.may_decide and not why_not(self.case.item, DecisionKind.WEIGH, self.case.standing)

    @property
    def can_ask_opinion(self) -> bool:
        is_open = self.case.item.state in UNDECIDED and self.case.awaited_opinion is None
        return self.may_decide and is_open and bool(self.can_be_asked)

    @property
    def can_be_asked(self) -> list[tuple[int, str]]:
        """Whose opinion can be asked: everybody who may give one, but oneself. Pairs of id and name."""
        people = self.case.people.values()
        return [(one.id, one.name) for one in people if one.may(Permission.GIVE_OPINION) and one.id != self.person.id]

    @property
    def can_give_opinion(self) -> bool:
        awaited = self.case.awaited_opinion
        return awaited is not None and awaited.asked_of_id == self.person.id

    @property
    def can_close(self) -> bool:
        """Whether the question can be closed without an answer."""
        return (
            self.may_decide
            and self.case.item.is_question
            and self.case.item.state in {CaseState.QUESTION, CaseState.EXPERT}
        )

    @property
    def can_delete(self) -> bool:
        """Whether the second step is open: what is hidden can be deleted for good."""
        item, removal = self.case.item, self.removal
        is_hidden_only = item.is_hidden and not item.is_gone and item.kind is ItemKind.COMMENT
        return self.may_decide and is_hidden_only and removal is not None and removal.kind is DecisionKind.REMOVE

    @property
    def taken_back(self) -> Decision | None:
        """The decision that can be taken back, if there is one."""
        last = self.case.last_standing
        if last is None or not self.may_decide or self._is_deleted_for_good:
            return None
        return last

    @property
    def _is_deleted_for_good(self) -> bool:
        return any(act.kind is ActKind.DELETE and act.state is ActState.DONE for act in self.case.acts)

    @property
    def usual_reason(self) -> str:
        """The reason that usually goes with what the console thinks of the item; empty where there is none."""
        category = self.case.item.category
        code = USUAL_REASONS.get(category, "") if category else ""
        return code if code in dict(self.case.choices.removal_reasons) else ""

    @property
    def proposed_reason(self) -> Wording | None:
        """The reason in words, where removal is proposed for one: then one press removes. None elsewhere."""
        is_proposed = self.case.item.outcome is Outcome.REMOVE
        return dict(self.case.choices.removal_reasons).get(self.usual_reason) if is_proposed else None

    @property
    def can_route(self) -> bool:
        is_busy = self.case.item.state in {CaseState.APPROVAL, CaseState.GOING_OUT}
        return self.person.may(Permission.ROUTE) and not self.case.item.is_own and not is_busy

    @property
    def can_take(self) -> bool:
        routing = self.case.routing
        is_free = routing is not None and routing.expert_id is None and self.case.item.state is CaseState.EXPERT
        return is_free and self.person.may(Permission.DRAFT_ANSWER)

    @property
    def can_recall(self) -> bool:
        routing = self.case.routing
        if routing is None or self.case.item.state is not CaseState.EXPERT:
            return False
        return routing.expert_id == self.person.id or self.person.may(Permission.ROUTE)

    @property
    def proposed_why(self) -> str:
        """The reason for the routing that is proposed, as a sentence to begin from."""
        proposal = self.case.proposal
        topic = dict(self.case.choices.topics).get(proposal.topic_id or 0)
        sentence = word(proposal.why)
        if proposal.in_place_of is not None and proposal.expert is not None:
            facts = {"absent": proposal.in_place_of.name, "name": proposal.expert.name}
            sentence = str(gettext("%(absent)s on poissa, ja %(name)s on sijainen.", **facts))
        return str(gettext("Kysymyksen aihe on %(topic)s. %(why)s", topic=topic, why=sentence)) if topic else sentence

    @property
    def waiting_acts(self) -> list[Act]:
        """What is on its way to the channel or has gone wrong there, to be told at the top."""
        return [act for act in self.case.acts if act.state in _ON_ITS_WAY | {ActState.REFUSED, ActState.FAILED}]
