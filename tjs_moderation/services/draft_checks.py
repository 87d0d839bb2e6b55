"""Drafts of answers looked through: what is known around each is gathered for `domain.drafting`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tjs_moderation.domain.answer import LIMITS
from tjs_moderation.domain.drafting import Check, Draft, Remark, Weight, finished_links, links_in, remarks_on
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import ChannelKind, ItemKind
from tjs_moderation.errors import ConflictError, FaultsError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Answer, AnswerRevision, Item, User
from tjs_moderation.services import draft_links, leaving
from tjs_moderation.services.assessment import unjudged
from tjs_moderation.services.draft_agreement import agreement
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.rules import live_rules
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
    session: Session, item: Item, text: str, staff: Sequence[str] | None = None, *, is_private: bool = False
) -> Sequence[Remark]:
    """What there is to say of a text as the answer to an item, whose author and channel are loaded.

    `staff` are the names of those who work here, where somebody has read them already. At most six queries.
    """
    if not text.strip():
        return ()
    house = agreement(session)
    names = staff if staff is not None else session.scalars(select(User.name).where(User.is_active)).all()
    is_for_all = item.kind is ItemKind.COMMENT and not is_private
    is_bound = item.channel.kind is ChannelKind.FACEBOOK
    links = [link.url for link in links_in(text)] if house.opens_links else []
    draft = Draft(
        text,
        LIMITS[ItemKind.MESSAGE if is_private else item.kind],
        ports().clock(),
        asker=item.author.name or "" if is_for_all and item.author else "",
        staff=tuple(sorted(names)),
        window=leaving.window_for(session, item, is_private=is_private) if is_bound else None,
        assessment=_judged(session, text, tuple(sorted(names))),
        links=draft_links.known(session, links),
    )
    return remarks_on(draft, house)


def is_waiting(found: Sequence[Remark]) -> bool:
    """Whether a link among them is still to be opened, so that asking again soon will tell more."""
    return any(remark.check is Check.UNSEEN_LINK and remark.facts.get("is_due") for remark in found)


def _judged(session: Session, text: str, staff: tuple[str, ...]) -> Assessment:
    """What the judge makes of a text of ours."""
    try:
        [assessment] = ports().judge(live_rules(session).text).assess([Reading("draft", text, staff=staff)])
    except FaultsError as error:
        return unjudged(f"rules: {error}")
    return assessment
