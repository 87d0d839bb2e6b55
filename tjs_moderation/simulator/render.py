"""Things as the Graph API shows them: which fields a node has, which come unasked, and the lists that hang from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tjs_moderation.simulator.fieldspec import Field, parse_fields
from tjs_moderation.simulator.moments import graph_time
from tjs_moderation.simulator.objects import (
    REACTION_KINDS,
    Comment,
    Conversation,
    Message,
    PageNode,
    Person,
    Post,
    Thing,
)
from tjs_moderation.simulator.paging import Link, cursor_page, cut, read_page_request, time_page
from tjs_moderation.simulator.problems import bad_parameter, no_such_field
from tjs_moderation.simulator.state import PageState

ABSENT = object()
"""A field the node has, but which the API leaves out of this answer."""

Answer = dict[str, object]
Show = Callable[["Renderer", Any, Field], object]
LinkTo = Callable[[str, Mapping[str, str]], str]
"""Gives the absolute address of a call on an edge (`{id}/comments`) with these parameters."""


class Renderer:
    """Shows things for one call. `link_to` makes addresses of calls, `root_url` is the address of the visible page."""

    def __init__(self, state: PageState, root_url: str, link_to: LinkTo) -> None:
        self.state = state
        self.root_url = root_url
        self._link_to = link_to

    def node(self, thing: Thing, fields: tuple[Field, ...] | None = None) -> Answer:
        """The fields asked for (by default the node's usual ones); `id` always. Raises GraphProblemError."""
        node_type, shows, usual = _NODES[type(thing)]
        answer: Answer = {}
        for field in fields or parse_fields(usual):
            if field.name not in shows:
                raise no_such_field(field.name, node_type)
            value = shows[field.name](self, thing, field)
            if value is not ABSENT:
                answer[field.alias] = _narrowed(value, field)
        answer["id"] = self.id_of(thing)
        return answer

    def id_of(self, thing: Thing) -> str:
        """The full id: `{page}_{post}`, `{post}_{comment}`, or the thing's own."""
        if isinstance(thing, Post):
            return f"{self.state.page.id}_{thing.id}"
        return f"{thing.post_id}_{thing.id}" if isinstance(thing, Comment) else thing.id

    def permalink(self, thing: Post | Comment) -> str:
        """Where the thing can be seen on the simulated page."""
        if isinstance(thing, Post):
            return f"{self.root_url}posts/{thing.id}"
        return f"{self.root_url}posts/{thing.post_id}#kommentti-{thing.id}"

    def comments(
        self, thing: Post | Comment, parameters: Mapping[str, str], fields: tuple[Field, ...] | None
    ) -> Answer:
        """The comments edge of a post or a comment."""
        order = _choice(parameters, "order", "chronological", "reverse_chronological")
        every_level = _choice(parameters, "filter", "toplevel", "stream") == "stream"
        request = read_page_request(parameters)
        known = self.state.under(thing, every_level=every_level)
        here = [each for each in known if not each.is_deleted]
        part, has_more = cut(here, request, newest_first=order != "chronological")
        link = self._edge_link(thing, "comments", parameters)
        answer = cursor_page(part, has_more, request, lambda each: self.node(each, fields), link)
        if parameters.get("summary", "false") not in ("false", "0"):
            # The real count, too, goes on counting what was deleted.
            answer["summary"] = {"order": order, "total_count": len(known), "can_comment": True}
        return answer

    def posts(self, edge: str, parameters: Mapping[str, str], fields: tuple[Field, ...] | None) -> Answer:
        """One of the page's edges of posts, newest first: `feed` has visitors' and unpublished ones too."""
        request = read_page_request(parameters)
        part, has_more = cut(self.state.posts_of(with_everything=edge == "feed"), request, newest_first=True)
        link = self._edge_link(self.state.page, edge, parameters)
        return time_page(part, has_more, request, lambda each: self.node(each, fields), link)

    def conversations(self, parameters: Mapping[str, str], fields: tuple[Field, ...] | None) -> Answer:
        """The page's conversations, the last changed first; `user_id` asks for the one with that person."""
        person_id = parameters.get("user_id")
        wanted = [each for each in self.state.conversations.values() if person_id in (None, each.person.id)]
        wanted.sort(key=lambda each: (each.updated_at, each.sequence))
        request = read_page_request(parameters)
        part, has_more = cut(wanted, request, newest_first=True)
        link = self._edge_link(self.state.page, "conversations", parameters)
        return cursor_page(part, has_more, request, lambda each: self.node(each, fields), link)

    def messages(self, thing: Conversation, parameters: Mapping[str, str], fields: tuple[Field, ...] | None) -> Answer:
        """The messages of a conversation, newest first."""
        request = read_page_request(parameters)
        part, has_more = cut(thing.messages, request, newest_first=True)
        link = self._edge_link(thing, "messages", parameters)
        return cursor_page(part, has_more, request, lambda each: self.node(each, fields), link)

    def _edge_link(self, thing: Thing, edge: str, parameters: Mapping[str, str]) -> Link:
        path = f"{self.id_of(thing)}/{edge}"
        stale = ("after", "before", "since", "until", "__paging_token", "__previous")
        kept = {name: value for name, value in parameters.items() if name not in stale or (name == "since" and value)}
        return lambda changes: self._link_to(path, kept | {k: v for k, v in changes.items() if v})


def person(who: Person) -> Answer:
    """A person as `from` and in lists of participants."""
    return {"name": who.name, "id": who.id}


def _choice(parameters: Mapping[str, str], name: str, *allowed: str) -> str:
    value = parameters.get(name, allowed[0])
    if value not in allowed:
        raise bad_parameter(f"Param {name} must be one of {{{', '.join(allowed).upper()}}} - got unexpected value")
    return value


def _narrowed(value: object, field: Field) -> object:
    """`from{id}`: of a plain object only the keys asked for. Nodes and lists have seen to that themselves."""
    if field.fields is None or field.name not in ("from", "participants") or not isinstance(value, dict):
        return value
    wanted = {each.name for each in field.fields} | {"id", "data"}
    return {key: inner for key, inner in value.items() if key in wanted}


def _reactions(renderer: Renderer, post: Post, field: Field) -> Answer:
    kind = field.arguments.get("type")
    if kind is not None and kind not in REACTION_KINDS:
        raise bad_parameter(f"Param type must be one of {{{', '.join(REACTION_KINDS)}}} - got {kind}")
    count = sum(post.reactions.values()) if kind is None else post.reactions.get(kind, 0)
    return {"data": []} | ({"summary": {"total_count": count}} if "summary" in field.arguments else {})


def _parent(renderer: Renderer, comment: Comment, field: Field) -> object:
    if comment.parent_id is None:
        return ABSENT
    return renderer.node(renderer.state.comments[comment.parent_id], field.fields)


def _participants(renderer: Renderer, conversation: Conversation, field: Field) -> Answer:
    people = (conversation.person, renderer.state.page_person)
    return {"data": [person(who) | {"email": f"{who.id}@facebook.com"} for who in people]}


def _sides(renderer: Renderer, message: Message) -> tuple[Person, Person]:
    """Who wrote it and to whom."""
    other = renderer.state.conversations[message.conversation_id].person
    page = renderer.state.page_person
    return (page, other) if message.is_from_page else (other, page)


def _may_answer(renderer: Renderer, conversation: Conversation) -> bool:
    heard_at = conversation.last_heard_at
    return heard_at is not None and (renderer.state.clock.now() - heard_at).days < 7


def _extra(name: str) -> Show:
    return lambda renderer, message, field: message.extras.get(name, ABSENT)


_PAGE: dict[str, Show] = {
    "id": lambda r, page, f: page.id,
    "name": lambda r, page, f: page.name,
    "link": lambda r, page, f: r.root_url,
}
_POST: dict[str, Show] = {
    "id": lambda r, post, f: r.id_of(post),
    "message": lambda r, post, f: post.message or ABSENT,
    "created_time": lambda r, post, f: graph_time(post.created_at),
    "updated_time": lambda r, post, f: graph_time(post.updated_at),
    "from": lambda r, post, f: person(post.author or r.state.page_person),
    "permalink_url": lambda r, post, f: r.permalink(post),
    "is_published": lambda r, post, f: post.is_out(r.state.clock.now()),
    "story": lambda r, post, f: ABSENT,
    "full_picture": lambda r, post, f: ABSENT,
    "attachments": lambda r, post, f: (
        {"data": [{"type": "share", "url": post.link, "unshimmed_url": post.link}]} if post.link else ABSENT
    ),
    "shares": lambda r, post, f: {"count": post.shares} if post.shares else ABSENT,
    "reactions": _reactions,
    "comments": lambda r, post, f: r.comments(post, f.arguments, f.fields),
}
_COMMENT: dict[str, Show] = {
    "id": lambda r, comment, f: r.id_of(comment),
    "message": lambda r, comment, f: comment.message or ABSENT,
    "created_time": lambda r, comment, f: graph_time(comment.created_at),
    "from": lambda r, comment, f: person(comment.author) if comment.shows_author else ABSENT,
    "permalink_url": lambda r, comment, f: r.permalink(comment),
    "parent": _parent,
    "object": lambda r, comment, f: r.node(r.state.posts[comment.post_id], f.fields),
    "attachment": lambda r, comment, f: comment.attachment or ABSENT,
    "comment_count": lambda r, comment, f: sum(not each.is_deleted for each in r.state.under(comment)),
    "like_count": lambda r, comment, f: comment.likes,
    "is_hidden": lambda r, comment, f: comment.is_hidden,
    "is_private": lambda r, comment, f: False,
    "can_hide": lambda r, comment, f: ABSENT if comment.can_hide is None else comment.can_hide,
    "can_remove": lambda r, comment, f: True,
    "can_comment": lambda r, comment, f: True,
    "can_like": lambda r, comment, f: True,
    "can_reply_privately": lambda r, comment, f: (
        comment.author.id != r.state.page.id and comment.private_reply_conversation_id is None
    ),
    "user_likes": lambda r, comment, f: False,
    "message_tags": lambda r, comment, f: ABSENT,
    "private_reply_conversation": lambda r, comment, f: (
        {"id": comment.private_reply_conversation_id} if comment.private_reply_conversation_id else ABSENT
    ),
    "comments": lambda r, comment, f: r.comments(comment, f.arguments, f.fields),
}
_CONVERSATION: dict[str, Show] = {
    "id": lambda r, conversation, f: conversation.id,
    "link": lambda r, conversation, f: f"/{r.state.page.id}/inbox/{conversation.sequence}/",
    "updated_time": lambda r, conversation, f: graph_time(conversation.updated_at),
    "message_count": lambda r, conversation, f: len(conversation.messages),
    "unread_count": lambda r, conversation, f: 0,
    "snippet": lambda r, conversation, f: conversation.messages[-1].text[:80] if conversation.messages else ABSENT,
    "can_reply": lambda r, conversation, f: _may_answer(r, conversation),
    "participants": _participants,
    "messages": lambda r, conversation, f: r.messages(conversation, f.arguments, f.fields),
}
_MESSAGE: dict[str, Show] = {
    "id": lambda r, message, f: message.id,
    "created_time": lambda r, message, f: graph_time(message.created_at),
    "from": lambda r, message, f: person(_sides(r, message)[0]),
    "to": lambda r, message, f: {"data": [person(_sides(r, message)[1])]},
    "message": lambda r, message, f: message.text,
    **{name: _extra(name) for name in ("attachments", "sticker", "shares", "tags")},
}
_NODES: dict[type, tuple[str, dict[str, Show], str]] = {
    PageNode: ("Page", _PAGE, "name,id"),
    Post: ("Post", _POST, "created_time,message,id"),
    Comment: ("Comment", _COMMENT, "created_time,from,message,id"),
    Conversation: ("UnifiedThread", _CONVERSATION, "id,link,updated_time"),
    Message: ("Message", _MESSAGE, "created_time,id"),
}


def node_type(thing: Thing) -> str:
    """The name Meta gives this kind of node in its errors."""
    return _NODES[type(thing)][0]
