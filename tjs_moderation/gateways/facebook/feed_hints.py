"""Changes of a page's feed as hints: comments, posts, reactions, in today's shape and in that of 2015 to 2018."""

from __future__ import annotations

from collections.abc import Mapping

from tjs_moderation.domain.hints import Hint, HintKind, HintTrouble
from tjs_moderation.gateways.facebook.ids import canonical_id
from tjs_moderation.gateways.facebook.payloads import UnreadablePayloadError, read_comment, read_post, text_of

POSTS = frozenset({"post", "status", "photo", "video", "share", "album", "event", "link", "note"})
REACTIONS = frozenset({"reaction", "like"})
_TOLD = frozenset({"add", "edit", "edited", "update"})
_GONE = frozenset({"remove", "delete"})
_SEEN = {"hide": True, "unhide": False}
_OF_NO_USE = frozenset({"block", "unblock", "follow", "mute", "unhide", "hide"})
"""What is done to a post, or to a person, that changes nothing of what people wrote."""
_ATTACHED = ("photo", "video", "link")

Value = Mapping[str, object]


def read_feed_change(value: Value, *, page_id: str) -> Hint | None:
    """One change; None for an item or a verb that is not known. Raises UnreadablePayloadError without an id."""
    item, verb = value.get("item"), value.get("verb")
    if not isinstance(item, str) or not isinstance(verb, str):
        return None
    what = f"feed/{item}/{verb}"
    if item == "comment":
        return _read_comment_change(value, verb, what, page_id)
    if item in REACTIONS and verb in _TOLD | _GONE:
        # A count cannot be made of hints that come twice or never: the walk reads it.
        return Hint(what, HintKind.IGNORED)
    return _read_post_change(value, verb, what, page_id) if item in POSTS else None


def _read_comment_change(value: Value, verb: str, what: str, page_id: str) -> Hint | None:
    if verb not in _TOLD | _GONE | _SEEN.keys():
        return None
    # Of who hides a comment, and when, Meta tells in the places of its writer and of when it was written.
    is_hiding = verb in _SEEN
    told = read_comment(
        {
            "id": value.get("comment_id"),
            "message": value.get("message"),
            "from": None if is_hiding else _writer(value),
            "created_time": None if is_hiding else value.get("created_time"),
            "parent": {"id": value.get("parent_id")},
            "attachment": _attachment(value),
            "is_hidden": _SEEN.get(verb),
        },
        page_id=page_id,
        post_id=_text_id(value.get("post_id")),
    )
    has_post = told.post_external_id is not None
    if verb in _GONE:
        if not has_post:
            raise UnreadablePayloadError("a comment that is gone from nowhere")
        return Hint(what, HintKind.GONE, told.external_id)
    is_whole = has_post and told.author_external_id is not None and bool(told.text or told.attachments)
    kind = HintKind.ARRIVED if verb == "add" and is_whole else HintKind.CHANGED
    tells_text = verb in _TOLD - {"add"} or (is_hiding and "message" in value)
    return Hint(what, kind, told.external_id, told, tells_text)


def _read_post_change(value: Value, verb: str, what: str, page_id: str) -> Hint | None:
    if verb in _OF_NO_USE:
        return Hint(what, HintKind.IGNORED)
    if verb not in _TOLD | _GONE:
        return None
    post_id = _post_id(value, page_id)
    if verb in _GONE:
        return Hint(what, HintKind.POST_GONE, post_id)
    if _is_visitors(value, page_id):
        return Hint(what, HintKind.STRANGE, post_id, trouble=HintTrouble.VISITOR_POST)
    is_out = value.get("published", 1) not in (0, "0", False)
    return Hint(what, HintKind.POST if is_out else HintKind.IGNORED, post_id)


def _post_id(value: Value, page_id: str) -> str:
    return canonical_id(read_post({"id": value.get("post_id")}, page_id=page_id).external_id, page_id)


def _is_visitors(value: Value, page_id: str) -> bool:
    writer = _text_id(_writer(value).get("id"))
    return writer is not None and writer != page_id


def _writer(value: Value) -> Value:
    told = value.get("from")
    return told if isinstance(told, Mapping) else {"id": value.get("sender_id"), "name": value.get("sender_name")}


def _attachment(value: Value) -> Value | None:
    kind = next((name for name in _ATTACHED if isinstance(value.get(name), str)), None)
    return {"type": kind, "url": value[kind]} if kind else None


def _text_id(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return text_of(str(value)).strip() or None
