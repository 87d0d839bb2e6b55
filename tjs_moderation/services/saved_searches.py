"""Searches that a person keeps for themselves: a name and the query of an address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from tjs_moderation.domain.characters import storable
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.extensions import db
from tjs_moderation.models import SavedSearch, User
from tjs_moderation.services.transaction import transact, user

MOST = 30
"""How many searches one person can keep."""

LONGEST_NAME = 80
"""The longest name of a search, in characters."""


def saved_searches(person: User) -> Sequence[SavedSearch]:
    """What this person keeps, by name."""
    kept = select(SavedSearch).where(SavedSearch.user_id == person.id).order_by(SavedSearch.name)
    return db.session.scalars(kept).all()


def save_search(user_id: int, name: str, address: str) -> None:
    """Keep a search under a name; one that has the name already gives way. Leaves no entry: it changes nobody's work.

    Raises InvalidInputError where the name is empty or too long, where nothing is looked for, or where there are many.
    """
    name = storable(" ".join(name.split()))
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInputError("search_name", limit=LONGEST_NAME)
    if not address:
        raise InvalidInputError("search_empty")
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        own = SavedSearch.user_id == user_id
        work.session.execute(delete(SavedSearch).where(own, SavedSearch.name == name))
        if (work.session.scalar(select(func.count()).select_from(SavedSearch).where(own)) or 0) >= MOST:
            raise InvalidInputError("search_too_many_saved", limit=MOST)
        work.session.add(SavedSearch(user_id=user_id, name=name, address=address, saved_at=work.now))


def forget_search(user_id: int, saved_id: int) -> None:
    """Let go of a search of one's own. One that is not there any more, or is somebody else's, is left alone."""
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        own = (SavedSearch.id == saved_id, SavedSearch.user_id == user_id)
        work.session.execute(delete(SavedSearch).where(*own))
