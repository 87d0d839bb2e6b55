"""Meta's webhook bodies as hints. Whatever stands in a body, every change in it becomes one hint; nothing raises."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from tjs_moderation.domain.hints import Hint, HintKind, HintTrouble
from tjs_moderation.gateways.facebook.feed_hints import read_feed_change
from tjs_moderation.gateways.facebook.message_hints import MESSAGING_FIELDS, read_messaging
from tjs_moderation.gateways.facebook.payloads import UnreadablePayloadError

MAX_HINTS = 10_000
"""Meta promises at most 1,000 changes in a body; what comes beyond this is one strange hint."""

_TEST_ENTRY = "0"
"""The page id in the tests that can be sent from Meta's dashboard."""
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)

Reader = Callable[[object, str], Hint | None]
"""Reads one part of an entry, given the page's id; None for what it does not know."""


def read_hints(body: bytes, *, page_id: str) -> list[Hint]:
    """The hints in a body, always the same in the same order."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return [_strange(HintTrouble.UNREADABLE)]
    hints: list[Hint] = []
    for hint in _hints_in(document, page_id):
        if len(hints) == MAX_HINTS:
            return [*hints, _strange(HintTrouble.TOO_MANY)]
        hints.append(hint)
    return hints


def _hints_in(document: object, page_id: str) -> Iterator[Hint]:
    if not isinstance(document, Mapping):
        yield _strange(HintTrouble.UNKNOWN_SHAPE)
        return
    entries = document.get("entry")
    if "field" in document and entries is None:
        yield Hint(_what("test", document["field"]), HintKind.IGNORED)
    elif document.get("object", "page") != "page":
        yield _strange(HintTrouble.OTHER_OBJECT, document.get("object"))
    elif not isinstance(entries, list) or not entries:
        yield _strange(HintTrouble.UNKNOWN_SHAPE)
    else:
        for entry in entries:
            yield from _hints_in_entry(entry, page_id)


def _hints_in_entry(entry: object, page_id: str) -> Iterator[Hint]:
    told_id = entry.get("id") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or isinstance(told_id, bool) or not isinstance(told_id, str | int):
        yield _strange(HintTrouble.UNKNOWN_SHAPE)
    elif str(told_id) == _TEST_ENTRY:
        yield Hint("test", HintKind.IGNORED)
    elif str(told_id) != page_id:
        yield _strange(HintTrouble.OTHER_PAGE)
    else:
        parts = [(name, part) for name in _READERS for part in _list(entry.get(name))]
        yield from (_read(name, part, page_id) for name, part in parts)
        if not parts:
            yield _strange(HintTrouble.UNKNOWN_SHAPE)


def _read(name: str, part: object, page_id: str) -> Hint:
    try:
        hint = _READERS[name](part, page_id)
    except UnreadablePayloadError:
        return _strange(HintTrouble.WITHOUT_ID, *_names_of(name, part))
    return hint or _strange(HintTrouble.UNKNOWN_FIELD, *_names_of(name, part))


def _read_change(change: object, page_id: str) -> Hint | None:
    value = change.get("value") if isinstance(change, Mapping) else None
    if not isinstance(change, Mapping) or not isinstance(value, Mapping):
        return None
    if change.get("field") == "feed":
        return read_feed_change(value, page_id=page_id)
    return read_messaging(value, page_id=page_id) if _is_messaging(change.get("field")) else None


def _read_changed_field(name: object, page_id: str) -> Hint | None:
    """Where "include values" is off, only the name of what changed is told."""
    is_ours = name == "feed" or _is_messaging(name)
    return Hint(_what("changed", name), HintKind.WALK) if is_ours else None


def _read_message(part: object, page_id: str) -> Hint | None:
    return read_messaging(part, page_id=page_id) if isinstance(part, Mapping) else None


_READERS: Mapping[str, Reader] = {
    "changes": _read_change,
    "changed_fields": _read_changed_field,
    "messaging": _read_message,
    # Another app has the conversation in its hands at the moment; what people write there they write to the page.
    "standby": _read_message,
}


def _strange(trouble: HintTrouble, *names: object) -> Hint:
    return Hint(_what(*names), HintKind.STRANGE, trouble=trouble)


def _what(*names: object) -> str:
    """Names from outside, as far as they are plain words: anything else could be somebody's text."""
    plain = (name if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else "?" for name in names)
    return "/".join(plain)


def _names_of(name: str, part: object) -> tuple[object, ...]:
    """How a part calls itself: field, item and verb of a change, the first unusual key of a message."""
    if not isinstance(part, Mapping):
        return name, part
    value = part.get("value")
    if "field" in part and isinstance(value, Mapping):
        return part["field"], *(value[key] for key in ("item", "verb") if key in value)
    if "field" in part:
        return (part["field"],)
    return name, *[key for key in part if key not in ("sender", "recipient", "timestamp")][:1]


def _is_messaging(name: object) -> bool:
    return isinstance(name, str) and name in MESSAGING_FIELDS


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
