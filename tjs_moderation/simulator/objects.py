"""What stands on the simulated page: people, posts, comments and private conversations, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

REACTION_KINDS = ("LIKE", "LOVE", "WOW", "HAHA", "SAD", "ANGRY", "CARE")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes on the page or to it. The id is the page's own id of the person (PSID)."""

    id: str
    name: str


@dataclass(slots=True)
class Post:
    """A post; `author` is None when the page wrote it. `id` is the last segment of the Graph API's id.

    A deleted one stays as a gravestone, as its comments do.
    """

    id: str
    message: str
    created_at: datetime
    sequence: int
    updated_at: datetime
    author: Person | None = None
    is_published: bool = True
    link: str = ""
    shares: int = 0
    reactions: dict[str, int] = field(default_factory=dict)
    publish_at: datetime | None = None
    is_deleted: bool = False

    def is_out(self, now: datetime) -> bool:
        """Whether the public sees it: not deleted, and published at once, or its moment has come."""
        return not self.is_deleted and (self.is_published or (self.publish_at is not None and self.publish_at <= now))

    @property
    def placed_at(self) -> datetime:
        """Where it stands in lists: by when it was written."""
        return self.created_at


@dataclass(slots=True)
class Comment:
    """A comment or a reply of any level. A deleted one stays as a gravestone, so that counts and cursors keep working.

    `can_hide` None leaves the field out of answers; `shows_author` False leaves `from` out, as privacy does.
    """

    id: str
    post_id: str
    parent_id: str | None
    author: Person
    message: str
    created_at: datetime
    sequence: int
    is_hidden: bool = False
    is_deleted: bool = False
    is_edited: bool = False
    can_hide: bool | None = True
    shows_author: bool = True
    likes: int = 0
    attachment: Mapping[str, object] | None = None
    private_reply_conversation_id: str | None = None

    @property
    def placed_at(self) -> datetime:
        """Where it stands in lists: by when it was written."""
        return self.created_at


@dataclass(slots=True)
class Message:
    """A private message. `extras` are further fields in Meta's own shape (attachments, sticker, shares)."""

    id: str
    conversation_id: str
    is_from_page: bool
    text: str
    created_at: datetime
    sequence: int
    extras: Mapping[str, object] = field(default_factory=dict)

    @property
    def placed_at(self) -> datetime:
        """Where it stands in lists: by when it was written."""
        return self.created_at


@dataclass(slots=True)
class Conversation:
    """The private conversation with one person; messages in the order in which they came."""

    id: str
    person: Person
    sequence: int
    created_at: datetime
    messages: list[Message] = field(default_factory=list)

    @property
    def updated_at(self) -> datetime:
        """When its newest message came."""
        return max((message.created_at for message in self.messages), default=self.created_at)

    @property
    def placed_at(self) -> datetime:
        """Where it stands in lists: by when it last changed."""
        return self.updated_at

    @property
    def last_heard_at(self) -> datetime | None:
        """When the person last wrote; the windows in which the page may answer run from here."""
        return max((message.created_at for message in self.messages if not message.is_from_page), default=None)


@dataclass(frozen=True, slots=True)
class PageNode:
    """The page itself, as a node of the graph."""

    id: str
    name: str


Thing = PageNode | Post | Comment | Conversation | Message
