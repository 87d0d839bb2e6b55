"""What the forms share: reading what was sent, and telling hints and errors to those who listen rather than look."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Flask, request
from wtforms import Field

from tjs_moderation.errors import InvalidInputError

Member = TypeVar("Member", bound=StrEnum)

LARGEST_NUMBER = 2**31 - 1
"""The largest id or version that a database column holds."""


def number_sent(name: str) -> int:
    """A whole number from the form that was sent. InvalidInputError where it is none or not there."""
    number = number_chosen(name)
    if number is None:
        raise InvalidInputError("unknown_field")
    return number


def number_chosen(name: str) -> int | None:
    """A whole number from the form that was sent, None where it was left empty. InvalidInputError where it is none."""
    written = request.form.get(name, "").strip()
    return _number(written) if written else None


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= 10 and int(written) <= LARGEST_NUMBER):
        raise InvalidInputError("unknown_field")
    return int(written)


def number_or_none(written: object) -> int | None:
    """A whole number of a list to choose from, None for the empty choice. ValueError where it is none."""
    return int(str(written)) if written not in {None, "", "None"} else None


def numbers_sent(name: str) -> list[int]:
    """The whole numbers that were ticked in the form that was sent. InvalidInputError where one is none."""
    return [_number(written) for written in dict.fromkeys(request.form.getlist(name))]


def number_asked(name: str) -> int | None:
    """A number from the address that was asked for, as far as a column holds it; None where there is none."""
    number = request.args.get(name, type=int)
    return None if number is None else min(max(number, 0), LARGEST_NUMBER)


def member_sent(name: str, enum: type[Member]) -> Member:
    """A member of `enum` from the form that was sent. InvalidInputError where it is none of them."""
    try:
        return enum(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInputError("unknown_field") from error


def is_yes_sent(name: str) -> bool:
    """A yes or a no from the form that was sent. InvalidInputError where it is neither."""
    told = {"yes": True, "no": False}.get(request.form.get(name, ""))
    if told is None:
        raise InvalidInputError("unknown_field")
    return told


def text_sent(name: str) -> str:
    """What was written into a field as it is, its lines ending as everywhere else, without what no database keeps."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")


def words_sent(name: str, most: int | None = None) -> str:
    """What was written into a field, trimmed, its lines ending as everywhere else, without what no database keeps.

    InvalidInputError where it is longer than `most` characters.
    """
    written = text_sent(name).strip()
    if most is not None and len(written) > most:
        raise InvalidInputError("too_long", limit=most, length=len(written))
    return written


def told_attributes(field: Field, rows: int | None = None) -> dict[str, str]:
    """The HTML attributes that tie a field to its hint `<id>-hint` and its error `<id>-error`, where it has them."""
    described = [f"{field.id}-hint"] if field.description else []
    attributes = {"rows": str(rows)} if rows else {}
    if field.errors:
        described.append(f"{field.id}-error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return attributes


def register(app: Flask) -> None:
    """Give the templates of `app` the function `told_attributes`."""
    app.jinja_env.globals["told_attributes"] = told_attributes
