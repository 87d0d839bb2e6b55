"""The schema: migrated up, down and up again with data in it, and the same as the models say."""

from __future__ import annotations

import flask_migrate
from sqlalchemy import inspect, text

from tests.support.house import House
from tests.support.processes import ended, start_process
from tests.support.recount import check_books
from tjs_moderation.cli import main
from tjs_moderation.domain.chain import Verdict
from tjs_moderation.domain.vocabulary import DecisionKind
from tjs_moderation.extensions import db
from tjs_moderation.models import Base
from tjs_moderation.services import answers, audit, casework, install, notes, options, reasons, routing


def tables() -> set[str]:
    found = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    return {name for name in found if not name.startswith("search_index")}


LASTING = ("user_account", "item", "item_text", "assessment", "decision", "routing", "answer", "act", "audit_entry")
"""Tables that there are from the first migration on."""


def rows_by_table() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in LASTING}  # noqa: S608  # our own names


def work_a_little(house: House) -> None:
    """Leave a row in nearly every table."""
    item = house.receive("c1", "Kuinka ewc perustetaan?")
    routing.route(house.tiedottaja, item.id, item.version, house.topic_id("ewc"), house.expert, "Aihe on EWC.")
    answers.save_draft(house.expert, item.id, "Näin.")
    answers.submit(house.expert, house.answer(item.id).id, house.answer(item.id).version)
    answers.approve(house.tiedottaja, house.answer(item.id).id, house.answer(item.id).version, item.id)
    notes.write_note(house.tiedottaja, item.id, "Hyvä, @inka!")
    reply = house.receive("c2", "Olet idiootti.", parent_external_id="c1")
    casework.decide(house.tiedottaja, reply.id, reply.version, DecisionKind.REMOVE, "insulting")
    casework.claim(house.tiedottaja, item.id)
    house.wait_and_send()


def test_the_schema_goes_down_and_up_again_with_work_in_it(house: House) -> None:
    work_a_little(house)
    check_books()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    install.prepare()
    assert tables() == set(Base.metadata.tables)
    assert audit.verify().is_whole
    again = House.with_people(house.app, house.clock, house.facebook)
    work_a_little(again)
    check_books()


def test_every_migration_from_the_first_to_the_last_keeps_the_work(house: House) -> None:
    work_a_little(house)
    kept, head = rows_by_table(), audit.head()
    assert all(kept.values())
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    assert rows_by_table() == kept
    install.prepare()
    assert rows_by_table() == kept
    assert audit.head() == head
    check_books()
    reply = house.receive("c3", "Entä milloin?", parent_external_id="c1")
    casework.decide(house.tiedottaja, reply.id, reply.version, DecisionKind.KEEP)
    check_books()


def test_migrating_again_changes_nothing(house: House) -> None:
    work_a_little(house)
    before = audit.verify()
    install.prepare()
    assert audit.verify() == before
    assert install.readiness()["migrations"]


def test_the_models_and_the_migrations_agree(house: House) -> None:
    flask_migrate.check()


def test_what_the_migrations_need_is_told_apart_from_what_they_did(house: House) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert not install.readiness()["migrations"]


def list_people() -> None:
    main(["user", "list"])


def test_two_who_start_at_once_prepare_one_install(house: House) -> None:
    """As two servers do, on a database that is still empty."""
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    settings = house.app.extensions["tjs_ports"].settings
    told = {"TJS_DATABASE_URL": settings.database_url, "TJS_INSTANCE_PATH": str(settings.instance_path)}
    starting = [start_process(list_people, environment=told) for _ in "ab"]
    assert [ended(process) for process in starting] == [0, 0]
    assert audit.verify() == Verdict(True, 2)
    assert tables() == set(Base.metadata.tables)


def test_a_hold_back_set_before_there_were_kinds_holds_for_all_of_them(house: House) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision="0007")
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('hold_back_seconds', '90')"))
    install.prepare()
    assert set(options.hold_back(db.session()).values()) == {90}
    assert all(seen.reason.label_sv and seen.reason.label_en for seen in reasons.all_reasons())
