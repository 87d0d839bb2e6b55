"""What stands in a thread is found by an index, though the index leaves out all that stands in none."""

from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import ItemKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Item
from tjs_moderation.services.threads import same_thread


def plan_of(condition: ColumnElement[bool]) -> str:
    """How the database looks for items of which this holds, if it can do anything but read them all."""
    with Session(db.engine) as session:
        is_postgres = db.engine.dialect.name == "postgresql"
        if is_postgres:
            session.execute(text("SET LOCAL enable_seqscan = off"))
        told = select(Item.id).where(condition).compile(db.engine, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN" if is_postgres else "EXPLAIN QUERY PLAN"
        return "\n".join(str(row[-1]) for row in session.execute(text(f"{explain} {told}")))


@pytest.mark.parametrize(
    ("item", "index"),
    [
        (Item(id=1, channel_id=1, kind=ItemKind.COMMENT), "ix_item_parent_id"),
        (Item(id=1, channel_id=1, kind=ItemKind.MESSAGE, conversation_external_id="k1"), "ix_item_conversation"),
    ],
)
def test_a_thread_is_found_by_its_index(house: House, item: Item, index: str) -> None:
    with house.app.app_context():
        assert index in plan_of(same_thread(item))


def test_what_answers_something_that_came_later_is_found_by_its_index(house: House) -> None:
    with house.app.app_context():
        waiting = (Item.channel_id == 1) & Item.parent_external_id.in_(["c1", "c2"])
        assert "ix_item_parent_external" in plan_of(waiting)
