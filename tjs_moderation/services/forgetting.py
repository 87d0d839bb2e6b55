"""Forgets again, in a restored older copy, whoever was forgotten since it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from tjs_moderation.models import Author, Channel, Item
from tjs_moderation.services import erasing, privacy, scrubbing
from tjs_moderation.services.erasure_register import Register
from tjs_moderation.services.transaction import CONSOLE, Work, transact

WHY = "Tiedot oli poistettu ennen varmuuskopion palauttamista."


def forget_again(register: Register | None) -> int:
    """Erase what the register names and the database holds nevertheless; gives how many items that were.

    A person is forgotten whole where everything of theirs here is in the register. Whoever has written since is a
    person who was not asked to be forgotten: of theirs only the items named are erased.
    """
    if register is None:
        return 0
    with transact(CONSOLE) as work:
        named = _named(work, register)
        people = _whole_people(work, register, named)
        items = [item for author in people for item in privacy.forget(work, author, WHY)[1]]
        left = [item for item in named if item.erased_at is None]
        erasing.erase_items(work, left)
        if items or left or people:
            work.record("erase_person", items=[item.id for item in (*items, *left)], again=True, people=len(people))
        else:
            work.leave_no_entry()
    if items or left or people:
        scrubbing.scrub()
    return len(items) + len(left)


def _named(work: Work, register: Register) -> Sequence[Item]:
    """The items that the register names and that are not erased."""
    rows = select(Item.id, Item.external_id, Channel.name).join(Channel, Channel.id == Item.channel_id)
    found = work.session.execute(rows.where(Item.erased_at.is_(None)).execution_options(yield_per=5000))
    ids = [id_ for id_, external_id, channel in found if register.mark(channel, external_id) in register.items]
    some = (ids[start : start + erasing.AT_A_TIME] for start in range(0, len(ids), erasing.AT_A_TIME))
    held = (select(Item).where(Item.id.in_(part)).order_by(Item.id).with_for_update() for part in some)
    return [item for statement in held for item in work.session.scalars(statement)]


def _whole_people(work: Work, register: Register, named: Sequence[Item]) -> Sequence[Author]:
    """The people in the register of whom nothing is here that the register does not name."""
    rows = select(Author, Channel.name).join(Channel, Channel.id == Author.channel_id).where(Author.erased_at.is_(None))
    found = work.session.execute(rows)
    marked = [author for author, channel in found if register.mark(channel, author.external_id) in register.people]
    of_theirs = Counter(item.author_id for item in named)
    return [author for author in marked if of_theirs[author.id] == _kept(work, author)]


def _kept(work: Work, author: Author) -> int:
    kept = select(Item.id).where(Item.author_id == author.id, Item.erased_at.is_(None))
    return len(work.session.scalars(kept).all())
