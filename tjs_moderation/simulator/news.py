"""What happens on the page, as Meta's webhooks tell it: one value for each thing, in today's shape."""

from __future__ import annotations

from typing import Any

from tjs_moderation.simulator.moments import graph_time
from tjs_moderation.simulator.objects import Comment, Conversation, Message, PageNode, Person, Post, Thing
from tjs_moderation.simulator.state import PageState

Value = dict[str, Any]


def news_of(state: PageState, verb: str, thing: Thing) -> tuple[str, Value, str] | None:
    """The field, the value and the name (`feed/comment/add`) under which something that happened is told."""
    match thing:
        case Comment():
            link = f"https://www.facebook.com/{state.page.id}/posts/{thing.post_id}"
            post = state.posts[thing.post_id]
            return "feed", comment_value(state.page, post, thing, verb, link), f"feed/comment/{verb}"
        case Post():
            return "feed", post_value(state.page, thing, verb), f"feed/post/{verb}"
        case Message():
            conversation = state.conversations[thing.conversation_id]
            field = "message_echoes" if thing.is_from_page else "messages"
            return field, message_event(state.page, conversation, thing), f"messaging/{field}"
        case _:
            return None


def comment_value(page: PageNode, post: Post, comment: Comment, verb: str, link: str) -> Value:
    """The value of a change of the feed about a comment. Of hiding, the page is told as its writer, as by Meta."""
    value: Value = {
        "item": "comment",
        "verb": verb,
        "comment_id": f"{comment.post_id}_{comment.id}",
        "post_id": f"{page.id}_{post.id}",
        "parent_id": f"{comment.post_id}_{comment.parent_id}" if comment.parent_id else f"{page.id}_{post.id}",
    }
    if verb in ("hide", "unhide"):
        value["from"] = {"id": page.id, "name": page.name}
    elif comment.shows_author:
        value["from"] = {"id": comment.author.id, "name": comment.author.name}
    if verb == "remove":
        return value
    if comment.message:
        value["message"] = comment.message
    elif comment.attachment:
        value["photo"] = "https://example.org/photo.jpg"
    value["created_time"] = int(comment.created_at.timestamp())
    value["post"] = {
        "status_type": "mobile_status_update",
        "is_published": True,
        "updated_time": graph_time(post.updated_at),
        "permalink_url": link,
        "promotion_status": "inactive",
        "id": f"{page.id}_{post.id}",
    }
    return value


def post_value(page: PageNode, post: Post, verb: str) -> Value:
    """The value of a change of the feed about a post; of one that is gone only which it was."""
    author = post.author or Person(page.id, page.name)
    value: Value = {
        "item": "status" if post.author is None else "post",
        "verb": verb,
        "post_id": f"{page.id}_{post.id}",
        "from": {"id": author.id, "name": author.name},
        "created_time": int(post.created_at.timestamp()),
    }
    return value if verb == "remove" else value | {"message": post.message, "published": int(post.is_published)}


def message_event(page: PageNode, conversation: Conversation, message: Message) -> Value:
    """A messaging event; what the page wrote comes back as an echo."""
    sides = [{"id": conversation.person.id}, {"id": page.id}]
    sender, recipient = reversed(sides) if message.is_from_page else sides
    told: Value = {"mid": message.id}
    if message.text:
        told["text"] = message.text
    if message.is_from_page:
        told |= {"is_echo": True, "app_id": 4000}
    stamp = int(message.created_at.timestamp() * 1000)
    return {"sender": sender, "recipient": recipient, "timestamp": stamp, "message": told}


def in_old_shape(value: Value) -> Value:
    """The same as it was told from 2015 to 2018: plain sender fields, numbers for ids."""
    who = value.get("from") or {}
    old = {name: each for name, each in value.items() if name not in ("from", "post")}
    return old | {"sender_id": _number(who.get("id")), "sender_name": who.get("name")}


def _number(text: object) -> object:
    return int(text) if isinstance(text, str) and text.isdecimal() else text
