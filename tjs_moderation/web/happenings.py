"""What has happened to an item, in short and in order, told from what its page has read anyway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tjs_moderation.domain.vocabulary import ActKind, ActState, AutomaticStep
from tjs_moderation.models import Act, AnswerRevision, Decision, Routing
from tjs_moderation.services.casefile import CaseFile
from tjs_moderation.web.change_words import worded
from tjs_moderation.web.channel_words import in_plain_words
from tjs_moderation.web.words import word

_DONE = {
    ActKind.HIDE: _("Viesti piilotettiin kanavassa"),
    ActKind.UNHIDE: _("Viesti palautettiin näkyviin"),
    ActKind.DELETE: _("Viesti poistettiin kanavasta lopullisesti"),
    ActKind.REPLY: _("Vastaus julkaistiin"),
    ActKind.PRIVATE_MESSAGE: _("Vastaus lähetettiin yksityisviestinä"),
}


_HEARD = {
    "hear_of_hiding": _("Viesti piilotettiin kanavassa, mutta ei konsolista"),
    "hear_of_showing": _("Viesti palautettiin näkyviin kanavassa, mutta ei konsolista"),
    "hear_of_removal": _("Viesti poistettiin kanavasta, mutta ei konsolista"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, by whom (empty for the console), what, and the words that go with it."""

    at: datetime
    who: str
    what: str
    words: str = ""


def happenings(case: CaseFile) -> list[Happening]:
    """What has happened to an item, newest first."""
    told = [
        *_texts(case),
        *_left(case),
        *_decisions(case),
        *_routings(case),
        *_opinions(case),
        *_revisions(case),
        *_acts(case),
        *_heard(case),
    ]
    return sorted(told, key=lambda happening: happening.at, reverse=True)


def _name(case: CaseFile, user_id: int | None) -> str:
    person = case.people.get(user_id or 0)
    return person.name if person else ""


def _texts(case: CaseFile) -> Iterator[Happening]:
    for number, version in enumerate(case.texts):
        what = gettext("Viestin tekstiä muutettiin kanavassa") if number else gettext("Viesti tuli konsoliin")
        yield Happening(version.seen_at, "", what)


def _left(case: CaseFile) -> Iterator[Happening]:
    """Why a rule that would have hidden it by itself left it to people."""
    thought = case.assessment
    if thought is not None and thought.automatic_step in {AutomaticStep.CAP, AutomaticStep.RULE_CAP}:
        rule = gettext("sääntö %(rule)s", rule=thought.automatic)
        what = gettext("jätti piilottamisen ihmiselle")
        yield Happening(thought.created_at, gettext("Sääntö"), what, f"{word(thought.automatic_step)}: {rule}")


def _decisions(case: CaseFile) -> Iterator[Happening]:
    for decision in case.decisions:
        who = gettext("Sääntö") if decision.is_automatic else _name(case, decision.decided_by_id)
        yield Happening(decision.decided_at, who, word(decision.kind), _why(decision))


def _why(decision: Decision) -> str:
    rule = gettext("sääntö %(rule)s", rule=decision.rule) if decision.is_automatic else ""
    reason = worded(decision.reason.wording) if decision.reason else ""
    return ": ".join(part for part in (reason, decision.words, rule) if part)


def _routings(case: CaseFile) -> Iterator[Happening]:
    for routing in case.routings:
        # What the console brought back was put on that desk by nobody, however it came there first.
        who = "" if routing.is_follow_up else _name(case, routing.routed_by_id)
        yield Happening(routing.routed_at, who, _routed(case, routing), routing.why)
        if routing.ended_at and routing.ended_why:
            what = gettext("Asia palautettiin tiedottajalle")
            yield Happening(routing.ended_at, "", what, routing.ended_why)


def _opinions(case: CaseFile) -> Iterator[Happening]:
    """Both words: what was asked of whom, and what they said."""
    for opinion in case.opinions:
        asked = gettext("pyysi mielipidettä: %(name)s", name=_name(case, opinion.asked_of_id))
        yield Happening(opinion.asked_at, _name(case, opinion.asked_by_id), asked, opinion.question)
        if opinion.given_at is not None and opinion.kind is not None:
            yield Happening(opinion.given_at, _name(case, opinion.asked_of_id), word(opinion.kind), opinion.words)
        elif opinion.withdrawn_at is not None:
            yield Happening(opinion.withdrawn_at, "", gettext("Mielipidettä ei enää odotettu"))


def _routed(case: CaseFile, routing: Routing) -> str:
    if routing.is_follow_up:
        name = _name(case, routing.expert_id)
        return str(gettext("Keskustelu jatkui ja palasi samalle asiantuntijalle: %(name)s", name=name))
    if routing.expert_id is None:
        return str(gettext("ohjasi kaikille, jotka haluavat ottaa sen"))
    if routing.expert_id == routing.routed_by_id:
        return str(gettext("otti asian itselleen"))
    return str(gettext("ohjasi: %(name)s", name=_name(case, routing.expert_id)))


def _revisions(case: CaseFile) -> Iterator[Happening]:
    for drafted in case.answers:
        for revision in drafted.revisions:
            yield Happening(revision.written_at, _name(case, revision.written_by_id), _wrote(revision))


def _wrote(revision: AnswerRevision) -> str:
    if revision.number == 1:
        return str(gettext("kirjoitti vastauksen"))
    return str(gettext("muutti vastausta (versio %(number)s)", number=revision.number))


def _acts(case: CaseFile) -> Iterator[Happening]:
    for act in case.acts:
        if act.finished_at is not None:
            yield Happening(act.finished_at, "", _ended(act), in_plain_words(act.detail) or act.detail)


def _heard(case: CaseFile) -> Iterator[Happening]:
    for verb, at in case.heard:
        yield Happening(at, "", str(_HEARD[verb]))


def _ended(act: Act) -> str:
    if act.state is ActState.DONE:
        return str(_DONE[act.kind])
    return f"{word(act.kind)}: {word(act.state)}".capitalize()
