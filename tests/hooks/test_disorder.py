"""However a page's history reaches us, once or often, in whatever order: we end where a walk of the page would."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from tests.hooks.meta import SENT_AT, Body, comment, encoded, feed, send
from tests.support.fakes import FakeChannel
from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.domain.ports import Incoming
from tjs_moderation.extensions import db
from tjs_moderation.models import Author, GoneMark, Item, ItemText, UnworkedHint

Sight = tuple[str, bool, str | None, str | None, bool]
"""Of a comment that stands: its words, whether it is hidden, its parent, its writer, whether it is ours."""

STEPS = ("add", "add", "reply", "edited", "edited", "hide", "unhide", "remove")


@dataclass
class History:
    """A page to which things happen, and what Meta tells of each."""

    channel: FakeChannel
    told: list[Body] = field(default_factory=list)
    number: int = 10
    """Of the newest comment. Facebook gives no comment the number of its post, which is 1 here."""

    def happen(self, chance: random.Random) -> None:
        """One more thing happens."""
        step, here = chance.choice(STEPS), self.standing()
        if step in ("add", "reply") or not here:
            parent = chance.choice(here).external_id if step == "reply" and here else None
            self._add(parent, is_own=chance.random() < 0.2)
            return
        entry = chance.choice(here)
        if step == "edited":
            entry = self._put(entry, text=chance.choice(["Ensin", "Sitten", "Lopuksi"]))
        elif step == "remove":
            self._remove(entry.external_id)
        else:
            entry = self._put(entry, is_hidden=step == "hide")
        self._tell(step, entry)

    def standing(self) -> list[Incoming]:
        return self.channel.page_comments.setdefault("1000_1", [])

    def sights(self) -> dict[str, Sight]:
        return {
            each.external_id: (
                each.text,
                bool(each.is_hidden),
                each.parent_external_id,
                each.author_external_id,
                each.is_own,
            )
            for each in self.standing()
        }

    def _add(self, parent: str | None, *, is_own: bool) -> None:
        self.number += 1
        entry = Incoming(
            f"1_{self.number}",
            text="Ensin",
            post_external_id="1000_1",
            parent_external_id=parent,
            author_external_id="1000" if is_own else "9001",
            author_name="Sivu" if is_own else "Aino",
            created_at=datetime.fromtimestamp(SENT_AT, UTC),
            is_own=is_own,
            is_hidden=False,
        )
        self.standing().append(entry)
        self._tell("add", entry)

    def _put(self, entry: Incoming, **changes: object) -> Incoming:
        here = self.standing()
        here[here.index(entry)] = changed = replace(entry, **changes)  # type: ignore[arg-type]  # the names are above
        return changed

    def _remove(self, external_id: str) -> None:
        here = self.standing()
        below = [each.external_id for each in here if each.parent_external_id == external_id]
        here[:] = [each for each in here if each.external_id != external_id]
        for each in below:
            self._remove(each)

    def _tell(self, verb: str, entry: Incoming) -> None:
        number = entry.external_id.removeprefix("1_")
        message = None if verb == "remove" else entry.text
        who = "1000" if verb in ("hide", "unhide") else entry.author_external_id
        more = {"parent_id": entry.parent_external_id or "1000_1", "from": {"id": who, "name": "?"}}
        self.told.append(comment(verb, number, message, **more))


def what_stands_here() -> dict[str, Sight]:
    """What we believe stands on the page."""
    rows = (
        select(
            Item.external_id, ItemText.text, Item.is_hidden, Item.parent_external_id, Author.external_id, Item.is_own
        )
        .join(ItemText, (ItemText.item_id == Item.id) & (ItemText.number == Item.text_version))
        .outerjoin(Author, Author.id == Item.author_id)
        .where(~Item.is_gone)
    )
    with Session(db.engine) as session:
        return {
            name: (text, hidden, parent, who, own) for name, text, hidden, parent, who, own in session.execute(rows)
        }


def clear(house: House) -> None:
    """Let nothing stand any more, since a test of many examples has one house."""
    house.facebook.forget()
    with Session(db.engine) as session:
        name = literal("old-") + cast(Item.id, String)
        session.execute(update(Item).values(external_id=name, is_gone=True, parent_external_id=None))
        session.execute(delete(GoneMark))
        session.commit()


def chances(seed: int) -> random.Random:
    """The same history for the same seed."""
    return random.Random(seed)  # noqa: S311  # no secret depends on it


def deliver(door: FlaskClient, told: list[Body], chance: random.Random) -> None:
    """Every change at least once, some twice, in any order, in bodies of any size."""
    waiting = told + chance.sample(told, len(told) // 3)
    chance.shuffle(waiting)
    while waiting:
        size = chance.randint(1, 5)
        assert send(door, encoded(feed(*waiting[:size]))).status_code == 200
        waiting = waiting[size:]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_history_that_comes_late_in_any_order_ends_where_a_walk_does(
    house: House, door: FlaskClient, seed: int
) -> None:
    clear(house)
    chance, history = chances(seed), History(house.facebook)
    for _ in range(12):
        history.happen(chance)
    deliver(door, history.told, chance)
    jobs.work_hints()
    assert what_stands_here() == history.sights()
    with Session(db.engine) as session:
        assert session.scalars(select(UnworkedHint)).all() == []


@given(seed=st.integers(0, 2**32))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_history_that_comes_while_it_happens_ends_where_a_walk_does(
    house: House, door: FlaskClient, seed: int
) -> None:
    clear(house)
    chance, history, late = chances(seed), History(house.facebook), list[Body]()
    for _ in range(12):
        before = len(history.told)
        history.happen(chance)
        late += history.told[before:]
        chance.shuffle(late)
        at_once, late = late[::2], late[1::2]
        deliver(door, at_once, chance)
        jobs.work_hints()
    deliver(door, late, chance)
    jobs.work_hints()
    assert what_stands_here() == history.sights()
