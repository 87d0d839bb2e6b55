"""What can be remarked on a draft of an answer, and how much each remark weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from tjs_moderation.domain.ports import Reason

Span = tuple[int, int]
"""Where something stands, in code points of the text as given; (0, 0) is the whole of it."""


class Weight(StrEnum):
    """How much a remark weighs: one that blocks keeps the answer back, one that advises is recorded if it stands.

    A hint is for the writer alone.
    """

    BLOCKING = "blocking"
    ADVISING = "advising"
    HINT = "hint"


class Check(StrEnum):
    """What a draft is looked through for; each is the key of a sentence."""

    TOO_LONG = "too_long"
    WINDOW_CLOSED = "window_closed"
    WINDOW_CLOSING = "window_closing"
    UNFILLED_FIELD = "unfilled_field"
    FIRST_PERSON = "first_person"
    SIGNATURE = "signature"
    SUBJECT = "subject"
    IDENTITY_CODE = "identity_code"
    ACCOUNT = "account"
    PHONE = "phone"
    ADDRESS = "address"
    EMAIL = "email"
    ASKER = "asker"
    INSULTING = "insulting"
    HARSH = "harsh"
    PATRONISING = "patronising"
    UNREAD = "unread"
    BROKEN_LINK = "broken_link"
    UNSEEN_LINK = "unseen_link"
    UNKNOWN_WORD = "unknown_word"


ALWAYS_BLOCKING = frozenset({Check.TOO_LONG, Check.UNFILLED_FIELD, Check.IDENTITY_CODE})
"""What no house can let pass: the channel would refuse it, or somebody would be hurt for good.

A closed window is none of it: a draft may still be handed on to whoever finds another way; approving is refused anyway.
"""

HINTS = frozenset({Check.WINDOW_CLOSING, Check.UNSEEN_LINK, Check.UNKNOWN_WORD})
"""What is said to the writer and asks nothing."""

CHOOSABLE = (
    Check.FIRST_PERSON,
    Check.SIGNATURE,
    Check.SUBJECT,
    Check.ACCOUNT,
    Check.PHONE,
    Check.ADDRESS,
    Check.EMAIL,
    Check.ASKER,
    Check.INSULTING,
    Check.HARSH,
    Check.PATRONISING,
    Check.BROKEN_LINK,
)
"""Of what a house can choose whether it blocks or advises, in the order it is asked."""

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know of a draft: `check` says what, `text` the words at `start` to `end` (both 0: the whole draft).

    `facts` fill the sentence in; `reason` is the judge's own sentence, where the judge made the remark.
    """

    check: Check
    weight: Weight
    start: int = 0
    end: int = 0
    text: str = ""
    facts: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    reason: Reason | None = None

    @property
    def is_blocking(self) -> bool:
        return self.weight is Weight.BLOCKING


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found, before it is weighed."""

    check: Check
    span: Span = (0, 0)
    facts: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    reason: Reason | None = None


Finds = Iterator[Found]
