"""The lines of a queue, each as the values it is drawn from: equal ones look alike, so a line is drawn once.

A list of thirty stands beside every item that is open, and from one decision to the next all but one stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from flask import Flask, url_for
from markupsafe import Markup

from tjs_moderation.domain.vocabulary import CaseState
from tjs_moderation.services.desk import Row
from tjs_moderation.services.listing import topic_names
from tjs_moderation.web.forms import LARGEST_NUMBER
from tjs_moderation.web.moments import deadline, is_over, reader, when
from tjs_moderation.web.names import has_initials

MOST_URGENT = 3

Way = Callable[[int], str]
"""Leads to an item by its id."""


class Line(NamedTuple):
    """All that a line shows, and who it is for as far as that is seen in it.

    `topic` is what a question seems to be about, as long as it is nobody's. Names are empty where there is nobody,
    `due` None where nothing is; it is whether it is over, and when it is in words.
    """

    row: Row
    address: str
    since: Markup
    topic: str
    expert: str
    due: tuple[bool, Markup] | None
    holder: str
    asked: str
    is_current: bool
    is_selectable: bool
    has_initials: bool

    @property
    def is_urgent(self) -> bool:
        return self.row.item.urgency == MOST_URGENT

    @property
    def rule(self) -> str:
        """The rule that has hidden the item by itself, where nobody has looked at that yet."""
        return self.row.thought.automatic or "" if self.row.is_hidden_by_rule else ""


def lines_of(
    rows: Iterable[Row], names: Mapping[int, str], way: Way, current: int | None = None, *, is_selectable: bool = False
) -> list[Line]:
    """The rows of a queue as their lines show them.

    `names` are those of people, by id; `current` is the item that is open beside the list.
    """
    shown, to, are_initials = list(rows), reader(), has_initials()
    topics = _topics(shown)
    return [
        Line(
            row=row,
            address=way(row.item.id),
            since=when(row.item.sorted_at, to),
            topic=topics.get(row.item.id, ""),
            expert=names.get(row.item.expert_id or 0, ""),
            due=_due(row),
            holder=names.get(row.held_by_id or 0, ""),
            asked=names.get(row.asked_of_id or 0, ""),
            is_current=row.item.id == current,
            is_selectable=is_selectable,
            has_initials=are_initials,
        )
        for row in shown
    ]


def _topics(rows: Iterable[Row]) -> Mapping[int, str]:
    """By item, what the questions that nobody has yet are likeliest about. One query, where there are any."""
    asked = [row for row in rows if row.item.is_question and row.item.expert_id is None]
    likeliest = {row.item.id: row.topics[0].topic for row in asked if row.topics}
    names = topic_names() if likeliest else {}
    return {item: names[slug] for item, slug in likeliest.items() if slug in names}


def item_way(queue: CaseState | None = None, after: str = "") -> Way:
    """The way to the items of a queue: their addresses differ by the id alone, so they are made of one."""
    address = url_for("items.show", item_id=LARGEST_NUMBER, queue=queue, after=after or None)
    before, _, behind = address.partition(str(LARGEST_NUMBER))
    return lambda item_id: f"{before}{item_id}{behind}"


def _due(row: Row) -> tuple[bool, Markup] | None:
    if row.due_at is None or row.item.state is not CaseState.EXPERT:
        return None
    return is_over(row.due_at), deadline(row.due_at)


def register(app: Flask) -> None:
    """Give the templates of `app` the functions `lines_of` and `item_way`."""
    app.jinja_env.globals.update(lines_of=lines_of, item_way=item_way)
