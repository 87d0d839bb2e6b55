"""What waits for a second person's eyes: opinions that were asked for, and complaints about what others removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import joinedload

from tjs_moderation.domain.vocabulary import Permission
from tjs_moderation.extensions import db
from tjs_moderation.models import Appeal, Item, Opinion, User
from tjs_moderation.models.privacy import is_undecided
from tjs_moderation.services.opinions import Waiting, is_theirs

LIMIT = 40


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """What waits for one person, each oldest first."""

    opinions: Sequence[Waiting] = ()
    appeals: Sequence[tuple[Appeal, Item]] = ()


def waiting_for(person: User) -> SecondLooks:
    """What waits for this person. One query."""
    if not person.may(Permission.GIVE_OPINION):
        return SecondLooks()
    of_others = or_(Appeal.decider_id.is_(None), Appeal.decider_id != person.id)
    is_complaint = and_(is_undecided, of_others) if person.may(Permission.DECIDE) else false()
    asked = select(Opinion.item_id).join(Item, Item.id == Opinion.item_id).where(is_theirs(person))
    looked_at = asked.union(select(Appeal.item_id).where(is_complaint))
    found = db.session.execute(
        select(Item, Opinion, Appeal)
        .outerjoin(Opinion, and_(Opinion.item_id == Item.id, is_theirs(person)))
        .outerjoin(Appeal, and_(Appeal.item_id == Item.id, is_complaint))
        .where(Item.id.in_(looked_at), Item.erased_at.is_(None))
        .options(joinedload(Opinion.asked_by), joinedload(Opinion.asked_of), joinedload(Item.author))
        .order_by(Opinion.id, Appeal.id)
        .limit(LIMIT)
    )
    rows: list[tuple[Item, Opinion | None, Appeal | None]] = [(row[0], row[1], row[2]) for row in found]
    opinions = {one.id: Waiting(one, item, one.asked_by_id == person.id) for item, one, _ in rows if one is not None}
    appeals = {one.id: (one, item) for item, _, one in rows if one is not None}
    return SecondLooks(list(opinions.values()), list(appeals.values()))
