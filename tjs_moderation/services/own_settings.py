"""What a person sets for themselves alone: the language and the look of their pages, and their keys."""

from __future__ import annotations

from collections.abc import Mapping

from tjs_moderation.domain.keys import Command, chosen_keys
from tjs_moderation.domain.vocabulary import Theme
from tjs_moderation.models import User
from tjs_moderation.services.transaction import transact, user


def set_language(user_id: int, locale: str | None) -> None:
    """Show this person's pages in `locale`; None is the organisation's language. Leaves no entry: it is nobody else's.

    Which languages there are is for the caller to know.
    """
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        work.session.get_one(User, user_id).locale = locale


def set_theme(user_id: int, theme: Theme | None) -> None:
    """Show this person's pages light or dark; None is as their machine has it. Leaves no entry."""
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        work.session.get_one(User, user_id).theme = theme


def set_keys(user_id: int, has_keys: bool, written: Mapping[Command, str]) -> None:
    """Keep a person's keys, and whether they have any at all; a command without one gets its usual key.

    InvalidInputError where a key is not one visible character, or two commands share one: nothing is kept then.
    """
    keys = chosen_keys(written)
    with transact(user(user_id)) as work:
        work.leave_no_entry()
        person = work.session.get_one(User, user_id)
        person.has_keys, person.keys = has_keys, keys
