"""Drafts of answers looked through: what is known around each is gathered for `domain.drafting`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, cast, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.answer import LIMITS
from tjs_moderation.domain.drafting import Agreement, Check, Draft, Remark, Weight, finished_links, links_in, remarks_on
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import ChannelKind, ItemKind, LinkState
from tjs_moderation.domain.window import Window, window_of
from tjs_moderation.errors import ConflictError, FaultsError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, AnswerRevision, CheckedLink, Item, RuleSet, Setting, User
from tjs_moderation.services import draft_links, leaving
from tjs_moderation.services.assessment import unjudged
from tjs_moderation.services.draft_agreement import agreement
from tjs_moderation.services.options import DRAFT_CHECKS
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports


@dataclass(frozen=True, slots=True)
class Passed:
    """The remarks on one revision of an answer, made before the transaction that lets it pass."""

    revision: int
    remarks: Sequence[Remark]

    def check(self, answer: Answer) -> dict[str, list[str]]:
        """What the entry of whoever lets the answer pass tells: the `advices` that stand, if any. A part of verbs.

        Raises InvalidInputError where something blocks, ConflictError where the answer reads otherwise by now.
        """
        if answer.revision != self.revision:
            raise ConflictError("answer_changed", item_id=answer.item_id)
        blocking = [remark for remark in self.remarks if remark.is_blocking]
        if blocking:
            checks = list(dict.fromkeys(str(remark.check) for remark in blocking))
            raise InvalidInputError("draft_blocked", checks=checks, count=len(checks))
        standing = sorted({str(remark.check) for remark in self.remarks if remark.weight is Weight.ADVISING})
        return {"advices": standing} if standing else {}


def look_through(answer_id: int, *, is_private: bool = False) -> Passed:
    """What there is to say of an answer's newest revision; `is_private`: it is to be sent to the asker alone.

    NotFoundError where there is no such answer. A verb asks before its transaction: reading a text takes its time.
    """
    with reading() as session:
        found = session.execute(
            select(Item, AnswerRevision)
            .join(Answer, Answer.item_id == Item.id)
            .join(AnswerRevision, (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision))
            .where(Answer.id == answer_id)
            .options(joinedload(Item.author), joinedload(Item.channel)),
        ).one_or_none()
        if found is None:
            raise NotFoundError("answer")
        item, revision = found
        return Passed(revision.number, remarks(session, item, revision.text, is_private=is_private))


def look_over(person: User, item_id: int, text: str) -> Sequence[Remark]:
    """What there is to say of a text that somebody is typing as the answer to an item.

    Links that are typed to their end are asked for. NotFoundError where this person may not see the item.
    """
    session = db.session()
    item = session.scalars(
        select(Item)
        .where(Item.id == item_id, visible_to(person))
        .options(joinedload(Item.author), joinedload(Item.channel)),
    ).one_or_none()
    if item is None:
        raise NotFoundError("item")
    if agreement(session).opens_links:
        draft_links.ask_for(session, finished_links(text))
    return remarks(session, item, text)


def remarks(
    session: Session,
    item: Item,
    text: str,
    staff: Sequence[str] | None = None,
    heard_at: datetime | None = None,
    *,
    is_private: bool = False,
) -> Sequence[Remark]:
    """What there is to say of a text as the answer to an item, whose author and channel are loaded.

    `staff` are the names of those who work here and `heard_at` is when the asker wrote last, where somebody has read
    them already: then it is one query.
    """
    if not text.strip():
        return ()
    names = tuple(sorted(staff if staff is not None else session.scalars(select(User.name).where(User.is_active))))
    around = _around(session, [link.url for link in links_in(text)])
    is_for_all = item.kind is ItemKind.COMMENT and not is_private
    draft = Draft(
        text,
        LIMITS[ItemKind.MESSAGE if is_private else item.kind],
        ports().clock(),
        asker=item.author.name or "" if is_for_all and item.author else "",
        staff=names,
        window=None if is_for_all else _window(session, item, heard_at, is_private=is_private),
        assessment=_judged(around.rules, text, names),
        links=around.links,
    )
    return remarks_on(draft, around.agreement)


def _window(session: Session, item: Item, heard_at: datetime | None, *, is_private: bool) -> Window | None:
    """The time in which a private answer may leave; None where there is no limit."""
    if item.channel.kind is not ChannelKind.FACEBOOK:
        return None
    known = window_of(item.kind, heard_at, is_private=is_private)
    return known or leaving.window_for(session, item, is_private=is_private)


def is_waiting(found: Sequence[Remark]) -> bool:
    """Whether a link among them is still to be opened, so that asking again soon will tell more."""
    return any(remark.check is Check.UNSEEN_LINK and remark.facts.get("is_due") for remark in found)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a draft is held against: what the house has agreed on, its rules, what is known of links by address."""

    agreement: Agreement
    rules: str
    links: Mapping[str, LinkState]


def _around(session: Session, urls: Sequence[str]) -> _Around:
    """One query, whatever there is."""
    parts = [
        select(literal("rules"), RuleSet.text, literal("")).where(RuleSet.is_live),
        select(literal("agreement"), cast(Setting.value, Text), literal("")).where(Setting.name == DRAFT_CHECKS),
    ]
    if urls:
        digests = [draft_links.digest_of(url) for url in urls]
        found = select(literal("link"), CheckedLink.url, cast(CheckedLink.state, Text))
        parts.append(found.where(CheckedLink.digest.in_(digests)))
    rows = session.execute(union_all(*parts)).all()
    told = {kind: value for kind, value, _ in rows if kind != "link"}
    agreed = json.loads(told["agreement"]) if "agreement" in told else None
    links = {url: LinkState(state) for kind, url, state in rows if kind == "link"}
    return _Around(Agreement.of(agreed), told.get("rules", ""), links)


def _judged(rules: str, text: str, staff: tuple[str, ...]) -> Assessment:
    """What the judge makes of a text of ours."""
    try:
        [assessment] = ports().judge(rules).assess([Reading("draft", text, staff=staff)])
    except FaultsError as error:
        return unjudged(f"rules: {error}")
    return assessment
