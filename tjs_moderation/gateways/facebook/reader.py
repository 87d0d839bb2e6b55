"""Reads the page: posts, comments of all levels, conversations, messages. Every call is one bounded request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from tjs_moderation.domain.ports import Incoming, IncomingConversation, IncomingPost, Page
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.gateways.facebook.client import GraphClient, GraphList
from tjs_moderation.gateways.facebook.faults import TOO_MUCH_AT_ONCE, GraphError
from tjs_moderation.gateways.facebook.pace import Pace
from tjs_moderation.gateways.facebook.payloads import (
    REACTION_KINDS,
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

FEWER_AT_ONCE = "25"
"""What is asked for where a full page with its counts was too much for the other side."""

POST_FIELDS = "id,message,story,permalink_url,created_time,updated_time"
COUNT_FIELDS = ",".join(
    (
        "shares",
        "comments.limit(0).summary(total_count)",
        "reactions.limit(0).summary(total_count)",
        *(f"reactions.type({kind}).limit(0).summary(total_count).as({kind.lower()})" for kind in REACTION_KINDS),
    )
)
COMMENT_FIELDS = (
    "id,message,permalink_url,created_time,from{id,name},parent{id},attachment,comment_count,like_count,"
    "is_hidden,can_hide,can_remove,can_reply_privately,message_tags"
)
CONVERSATION_FIELDS = "id,updated_time,message_count,unread_count,can_reply,participants"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments,sticker,shares,tags"

_log = logging.getLogger(__name__)


class PageReader:
    """Reads one page through a client."""

    def __init__(self, client: GraphClient, page_id: str, inbox_calls_per_second: float) -> None:
        self._client = client
        self._page_id = page_id
        self._is_page_token = False
        self._inbox_pace = Pace(inbox_calls_per_second)

    def posts(self, cursor: str | None = None) -> Page[IncomingPost]:
        """The page's own posts, newest first."""
        try:
            found = self._list_posts(cursor, LARGEST_PAGE)
        except GraphError as error:
            # "Please reduce the amount of data you're asking for": counts of a hundred posts can be too much at once.
            if error.fault.code != TOO_MUCH_AT_ONCE or error.failure is GatewayFailure.TRANSIENT:
                raise
            found = self._list_posts(cursor, FEWER_AT_ONCE)
        return _page(found, lambda each: read_post(each, page_id=self._page_id))

    def _list_posts(self, cursor: str | None, limit: str) -> GraphList:
        fields = f"{POST_FIELDS},{COUNT_FIELDS}"
        return self._client.read_list(self._page_id, "published_posts", cursor=cursor, fields=fields, limit=limit)

    def comments(
        self, post_external_id: str, cursor: str | None = None, since: datetime | None = None
    ) -> Page[Incoming]:
        """Every comment under a post from `since` on, of all levels, oldest first."""
        found = self._client.read_list(
            post_external_id,
            "comments",
            cursor=cursor,
            filter="stream",
            order="chronological",
            fields=COMMENT_FIELDS,
            limit=LARGEST_PAGE,
            **({"since": str(int(since.timestamp()))} if since else {}),
        )
        if not found.entries:
            self._believe_in_emptiness()
        return _page(found, lambda each: read_comment(each, page_id=self._page_id, post_id=post_external_id))

    def conversations(self, cursor: str | None = None) -> Page[IncomingConversation]:
        """The private conversations, most recently changed first."""
        self._inbox_pace.wait()
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
        self._inbox_pace.wait()
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
