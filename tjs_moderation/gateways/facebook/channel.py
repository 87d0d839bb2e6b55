"""The page on Facebook as a channel."""

from __future__ import annotations

from datetime import datetime

import requests

from tjs_moderation.domain.ports import ActDone, Incoming, IncomingConversation, IncomingPost, OutwardAct, Page, Usage
from tjs_moderation.gateways.facebook.actor import PageActor
from tjs_moderation.gateways.facebook.client import (
    DEFAULT_API_VERSION,
    DEFAULT_GRAPH_URL,
    DEFAULT_TIMEOUT_SECONDS,
    GraphClient,
)
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials
from tjs_moderation.gateways.facebook.looker import PageLooker
from tjs_moderation.gateways.facebook.pace import INBOX_CALLS_PER_SECOND
from tjs_moderation.gateways.facebook.reader import PageReader


class FacebookChannel:
    """Reads a page and acts on it through the Graph API; implements `domain.ports.Channel`.

    `timeout_seconds` is the time to connect and the time between two pieces of an answer. Nothing is tried twice here:
    whoever calls decides when to try again.
    """

    def __init__(
        self,
        credentials: FacebookCredentials,
        *,
        graph_url: str = DEFAULT_GRAPH_URL,
        api_version: str = DEFAULT_API_VERSION,
        session: requests.Session | None = None,
        timeout_seconds: tuple[float, float] = DEFAULT_TIMEOUT_SECONDS,
        inbox_calls_per_second: float = INBOX_CALLS_PER_SECOND,
    ) -> None:
        self._client = GraphClient(
            credentials,
            graph_url=graph_url,
            api_version=api_version,
            session=session,
            timeout_seconds=timeout_seconds,
        )
        self._reader = PageReader(self._client, credentials.page_id, inbox_calls_per_second)
        self._looker = PageLooker(self._client, credentials.page_id)
        self._actor = PageActor(self._client, credentials.page_id)

    @property
    def usage(self) -> Usage:
        """How much of its budget the page had used when it last told."""
        return self._client.usage

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        """The page's own posts, newest first. Raises GatewayError."""
        return self._reader.posts(cursor)

    def comments(
        self, post_external_id: str, cursor: str | None = None, since: datetime | None = None
    ) -> Page[Incoming]:
        """Every comment under a post from `since` on, of all levels, oldest first. Raises GatewayError."""
        return self._reader.comments(post_external_id, cursor, since)

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        """The private conversations, most recently changed first. Raises GatewayError."""
        return self._reader.conversations(cursor)

    def messages(self, conversation_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """The messages of one conversation, newest first. Raises GatewayError."""
        return self._reader.messages(conversation_external_id, cursor)

    def is_gone(self, external_id: str) -> bool:
        """Whether a comment is certainly no longer there. Raises GatewayError."""
        return self._actor.is_gone(external_id)

    def comment(self, external_id: str) -> Incoming:
        """A comment as it stands now. Raises GatewayError."""
        return self._looker.comment(external_id)

    def message(self, external_id: str, conversation_external_id: str) -> Incoming:
        """A private message as it stands now. Raises GatewayError."""
        return self._looker.message(external_id, conversation_external_id)

    def post(self, external_id: str) -> IncomingPost:
        """A post as it stands now. Raises GatewayError."""
        return self._looker.post(external_id)

    def conversation_with(self, person_external_id: str) -> IncomingConversation | None:
        """The private conversation with a person, None where there is none. Raises GatewayError."""
        return self._looker.conversation_with(person_external_id)

    def perform(self, act: OutwardAct) -> ActDone:
        """Do it, once. Raises GatewayError (nothing happened) or OutcomeUnknownError (it may have happened)."""
        return self._actor.perform(act)

    def read_back(self, act: OutwardAct) -> ActDone | None:
        """ActDone if it happened, None if it certainly did not. Raises GatewayError where neither is known."""
        return self._actor.read_back(act)
