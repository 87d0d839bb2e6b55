"""Works some hints of one channel: what they tell in full is taken in, the rest is looked at on the channel.

No verb of its own but the order in which verbs follow. Whatever is done twice, or in another order, ends the same: new
things are taken in once, what is gone stays gone, and a change is never believed but looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from sqlalchemy import select

from tjs_moderation.domain.hints import Hint, HintKind, HintTrouble
from tjs_moderation.domain.ports import Channel as ChannelPort
from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.models import Act, Author, Item, ItemText
from tjs_moderation.services.intake import take_in, take_in_posts
from tjs_moderation.services.sightings import bury_late, hear_of_removal, hear_of_visibility
from tjs_moderation.services.transaction import channel as by_channel
from tjs_moderation.services.transaction import reading
from tjs_moderation.services.wiring import ports

T = TypeVar("T")

_SILENCING = frozenset({GatewayFailure.STOPPED, GatewayFailure.THROTTLED})
"""After such a no the channel is left alone for the rest of the hints."""


@dataclass(frozen=True, slots=True)
class Unworked:
    """Why a hint could not be worked. `failure` is the channel's no, None where it is not the channel's doing."""

    trouble: HintTrouble
    detail: str = ""
    failure: GatewayFailure | None = None
    retry_after_seconds: float | None = None


@dataclass(slots=True)
class HintWork:
    """Some hints of one channel by their places in a body, and which of them could not be worked."""

    channel_id: int
    port: ChannelPort | None
    hints: Mapping[int, Hint]
    silence: GatewayError | None = None
    unworked: dict[int, Unworked] = field(default_factory=dict)
    conversations: dict[str, IncomingConversation] = field(default_factory=dict)

    def run(self) -> None:
        """Work them all. Raises only what is a defect, or ConflictError."""
        for place, hint in self._of(HintKind.STRANGE):
            self.unworked[place] = Unworked(hint.trouble or HintTrouble.UNKNOWN_SHAPE)
        hear_of_removal(self.channel_id, [hint.external_id for _, hint in self._of(HintKind.GONE, HintKind.POST_GONE)])
        self._know_conversations()
        self._take_in_arrived()
        self._look_at_changed()
        self._look_at_posts()
        if self._of(HintKind.WALK):
            ports().nudge("walk")

    def _of(self, *kinds: HintKind) -> list[tuple[int, Hint]]:
        return [(place, hint) for place, hint in self.hints.items() if hint.kind in kinds]

    def _take_in_arrived(self) -> None:
        told = [
            entry
            for place, hint in self._of(HintKind.ARRIVED)
            if hint.incoming is not None and (entry := self._whole(place, hint, hint.incoming)) is not None
        ]
        self._take_in(told, keeps_known_texts=True)

    def _look_at_changed(self) -> None:
        changed = self._of(HintKind.CHANGED)
        known = _known(self.channel_id, [hint.external_id for _, hint in changed])
        wanted: dict[str, list[int]] = {}
        for place, hint in changed:
            if not _is_known_already(known.get(hint.external_id), hint):
                wanted.setdefault(hint.external_id, []).append(place)
        seen = [entry for places in wanted.values() if (entry := self._seen(places)) is not None]
        found = _known(self.channel_id, [entry.external_id for entry in seen])
        told = {entry.external_id: entry.is_hidden for entry in seen if entry.external_id in found}
        hear_of_visibility(self.channel_id, {name: it for name, it in told.items() if it is not None})
        # Whether a known item is hidden has been told by now: as something that happened, with a place in its story.
        self._take_in(
            [replace(entry, is_hidden=None) if entry.external_id in found else entry for entry in self._own(seen)]
        )

    def _look_at_posts(self) -> None:
        wanted: dict[str, list[int]] = {}
        for place, hint in self._of(HintKind.POST):
            wanted.setdefault(hint.external_id, []).append(place)
        for external_id, places in wanted.items():
            post = self._look(places, external_id, partial(_post, external_id))
            if post is not None:
                take_in_posts(by_channel(self.channel_id), self.channel_id, [post])

    def _take_in(self, told: Sequence[Incoming], *, keeps_known_texts: bool = False) -> None:
        if told:
            take_in(by_channel(self.channel_id), self.channel_id, told, keeps_known_texts=keeps_known_texts)
            bury_late(self.channel_id, [entry.external_id for entry in told])

    def _seen(self, places: Sequence[int]) -> Incoming | None:
        """What a hint is about, as it stands on the channel now; None where it is gone or could not be looked at."""
        hint = self.hints[places[0]]
        if hint.incoming is None or hint.incoming.kind is ItemKind.COMMENT:
            return self._look(places, hint.external_id, lambda port: port.comment(hint.external_id))
        conversation = self._conversation(places, hint)
        if conversation is None:
            return None
        return self._look(
            places, hint.external_id, lambda port: port.message(hint.external_id, conversation.external_id)
        )

    def _whole(self, place: int, hint: Hint, told: Incoming) -> Incoming | None:
        """What arrived, a message with the conversation that Messenger does not tell; None where that is not known."""
        if told.kind is ItemKind.COMMENT:
            return told
        conversation = self._conversation([place], hint)
        if conversation is None:
            return None
        name = told.author_name if told.is_own else conversation.participant_name
        return replace(told, conversation_external_id=conversation.external_id, author_name=name)

    def _conversation(self, places: Sequence[int], hint: Hint) -> IncomingConversation | None:
        person = hint.person_external_id
        if person is None:
            self.unworked |= dict.fromkeys(places, Unworked(HintTrouble.UNKNOWN_SHAPE))
            return None
        if person not in self.conversations:
            found = self._look(places, "", lambda port: _conversation_with(port, person))
            if found is None:
                return None
            self.conversations[person] = found
        return self.conversations[person]

    def _look(self, places: Sequence[int], external_id: str, look: Callable[[ChannelPort], T]) -> T | None:
        """Look at something once; None where it is gone, which is written down, or where the channel said no."""
        if self.port is None:
            self.unworked |= dict.fromkeys(places, Unworked(HintTrouble.NOT_CONNECTED))
            return None
        try:
            if self.silence is not None:
                raise self.silence
            return look(self.port)
        except GatewayError as error:
            if error.failure is GatewayFailure.GONE and external_id:
                hear_of_removal(self.channel_id, [external_id])
                return None
            if error.failure in _SILENCING:
                self.silence = error
            no = Unworked(
                HintTrouble.CHANNEL_SAID_NO,
                error.detail or str(error.failure),
                error.failure,
                error.retry_after_seconds,
            )
            self.unworked |= dict.fromkeys(places, no)
            return None

    def _know_conversations(self) -> None:
        """Learn from the messages we have in which conversation a person writes."""
        people = {hint.person_external_id for hint in self.hints.values() if hint.person_external_id}
        if not people:
            return
        rows = (
            select(Author.external_id, Item.conversation_external_id)
            .join(Item, Item.author_id == Author.id)
            .where(Author.channel_id == self.channel_id, Author.external_id.in_(people))
            .where(Item.conversation_external_id.is_not(None))
            .distinct()
        )
        with reading() as session:
            found = session.execute(rows).all()
        self.conversations = {person: IncomingConversation(name or "", None, person, None) for person, name in found}

    def _own(self, seen: Iterable[Incoming]) -> list[Incoming]:
        """With those marked as ours that come without their writer but are what one of our acts has made."""
        told = list(seen)
        nameless = [entry.external_id for entry in told if entry.author_external_id is None and not entry.is_own]
        made = select(Act.result_external_id).where(
            Act.channel_id == self.channel_id, Act.result_external_id.in_(nameless)
        )
        with reading() as session:
            ours = set(session.scalars(made)) if nameless else set()
        return [replace(entry, is_own=True) if entry.external_id in ours else entry for entry in told]


@dataclass(frozen=True, slots=True)
class _Known:
    text: str
    is_hidden: bool
    is_gone: bool


def _known(channel_id: int, external_ids: Sequence[str]) -> dict[str, _Known]:
    if not external_ids:
        return {}
    rows = (
        select(Item.external_id, ItemText.text, Item.is_hidden, Item.is_gone)
        .join(ItemText, (ItemText.item_id == Item.id) & (ItemText.number == Item.text_version))
        .where(Item.channel_id == channel_id, Item.external_id.in_(external_ids))
    )
    with reading() as session:
        return {name: _Known(text, is_hidden, is_gone) for name, text, is_hidden, is_gone in session.execute(rows)}


def _is_known_already(known: _Known | None, hint: Hint) -> bool:
    """Whether a change tells nothing new: what it says is how it stands here, or it is about something gone."""
    if known is None or hint.incoming is None:
        return False
    has_same_text = not hint.tells_text or hint.incoming.text == known.text
    has_same_sight = hint.incoming.is_hidden in (None, known.is_hidden)
    return known.is_gone or (has_same_text and has_same_sight)


def _post(external_id: str, port: ChannelPort) -> IncomingPost:
    return port.post(external_id)


def _conversation_with(port: ChannelPort, person: str) -> IncomingConversation:
    found = port.conversation_with(person)
    if found is None:
        raise GatewayError(GatewayFailure.TRANSIENT, "the channel shows no conversation yet")
    return found
