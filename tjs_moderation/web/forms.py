"""What the forms share: how a field tells its hint and its errors to those who listen rather than look."""

from __future__ import annotations

from flask import Flask
from wtforms import Field


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
