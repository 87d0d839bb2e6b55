"""Reads the page: posts, comments of all levels, conversations, messages. Every call is one bounded request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost, Page
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.facebook.client import GraphClient, GraphList
from tjs_moderation.gateways.facebook.payloads import (
    UnreadablePayloadError,
    read_comment,
    read_conversation,
    read_message,
    read_post,
)

T = TypeVar("T")

LARGEST_PAGE = "100"
"""More is an error."""
CONVERSATIONS_A_PAGE = "50"

POST_FIELDS = "id,message,story,permalink_url,created_time,updated_time"
COMMENT_FIELDS = (
    "id,message,permalink_url,created_time,from{id,name},parent{id},attachment,comment_count,like_count,"
    "is_hidden,can_hide,can_remove,can_reply_privately,message_tags"
)
CONVERSATION_FIELDS = "id,updated_time,message_count,unread_count,can_reply,participants"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,sticker,shares,tags"

_log = logging.getLogger(__name__)


class PageReader:
    """Reads one page through a client."""

    def __init__(self, client: GraphClient, page_id: str) -> None:
        self._client = client
        self._page_id = page_id
        self._is_page_token = False

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        """The page's own posts, newest first."""
        found = self._client.read_list(
            self._page_id, "published_posts", cursor=cursor, fields=POST_FIELDS, limit=LARGEST_PAGE
        )
        return _page(found, lambda each: read_post(each, page_id=self._page_id))

    def comments(self, post_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """Every comment under a post, of all levels, oldest first."""
        found = self._client.read_list(
            post_external_id,
            "comments",
            cursor=cursor,
            filter="stream",
            order="chronological",
            fields=COMMENT_FIELDS,
            limit=LARGEST_PAGE,
        )
        if not found.entries:
            self._believe_in_emptiness()
        return _page(found, lambda each: read_comment(each, page_id=self._page_id, post_id=post_external_id))

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        """The private conversations, most recently changed first."""
        found = self._client.read_list(
            self._page_id,
            "conversations",
            cursor=cursor,
            platform="messenger",
            fields=CONVERSATION_FIELDS,
            limit=CONVERSATIONS_A_PAGE,
        )
        return _page(found, lambda each: read_conversation(each, page_id=self._page_id))

    def messages(self, conversation_external_id: str, cursor: str | None = None) -> Page[Incoming]:
        """The messages of one conversation, newest first."""
        found = self._client.read_list(
            conversation_external_id, "messages", cursor=cursor, fields=MESSAGE_FIELDS, limit=LARGEST_PAGE
        )
        conversation_id = conversation_external_id
        return _page(found, lambda each: read_message(each, page_id=self._page_id, conversation_id=conversation_id))

    def _believe_in_emptiness(self) -> None:
        """With a user's token Meta answers an empty list instead of an error, so an empty list asks whose token it is.

        `debug_token` would tell, too, but takes the token in an address. Asked once; raises GatewayError STOPPED.
        """
        if self._is_page_token:
            return
        if str(self._client.read("me", fields="id").get("id")) != self._page_id:
            raise GatewayError(GatewayFailure.STOPPED, "190/2069032, a page token is required")
        self._is_page_token = True


def _page(found: GraphList, read: Callable[[object], T]) -> Page[T]:
    return Page(tuple(_readable(found.entries, read)), found.next_cursor)


def _readable(payloads: Iterable[object], read: Callable[[object], T]) -> Iterable[T]:
    """Without the entries that have no id: one such must not keep all the others out."""
    for payload in payloads:
        try:
            yield read(payload)
        except UnreadablePayloadError as error:
            _log.warning("an entry of a list was left out: %s", error)
