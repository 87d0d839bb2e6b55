"""The keys of the desk: what each command is pressed with, and which keys a person may choose for themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from tjs_moderation.errors import InvalidInputError


class Command(StrEnum):
    """What one key does. The same words mark the things on a page that answer to it: `data-command="keep"`."""

    NEXT = "next"
    PREVIOUS = "previous"
    KEEP = "keep"
    REMOVE = "remove"
    WEIGH = "weigh"
    ROUTE = "route"
    ANSWER = "answer"
    SELECT = "select"
    TAKE_BACK = "take_back"
    FIND = "find"
    GO = "go"
    HELP = "help"


DEFAULTS: Mapping[Command, str] = {
    Command.NEXT: "j",
    Command.PREVIOUS: "k",
    Command.KEEP: "s",
    Command.REMOVE: "p",
    Command.WEIGH: "w",
    Command.ROUTE: "e",
    Command.ANSWER: "v",
    Command.SELECT: "x",
    Command.TAKE_BACK: "z",
    Command.FIND: "/",
    Command.GO: "g",
    Command.HELP: "?",
}
"""The keys as they come, in the order in which they are told."""


def keymap(chosen: Mapping[str, str]) -> dict[Command, str]:
    """The key of every command: the person's own where they chose one, the usual one otherwise.

    Where a command that came later has a key that is already taken, all are the usual ones: no key does two things.
    """
    keys = {command: chosen.get(command, key) for command, key in DEFAULTS.items()}
    return keys if len(set(keys.values())) == len(keys) else dict(DEFAULTS)


def chosen_keys(written: Mapping[Command, str]) -> dict[str, str]:
    """What a person wrote for each command, as it is kept: only what differs from the usual keys.

    InvalidInputError where a key is not one visible character (`key_unusable`), or two commands have it (`key_twice`).
    """
    keys = {command: _key(written.get(command, ""), key) for command, key in DEFAULTS.items()}
    taken: dict[str, Command] = {}
    for command, key in keys.items():
        if key in taken:
            raise InvalidInputError("key_twice", key=key, first=taken[key], second=command)
        taken[key] = command
    return {str(command): key for command, key in keys.items() if key != DEFAULTS[command]}


def _key(written: str, usual: str) -> str:
    """One key in the form in which a browser names it; an empty field means the usual one."""
    key = unicodedata.normalize("NFC", written.strip()).lower()
    if not key:
        return usual
    if len(key) != 1 or unicodedata.category(key)[0] not in "LNPS":
        raise InvalidInputError("key_unusable", key=key[:20])
    return key
