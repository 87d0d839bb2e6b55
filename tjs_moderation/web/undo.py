"""What was just decided, told on the next page together with the button that takes it back."""

from __future__ import annotations

from typing import TypedDict, cast

from flask import Flask, session

_KEY = "undo"


class Offer(TypedDict):
    """What to say, where the button sends its form, and the form's hidden fields."""

    words: str
    action: str
    fields: dict[str, str | int]


def offer_undo(words: str, action: str, fields: dict[str, str | int]) -> None:
    """Tell it on the next page. A later decision takes the place of an earlier one that was not shown yet."""
    session[_KEY] = Offer(words=words, action=action, fields=fields)


def undo_offer() -> Offer | None:
    """What there is to tell, once. Where there is nothing, the session stays as it is: pages are also read ahead."""
    return cast(Offer, session.pop(_KEY)) if _KEY in session else None


def register(app: Flask) -> None:
    """Give the templates of `app` the function `undo_offer`."""
    app.jinja_env.globals["undo_offer"] = undo_offer
