"""The reading half of the simulated Graph API."""

from __future__ import annotations

from flask import request

from tjs_moderation.simulator.access import TokenKind
from tjs_moderation.simulator.calls import Answer, graph_call, renderer, simulation, this_call
from tjs_moderation.simulator.objects import Comment, Conversation, PageNode, Post, Thing
from tjs_moderation.simulator.problems import bad_parameter, no_such_field, no_such_object
from tjs_moderation.simulator.render import node_type

_POST_EDGES = ("published_posts", "posts", "feed")


@graph_call
def read_many() -> Answer:
    """`GET /?ids=a,b`: a map keyed by the ids as they were given."""
    ids = [each for each in this_call().text("ids").split(",") if each]
    if not ids:
        raise bad_parameter("The parameter ids is required")
    return {each: _shown(existing(each)) for each in ids}


@graph_call
def read_node(node: str) -> Answer:
    """`GET /{id}`."""
    call, access = this_call(), simulation().access
    if node == "app":
        return {"name": "Harjoitussovellus", "id": access.app_id}
    if node == "me" and call.kind in (TokenKind.USER, TokenKind.SYSTEM_USER):
        return {"name": "Harjoituskäyttäjä", "id": access.user_id}
    if node in access.other_pages:
        return {"name": access.other_pages[node], "id": node}
    return _shown(existing(simulation().state.page.id if node == "me" else node))


@graph_call
def read_edge(node: str, edge: str) -> Answer:
    """`GET /{id}/{edge}`."""
    thing, call, show = existing(node), this_call(), renderer()
    require = simulation().access.require
    match thing, edge:
        case ((Post() | Comment()), "comments"):
            # A user token gets an empty list and HTTP 200 here, not an error: the third trap.
            if call.kind in (TokenKind.USER, TokenKind.SYSTEM_USER):
                return {"data": []}
            require(call.kind, "pages_read_user_content")
            return show.comments(thing, call.texts, call.fields)
        case PageNode(), _ if edge in _POST_EDGES:
            require(call.kind, "pages_read_engagement")
            return show.posts(edge, call.texts, call.fields)
        case PageNode(), "conversations":
            require(call.kind, "pages_messaging")
            return show.conversations(call.texts, call.fields)
        case Conversation(), "messages":
            require(call.kind, "pages_messaging")
            return show.messages(thing, call.texts, call.fields)
        case PageNode(), "subscribed_apps":
            require(call.kind, "pages_manage_metadata")
            return _subscriptions()
        case _:
            raise no_such_field(edge, node_type(thing))


def existing(any_id: str) -> Thing:
    """The thing of this id. Raises GraphProblemError 100/33 when there is none, or no more."""
    found = simulation().state.find(any_id)
    if found is None:
        raise no_such_object(request.method, any_id)
    return found


def _shown(thing: Thing) -> Answer:
    return renderer().node(thing, this_call().fields)


def _subscriptions() -> Answer:
    access, fields = simulation().access, simulation().state.subscribed_fields
    return {
        "data": [{"id": access.app_id, "name": "Harjoitussovellus", "subscribed_fields": list(fields)}]
        if fields
        else []
    }
