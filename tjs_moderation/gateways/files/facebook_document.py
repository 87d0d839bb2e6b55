"""Reads a document of Facebook's own JSON: a "Download your information" file, or a dump of the Graph API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import tzinfo

from tjs_moderation.domain.ports import Incoming
from tjs_moderation.gateways.files.columns import column_name, incoming_of
from tjs_moderation.gateways.files.downloads import Thread, activity_items, message_item, repaired
from tjs_moderation.gateways.files.graph_dump import graph_items
from tjs_moderation.gateways.files.json_document import Member, Part, members
from tjs_moderation.gateways.files.opening import TextFile
from tjs_moderation.gateways.files.rows import (
    ROW_LIMIT,
    FileFault,
    Row,
    RowError,
    RowFault,
    UnusableFileError,
    excerpt,
)

_THREAD_NAMES = ("thread_path", "threadName", "title")
_ACTIVITY = re.compile(r"[a-z_]*(comments|posts)(_v\d)?")


def facebook_rows(file: TextFile, zone: tzinfo) -> Iterator[Row]:
    """The rows of a Facebook document. Raises `UnusableFileError` where it is none of those known.

    Items without an id of their own get one that is the same for the same words by the same person at the same time
    in the same conversation, so that a newer download adds only what is new.
    """
    if not file.head.strip():
        return
    thread = _thread(file)
    is_known = False
    for member in members(file):
        is_known |= member.part is Part.ARRAY and _holds_items(member.key)
        # Before anything has been recognised, a fault only says that this is no document of ours.
        if is_known and member.fault is not None:
            yield _rejection(member, RowError(member.fault, limit=ROW_LIMIT))
        elif member.part is Part.ELEMENT and _holds_items(member.key):
            for result in _items(member, thread, zone):
                if isinstance(result, RowError):
                    yield _rejection(member, result)
                else:
                    yield Row(member.line, member.position, result)
    if not is_known:
        raise UnusableFileError(FileFault.UNKNOWN_JSON)


def _holds_items(key: str) -> bool:
    return key in {"", "messages", "data"} or _ACTIVITY.fullmatch(key) is not None


def _items(member: Member, thread: Thread | None, zone: tzinfo) -> Iterator[Incoming | RowError]:
    """Everything one element holds, by the shape it has."""
    told = member.value
    if not isinstance(told, dict):
        yield RowError(RowFault.NOT_AN_OBJECT)
    elif member.key == "messages" and thread is not None:
        yield _or_error(lambda: message_item(told, thread))
    elif isinstance(told.get("data"), list) or _ACTIVITY.fullmatch(member.key):
        yield from activity_items(told)
    elif "text" in told and "message" not in told:
        yield _or_error(lambda: incoming_of({column_name(name): value for name, value in told.items()}, zone))
    else:
        yield from graph_items(told)


def _or_error(read: Callable[[], Incoming]) -> Incoming | RowError:
    try:
        return read()
    except RowError as error:
        return error


def _rejection(member: Member, error: RowError) -> Row:
    raw = member.raw or excerpt(json.dumps(member.value, ensure_ascii=False))
    return Row(member.line, member.position, reason=error.fault, facts=error.facts, raw=raw)


def _thread(file: TextFile) -> Thread | None:
    """Which conversation a document holds; None where it holds none. Its name stands after its messages, so this
    takes a pass of its own. Raises `UnusableFileError` where the document ends before the name: ids could not be told
    from it.
    """
    names: dict[str, str] = {}
    participants: list[str] = []
    has_messages = is_cut = False
    for member in members(file):
        has_messages |= member.part is Part.ARRAY and member.key == "messages"
        is_cut |= member.part is Part.VALUE and not member.key
        if member.part is Part.ARRAY and member.key != "messages" and _holds_items(member.key):
            return None
        if member.part is Part.ELEMENT and member.key == "participants":
            participants.append(_participant(member.value))
        elif member.key in _THREAD_NAMES and isinstance(member.value, str):
            names[member.key] = repaired(member.value)
    if not has_messages:
        return None
    path = names.get("thread_path") or names.get("threadName") or ""
    if is_cut and not path:
        raise UnusableFileError(FileFault.CUT_CONVERSATION)
    title = names.get("title", "")
    return Thread(path or "|".join([title, *participants]), title, tuple(participants))


def _participant(told: object) -> str:
    name = told.get("name") if isinstance(told, dict) else told
    return repaired(name) if isinstance(name, str) else ""
