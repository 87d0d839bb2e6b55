"""Reads the elements of Facebook's "Download your information" documents.

They hold what the owner of the account wrote and received. Every byte of UTF-8 stands in them as a character of its own
("Ã¤" for "ä"), and nothing has an id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tjs_moderation.domain.ports import Attachment, Incoming
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.files.columns import ID_LIMIT, YEARS, author_key, checked_text, keepable
from tjs_moderation.gateways.files.rows import RowError, RowFault

_MILLISECONDS_FROM = 100_000_000_000
"""A timestamp from this on counts milliseconds: in seconds it would be the year 5138."""
_MEDIA = ("photos", "videos", "gifs", "audio_files", "files", "media")
_SAID = frozenset(
    {"sender_name", "senderName", "timestamp_ms", "timestamp", "content", "text", "comment", "post", "author"},
)


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation: the name that never changes, the title people see, and who takes part."""

    path: str
    title: str
    participants: tuple[str, ...]

    @property
    def key(self) -> str:
        """The conversation's id here."""
        return self.path if len(self.path) <= ID_LIMIT else _digest(self.path)

    def is_ours(self, sender: str) -> bool:
        """Whether the owner of the account wrote it: a conversation of two bears the name of the other one."""
        return len(self.participants) == 2 and self.title in self.participants and sender != self.title


def repaired(text: str) -> str:
    """`text` with its bytes put together again; unchanged where it never was bytes (graph_api.md, 7)."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def message_item(told: Mapping[str, object], thread: Thread) -> Incoming:
    """One message of a conversation. Raises `RowError`."""
    sender = _text(told, "sender_name") or _text(told, "senderName")
    if not sender:
        raise RowError(RowFault.MISSING_FIELD, field="sender_name")
    text = _text(told, "content") or _text(told, "text")
    at, stamp = _moment(told, "timestamp_ms" if "timestamp_ms" in told else "timestamp")
    return Incoming(
        external_id=_digest(thread.path, stamp, sender, text),
        kind=ItemKind.MESSAGE,
        text=checked_text(text),
        conversation_external_id=thread.key,
        author_external_id=author_key("", sender),
        author_name=sender,
        created_at=at,
        is_own=thread.is_ours(sender),
        attachments=_attachments(told),
        raw=_rest(told),
    )


def activity_items(told: Mapping[str, object]) -> Iterator[Incoming | RowError]:
    """The comments or posts of one entry of a list of them: what it says, or why it cannot be taken."""
    parts = told.get("data")
    written = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    said = [part for part in written if isinstance(part.get("comment"), dict) or isinstance(part.get("post"), str)]
    if not said:
        yield RowError(RowFault.MISSING_TEXT)
    for part in said:
        try:
            yield _activity_item(told, part)
        except RowError as error:
            yield error


def _activity_item(told: Mapping[str, object], part: Mapping[str, object]) -> Incoming:
    comment = part.get("comment")
    inner: Mapping[str, object] = comment if isinstance(comment, dict) else part
    text = _text(inner, "comment") or _text(inner, "post")
    author = _text(inner, "author")
    at, stamp = _moment(inner if "timestamp" in inner else told, "timestamp")
    return Incoming(
        external_id=_digest("activity", stamp, author, text),
        text=checked_text(text),
        author_external_id=author_key("", author),
        author_name=author or None,
        created_at=at,
        raw=_rest({**told, **inner}),
    )


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(RowFault.BAD_VALUE, column=name)
    if "\x00" in value:
        raise RowError(RowFault.BAD_CHARACTER, column=name)
    return repaired(value)


def _moment(told: Mapping[str, object], name: str) -> tuple[datetime, str]:
    """The time under `name`, and the number it was written as."""
    stamp = told.get(name)
    at = from_timestamp(stamp)
    if at is None:
        raise RowError(RowFault.BAD_DATE, written=str(stamp)[:40])
    return at, str(stamp)


def from_timestamp(stamp: object) -> datetime | None:
    """The moment so many seconds, or milliseconds, after 1970; None where the number is none of either."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < _MILLISECONDS_FROM * 1000:
        return None
    at = datetime.fromtimestamp(stamp / 1000 if stamp >= _MILLISECONDS_FROM else stamp, UTC)
    return at if at.year in YEARS else None


def _digest(*parts: str) -> str:
    """An id for what has none: the same whenever the parts are."""
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return "fb-" + hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:40]


def _attachments(told: Mapping[str, object]) -> tuple[Attachment, ...]:
    found = []
    for kind in _MEDIA:
        listed = told.get(kind)
        if isinstance(listed, list):
            found += [
                Attachment(kind, name=str(one["uri"])[:300]) for one in listed if isinstance(one, dict) and "uri" in one
            ]
    if isinstance(told.get("sticker"), dict):
        found.append(Attachment("sticker"))
    return tuple(found)


def _rest(told: Mapping[str, object]) -> dict[str, object]:
    kept = keepable({name: value for name, value in told.items() if name not in _SAID and value not in ("", None, [])})
    return {name: _repaired_part(value) for name, value in kept.items()}


def _repaired_part(value: object) -> object:
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, dict):
        return {name: _repaired_part(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_repaired_part(part) for part in value]
    return value
