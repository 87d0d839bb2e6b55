"""Everything about one item, for its page: a fixed number of queries whatever there is to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, literal, select, union_all
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from tjs_moderation.domain.fate import Fate, fate_of
from tjs_moderation.domain.ports import Reason, TopicScore
from tjs_moderation.domain.routing import Expert, Proposal, propose
from tjs_moderation.domain.verbs import HEARD
from tjs_moderation.domain.vocabulary import AnswerState, DecisionKind, Role
from tjs_moderation.domain.wording import Wording
from tjs_moderation.errors import NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import (
    Act,
    Answer,
    AuditEntry,
    AuditSubject,
    Author,
    Claim,
    Decision,
    DecisionReason,
    Item,
    ItemText,
    Note,
    Opinion,
    Routing,
    RuleSet,
    StoredAssessment,
    Topic,
    User,
)
from tjs_moderation.services import audit
from tjs_moderation.services.answer_papers import AnswerPapers, Drafted, papers_of
from tjs_moderation.services.desk import Counts, reasons_of
from tjs_moderation.services.newest import newest_assessment
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.staffing import Staff, staff, today
from tjs_moderation.services.standing import STANDS
from tjs_moderation.services.threads import same_thread
from tjs_moderation.services.wiring import ports

_Kept = TypeVar("_Kept", Decision, Routing, Note, Act)

THREAD_LIMIT = 60
HISTORY_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Nearby:
    """An item beside the one that is looked at: in its thread, or earlier from the same person."""

    item: Item
    text: str
    author_name: str | None
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the forms of the page choose from: what is in use, the reasons by their codes."""

    removal_reasons: Sequence[tuple[str, Wording]]
    keep_reasons: Sequence[tuple[str, Wording]]
    topics: Sequence[tuple[int, str]]
    experts: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One item and everything around it. `texts` are its versions, oldest first.

    `claimed_by` is whoever has the item open, the one who looks included; `story` is empty where it was not
    asked for; `heard` is what the channel said was done to the item there, as verb and moment; `away` are those who
    are not at work today.
    """

    item: Item
    texts: Sequence[ItemText]
    assessment: StoredAssessment | None
    rule_set_number: int | None
    claimed_by: User | None
    decisions: Sequence[Decision]
    routings: Sequence[Routing]
    notes: Sequence[Note]
    opinions: Sequence[Opinion]
    papers: AnswerPapers
    acts: Sequence[Act]
    thread: Sequence[Nearby]
    history: Sequence[Nearby]
    heard: Sequence[tuple[str, datetime]]
    story: Sequence[AuditEntry]
    people: Mapping[int, User]
    choices: Choices
    proposal: Proposal
    away: Sequence[Expert]

    @property
    def text(self) -> str:
        return self.texts[-1].text

    @property
    def reasons(self) -> Sequence[Reason]:
        """Why the console thinks what it thinks of the text as it stands now."""
        return reasons_of(self.assessment, self.item.text_version)

    @property
    def routing(self) -> Routing | None:
        return next((routing for routing in self.routings if routing.ended_at is None), None)

    @property
    def awaited_opinion(self) -> Opinion | None:
        """The opinion that somebody was asked for and has not given."""
        return next((opinion for opinion in self.opinions if opinion.is_open), None)

    @property
    def answers(self) -> Sequence[Drafted]:
        """The answers to the item, oldest first."""
        return self.papers.answers

    @property
    def draft(self) -> Drafted | None:
        return next((drafted for drafted in reversed(self.answers) if drafted.is_open), None)

    @property
    def last_standing(self) -> Decision | None:
        """The decision that can be taken back now: the newest that was not."""
        return self.standing[-1] if self.standing else None

    @property
    def standing(self) -> list[Decision]:
        """The decisions that were not taken back, oldest first."""
        taken_back = {decision.takes_back_id for decision in self.decisions}
        return [d for d in self.decisions if d.kind is not DecisionKind.TAKE_BACK and d.id not in taken_back]

    @property
    def newest_from_person(self) -> Item:
        """What an approval given on this sight of the thread is bound to, as it reads now."""
        said = [
            near.item for near in self.thread if not near.item.is_own and near.item.author_id == self.item.author_id
        ]
        return max([self.item, *said], key=lambda item: (item.sorted_at, item.id))


def open_case(person: User, item_id: int, counts: Counts, now: datetime, *, with_story: bool = False) -> CaseFile:
    """The file of an item. NotFoundError where there is none, or this person may not see it.

    Nine queries, and one for its story in the audit log where that is asked for.
    """
    session = db.session()
    found = session.execute(
        _head().where(Item.id == item_id, visible_to(person)).order_by(ItemText.number, Opinion.id)
    ).all()
    if not found:
        raise NotFoundError("item")
    item, _, assessment, rule_set_number, claim, _ = found[0]
    known = staff(session, counts.loads, today(now))
    people = known.people
    opinions: list[Opinion | None] = [row[5] for row in found]
    near = _nearby(session, item)
    choices, topics, heard = _choices(session, people, item_id)
    return CaseFile(
        item=item,
        texts=list({row[1].number: row[1] for row in found}.values()),
        assessment=assessment,
        rule_set_number=rule_set_number,
        claimed_by=_holder(claim, people, now),
        decisions=_of_item(session, Decision, item_id, joinedload(Decision.reason)),
        routings=_of_item(session, Routing, item_id, joinedload(Routing.topic)),
        notes=_of_item(session, Note, item_id),
        opinions=list({opinion.id: opinion for opinion in opinions if opinion is not None}.values()),
        papers=papers_of(session, item_id, person.id),
        acts=_of_item(session, Act, item_id),
        thread=[entry for is_thread, entry in near if is_thread],
        history=[entry for is_thread, entry in near if not is_thread],
        heard=heard,
        story=audit.story_of(item_id) if with_story else (),
        people=people,
        choices=choices,
        proposal=_proposal(assessment, topics, known),
        away=[expert for expert in known.experts.values() if expert.away is not None],
    )


def form_choices() -> Choices:
    """What forms about any item choose from. Two queries."""
    session = db.session()
    people = staff(session, {}, today(ports().clock())).people
    return _choices(session, people, 0)[0]


def _head() -> Select[Item, ItemText, StoredAssessment, int, Claim, Opinion]:
    """The item, once for each version of its text and each opinion of it."""
    return (
        select(Item, ItemText, StoredAssessment, RuleSet.number, Claim, Opinion)
        .join(ItemText, ItemText.item_id == Item.id)
        .outerjoin(StoredAssessment, StoredAssessment.id == newest_assessment())
        .outerjoin(RuleSet, RuleSet.id == StoredAssessment.rule_set_id)
        .outerjoin(Claim, Claim.item_id == Item.id)
        .outerjoin(Opinion, Opinion.item_id == Item.id)
        .options(joinedload(Item.channel), joinedload(Item.post), joinedload(Item.author))
    )


def _holder(claim: Claim | None, people: Mapping[int, User], now: datetime) -> User | None:
    """Who has the item open."""
    if claim is None or claim.expires_at <= now:
        return None
    return people.get(claim.user_id)


def _of_item(session: Session, model: type[_Kept], item_id: int, *options: ORMOption) -> Sequence[_Kept]:
    """The rows of `model` that belong to an item, oldest first."""
    return session.scalars(select(model).where(model.item_id == item_id).order_by(model.id).options(*options)).all()


_NO_WORDS = (literal(""), literal(""))
"""What stands for the words in Swedish and English where a row has none."""


def _choices(
    session: Session, people: Mapping[int, User], item_id: int
) -> tuple[Choices, Sequence[tuple[int, str, str, bool]], list[tuple[str, datetime]]]:
    """What forms choose from, the topics as (id, slug, name, is open to all), and what was heard. One query."""
    heard = (
        select(literal("heard"), AuditEntry.seq, AuditEntry.verb, AuditEntry.at, literal(value=False), *_NO_WORDS)
        .join(AuditSubject, AuditSubject.seq == AuditEntry.seq)
        .where(AuditSubject.item_id == item_id, AuditEntry.verb.in_(HEARD))
    )
    topics = select(literal("topic"), Topic.id, Topic.slug, Topic.name, Topic.is_open_to_all, *_NO_WORDS)
    reasons = select(
        literal("reason"),
        DecisionReason.position,
        DecisionReason.code,
        DecisionReason.label,
        DecisionReason.for_removal,
        DecisionReason.label_sv,
        DecisionReason.label_en,
    ).where(DecisionReason.is_active)
    rows = session.execute(union_all(topics.where(Topic.is_active), reasons, heard)).all()
    listed = sorted((row[1:] for row in rows if row[0] == "reason"), key=lambda row: row[0])
    found_topics = sorted(((row[1], row[2], row[3], bool(row[4])) for row in rows if row[0] == "topic"), key=_by_name)
    choices = Choices(
        removal_reasons=[(row[1], Wording(row[2], *row[4:])) for row in listed if row[3]],
        keep_reasons=[(row[1], Wording(row[2], *row[4:])) for row in listed if not row[3]],
        topics=[(topic_id, name) for topic_id, _, name, _ in found_topics],
        experts=[(p.id, p.name) for p in people.values() if p.is_active and p.role is not Role.ATK_SUUNNITTELIJA],
    )
    told = [(row[2], datetime.fromisoformat(row[3])) for row in rows if row[0] == "heard"]
    return choices, found_topics, told


def _by_name(topic: tuple[int, str, str, bool]) -> str:
    return topic[2]


def _proposal(
    assessment: StoredAssessment | None, topics: Sequence[tuple[int, str, str, bool]], known: Staff
) -> Proposal:
    desks = [known.desk(topic_id, slug, is_open_to_all=is_open) for topic_id, slug, _, is_open in topics]
    found = assessment.topics if assessment else []
    scores = [TopicScore(entry["topic"], entry["score"]) for entry in found]
    return propose(scores, desks, tuple(known.experts.values()))


def _nearby(session: Session, item: Item) -> list[tuple[bool, Nearby]]:
    """The thread around an item, oldest first, and the person's history, newest first. One query."""
    thread = _near(literal(1), same_thread(item)).limit(THREAD_LIMIT).subquery()
    history = _near(literal(0), _same_person(item)).limit(HISTORY_LIMIT).subquery()
    both = union_all(select(thread), select(history)).subquery()
    rows = session.execute(
        select(both.c.is_thread, Item, ItemText.text, Author.name, _last_decision(), _is_answered())
        .join(Item, Item.id == both.c.id)
        .join(ItemText, and_(ItemText.item_id == Item.id, ItemText.number == Item.text_version))
        .outerjoin(Author, Author.id == Item.author_id)
        .order_by(Item.sorted_at, Item.id),
    ).all()
    near = [
        (bool(is_thread), Nearby(beside, text, name, fate_of(beside.state, decision, is_answered)))
        for is_thread, beside, text, name, decision, is_answered in rows
    ]
    said_before = [entry for entry in reversed(near) if not entry[0] and entry[1].item.id != item.id]
    return [entry for entry in near if entry[0]] + said_before


def _last_decision() -> ScalarSelect[DecisionKind]:
    """The kind of the newest decision on `Item` that stands."""
    return (
        select(Decision.kind)
        .where(Decision.item_id == Item.id, Decision.kind != DecisionKind.TAKE_BACK)
        .where(STANDS)
        .order_by(Decision.id.desc())
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )


def _is_answered() -> ColumnElement[bool]:
    """Whether an answer to `Item` has been published."""
    return exists().where(Answer.item_id == Item.id, Answer.state == AnswerState.PUBLISHED).correlate(Item)


def _near(is_thread: ColumnElement[int], condition: ColumnElement[bool]) -> Select[int, int]:
    return (
        select(is_thread.label("is_thread"), Item.id).where(condition).order_by(Item.sorted_at.desc(), Item.id.desc())
    )


def _same_person(item: Item) -> ColumnElement[bool]:
    """What the person has written before; their private messages stand in their own conversation only."""
    if item.author_id is None:
        return Item.id.is_(None)
    return and_(Item.author_id == item.author_id, Item.kind == item.kind, Item.id != item.id)
