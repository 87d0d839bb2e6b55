"""The page on Facebook as a channel."""

from __future__ import annotations

import requests

from tjs_moderation.domain.ports import ActDone, Incoming, IncomingConversation, IncomingPost, OutwardAct, Page
from tjs_moderation.gateways.facebook.actor import PageActor
from tjs_moderation.gateways.facebook.client import (
    DEFAULT_API_VERSION,
    DEFAULT_GRAPH_URL,
    DEFAULT_TIMEOUT_SECONDS,
    GraphClient,
)
from tjs_moderation.gateways.facebook.credentials import FacebookCredentials
from tjs_moderation.gateways.facebook.reader import PageReader
from tjs_moderation.gateways.facebook.usage import Usage


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
    ) -> None:
        self._client = GraphClient(
            credentials,
            graph_url=graph_url,
            api_version=api_version,
            session=session,
            timeout_seconds=timeout_seconds,
        )
        self._reader = PageReader(self._client, credentials.page_id)
        self._actor = PageActor(self._client, credentials.page_id)

    @property
    def usage(self) -> Usage:
        """How much of its budget the page had used when it last told."""
        return self._client.usage

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        """The page's own posts, newest first. Raises GatewayError."""
        return self._reader.posts(cursor)

    def comments(self, post_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """Every comment under a post, of all levels, oldest first. Raises GatewayError."""
        return self._reader.comments(post_external_id, cursor)

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        """The private conversations, most recently changed first. Raises GatewayError."""
        return self._reader.conversations(cursor)

    def messages(self, conversation_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """The messages of one conversation, newest first. Raises GatewayError."""
        return self._reader.messages(conversation_external_id, cursor)

    def perform(self, act: OutwardAct) -> ActDone:
        """Do it, once. Raises GatewayError (nothing happened) or OutcomeUnknownError (it may have happened)."""
        return self._actor.perform(act)

    def read_back(self, act: OutwardAct) -> ActDone | None:
        """ActDone if it happened, None if it certainly did not. Raises GatewayError where neither is known."""
        return self._actor.read_back(act)
