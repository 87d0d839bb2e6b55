"""The audit log: the database refuses to change it, and where somebody makes it, the walk finds the place."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.support.house import House
from tjs_moderation.domain.chain import GENESIS, Verdict, canonical, link
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, AuditHead
from tjs_moderation.services import audit, options
from tjs_moderation.services.transaction import CONSOLE, transact

REFUSED = "append-only"


@pytest.fixture
def entries(house: House) -> int:
    """A chain of some length; gives the number of its newest entry."""
    house.receive("c1", "Olet idiootti.")
    return audit.verify().entries


def execute(*statements: str, **values: object) -> None:
    with Session(db.engine) as session:
        for statement in statements:
            session.execute(text(statement), values)
        session.commit()


def tamper(*statements: str, **values: object) -> Verdict:
    """What the walk says after somebody with every right on the database has taken the triggers off and done this."""
    if db.engine.dialect.name == "postgresql":
        execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
    else:
        execute(*(f"DROP TRIGGER audit_entry_no_{name}" for name in ("update", "delete", "replace")))
    execute(*statements, **values)
    return audit.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'keep' WHERE seq = 2",
        "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
        "DELETE FROM audit_entry WHERE seq = 2",
        "DELETE FROM audit_entry",
    ],
)
def test_the_database_refuses_to_change_the_log(house: House, entries: int, statement: str) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        execute(statement)
    assert audit.verify() == Verdict(True, entries)


def test_the_database_refuses_to_put_an_entry_in_the_place_of_another(house: House, entries: int) -> None:
    replacing = (
        "INSERT OR REPLACE INTO audit_entry SELECT seq, at, actor, 'keep', body, previous, hash "
        "FROM audit_entry WHERE seq = 2"
        if db.engine.dialect.name == "sqlite"
        else "INSERT INTO audit_entry SELECT seq, at, actor, 'keep', body, previous, hash FROM audit_entry "
        "WHERE seq = 2 ON CONFLICT (seq) DO UPDATE SET verb = 'keep'"
    )
    with pytest.raises(DBAPIError, match=REFUSED):
        execute(replacing)
    assert audit.verify() == Verdict(True, entries)


@pytest.mark.postgres
def test_the_log_cannot_be_emptied_in_one_go(house: House, entries: int) -> None:
    if db.engine.dialect.name != "postgresql":
        with pytest.raises(DBAPIError):
            execute("TRUNCATE audit_entry")
        return
    with pytest.raises(DBAPIError, match=REFUSED):
        execute("TRUNCATE audit_entry CASCADE")
    assert audit.verify() == Verdict(True, entries)


@pytest.mark.parametrize("column", ["at", "actor", "verb", "body"])
def test_a_changed_entry_is_found(house: House, entries: int, column: str) -> None:
    verdict = tamper(f"UPDATE audit_entry SET {column} = '{{}}' WHERE seq = 3")  # noqa: S608  # our own words
    assert verdict == Verdict(False, 2, 3, "changed")


def test_a_deleted_entry_is_found(house: House, entries: int) -> None:
    verdict = tamper("DELETE FROM audit_subject", "DELETE FROM audit_entry WHERE seq = 3")
    assert verdict == Verdict(False, 2, 3, "missing")


def test_swapped_entries_are_found(house: House, entries: int) -> None:
    verdict = tamper(
        "DELETE FROM audit_subject",
        "UPDATE audit_entry SET seq = -1 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 2",
        "UPDATE audit_entry SET seq = 2 WHERE seq = -1",
    )
    assert (verdict.is_whole, verdict.first_bad) == (False, 2)


def test_an_inserted_entry_is_found(house: House, entries: int) -> None:
    seq, previous = audit.head()
    at, body = "2026-11-16T06:00:00.000000+00:00", canonical({})
    verdict = tamper(
        "INSERT INTO audit_entry VALUES (:seq, :at, 'user:1', 'keep', :body, :previous, :hash)",
        seq=seq + 1,
        at=at,
        body=body,
        previous=previous,
        hash=link(previous, seq + 1, at, "user:1", "keep", body),
    )
    assert verdict == Verdict(False, seq + 1, seq + 1, "head_differs")


def test_a_tail_that_was_cut_off_is_found(house: House, entries: int) -> None:
    verdict = tamper("DELETE FROM audit_subject", "DELETE FROM audit_entry WHERE seq > 3")
    assert verdict == Verdict(False, 3, 4, "missing")


def test_a_log_that_was_emptied_is_found(house: House, entries: int) -> None:
    verdict = tamper("DELETE FROM audit_subject", "DELETE FROM audit_entry")
    assert verdict == Verdict(False, 0, 1, "missing")


def test_a_head_that_was_lost_is_found(house: House, entries: int) -> None:
    assert tamper("DELETE FROM audit_head") == Verdict(False, entries, 1, "head_differs")


def test_an_install_begins_with_an_entry_and_every_entry_names_the_one_before(app: Flask, house: House) -> None:
    with Session(db.engine) as session:
        listed = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        head = session.scalars(select(AuditHead)).one()
    assert [entry.seq for entry in listed] == list(range(1, len(listed) + 1))
    assert [entry.previous for entry in listed] == [GENESIS, *(entry.hash for entry in listed[:-1])]
    assert (head.seq, head.hash) == (listed[-1].seq, listed[-1].hash)


def test_a_verb_that_fails_leaves_neither_its_change_nor_an_entry(house: House, entries: int) -> None:
    def fail() -> None:
        with transact(CONSOLE) as work:
            work.session.execute(text("UPDATE channel SET stopped_reason = 'x'"))
            work.record("install")
            work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert audit.verify() == Verdict(True, entries)
    with Session(db.engine) as session:
        assert session.scalars(text("SELECT count(*) FROM channel WHERE stopped_reason = 'x'")).one() == 0


def test_a_change_without_an_entry_is_a_defect_and_is_not_kept(house: House) -> None:
    with pytest.raises(RuntimeError, match="leaves an audit entry"), transact(CONSOLE) as work:
        work.session.execute(text("UPDATE channel SET stopped_reason = 'x'"))
    with Session(db.engine) as session:
        assert session.scalars(text("SELECT count(*) FROM channel WHERE stopped_reason = 'x'")).one() == 0


def test_a_verb_leaves_one_entry_and_no_second(house: House) -> None:
    with transact(CONSOLE) as work:
        work.record("install")
        with pytest.raises(RuntimeError, match="has its entry already"):
            work.record("install")


def test_every_change_of_a_setting_is_in_the_log(house: House) -> None:
    before = audit.verify().entries
    options.set_four_eyes(CONSOLE, is_on=True)
    options.set_four_eyes(CONSOLE, is_on=False)
    assert audit.verify().entries == before + 2
