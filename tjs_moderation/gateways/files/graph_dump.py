"""Reads what somebody saved of the Graph API's answers: comments with their replies, posts with comments,
conversations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tjs_moderation.domain.ports import Attachment, Incoming
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.files.columns import (
    author_key,
    check_id,
    checked_text,
    keepable,
    moment,
    web_link,
    whole_characters,
)
from tjs_moderation.gateways.files.downloads import from_timestamp
from tjs_moderation.gateways.files.rows import RowError, RowFault

_SAID = frozenset(
    {"id", "message", "from", "parent", "object", "created_time", "permalink_url", "is_hidden", "can_hide", "comments"},
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What an object hangs from, as far as the dump tells by its nesting."""

    post_id: str = ""
    page_id: str = ""
    parent_id: str = ""
    conversation_id: str = ""


def graph_items(told: Mapping[str, object]) -> Iterator[Incoming | RowError]:
    """Everything in one object of a dump: itself, unless it is a post or a conversation, and all that is nested in
    it.
    """
    waiting: list[tuple[Mapping[str, object], _Around]] = [(told, _Around())]
    while waiting:
        entry, around = waiting.pop()
        own_id = _id(entry.get("id"))
        replies, messages = _nested(entry, "comments"), _nested(entry, "messages")
        if any(_is_under_post(own_id, reply) for reply in replies):
            inside = _Around(post_id=own_id, page_id=own_id.split("_")[0])
        elif messages or own_id.startswith("t_"):
            inside = _Around(conversation_id=own_id)
        else:
            inside = _Around(around.post_id, around.page_id, own_id, around.conversation_id)
            yield _item_or_error(entry, around)
        waiting += [(part, inside) for part in reversed([*replies, *messages])]


def _nested(entry: Mapping[str, object], name: str) -> list[dict[str, object]]:
    edge = entry.get(name)
    listed = edge.get("data") if isinstance(edge, dict) else None
    return [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []


def _is_under_post(outer_id: str, reply: Mapping[str, object]) -> bool:
    """A post is `{page}_{post}` and its comments `{post}_{comment}`; a comment's replies begin as it does itself."""
    return "_" in outer_id and _id(reply.get("id")).startswith(outer_id.rsplit("_", 1)[1] + "_")


def _item_or_error(told: Mapping[str, object], around: _Around) -> Incoming | RowError:
    try:
        return _item(told, around)
    except RowError as error:
        return error


def _item(told: Mapping[str, object], around: _Around) -> Incoming:
    own_id = _checked_id("id", told.get("id"))
    if not own_id:
        raise RowError(RowFault.MISSING_ID)
    writer = _object(told, "from")
    writer_id, name = _checked_id("from", writer.get("id")), whole_characters(_text(writer, "name"))
    is_message = bool(around.conversation_id) or own_id.startswith(("m_", "mid.")) or "to" in told
    parent_id = _checked_id("parent", _object(told, "parent").get("id")) or around.parent_id
    return Incoming(
        external_id=own_id,
        kind=ItemKind.MESSAGE if is_message else ItemKind.COMMENT,
        text=checked_text(_text(told, "message")),
        post_external_id=None if is_message else _post_id(told, own_id, around),
        parent_external_id=None if is_message else parent_id or None,
        conversation_external_id=(around.conversation_id or writer_id or None) if is_message else None,
        author_external_id=author_key(writer_id, name),
        author_name=name or None,
        created_at=_created_at(told.get("created_time")),
        permalink=web_link(_text(told, "permalink_url")),
        is_own=bool(writer_id) and writer_id == around.page_id,
        is_hidden=_flag(told, "is_hidden"),
        can_hide=_flag(told, "can_hide"),
        attachments=tuple(_attachments(told)),
        raw=keepable({key: value for key, value in told.items() if key not in _SAID}),
    )


def _post_id(told: Mapping[str, object], own_id: str, around: _Around) -> str | None:
    named = _checked_id("object", _object(told, "object").get("id")) or around.post_id
    return named or (own_id.rsplit("_", 1)[0] if "_" in own_id else None)


def _id(value: object) -> str:
    """Ids are strings; old payloads have numbers."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, str) else ""


def _checked_id(name: str, value: object) -> str:
    written = _id(value).strip()
    check_id(name, written)
    return written


def _object(told: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(RowFault.BAD_VALUE, column=name)
    if "\x00" in value:
        raise RowError(RowFault.BAD_CHARACTER, column=name)
    return value


def _flag(told: Mapping[str, object], name: str) -> bool | None:
    value = told.get(name)
    return value if isinstance(value, bool) else None


def _created_at(value: object) -> datetime | None:
    if value is None or isinstance(value, str):
        return moment(value or "", UTC)
    at = from_timestamp(value)
    if at is None:
        raise RowError(RowFault.BAD_DATE, written=str(value)[:40])
    return at


def _attachments(told: Mapping[str, object]) -> Iterator[Attachment]:
    for one in [_object(told, "attachment"), *_nested(told, "attachments")]:
        if one:
            link = one.get("url") or one.get("file_url") or _object(one, "image_data").get("url")
            kind = str(one.get("type") or one.get("mime_type") or "attachment")
            title = str(one.get("name") or one.get("title") or "")
            yield Attachment(
                whole_characters(kind)[:80], web_link(str(link or "")) or "", whole_characters(title)[:300]
            )
    if told.get("sticker"):
        yield Attachment("sticker")
