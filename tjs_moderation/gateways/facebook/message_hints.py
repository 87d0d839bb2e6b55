"""Messenger's events as hints: messages of either side, edits, withdrawals. Receipts and the like are of no use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tjs_moderation.domain.hints import Hint, HintKind
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.gateways.facebook.payloads import read_message, text_of

MESSAGING_FIELDS = frozenset({"messages", "message_echoes", "message_edits", "message_deliveries", "message_reads"}) | {
    "messaging_postbacks",
    "message_reactions",
    "standby",
}
"""The names under which a page subscribes to what is read here."""

_OF_NO_USE = frozenset(
    "delivery read reaction postback optin referral typing account_linking pass_thread_control take_thread_control "
    "request_thread_control app_roles policy_enforcement game_play message_context".split(),
)

Event = Mapping[str, object]


def read_messaging(event: Event, *, page_id: str) -> Hint | None:
    """One event; None for a kind that is not known. Raises UnreadablePayloadError without an id."""
    message, edit = event.get("message"), event.get("message_edit")
    if isinstance(message, Mapping):
        return _read_message(event, message, page_id)
    if isinstance(edit, Mapping):
        told = _told(event, edit, page_id)
        return Hint(
            "messaging/message_edit", HintKind.CHANGED, told.external_id, told, "text" in edit, _other(event, page_id)
        )
    name = next((key for key in event if key in _OF_NO_USE), None)
    return Hint(f"messaging/{name}", HintKind.IGNORED) if name else None


def _read_message(event: Event, message: Event, page_id: str) -> Hint:
    told = _told(event, message, page_id)
    if message.get("is_deleted") is True:
        return Hint("messaging/message_gone", HintKind.GONE, told.external_id)
    person = _other(event, page_id)
    is_whole = bool(told.text or told.attachments) and person is not None and told.author_external_id is not None
    what = "messaging/echo" if told.is_own else "messaging/message"
    return Hint(
        what, HintKind.ARRIVED if is_whole else HintKind.CHANGED, told.external_id, told, person_external_id=person
    )


def _told(event: Event, message: Event, page_id: str) -> Incoming:
    """A message in the shape in which the API tells it, so that it reads the same whichever way it came."""
    told = read_message(
        {
            "id": message.get("mid"),
            "message": message.get("text"),
            "created_time": event.get("timestamp"),
            "from": event.get("sender"),
            "to": {"data": [event.get("recipient")]},
            **_attached(message),
        },
        page_id=page_id,
        conversation_id="",
    )
    # The API tells whole seconds.
    created_at = told.created_at.replace(microsecond=0) if told.created_at else None
    is_own = told.is_own or message.get("is_echo") is True
    return replace(told, created_at=created_at, is_own=is_own, conversation_external_id=None)


def _other(event: Event, page_id: str) -> str | None:
    """With whom the page exchanged it."""
    for side in ("sender", "recipient"):
        person = event.get(side)
        told_id = person.get("id") if isinstance(person, Mapping) else None
        if isinstance(told_id, str | int) and not isinstance(told_id, bool) and str(told_id) != page_id:
            return text_of(str(told_id)).strip() or None
    return None


def _attached(message: Event) -> dict[str, object]:
    files: list[object] = []
    shares: list[object] = []
    stickers: list[object] = []
    for each in _attachments(message):
        kind, payload = str(each.get("type")), each.get("payload")
        url = payload.get("url") if isinstance(payload, Mapping) else None
        if kind == "sticker":
            stickers.append(url or kind)
        elif kind in ("fallback", "template"):
            shares.append({"link": url or each.get("url"), "name": each.get("title")})
        else:
            files.append(_file(kind, url))
    if stickers:
        # Until August 2026 the picture of a sticker came beside it, as an image of its own.
        files = [file for file in files if not (isinstance(file, dict) and "image_data" in file)]
    return {"attachments": {"data": files}, "shares": {"data": shares}, "sticker": stickers[0] if stickers else None}


def _file(kind: str, url: object) -> dict[str, object]:
    match kind:
        case "image" | "video":
            return {f"{kind}_data": {"url": url}}
        case "audio":
            return {"mime_type": "audio/", "file_url": url}
        case _:
            return {"file_url": url}


def _attachments(message: Event) -> list[Mapping[str, object]]:
    listed = message.get("attachments")
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
