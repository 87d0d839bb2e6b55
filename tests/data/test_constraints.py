"""What the code promises, the database refuses to break: whoever writes there, by whatever means."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Act, Answer, AnswerRevision, Base, Decision, Item, ItemText, Routing, RuleSet
from tjs_moderation.services import answers, casework, routing


@pytest.fixture
def worked(house: House) -> House:
    """A house with an approved answer on one item and a removal on another."""
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    answers.save_draft(house.expert, item.id, "Näin.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    answers.approve(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, item.id)
    insult = house.receive("c2", "Olet idiootti.")
    casework.decide(house.tiedottaja, insult.id, insult.version, DecisionKind.REMOVE, "insulting")
    return house


def change(model: type[Base], **values: object) -> None:
    """Change the first row of a table behind the back of all verbs."""
    table = _table(model)
    with Session(db.engine) as session:
        key = table.primary_key.columns.values()[0]
        first = session.scalars(select(key).order_by(key).limit(1)).one()
        session.execute(table.update().where(key == first).values(**values))
        session.commit()


def copy(model: type[Base], **values: object) -> None:
    """Put a second row beside the first one of a table, the same but for `values`."""
    table = _table(model)
    with Session(db.engine) as session:
        row = session.execute(select(table).limit(1)).mappings().one()
        session.execute(table.insert().values({k: v for k, v in row.items() if k != "id"} | values))
        session.commit()


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


IMPOSSIBLE: list[tuple[type[Base], dict[str, object]]] = [
    (Answer, {"approved_by_id": None}),
    (Answer, {"approved_at": None}),
    (Answer, {"approved_revision": None}),
    (Answer, {"approved_newest_item_id": None}),
    (Answer, {"approved_newest_text_version": None}),
    (Answer, {"approved_revision": 99}),
    (Answer, {"revision": 2}),
    (Answer, {"state": "published"}),
    (Act, {"state": "claimed"}),
    (Act, {"state": "done"}),
    (Act, {"state": "refused"}),
    (Act, {"state": "failed"}),
    (Act, {"state": "stopped"}),
    (Act, {"answer_id": None}),
    (Decision, {"reason_id": None}),
    (Decision, {"kind": "take_back"}),
    (Decision, {"takes_back_id": 1}),
    (Item, {"channel_id": 99}),
    (Item, {"expert_id": 99}),
    (Item, {"external_id": None}),
    (Routing, {"item_id": 99}),
    (ItemText, {"text": None}),
]

SECOND: list[tuple[type[Base], dict[str, object]]] = [
    (Item, {}),
    (Item, {"external_id": "c1", "text_version": 7}),
    (Answer, {"state": "draft"}),
    (Act, {}),
    (Decision, {}),
    (Routing, {}),
    (RuleSet, {"number": 99}),
    (AnswerRevision, {}),
    (ItemText, {}),
]


def accepted(tries: list[tuple[type[Base], dict[str, object]]], write: Callable[..., None]) -> list[tuple[str, object]]:
    """What of `tries` the database let through."""
    let_through: list[tuple[str, object]] = []
    for model, values in tries:
        try:
            write(model, **values)
        except IntegrityError:
            continue
        let_through.append((model.__tablename__, values))
    return let_through


def test_the_database_refuses_what_cannot_be(worked: House) -> None:
    assert accepted(IMPOSSIBLE, change) == []


def test_the_database_knows_the_words_of_each_column(worked: House) -> None:
    for table, column in (("item", "state"), ("answer", "state"), ("act", "state"), ("decision", "kind")):
        with Session(db.engine) as session, pytest.raises(IntegrityError):
            session.connection().exec_driver_sql(f"UPDATE {table} SET {column} = 'nonsense'")  # noqa: S608  # our own
    with pytest.raises(StatementError):
        change(Item, state="nonsense")


def test_there_is_only_one(worked: House) -> None:
    """One item for an id, one open answer and routing for an item, one act for a key, one rule set in force."""
    assert accepted(SECOND, copy) == []


def test_after_an_answer_is_over_there_may_be_another(worked: House) -> None:
    copy(Answer, state="withdrawn")
    copy(Routing, ended_at=worked.clock.now)
