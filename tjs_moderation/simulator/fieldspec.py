"""The language of `fields=`: `id,from{id},comments.limit(0).summary(total_count),reactions.type(LOVE).as(love)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tjs_moderation.simulator.problems import GraphProblemError

_NAME = re.compile(r"\s*([A-Za-z_]\w*)")
_MODIFIER = re.compile(r"\.([a-z_]+)\(([^()]*)\)")
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One field asked for: the key it is answered under, its modifiers, the fields inside it (None: the usual)."""

    name: str
    alias: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] | None = None


def parse_fields(text: str) -> tuple[Field, ...]:
    """The fields named in `text`. Raises GraphProblemError 2500 where the syntax is broken."""
    found, position = _read_list(text, 0, _MAX_DEPTH)
    if position != len(text):
        raise _syntax_error(text, position)
    return found


def _read_list(text: str, position: int, depth: int) -> tuple[tuple[Field, ...], int]:
    if depth == 0:
        raise _syntax_error(text, position)
    found: list[Field] = []
    while True:
        field_read, position = _read_field(text, position, depth)
        found.append(field_read)
        if text[position : position + 1] != ",":
            return tuple(found), position
        position += 1


def _read_field(text: str, position: int, depth: int) -> tuple[Field, int]:
    name = _NAME.match(text, position)
    if name is None:
        raise _syntax_error(text, position)
    position = name.end()
    arguments: dict[str, str] = {}
    while modifier := _MODIFIER.match(text, position):
        arguments[modifier[1]] = modifier[2]
        position = modifier.end()
    inside = None
    if text[position : position + 1] == "{":
        inside, position = _read_list(text, position + 1, depth - 1)
        if text[position : position + 1] != "}":
            raise _syntax_error(text, position)
        position += 1
    return Field(name[1], arguments.pop("as", name[1]), arguments, inside), position


def _syntax_error(text: str, position: int) -> GraphProblemError:
    return GraphProblemError(f'Syntax error "Unexpected text." at character {position}: {text[:80]}', 2500)
