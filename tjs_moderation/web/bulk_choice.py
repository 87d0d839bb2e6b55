"""Which items were chosen to be decided as one: by their checkboxes, or all that a queue or a search holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import url_for
from werkzeug.datastructures import MultiDict

from tjs_moderation.extensions import db
from tjs_moderation.models import User
from tjs_moderation.services import bulk_outlook, options, search
from tjs_moderation.services.bulk import Pick
from tjs_moderation.web import asking, queues

_PICK = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The items at the versions they were seen in, the page they were chosen on, and whether there were too many."""

    picks: Sequence[Pick]
    place: str
    is_cut: bool

    @property
    def written(self) -> str:
        """The picks as one field of a form holds them."""
        return " ".join(f"{pick.item_id}:{pick.version}" for pick in self.picks)


def chosen_in(person: User, told: MultiDict[str, str]) -> Chosen:
    """What the form of a queue or a search says was chosen, at most as many as can be decided as one."""
    cap = options.bulk_cap(db.session())
    queue = queues.queue_in_address(person, told.get("queue"))
    if queue is not None:
        after = told.get("after", "")
        place = url_for("queues.show", state=queue, after=after if queues.key_from_address(after) else None)
        found = bulk_outlook.picks_of_queue(person, queue, cap + 1) if told.get("all") else None
    else:
        asked = asking.read(dict(parse_qsl(told.get("search", ""))), search.choices())
        place = url_for("search.show") + (f"?{asked.address}" if asked.address else "")
        is_all = told.get("all") and not asked.wanted.is_empty
        found = bulk_outlook.picks_of_search(person, asked.wanted, cap + 1) if is_all else None
    picks = picks_in(told.getlist("item")) if found is None else found
    return Chosen(picks[:cap], place, is_cut=len(picks) > cap)


def picks_in(written: Iterable[str]) -> list[Pick]:
    """The items that checkboxes, or the field made of them, name. What names none is left out."""
    found = (_PICK.fullmatch(one) for one in written)
    return [Pick(int(match[1]), int(match[2])) for match in found if match]
