"""An item's whole story: every entry of the audit log about it, with the words that go with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from tjs_moderation.domain.vocabulary import DecisionKind, ItemKind, Permission
from tjs_moderation.extensions import db
from tjs_moderation.models import AnswerReturn, Appeal
from tjs_moderation.services import desk
from tjs_moderation.services.answer_history import returns_of
from tjs_moderation.services.appeals import appeals_of
from tjs_moderation.services.casefile import CaseFile, open_case
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import me, permission
from tjs_moderation.web.change_words import worded
from tjs_moderation.web.channel_words import channel_name
from tjs_moderation.web.chronicle import Line, Names, read
from tjs_moderation.web.moves import Moves
from tjs_moderation.web.words import word

blueprint = Blueprint("story", __name__, url_prefix="/items/<int(max=2147483647):item_id>/story")

STORY_LIMIT = 200
"""How many entries a story shows; an item with more is told of its newest."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """An entry with its words: `ours` what a colleague wrote, `theirs` what the public wrote, and formatted `notes`."""

    line: Line
    ours: Sequence[str]
    theirs: Sequence[str]
    notes: Sequence[str]


@blueprint.get("")
@permission(Permission.SEE_ALL_ITEMS, Permission.SEE_ROUTED_ITEMS)
def show(item_id: int) -> str:
    """The story of one item, from its beginning."""
    return page_of(item_id)


def page_of(item_id: int, *, is_revealed: bool = False) -> str:
    """The page of a story; `is_revealed`: with the texts that are put away, for somebody whose reading is recorded."""
    person, now = me(), ports().clock()
    case = open_case(person, item_id, desk.counts(person), now, with_story=True)
    return render_template(
        "story/show.html",
        case=case,
        read_at=now,
        chapters=list(_chapters(case)),
        handles={person.handle: person.name for person in case.people.values()},
        is_guarded=not is_revealed and _is_put_away(case, Moves(person, case)),
        is_cut=len(case.story) >= STORY_LIMIT,
    )


def _is_put_away(case: CaseFile, moves: Moves) -> bool:
    """A story is read, not worked on: what was removed, or said in private, is put away in it from the first."""
    item = case.item
    return item.kind is ItemKind.MESSAGE or item.is_hidden or item.is_gone or moves.removal is not None


def _chapters(case: CaseFile) -> Iterator[Chapter]:
    people = {person.id: person.name for person in case.people.values()}
    names = Names(people, {case.item.channel_id: channel_name(case.item.channel)})
    returns = returns_of(case.item.id) if any(entry.verb == "send_back" for entry in case.story) else ()
    has_complaints = any(entry.verb == "file_appeal" for entry in case.story)
    complaints = appeals_of(db.session(), case.item.id) if has_complaints else ()
    for entry in case.story:
        line = read(entry, names)
        ours = [words for words in (*_ours(line, case, returns), *_second_look(line, complaints)) if words]
        notes = [note.text for note in case.notes if note.id == line.body.get("note")]
        theirs = [*_theirs(line, case), *_complaint(line, complaints)]
        yield Chapter(line, ours, theirs, notes)


def _theirs(line: Line, case: CaseFile) -> Iterator[str]:
    """The versions of the item's text that came in with this entry."""
    arrived = {number for item_id, number, *_ in line.body.get("texts", ()) if item_id == case.item.id}
    yield from (version.text for version in case.texts if version.number in arrived)


def _complaint(line: Line, complaints: Sequence[Appeal]) -> Iterator[str]:
    """What the writer said of the removal."""
    if line.verb == "file_appeal":
        yield from (one.words for one in complaints if one.id == line.body.get("appeal"))


def _second_look(line: Line, complaints: Sequence[Appeal]) -> Iterator[str]:
    """What came of a complaint, and why; of one that was granted the decision's own words tell why."""
    for one in complaints:
        if one.id == line.body.get("appeal") and one.outcome is not None and line.verb != "file_appeal":
            yield word(one.outcome)
            yield one.why if line.verb == "uphold_appeal" else ""


def _ours(line: Line, case: CaseFile, returns: Sequence[AnswerReturn]) -> Iterator[str]:
    """What colleagues wrote with this entry: reasons, drafts, sentences why."""
    if line.verb in {*DecisionKind, "remove_automatically"}:
        yield from _decision_words(line, case)
    elif line.verb == "save_draft":
        yield from _draft(line, case)
    elif line.verb == "send_back":
        yield from (each.why for each in returns if each.returned_at == line.at)
    elif line.verb in {"route", "reroute", "take"}:
        yield from (routing.why for routing in case.routings if routing.routed_at == line.at)
    elif line.verb in {"ask_opinion", "give_opinion"}:
        yield from _opinion_words(line, case)
    elif line.verb == "recall":
        yield from (routing.ended_why for routing in case.routings if routing.ended_at == line.at)


def _decision_words(line: Line, case: CaseFile) -> Iterator[str]:
    for decision in case.decisions:
        if decision.id == line.body.get("decision"):
            yield worded(decision.reason.wording) if decision.reason else ""
            yield decision.words


def _opinion_words(line: Line, case: CaseFile) -> Iterator[str]:
    for opinion in case.opinions:
        if opinion.id == line.body.get("opinion") and line.verb == "ask_opinion":
            yield opinion.question
        elif opinion.id == line.body.get("opinion") and opinion.kind is not None:
            yield f"{word(opinion.kind)}: {opinion.words}"


def _draft(line: Line, case: CaseFile) -> Iterator[str]:
    number = line.body.get("revision")
    for drafted in case.answers:
        if drafted.answer.id == line.body.get("answer"):
            yield from (revision.text for revision in drafted.revisions if revision.number == number)
