"""The lines of a queue, each as the values it is drawn from: equal ones look alike, so a line is drawn once.

A list of thirty stands beside every item that is open, and from one decision to the next all but one stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from flask import Flask, url_for
from markupsafe import Markup

from tjs_moderation.domain.vocabulary import CaseState, ChannelKind
from tjs_moderation.services.desk import Row
from tjs_moderation.web.forms import LARGEST_NUMBER
from tjs_moderation.web.moments import deadline, is_over, when

MOST_URGENT = 3

Way = Callable[[int], str]
"""Leads to an item by its id."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line shows beside who wrote what, and why it is there.

    `marks` is what the marks are drawn from; `rule` has hidden the item by itself. Names are empty where there is
    nobody, `post` and `due` None where there is none; `due` is whether it is over, and when it is in words.
    """

    id: int
    version: int
    state: CaseState
    is_urgent: bool
    address: str
    since: Markup
    marks: tuple[Hashable, ...]
    rule: str
    post: str | None
    channel: ChannelKind
    expert: str
    due: tuple[bool, Markup] | None
    holder: str
    asked: str
    is_current: bool
    is_selectable: bool


def line_of(row: Row, names: Mapping[int, str], way: Way, *, is_current: bool, is_selectable: bool) -> Line:
    """A row of a queue as its line shows it; `names` are those of people, by id."""
    item = row.item
    return Line(
        id=item.id,
        version=item.version,
        state=item.state,
        is_urgent=item.urgency == MOST_URGENT,
        address=way(item.id),
        since=when(item.sorted_at),
        marks=(item.outcome, item.category, item.is_question, item.kind, item.is_gone, item.is_hidden),
        rule=row.assessment.automatic if row.assessment and row.is_hidden_by_rule else "",
        post=item.post.text or item.post.external_id if item.post else None,
        channel=item.channel.kind,
        expert=names.get(item.expert_id or 0, ""),
        due=_due(row),
        holder=names.get(row.held_by_id or 0, ""),
        asked=names.get(row.asked_of_id or 0, ""),
        is_current=is_current,
        is_selectable=is_selectable,
    )


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
    """Give the templates of `app` the functions `line_of` and `item_way`."""
    app.jinja_env.globals.update(line_of=line_of, item_way=item_way)
