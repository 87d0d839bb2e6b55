"""Filling the page from one JSON document. Its shape, with every key but `message` optional:

    {"page": {"name": "…"},
     "posts": [{"id": "501", "message": "…", "created_at": "-3d4h", "link": "https://…", "shares": 2,
                "reactions": {"LIKE": 12, "LOVE": 3}, "author": {"id": "…", "name": "…"},
                "comments": [{"id": "701", "author": {"id": "9001", "name": "…"}, "message": "…", "created_at": "-3d2h",
                              "replies": [ …as comments… ], "can_hide": true, "is_hidden": false, "from_page": false,
                              "shows_author": true, "likes": 0, "attachment": { …as Meta's `attachment`… }}]}],
     "conversations": [{"id": "t_1", "person": {"id": "9002", "name": "…"},
                        "messages": [{"id": "m_1", "from_page": false, "message": "…", "created_at": "-1d",
                                      "attachments": { …as Meta's… }, "sticker": "https://…", "shares": { … }}]}]}

- Ids are strings; posts and comments share one space of last segments, and an id without underscores is enough. An id
  not given is made. `author` and `person` may be a plain name: the same name is the same person all through.
- `created_at` is ISO 8601 with a zone, or time before the start such as `-3d4h`, `-45m`, `-2w` (w, d, h, m, s), which
  keeps a document fresh. Left out, it is the moment of the start.
- `can_hide: null` leaves the field out of the API's answers; `shows_author: false` leaves `from` out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tjs_moderation.simulator.moments import read_moment
from tjs_moderation.simulator.objects import Person
from tjs_moderation.simulator.state import PageState

Document = Mapping[str, Any]
_MESSAGE_EXTRAS = ("attachments", "sticker", "shares", "tags")


class SeedError(ValueError):
    """The document cannot be used; the text says where and why."""


def seed_from_file(state: PageState, path: Path) -> None:
    """Fill the page from a JSON file of the shape above. Raises SeedError, OSError."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SeedError(f"{path.name} is not JSON: {error}") from error
    seed_page(state, document)


def seed_page(state: PageState, document: Document) -> None:
    """Fill the page from a document of the shape above; several documents may follow one another. Raises SeedError."""
    place = "the document"
    try:
        with state.lock:
            if "page" in document:
                state.rename(document["page"]["name"])
            for number, post in enumerate(document.get("posts", []), start=1):
                place = f"post {number}"
                _add_post(state, post)
            for number, conversation in enumerate(document.get("conversations", []), start=1):
                place = f"conversation {number}"
                _add_conversation(state, conversation)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SeedError(f"{place}: {type(error).__name__}: {error}") from error


def _add_post(state: PageState, entry: Document) -> None:
    post = state.publish(
        entry["message"],
        post_id=_text_or_none(entry.get("id")),
        created_at=_moment(state, entry),
        author=_person(state, entry["author"]) if entry.get("author") else None,
        is_published=entry.get("is_published", True),
        link=entry.get("link", ""),
        shares=entry.get("shares", 0),
        reactions=dict(entry.get("reactions", {})),
    )
    for comment in entry.get("comments", []):
        _add_comment(state, post.id, comment)


def _add_comment(state: PageState, target_id: str, entry: Document) -> None:
    is_from_page = entry.get("from_page", False)
    comment = state.comment(
        target_id,
        state.page_person if is_from_page else _person(state, entry.get("author") or "Nimetön"),
        entry.get("message", ""),
        comment_id=_text_or_none(entry.get("id")),
        created_at=_moment(state, entry),
        is_hidden=entry.get("is_hidden", False),
        can_hide=entry.get("can_hide", True),
        shows_author=entry.get("shows_author", True),
        likes=entry.get("likes", 0),
        attachment=entry.get("attachment"),
    )
    for reply in entry.get("replies", []):
        _add_comment(state, comment.id, reply)


def _add_conversation(state: PageState, entry: Document) -> None:
    person = _person(state, entry["person"])
    messages = [(message, _moment(state, message)) for message in entry.get("messages", [])]
    first_at = min((at for _, at in messages), default=None)
    state.open_conversation(person, _text_or_none(entry.get("id")), created_at=first_at)
    for message, at in messages:
        state.write(
            person,
            message.get("message", ""),
            is_from_page=message.get("from_page", False),
            message_id=_text_or_none(message.get("id")),
            created_at=at,
            extras={key: message[key] for key in _MESSAGE_EXTRAS if key in message},
        )


def _person(state: PageState, entry: str | Document) -> Person:
    if isinstance(entry, str):
        return state.meet(entry)
    return state.meet(entry["name"], _text_or_none(entry.get("id")))


def _moment(state: PageState, entry: Document) -> datetime:
    told = entry.get("created_at")
    return read_moment(told, state.clock.now()) if told else state.clock.now()


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)
