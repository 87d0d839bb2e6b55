"""Makes the mail of a notice: in the person's language, with no more of the public's words than the house allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain.mail import Mail
from tjs_moderation.domain.notices import delivery_of
from tjs_moderation.domain.vocabulary import CaseState, Delivery, ItemKind, MailState, NoticeKind, Quoting
from tjs_moderation.models import Item, ItemText, Notice, Routing, User
from tjs_moderation.services import options, waiting
from tjs_moderation.services.addresses import address
from tjs_moderation.services.desk_lines import desk_lines, moment
from tjs_moderation.services.notice_words import words_of
from tjs_moderation.services.placing import removal_in_force
from tjs_moderation.services.reach import visible_to
from tjs_moderation.services.wiring import ports

QUOTE_LENGTH = 200
"""So much of what somebody wrote is quoted at most, in characters."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, and the other notices that it tells of as well."""

    mail: Mail
    carries: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as a mail tells it."""

    headline: str
    todo: str
    address: str
    by: str = ""
    quote: str = ""
    item_id: int | None = None
    due: str = ""
    """By when it is to be answered, where it waits on the person's desk."""


def write(session: Session, notice: Notice) -> Letter | None:
    """The mail of a notice; None where there is nothing to tell its person (any more)."""
    person = session.get(User, notice.person_id)
    if person is None or not person.is_active:
        return None
    language = person.locale or options.languages(session).console
    with force_locale(language):
        if notice.kind is NoticeKind.SUMMARY:
            return _morning(session, notice, person, language)
        told = tell(session, notice, person)
        if told is None or (notice.read_at is not None and notice.kind is not NoticeKind.SECURITY):
            return None
        subject = told.headline
        if told.item_id is not None:
            subject = gettext("%(headline)s (asia %(number)s)", headline=told.headline, number=told.item_id)
        return Letter(_mail("notice", notice, person, language, subject, told=told))


def tell(session: Session, notice: Notice, person: User) -> Told | None:
    """A notice in words; None where its item is out of the person's sight by now."""
    item = None
    if notice.item_id is not None:
        item = session.scalars(select(Item).where(Item.id == notice.item_id, visible_to(person))).one_or_none()
        if item is None:
            return None
    words = words_of(notice)
    by = session.get(User, notice.by_id) if notice.by_id is not None else None
    return Told(
        headline=str(words.headline),
        todo=str(words.todo),
        address=address("items.show", item_id=item.id) if item else address(words.endpoint),
        by=by.name if by and by.id != person.id else "",
        quote=_quote(session, item) if item else "",
        item_id=item.id if item else None,
        due=_due(session, item, person) if item else "",
    )


def _morning(session: Session, notice: Notice, person: User, language: str) -> Letter | None:
    """The day's summary: what waits for the person, and what they want to hear of once a day. None while they are away.

    What waited for a summary waits on until there is one.
    """
    desk = next((each for each in waiting.summary(session, ports().clock()) if each.person.id == person.id), None)
    if desk is not None and desk.is_away:
        return None
    kept = session.scalars(
        select(Notice)
        .where(Notice.person_id == person.id, Notice.mail == MailState.SUMMARY, Notice.read_at.is_(None))
        .order_by(Notice.id)
    ).all()
    told = [each for each in (tell(session, one, person) for one in kept) if each is not None]
    wants_desk = delivery_of(NoticeKind.SUMMARY, person.notices) is not Delivery.NONE
    lines = desk_lines(desk) if desk is not None and wants_desk else []
    if not told and not lines:
        return None
    mail = _mail("morning", notice, person, language, str(words_of(notice).headline), told=told, lines=lines)
    return Letter(mail, tuple(one.id for one in kept))


def _due(session: Session, item: Item, person: User) -> str:
    mine = (Routing.item_id == item.id) & (Routing.expert_id == person.id) & Routing.ended_at.is_(None)
    due_at = session.scalars(select(Routing.due_at).where(mine)).first()
    return moment(due_at) if due_at is not None else ""


def _quote(session: Session, item: Item) -> str:
    """The beginning of what somebody wrote, where the house lets it leave; never what is removed or may well be."""
    allowed = options.mail_quoting(session)
    is_allowed = allowed is Quoting.EVERYTHING or (allowed is Quoting.COMMENTS and item.kind is ItemKind.COMMENT)
    is_removed = item.is_hidden or item.is_gone or removal_in_force(session, item.id) is not None
    if not is_allowed or is_removed or item.state is CaseState.REMOVAL:
        return ""
    kept = session.get(ItemText, (item.id, item.text_version))
    text = " ".join(kept.text.split()) if kept else ""
    return text if len(text) <= QUOTE_LENGTH else f"{text[:QUOTE_LENGTH].rstrip()}…"


def _mail(template: str, notice: Notice, person: User, language: str, subject: str, **told: object) -> Mail:
    """The mail itself: both parts say the same. It is written without a request, so nothing of one can get into it."""
    places = {"me": address("notices.choices"), "desk": address("morning.show"), "language": language}
    parts = [
        current_app.jinja_env.get_template(f"mail/{template}.{kind}").render(**told, **places, subject=subject)
        for kind in ("txt", "html")
    ]
    return Mail(
        id=f"tjs.notice.{notice.id}.{notice.made_at:%Y%m%d%H%M%S}",
        to=person.email,
        subject=subject,
        text=parts[0],
        html=parts[1],
        at=notice.made_at,
        about=f"tjs.item.{notice.item_id}" if notice.item_id is not None else "",
        headers={"List-Unsubscribe": f"<{places['me']}>"},
    )
