"""Until when a person may be answered privately (Meta: Messenger platform policy, private replies)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tjs_moderation.domain.vocabulary import ItemKind

FREELY = timedelta(hours=24)
"""So long after the person's last message anything may be sent to them."""

BY_A_PERSON = timedelta(days=7)
"""So long an answer that a person wrote may be sent (`HUMAN_AGENT`), and a comment be answered privately."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time in which an answer may leave: anything until `freely_until`, a person's own answer until `closes_at`."""

    freely_until: datetime
    closes_at: datetime

    def is_open(self, now: datetime, *, is_by_person: bool) -> bool:
        """Whether an answer may leave now."""
        return now <= (self.closes_at if is_by_person else self.freely_until)

    def left(self, now: datetime) -> timedelta:
        """How much time is left for an answer that a person writes; nothing once it has closed."""
        return max(self.closes_at - now, timedelta(0))


def message_window(heard_at: datetime) -> Window:
    """The window that the person's last message opened."""
    return Window(heard_at + FREELY, heard_at + BY_A_PERSON)


def private_reply_window(written_at: datetime) -> Window:
    """The window for one private reply to a comment."""
    return Window(written_at + BY_A_PERSON, written_at + BY_A_PERSON)


def window_of(kind: ItemKind, heard_at: datetime | None, *, is_private: bool = False) -> Window | None:
    """The window for an answer to an item of this kind last heard of at `heard_at`; None where there is no limit.

    A public reply to a comment knows no limit, and where the channel tells no time none can be reckoned.
    """
    if heard_at is None:
        return None
    if kind is ItemKind.MESSAGE:
        return message_window(heard_at)
    return private_reply_window(heard_at) if is_private else None
