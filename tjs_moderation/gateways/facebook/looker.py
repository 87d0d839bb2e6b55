"""Looks at one thing on the page, where a webhook told of it only in part or an older one may have come late."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.facebook.client import GraphClient
from tjs_moderation.gateways.facebook.payloads import (
    UnreadablePayloadError,
    read_comment,
    read_conversation,
    read_message,
    read_post,
)
from tjs_moderation.gateways.facebook.reader import (
    COMMENT_FIELDS,
    CONVERSATION_FIELDS,
    COUNT_FIELDS,
    MESSAGE_FIELDS,
    POST_FIELDS,
)

T = TypeVar("T")


class PageLooker:
    """Implements `domain.ports.ChannelLooker` through a client."""

    def __init__(self, client: GraphClient, page_id: str) -> None:
        self._client = client
        self._page_id = page_id

    def comment(self, external_id: str) -> Incoming:
        """A comment as it stands now."""
        told = self._client.read(external_id, fields=f"{COMMENT_FIELDS},object{{id}}")
        return _readable(lambda: read_comment(told, page_id=self._page_id, post_id=_post_in(external_id)))

    def message(self, external_id: str, conversation_external_id: str) -> Incoming:
        """A private message as it stands now."""
        told = self._client.read(external_id, fields=MESSAGE_FIELDS)
        return _readable(
            lambda: read_message(told, page_id=self._page_id, conversation_id=conversation_external_id),
        )

    def post(self, external_id: str) -> IncomingPost:
        """A post as it stands now."""
        told = self._client.read(external_id, fields=f"{POST_FIELDS},{COUNT_FIELDS}")
        return _readable(lambda: read_post(told, page_id=self._page_id))

    def conversation_with(self, person_external_id: str) -> IncomingConversation | None:
        """The private conversation with a person, None where there is none."""
        found = self._client.read_list(
            self._page_id,
            "conversations",
            platform="messenger",
            user_id=person_external_id,
            fields=CONVERSATION_FIELDS,
            limit="1",
        )
        if not found.entries:
            return None
        return _readable(lambda: read_conversation(found.entries[0], page_id=self._page_id))


def _post_in(comment_id: str) -> str | None:
    """The post's part of a comment's stored id: the same comment may be told under a photo's id, too."""
    before, _, _ = comment_id.rpartition("_")
    return before or None


def _readable(read: Callable[[], T]) -> T:
    try:
        return read()
    except UnreadablePayloadError as error:
        raise GatewayError(GatewayFailure.TRANSIENT, str(error)) from None
