"""The writing half of the simulated Graph API, except private messages."""

from __future__ import annotations

from datetime import UTC, datetime

from tjs_moderation.simulator.calls import Answer, graph_call, renderer, simulation, this_call
from tjs_moderation.simulator.ledger import Deed
from tjs_moderation.simulator.objects import Comment, PageNode, Post, Thing
from tjs_moderation.simulator.problems import bad_parameter, no_such_object, unknown_path
from tjs_moderation.simulator.reading import existing
from tjs_moderation.simulator.sending import send_message

MAX_COMMENT_LENGTH = 8000


@graph_call
def write_node(node: str) -> Answer:
    """`POST /{comment}`: hides or shows it and, with `message`, **edits** it: the first trap."""
    thing, call, held = existing(node), this_call(), simulation()
    held.access.require(call.kind, "pages_manage_engagement")
    if not isinstance(thing, Comment) or not {"is_hidden", "message"} & call.parameters.keys():
        raise no_such_object("POST", node)
    if "message" in call.parameters:
        held.state.edit(thing.id, _comment_text())
        _note("edit", thing, thing.message)
    if "is_hidden" in call.parameters:
        is_hidden = _truth("is_hidden")
        if not held.state.set_hidden(thing.id, is_hidden):
            return {"success": False}
        _note("hide" if is_hidden else "unhide", thing)
    return {"success": True}


@graph_call
def delete_node(node: str) -> Answer:
    """`DELETE /{comment}`."""
    thing, call, held = existing(node), this_call(), simulation()
    held.access.require(call.kind, "pages_manage_engagement")
    if not isinstance(thing, Comment):
        raise no_such_object("DELETE", node)
    held.state.remove(thing.id)
    _note("delete", thing)
    return {"success": True}


@graph_call
def write_edge(node: str, edge: str) -> Answer:
    """`POST /{id}/{edge}`."""
    thing = existing(node)
    match thing, edge:
        case ((Post() | Comment()), "comments"):
            return _reply(thing)
        case PageNode(), "messages":
            return send_message()
        case PageNode(), "feed":
            return _publish(thing)
        case PageNode(), "subscribed_apps":
            return _subscribe(thing)
        case _:
            raise no_such_object("POST", node)


@graph_call
def delete_edge(node: str, edge: str) -> Answer:
    """`DELETE /{page}/subscribed_apps`: the page tells the app nothing more."""
    thing, held = existing(node), simulation()
    if not isinstance(thing, PageNode) or edge != "subscribed_apps":
        raise unknown_path(f"{node}/{edge}")
    held.access.require(this_call().kind, "pages_manage_metadata")
    held.state.subscribed_fields = ()
    _note("unsubscribe", thing)
    return {"success": True}


@graph_call
def unknown(rest: str) -> Answer:
    """Any other call at all."""
    raise unknown_path(rest)


def _reply(target: Post | Comment) -> Answer:
    call, state = this_call(), simulation().state
    simulation().access.require(call.kind, "pages_manage_engagement")
    made = state.comment(target.id, state.page_person, _comment_text())
    _note("reply", target, made.message, made)
    return {"id": renderer().id_of(made)}


def _publish(page: PageNode) -> Answer:
    call, state = this_call(), simulation().state
    simulation().access.require(call.kind, "pages_manage_posts")
    message, link = call.text("message"), call.text("link")
    if not message and not link:
        raise bad_parameter("Param message must be non-empty")
    is_published = _truth("published") if "published" in call.parameters else True
    if call.text("scheduled_publish_time") and is_published:
        raise bad_parameter("Param published must be false when scheduled_publish_time is given")
    made = state.publish(
        message, link=link, is_published=is_published, publish_at=_scheduled_at(call.text("scheduled_publish_time"))
    )
    _note("post", page, message, made)
    return {"id": renderer().id_of(made)}


def _scheduled_at(text: str) -> datetime | None:
    if not text:
        return None
    now = simulation().state.clock.now()
    if not text.isdecimal() or not 600 <= int(text) - now.timestamp() <= 75 * 24 * 3600:
        raise bad_parameter("The specified scheduled publish time is invalid.")
    return datetime.fromtimestamp(int(text), UTC)


def _subscribe(page: PageNode) -> Answer:
    call, state = this_call(), simulation().state
    simulation().access.require(call.kind, "pages_manage_metadata")
    wanted = tuple(name for name in call.text("subscribed_fields").split(",") if name)
    if not wanted:
        raise bad_parameter("The parameter subscribed_fields is required")
    state.subscribed_fields = wanted
    _note("subscribe", page, ",".join(wanted))
    return {"success": True}


def _comment_text() -> str:
    text = this_call().text("message")
    if not text.strip():
        raise bad_parameter("Param message must be non-empty")
    if len(text) > MAX_COMMENT_LENGTH:
        raise bad_parameter(f"Param message must be at most {MAX_COMMENT_LENGTH} characters long")
    return text


def _truth(name: str) -> bool:
    text = this_call().text(name).lower()
    if text not in ("true", "false", "1", "0"):
        raise bad_parameter(f"Param {name} must be a boolean")
    return text in ("true", "1")


def _note(kind: str, target: Thing, text: str = "", made: Thing | None = None) -> None:
    show = renderer()
    this_call().deeds.append(Deed(kind, show.id_of(target), text, show.id_of(made) if made else ""))
