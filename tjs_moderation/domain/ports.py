"""What the core and the services hand to, and expect from, the world outside the process.

Services know only these shapes; `app.py` puts the real gateways behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from tjs_moderation.domain.vocabulary import ActKind, Category, ItemKind, LinkState, Outcome

T = TypeVar("T")

Clock = Callable[[], datetime]
"""Says what time it is, in UTC and with its time zone."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that hangs from an item. Shown as a link; nothing is fetched from `url`."""

    kind: str
    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One comment or message as a channel or a file tells it.

    Ids are the channel's own, as strings. `text` may be empty (a photo, a sticker). `is_own` says that the page itself
    wrote it. `is_hidden` and `can_hide` are None where the channel does not say. `raw` keeps what we have no name for.
    """

    external_id: str
    kind: ItemKind = ItemKind.COMMENT
    text: str = ""
    post_external_id: str | None = None
    parent_external_id: str | None = None
    conversation_external_id: str | None = None
    author_external_id: str | None = None
    author_name: str | None = None
    created_at: datetime | None = None
    permalink: str | None = None
    is_own: bool = False
    is_hidden: bool | None = None
    can_hide: bool | None = None
    attachments: tuple[Attachment, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IncomingPost:
    """One post of the page as a channel tells it. `counts`: `shares`, `comments`, `reactions`, those of each kind."""

    external_id: str
    text: str = ""
    permalink: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a walk: what was on it, and the cursor of the next (None ends the walk)."""

    entries: tuple[T, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """The fullest of a channel's budgets in per cent (above 100 has been seen), and when calls are welcome again."""

    percent: float = 0.0
    regain_access_seconds: float | None = None


class ChannelReader(Protocol):
    """Reads a channel. Every call is one bounded request; raises `GatewayError`."""

    @property
    def usage(self) -> Usage:
        """How much of its budget the channel said was used, when it last told."""

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        """The page's own posts, newest first."""

    def comments(
        self, post_external_id: str, cursor: str | None = None, since: datetime | None = None
    ) -> Page[Incoming]:
        """Every comment under a post from `since` on, of all levels, oldest first."""

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        """The private conversations, most recently changed first."""

    def messages(self, conversation_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """The messages of one conversation, newest first."""

    def is_gone(self, external_id: str) -> bool:
        """Whether a comment is certainly no longer there."""


@dataclass(frozen=True, slots=True)
class IncomingConversation:
    """One private conversation: its id, when it last changed, and with whom."""

    external_id: str
    updated_at: datetime | None
    participant_external_id: str | None
    participant_name: str | None


@dataclass(frozen=True, slots=True)
class OutwardAct:
    """One act for a channel to carry out.

    `target_external_id` is the comment, for a private message the person; `key` is the same however often the act is
    tried; `text` goes out as it stands. `is_by_person`: a person wrote the text, which gives it more time to leave.
    """

    key: str
    kind: ActKind
    target_external_id: str
    text: str = ""
    planned_at: datetime | None = None
    is_by_person: bool = False


@dataclass(frozen=True, slots=True)
class ActDone:
    """The act happened. `external_id` names what it made there, if it made something."""

    external_id: str | None = None


class ChannelActor(Protocol):
    """Acts on a channel."""

    def perform(self, act: OutwardAct) -> ActDone:
        """Do it, once. Raises `GatewayError` (nothing happened) or `OutcomeUnknownError` (it may have happened)."""

    def read_back(self, act: OutwardAct) -> ActDone | None:
        """ActDone if it happened, None if it certainly did not; `GatewayError` where neither is known."""


class ChannelLooker(Protocol):
    """Looks at one thing on a channel. One bounded request a call; raises `GatewayError`, GONE for what is no more."""

    def comment(self, external_id: str) -> Incoming:
        """A comment as it stands now."""

    def message(self, external_id: str, conversation_external_id: str) -> Incoming:
        """A private message as it stands now."""

    def post(self, external_id: str) -> IncomingPost:
        """A post as it stands now."""

    def conversation_with(self, person_external_id: str) -> IncomingConversation | None:
        """The private conversation with a person, None where there is none."""


class Channel(ChannelReader, ChannelLooker, ChannelActor, Protocol):
    """A channel that can be both read and acted on."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a text, for the rules that ask. None: not known, and then no condition on it holds.

    `author_items` and `author_removed` count what the author sent before this and how much of it was removed;
    `author_in_hour` what they sent in the hour that ends with this, this included. `written_at` is in local time,
    both times carry their time zone.
    """

    author_items: int | None = None
    author_removed: int | None = None
    author_in_hour: int | None = None
    post_text: str | None = None
    post_written_at: datetime | None = None
    written_at: datetime | None = None
    kind: ItemKind | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to be judged, with what is known around it. `staff`: names of people who work here, beside the rules'."""

    id: str
    text: str
    author: str | None = None
    parent_text: str | None = None
    context: Context = Context()
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an assessment is what it is.

    `code` is stable; `start` and `end` are code points of the text as given (0, 0 for the whole) and `text` the words
    there; `sentence` is plain Finnish for a person; `rule` names the rule that said so, where one did. The sentence in
    Swedish and in English is empty where nobody wrote it.
    """

    code: str
    start: int
    end: int
    text: str
    sentence: str
    rule: str = ""
    sentence_sv: str = ""
    sentence_en: str = ""

    def said_in(self, locale: str) -> str:
        """The sentence for a reader of `locale` (fi, sv, en); the Finnish one where there is none in that language."""
        return {"sv": self.sentence_sv, "en": self.sentence_en}.get(locale, "") or self.sentence


@dataclass(frozen=True, slots=True)
class TopicScore:
    """How likely a text is about a topic, 0…1."""

    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the console thinks of a text, and why. `failure` is empty, or says why nothing could be thought.

    `shadows` is what shadow rules said, and `shadow_outcome` what the outcome would have been with them live; None
    where they said nothing. `automatic` names the rule that lets it be hidden without a person; else empty.
    """

    outcome: Outcome
    category: Category
    scores: Mapping[str, float]
    reasons: tuple[Reason, ...]
    is_question: bool
    question_score: float
    topics: tuple[TopicScore, ...]
    language: str
    model_version: str
    failure: str = ""
    shadows: tuple[Reason, ...] = ()
    shadow_outcome: Outcome | None = None
    automatic: str = ""


class Judge(Protocol):
    """Judges texts. Never raises: what cannot be judged comes back as *weigh* with its failure named."""

    model_version: str

    def assess(self, readings: Sequence[Reading]) -> Iterator[Assessment]:
        """One assessment for each reading, in order."""


class FileRow(Protocol):
    """One record of a file: what it says, or why it was left out (`gateways.files.Row`)."""

    @property
    def line(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def incoming(self) -> Incoming | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def facts(self) -> Mapping[str, object]: ...
    @property
    def raw(self) -> str: ...


RowReader = Callable[[Path, str, tzinfo], Iterable[FileRow]]
"""Reads the rows of a file by path, format and time zone; `InvalidInputError` where it cannot be read at all."""


class HeadOutlet(Protocol):
    """A place outside the console that keeps the signed heads of the audit log."""

    def tell(self, line: str) -> None:
        """Have a head kept there. Raises GatewayError where that is not certain; to tell it twice does no harm."""


class LinkSeen(NamedTuple):
    """What became of opening a link; `detail` is a short technical word for whoever asks why."""

    state: LinkState
    detail: str = ""


class LinkLooker(Protocol):
    """Opens links that people type, and never a way into our own network."""

    def look(self, url: str) -> LinkSeen:
        """What becomes of opening a link, within a bounded time. Never raises."""
