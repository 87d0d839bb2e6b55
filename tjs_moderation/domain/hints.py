"""What a channel sends us by itself: hints that something has happened there. The walk stays the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tjs_moderation.domain.ports import Incoming


class HintKind(StrEnum):
    """What there is to do about a hint.

    `ARRIVED` is told in full; `CHANGED` (an edit, hiding, or something told in part) is looked at on the channel where
    it would change what we know, `POST` always; `WALK` says only that something happened. `IGNORED` is known by name
    and of no use to us; `STRANGE` is what nobody here understands.
    """

    ARRIVED = "arrived"
    CHANGED = "changed"
    GONE = "gone"
    POST = "post"
    POST_GONE = "post_gone"
    WALK = "walk"
    IGNORED = "ignored"
    STRANGE = "strange"


class HintTrouble(StrEnum):
    """Why a hint waits for a person. The first ones are the channel's doing, the last ones ours."""

    UNREADABLE = "unreadable"
    OTHER_PAGE = "other_page"
    OTHER_OBJECT = "other_object"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_SHAPE = "unknown_shape"
    WITHOUT_ID = "without_id"
    VISITOR_POST = "visitor_post"
    TOO_MANY = "too_many"
    NOT_CONNECTED = "not_connected"
    CHANNEL_SAID_NO = "channel_said_no"
    DEFECT = "defect"


class HintState(StrEnum):
    """The life of a hint that could not be worked: tried again by itself, waiting for a person, put aside by one."""

    WAITING = "waiting"
    STUCK = "stuck"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing a channel told. `what` names it in the channel's words (`feed/comment/add`), without anybody's text.

    `external_id` is what it is about: an item or, for posts, a post. `incoming` is the item as far as it was
    told; `tells_text` says whether its text is part of that. `person_external_id` is with whom a message was exchanged.
    """

    what: str
    kind: HintKind
    external_id: str = ""
    incoming: Incoming | None = None
    tells_text: bool = False
    person_external_id: str | None = None
    trouble: HintTrouble | None = None


class Hook(Protocol):
    """The door by which a channel sends hints."""

    def is_invited(self, verify_token: str) -> bool:
        """Whether whoever asks to send here knows the word agreed upon. Takes the same time for every answer."""

    def is_signed(self, body: bytes, signature: str) -> bool:
        """Whether `body` comes from the channel, by what stood in its header. Takes the same time for every answer."""

    def read(self, body: bytes) -> Sequence[Hint]:
        """The hints in a body, always the same in the same order; never raises."""
