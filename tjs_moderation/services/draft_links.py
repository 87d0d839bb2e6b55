"""The links of drafts: asked for while somebody writes, opened by a worker, kept with their time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from tjs_moderation.domain.characters import storable
from tjs_moderation.domain.drafting.links import LONGEST_LINK
from tjs_moderation.domain.ports import LinkSeen
from tjs_moderation.domain.vocabulary import LinkState
from tjs_moderation.errors import ConflictError
from tjs_moderation.models import CheckedLink
from tjs_moderation.services.transaction import CONSOLE, reading, transact
from tjs_moderation.services.wiring import ports

FRESH = timedelta(hours=12)
"""So long what is known of a link counts; after that it is opened again when somebody asks."""

KEPT = timedelta(days=30)
"""So long a link is kept that nobody asks for."""

BATCH = 10
"""How many links one round of the worker opens."""

_LONGEST_DETAIL = 80


def known(session: Session, urls: Sequence[str]) -> Mapping[str, LinkState]:
    """What is known of these links, by address. One query, or none."""
    return {url: link.state for url, link in _found(session, urls).items()}


def ask_for(session: Session, urls: Sequence[str]) -> None:
    """Have the links opened that nobody has looked at lately. What is asked for already is left to the worker."""
    now = ports().clock()
    found = _found(session, urls)
    unasked = [url for url in dict.fromkeys(urls) if url not in found or _is_stale(found[url], now)]
    if not unasked or ports().links is None:
        return
    try:
        with transact(CONSOLE) as work:
            work.leave_no_entry()
            kept = _found(work.session, unasked)
            for url in unasked:
                if url in kept:
                    kept[url].asked_at = now
                else:
                    work.session.add(CheckedLink(digest=digest_of(url), url=url, asked_at=now))
            work.nudge("links")
    except ConflictError:
        return  # somebody else asks for the same at this very moment


def open_due(limit: int = BATCH) -> int:
    """Open up to `limit` of the links that were asked for, the longest waiting first; gives how many were opened.

    They are opened outside of any transaction, one after the other.
    """
    looker = ports().links
    with reading() as session:
        due = session.scalars(select(CheckedLink).where(_is_due()).order_by(CheckedLink.asked_at).limit(limit)).all()
    if looker is None or not due:
        return 0
    seen = {link.digest: looker.look(link.url) for link in due}
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        for link in work.session.scalars(select(CheckedLink).where(CheckedLink.digest.in_(seen)).with_for_update()):
            _note(link, seen[link.digest], work.now)
    return len(due)


def let_go() -> None:
    """Let go of the links that nobody has asked for in a long time."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.execute(delete(CheckedLink).where(CheckedLink.asked_at < work.now - KEPT))


def _note(link: CheckedLink, seen: LinkSeen, now: datetime) -> None:
    link.state, link.detail, link.seen_at = seen.state, storable(seen.detail)[:_LONGEST_DETAIL], now


def _is_due() -> ColumnElement[bool]:
    return or_(CheckedLink.seen_at.is_(None), CheckedLink.seen_at < CheckedLink.asked_at)


def _is_stale(link: CheckedLink, now: datetime) -> bool:
    return link.seen_at is not None and link.seen_at >= link.asked_at and link.seen_at < now - FRESH


def _found(session: Session, urls: Sequence[str]) -> dict[str, CheckedLink]:
    digests = {digest_of(url) for url in urls if len(url) <= LONGEST_LINK}
    if not digests:
        return {}
    rows = session.scalars(select(CheckedLink).where(CheckedLink.digest.in_(digests)))
    return {link.url: link for link in rows}


def digest_of(url: str) -> str:
    """By what a link is told."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()
