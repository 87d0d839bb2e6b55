"""The people of the demo, and the work they have begun when one signs in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tjs_moderation.domain.vocabulary import CaseState, DecisionKind, Role
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, Item, User
from tjs_moderation.services import absences, answers, casework, first_steps, notes, people, routing
from tjs_moderation.services.desk import Row, queue_page
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo: the topics are slugs."""

    name: str
    email: str
    role: Role
    topics: tuple[str, ...] = ()


PEOPLE = (
    Person("Tiina Tiedottaja", "tiina@tjs.example", Role.TIEDOTTAJA),
    Person("Inka Asiantuntija", "inka@tjs.example", Role.ASIANTUNTIJA, ("ewc", "historiahanke", "koulutus")),
    Person("Leo Asiantuntija", "leo@tjs.example", Role.ASIANTUNTIJA, ("epaasiallinen-kohtelu", "patkatyot")),
    Person("Aatos Atk", "aatos@tjs.example", Role.ATK_SUUNNITTELIJA),
)

_DRAFT = (
    "Hei, ja kiitos kysymyksestä! Kerromme mielellämme lisää: tiedot löytyvät verkkosivuiltamme, ja opintosihteerimme "
    "auttaa ilmoittautumisessa. Tervetuloa mukaan!"
)


def add_people(password: str) -> dict[str, int]:
    """Add the people; gives their ids by address."""
    return {p.email: people.add_user(CONSOLE, p.name, p.email, p.role, p.topics, password)[0] for p in PEOPLE}


def begin_work(ids: Mapping[str, int]) -> None:
    """Leave something in every queue: a removal on its way, questions with experts, a draft to approve, a note.

    Leo has next week off, and Inka answers in his place.
    """
    tiina, inka, leo = (ids[f"{name}@tjs.example"] for name in ("tiina", "inka", "leo"))
    monday = ports().clock().date() + timedelta(days=7 - ports().clock().weekday())
    absences.add_absence(leo, leo, monday, monday + timedelta(days=6), inka)
    first_steps.accept_rules(tiina)
    removals, weighed, questions = (_rows(tiina, state) for state in _BEGUN)
    for row in removals[-2:]:
        casework.decide(tiina, row.item.id, row.item.version, DecisionKind.REMOVE, "insulting")
    for row in weighed[-1:]:
        notes.write_note(tiina, row.item.id, "@inka mitä sanot: *kärkevä* mutta vielä asiaa? Omasta mielestäni jää.")
    routed = [item_id for row in questions if (item_id := _route(tiina, row)) is not None]
    for item_id in _on_desk(inka, routed)[:1]:
        answer_id = answers.save_draft(inka, item_id, _DRAFT)
        answers.submit(inka, answer_id, _version(answer_id))


_BEGUN = (CaseState.REMOVAL, CaseState.WEIGH, CaseState.QUESTION)


def _rows(user_id: int, state: CaseState) -> Sequence[Row]:
    person = db.session.get_one(User, user_id)
    rows = queue_page(person, state, limit=25).rows
    db.session.rollback()
    return rows


def _route(user_id: int, row: Row) -> int | None:
    """Route a question where the console proposes; None where it proposes nobody."""
    proposal = routing.proposal_for(db.session(), row.topics)
    db.session.rollback()
    if proposal.topic_id is None or proposal.expert is None:
        return None
    why = "Kysymys koskee asiantuntijan aihetta."
    routing.route(user_id, row.item.id, row.item.version, proposal.topic_id, proposal.expert.id, why)
    return row.item.id


def _on_desk(user_id: int, item_ids: Sequence[int]) -> list[int]:
    found = select(Item.id).where(Item.id.in_(item_ids), Item.expert_id == user_id).order_by(Item.id)
    ids = list(db.session.scalars(found))
    db.session.rollback()
    return ids


def _version(answer_id: int) -> int:
    version = db.session.get_one(Answer, answer_id).version
    db.session.rollback()
    return version
