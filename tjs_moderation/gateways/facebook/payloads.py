"""Meta's payloads as our own shapes. Tolerant: any field but the id may be absent, empty or of an odd kind."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeGuard
from urllib.parse import urlsplit

from tjs_moderation.domain.ports import Attachment, Incoming, IncomingConversation, IncomingPost
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.errors import InvalidInputError
from tjs_moderation.gateways.facebook.ids import canonical_id, same_object
from tjs_moderation.gateways.facebook.moments import read_moment

REACTION_KINDS = ("LIKE", "LOVE", "WOW", "HAHA", "SAD", "ANGRY", "CARE")
_MAX_DEPTH = 32
_NAMED_IN_COMMENTS = frozenset(
    {
        "id",
        "message",
        "permalink_url",
        "created_time",
        "from",
        "parent",
        "object",
        "attachment",
        "is_hidden",
        "can_hide",
    }
)
_NAMED_IN_MESSAGES = frozenset({"id", "message", "created_time", "from", "to", "attachments", "sticker", "shares"})


class UnreadablePayloadError(InvalidInputError):
    """A payload that is no object or has no id: there is nothing to remember it by."""

    code = "unreadable_payload"


def read_post(payload: object, *, page_id: str) -> IncomingPost:
    """A post of the page. Raises UnreadablePayloadError."""
    fields = _fields(payload, "post")
    created_at = read_moment(fields.get("created_time"))
    return IncomingPost(
        external_id=canonical_id(_id(fields, "post"), page_id),
        text=text_of(fields.get("message")) or text_of(fields.get("story")),
        permalink=_link(fields.get("permalink_url")) or None,
        created_at=created_at,
        updated_at=read_moment(fields.get("updated_time")) or created_at,
        counts=_counts(fields),
    )


def read_comment(payload: object, *, page_id: str, post_id: str | None = None) -> Incoming:
    """A comment or a reply of any level, under the post where that is known. Raises UnreadablePayloadError."""
    fields = _fields(payload, "comment")
    told_id = _id(fields, "comment")
    post = _post_of(fields, told_id, page_id, post_id)
    external_id = canonical_id(told_id, post)
    author_id, author_name = _person(fields.get("from"))
    raw = _left_over(fields, _NAMED_IN_COMMENTS)
    return Incoming(
        external_id=external_id,
        kind=ItemKind.COMMENT,
        text=text_of(fields.get("message")),
        post_external_id=post,
        parent_external_id=_parent_of(fields.get("parent"), post),
        author_external_id=author_id,
        author_name=author_name,
        created_at=read_moment(fields.get("created_time")),
        permalink=_link(fields.get("permalink_url")) or None,
        is_own=author_id == page_id,
        is_hidden=_truth(fields.get("is_hidden")),
        can_hide=_truth(fields.get("can_hide")),
        attachments=tuple(_comment_attachments(fields.get("attachment"))),
        raw=raw if told_id == external_id else raw | {"id": told_id},
    )


def read_conversation(payload: object, *, page_id: str) -> IncomingConversation:
    """A private conversation; the participant is the first who is not the page. Raises UnreadablePayloadError."""
    fields = _fields(payload, "conversation")
    people = [_person(each) for each in _data(fields.get("participants"))]
    other_id, other_name = next(((id_, name) for id_, name in people if id_ not in (None, page_id)), (None, None))
    return IncomingConversation(
        external_id=_id(fields, "conversation"),
        updated_at=read_moment(fields.get("updated_time")),
        participant_external_id=other_id,
        participant_name=other_name,
    )


def read_message(payload: object, *, page_id: str, conversation_id: str) -> Incoming:
    """A private message. Raises UnreadablePayloadError."""
    fields = _fields(payload, "message")
    author_id, author_name = _person(fields.get("from"))
    recipients = {_person(each)[0] for each in _data(fields.get("to"))} - {None}
    # Without an author the addressee tells whose message it is.
    is_own = author_id == page_id if author_id else bool(recipients) and page_id not in recipients
    return Incoming(
        external_id=_id(fields, "message"),
        kind=ItemKind.MESSAGE,
        text=text_of(fields.get("message")),
        conversation_external_id=conversation_id,
        author_external_id=author_id,
        author_name=author_name,
        created_at=read_moment(fields.get("created_time")),
        is_own=is_own,
        attachments=tuple(_message_attachments(fields)),
        raw=_left_over(fields, _NAMED_IN_MESSAGES),
    )


def text_of(value: object) -> str:
    """Text as every database can keep it: NUL and lone surrogates, which JSON may carry, become U+FFFD."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _fields(payload: object, what: str) -> Mapping[str, object]:
    if not isinstance(payload, Mapping):
        raise UnreadablePayloadError(f"a {what} that is no object")
    return payload


def _id(fields: Mapping[str, object], what: str) -> str:
    found = _id_or_none(fields.get("id"))
    if found is None:
        raise UnreadablePayloadError(f"a {what} without an id")
    return found


def _id_or_none(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return text_of(str(value)).strip() or None


def _post_of(fields: Mapping[str, object], told_id: str, page_id: str, post_id: str | None) -> str | None:
    """The post in its canonical form: the one we asked for, the one told, or the first part of the comment's id."""
    told = fields.get("object")
    known = post_id or (_id_or_none(told.get("id")) if isinstance(told, Mapping) else None)
    if known is None and "_" in told_id:
        known = told_id.split("_")[-2] or None
    return canonical_id(known, page_id) if known else None


def _parent_of(parent: object, post: str | None) -> str | None:
    told = _id_or_none(parent.get("id") if isinstance(parent, Mapping) else parent)
    if told is None or (post is not None and same_object(told, post)):
        return None
    return canonical_id(told, post)


def _person(value: object) -> tuple[str | None, str | None]:
    if not isinstance(value, Mapping):
        return None, None
    return _id_or_none(value.get("id")), text_of(value.get("name")) or None


def _data(value: object) -> list[object]:
    """The entries of a list, which Meta wraps in `{"data": […]}`."""
    inner = value.get("data") if isinstance(value, Mapping) else value
    return inner if isinstance(inner, list) else []


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _counts(fields: Mapping[str, object]) -> dict[str, int]:
    """How much a post was shared, commented on and reacted to, as far as it was told. Shares of 0 are left out."""
    names = ("comments", "reactions", *(kind.lower() for kind in REACTION_KINDS))
    told = {name: _inside(fields.get(name), "summary", "total_count") for name in names}
    counts = {name: count for name, count in told.items() if _is_count(count)}
    shares = _inside(fields.get("shares"), "count")
    if counts or _is_count(shares):
        counts["shares"] = shares if _is_count(shares) else 0
    return counts


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _comment_attachments(value: object) -> Iterable[Attachment]:
    if isinstance(value, Mapping):
        image = _inside(value, "media", "image", "src")
        url = _link(value.get("url")) or _link(image)
        yield Attachment(text_of(value.get("type")) or "file", url, text_of(value.get("title")))


def _message_attachments(fields: Mapping[str, object]) -> Iterable[Attachment]:
    for each in _data(fields.get("attachments")):
        if isinstance(each, Mapping):
            yield Attachment(_kind_of(each), _file_link(each), text_of(each.get("name")))
    if fields.get("sticker"):
        yield Attachment("sticker", _link(fields.get("sticker")))
    for each in _data(fields.get("shares")):
        if isinstance(each, Mapping):
            yield Attachment("link", _link(each.get("link")), text_of(each.get("name")))


def _kind_of(attachment: Mapping[str, object]) -> str:
    """`image`, `video` or `audio`; everything else, the placeholder told in the EU included, is a file."""
    for kind in ("image", "video", "audio"):
        if f"{kind}_data" in attachment or text_of(attachment.get("mime_type")).startswith(f"{kind}/"):
            return kind
    return "file"


def _file_link(attachment: Mapping[str, object]) -> str:
    places = (("image_data", "url"), ("video_data", "url"), ("file_url",))
    return next((link for link in (_link(_inside(attachment, *place)) for place in places) if link), "")


def _inside(value: object, *path: str) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _link(value: object) -> str:
    """The address if it is one of the web; anything else (`javascript:`, `data:`) must never become a link."""
    address = text_of(value).strip()
    try:
        is_web = urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return ""
    return address if is_web else ""


def _left_over(fields: Mapping[str, object], named: frozenset[str]) -> dict[str, object]:
    return {text_of(key): _tidy(value) for key, value in fields.items() if key not in named}


def _tidy(value: object, depth: int = _MAX_DEPTH) -> object:
    """A JSON value as every database can keep it; what is nested deeper than anything Meta sends is cut off."""
    if depth == 0 or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, Mapping):
        return {text_of(key): _tidy(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_tidy(inner, depth - 1) for inner in value]
    return text_of(value) if isinstance(value, str) else value
