"""Short words for what the tests of notices do all the time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.health import Depth
from tjs_moderation.domain.vocabulary import (
    Delivery,
    NoticeGroup,
    NoticeKind,
)
from tjs_moderation.extensions import db
from tjs_moderation.models import Item, Notice, User
from tjs_moderation.services import notices
from tjs_moderation.services.checkup import work as checks
from tjs_moderation.services.transaction import CONSOLE, Actor, transact, user

QUESTION = "Kuinka ewc perustetaan? " + "Meillä on kolme toimipaikkaa. " * 10


def tell(
    person_id: int,
    kind: NoticeKind = NoticeKind.MENTIONED,
    item_id: int | None = None,
    key: str = "1",
    by: Actor = CONSOLE,
) -> bool:
    with transact(by) as work:
        work.leave_no_entry()
        return notices.tell(work, person_id, kind, item_id, key)


def told() -> list[Notice]:
    with Session(db.engine) as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def choose(person_id: int, group: NoticeGroup, delivery: Delivery) -> None:
    with transact(user(person_id)) as work:
        work.leave_no_entry()
        work.session.get_one(User, person_id).notices = {group: delivery}


def found_of_mail(house: House) -> tuple[str, str]:
    """What Kunto says of the mails, and what the server said."""
    with Session(db.engine) as session:
        [finding] = checks.mails(session, house.clock(), Depth.GLANCE)
    return finding.code, str(finding.facts.get("failure", ""))


def question_for(house: House, text: str = QUESTION, **of: Any) -> Item:
    return house.receive("c1", text, **of)
