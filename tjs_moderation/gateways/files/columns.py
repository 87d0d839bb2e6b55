"""One row by the names of the contract (CSV columns or JSONL keys) becomes one `Incoming`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache

from tjs_moderation.domain.characters import has_lone_surrogates
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.gateways.files.rows import TEXT_LIMIT, RowError, RowFault

COLUMNS = ("id", "kind", "post_id", "parent_id", "author_id", "author_name", "created_at", "text", "permalink")
REQUIRED = ("id", "text")

ID_LIMIT = 200
"""The longest id a channel's object may have, in code points: what the tables hold."""
_LINK_LIMIT = 2_000
_DEEPEST = 20
YEARS = range(1970, 2200)
_KNOWN = frozenset(COLUMNS) | {""}
_IDS = ("id", "post_id", "parent_id", "author_id")
_WEB_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@lru_cache(maxsize=256)
def column_name(written: str) -> str:
    """A column's name as it is compared: `" Post ID "` is `post_id`."""
    return re.sub(r"[\s_-]+", "_", written.strip("\ufeff \t\u00a0").casefold())


def incoming_of(fields: Mapping[str, object], zone: tzinfo) -> Incoming:
    """What a row says. Names of `fields` have gone through `column_name`; a time without an offset is in `zone`.

    A message's `post_id` names its conversation; without one, the messages of an author make a conversation. Unknown
    columns, and a link that is no web address, are kept in `raw`. Raises `RowError`.
    """
    values = {name: _as_text(name, fields.get(name)) for name in COLUMNS}
    for name in _IDS:
        values[name] = values[name].strip()
        check_id(name, values[name])
    if not values["id"]:
        raise RowError(RowFault.MISSING_ID)
    if fields.get("text") is None:
        raise RowError(RowFault.MISSING_TEXT)
    kind = _kind(values["kind"])
    author_id = author_key(values["author_id"], values["author_name"])
    post_id = values["post_id"] or None
    is_message = kind is ItemKind.MESSAGE
    permalink = web_link(values["permalink"].strip())
    unknown = {name: value for name, value in fields.items() if name not in _KNOWN and value not in ("", None)}
    if values["permalink"] and permalink is None:
        unknown["permalink"] = values["permalink"]
    return Incoming(
        external_id=values["id"],
        kind=kind,
        text=checked_text(values["text"]),
        post_external_id=None if is_message else post_id,
        parent_external_id=values["parent_id"] or None,
        conversation_external_id=(post_id or author_id) if is_message else None,
        author_external_id=author_id,
        author_name=values["author_name"].strip() or None,
        created_at=moment(values["created_at"], zone),
        permalink=permalink,
        raw=keepable(unknown) if unknown else {},
    )


def _as_text(name: str, value: object) -> str:
    if isinstance(value, str):
        if "\x00" in value:
            raise RowError(RowFault.BAD_CHARACTER, column=name)
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RowError(RowFault.BAD_VALUE, column=name)


def check_id(name: str, value: str) -> None:
    """Raises `RowError` where an id is longer than the tables hold, or is not made of characters."""
    if len(value) > ID_LIMIT:
        raise RowError(RowFault.FIELD_TOO_LONG, column=name, limit=ID_LIMIT)
    if "\x00" in value or has_lone_surrogates(value):
        raise RowError(RowFault.BAD_CHARACTER, column=name)


def checked_text(text: str) -> str:
    """`text` as it may go on; half a surrogate pair (an emoji cut in two) becomes U+FFFD. Raises `RowError`."""
    if len(text) > TEXT_LIMIT:
        raise RowError(RowFault.FIELD_TOO_LONG, column="text", limit=TEXT_LIMIT)
    return whole_characters(text)


def whole_characters(text: str) -> str:
    """`text` with U+FFFD in place of every half of a surrogate pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if has_lone_surrogates(text) else text


def author_key(author_id: str, author_name: str) -> str | None:
    """The id of an author. One who is only known by name is known by that name, as far as it goes."""
    if author_id:
        return author_id
    name = " ".join(whole_characters(author_name).split())
    return f"name:{name}"[:ID_LIMIT] if name else None


def _kind(written: str) -> ItemKind:
    word = written.strip().casefold()
    try:
        return ItemKind(word) if word else ItemKind.COMMENT
    except ValueError:
        raise RowError(RowFault.UNKNOWN_KIND, kind=word[:40]) from None


def moment(written: str, zone: tzinfo) -> datetime | None:
    """An ISO 8601 time; None where nothing is written. Raises `RowError`."""
    if not written.strip():
        return None
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise RowError(RowFault.BAD_DATE, written=written.strip()[:40])
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def web_link(link: str) -> str | None:
    """`link` if it is a web address that can be shown as one, else None."""
    return link if len(link) <= _LINK_LIMIT and _WEB_LINK.fullmatch(link) and not has_lone_surrogates(link) else None


def keepable(value: Mapping[str, object]) -> dict[str, object]:
    """What has no column, as JSON can keep it. Raises `RowError` where it is nested too deep."""
    return {whole_characters(name): _keepable(part, _DEEPEST) for name, part in value.items()}


def _keepable(value: object, depth: int) -> object:
    if depth == 0:
        raise RowError(RowFault.BAD_VALUE, column="raw")
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, dict):
        return {whole_characters(str(name)): _keepable(part, depth - 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_keepable(part, depth - 1) for part in value]
    return value
