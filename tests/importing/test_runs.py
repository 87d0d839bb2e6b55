from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta, tzinfo
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.importing.reading import json_lines
from tests.support.fakes import MovableClock
from tjs_moderation.domain.ports import Incoming, RowReader
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.gateways.files import FileFault, Row, RowFault, open_rows
from tjs_moderation.models import AuditEntry, ImportRun, Item, ItemText
from tjs_moderation.services import import_files, importing, people
from tjs_moderation.services.import_sentences import FILE_SENTENCES, ROW_SENTENCES
from tjs_moderation.services.transaction import CONSOLE, Actor, user

ROWS = [{"id": f"k{number}", "text": f"Kommentti {number}", "author_name": "Maija"} for number in range(1, 4)]


def counts_of(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.read_count, run.new_count, run.changed_count, run.duplicate_count, run.rejected_count


def import_text(file: Path, content: str) -> ImportRun:
    file.write_text(content)
    return importing.import_now(CONSOLE, "kasin", file, "auto")


@contextmanager
def reading_by(app: Flask, reader: RowReader) -> Iterator[None]:
    """Files are read by `reader` for a while."""
    wired = app.extensions["tjs_ports"]
    app.extensions["tjs_ports"] = replace(wired, open_rows=reader)
    try:
        yield
    finally:
        app.extensions["tjs_ports"] = wired


def verbs(session: Session) -> list[tuple[str, dict[str, object]]]:
    session.expire_all()
    entries = session.execute(
        select(AuditEntry.verb, AuditEntry.body)
        .where(AuditEntry.verb.in_(["start_import", "take_in", "finish_import"]))
        .order_by(AuditEntry.seq)
    )
    return [(verb, json.loads(body)) for verb, body in entries]


def test_a_file_comes_in_whole(app: Flask, file: Path, session: Session) -> None:
    run = import_text(file, json_lines(ROWS))
    assert counts_of(run) == (3, 3, 0, 0, 0)
    assert (run.failure, run.rejects_path) == ("", None)
    assert run.finished_at is not None
    assert run.done_bytes == run.size_bytes == file.stat().st_size
    assert session.scalars(select(Item.external_id).order_by(Item.id)).all() == ["k1", "k2", "k3"]


def test_the_same_file_twice_changes_nothing(app: Flask, file: Path, session: Session) -> None:
    import_text(file, json_lines(ROWS))
    run = import_text(file, json_lines(ROWS))
    assert counts_of(run) == (3, 0, 0, 3, 0)
    assert session.scalar(select(func.count()).select_from(ItemText)) == 3
    assert [verb for verb, _ in verbs(session)].count("take_in") == 1


def test_a_changed_text_becomes_a_version(app: Flask, file: Path, session: Session) -> None:
    import_text(file, json_lines(ROWS))
    run = import_text(file, json_lines([{**ROWS[0], "text": "Muokattu"}, *ROWS[1:]]))
    assert counts_of(run) == (3, 0, 1, 2, 0)
    texts = session.scalars(
        select(ItemText.text).join(Item).where(Item.external_id == "k1").order_by(ItemText.number)
    ).all()
    assert texts == ["Kommentti 1", "Muokattu"]


def test_the_log_tells_when_an_import_began_and_what_came_of_it(app: Flask, file: Path, session: Session) -> None:
    run = import_text(file, json_lines(ROWS) + "rikki\n")
    began, taken, ended = verbs(session)
    assert [began[0], taken[0], ended[0]] == ["start_import", "take_in", "finish_import"]
    assert began[1]["run"] == ended[1]["run"] == run.id
    assert (ended[1]["read"], ended[1]["new"], ended[1]["rejected"], ended[1]["failure"]) == (4, 3, 1, "")
    assert file.name not in json.dumps(began[1])


def test_bad_rows_are_kept_with_their_line_and_reason(app: Flask, file: Path) -> None:
    run = import_text(file, "id,text,created_at\n1,Moi,\n,Tunnus puuttuu,\n2,Hei,eilen\n3,Terve,\n")
    assert counts_of(run) == (4, 2, 0, 0, 2)
    assert run.rejects_path is not None
    with Path(run.rejects_path).open(encoding="utf-8-sig", newline="") as kept:
        header, *rows = csv.reader(kept, delimiter=";")
    assert header == ["line", "reason", "explanation", "row"]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("3", "missing_id", ",Tunnus puuttuu,"),
        ("4", "bad_date", "2,Hei,eilen"),
    ]
    assert "”eilen”" in rows[1][2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_a_rejected_row_is_no_formula_for_a_spreadsheet(app: Flask, file: Path, start: str) -> None:
    run = import_text(file, f"id;text\n{start}HYPERLINK(1)\n")
    with Path(run.rejects_path or "").open(encoding="utf-8-sig", newline="") as kept:
        (_, row) = csv.reader(kept, delimiter=";")
    assert row[3].startswith("'")


def test_a_file_that_cannot_be_read_ends_the_run_with_the_reason(app: Flask, file: Path, session: Session) -> None:
    run = import_text(file, "tunnus,viesti\n1,Moi\n")
    failure = importing.failure_of(run)
    assert failure is not None
    assert failure[0] == FileFault.NO_COLUMNS
    assert failure[1]["columns"] == "id, text"
    assert counts_of(run) == (0, 0, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(Item)) == 0


def test_what_came_before_a_failure_stays_and_is_counted(app: Flask, file: Path) -> None:
    def breaks_off(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        yield from (Row(number, number, Incoming(f"n{number}", text="Moi")) for number in range(1, 1001))
        raise InvalidInputError("kesken")

    file.write_text("x")
    with reading_by(app, breaks_off):
        run = importing.import_now(CONSOLE, "kasin", file, "auto")
    assert counts_of(run) == (1000, 1000, 0, 0, 0)
    assert run.failure


def test_a_channel_nobody_knows_is_refused_and_leaves_no_run(app: Flask, file: Path, session: Session) -> None:
    file.write_text("id,text\n")
    with pytest.raises(InvalidInputError) as caught:
        importing.import_now(CONSOLE, "twitter", file, "auto")
    assert caught.value.facts["name"] == "twitter"
    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def upload(content: str, actor: Actor = CONSOLE) -> tuple[int, Path]:
    path = import_files.keep_upload(io.BytesIO(content.encode()))
    return importing.start_import(actor, "kasin", path, "kommentit.csv", "auto"), path


def test_an_upload_waits_for_a_worker_and_is_removed_when_it_has_come_in(app: Flask) -> None:
    person, _ = people.add_user(CONSOLE, "Tiina", "tiina@tjs.example", Role.TIEDOTTAJA)
    run_id, path = upload("id,text\n1,Moi\n", user(person))
    assert importing.run_waiting() == 1
    run = importing.import_run(run_id)
    assert counts_of(run) == (1, 1, 0, 0, 0)
    assert run.file_name == "kommentit.csv"
    assert run.started_by_id == person
    assert not path.exists()
    assert importing.run_waiting() == 0


def test_an_upload_nobody_will_read_is_removed_after_a_day(app: Flask, clock: MovableClock) -> None:
    forgotten, fresh = (import_files.keep_upload(io.BytesIO(b"x")) for _ in range(2))
    _, waiting = upload("id,text\n1,Moi\n")
    for path, age in ((forgotten, timedelta(days=2)), (fresh, timedelta(hours=1)), (waiting, timedelta(days=2))):
        sent_at = (clock.now - age).timestamp()
        os.utime(path, (sent_at, sent_at))
    with reading_by(app, dies_after(0)), pytest.raises(OperationalError):
        importing.run_waiting()
    assert (forgotten.exists(), fresh.exists(), waiting.exists()) == (False, True, True)


def test_a_file_given_by_its_path_is_left_where_it_is(app: Flask, file: Path) -> None:
    import_text(file, json_lines(ROWS))
    assert file.exists()


def dies_after(batches: int) -> RowReader:
    def rows(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        for number, row in enumerate(open_rows(path, told_as, zone)):
            if number == batches * 500:
                raise OperationalError("", {}, Exception("the lights went out"))
            yield row

    return rows


def test_the_run_of_a_worker_that_died_is_taken_up_again_and_loses_nothing(
    app: Flask, clock: MovableClock, session: Session
) -> None:
    run_id, _ = upload("id,text\n" + "".join(f"n{number},Moi\n" for number in range(1200)) + ",Tunnus puuttuu\n")
    with reading_by(app, dies_after(2)), pytest.raises(OperationalError):
        importing.run_waiting()
    assert importing.import_run(run_id).finished_at is None
    assert importing.run_waiting() == 0
    clock.advance(seconds=(importing.LEASE + timedelta(seconds=1)).total_seconds())
    assert importing.run_waiting() == 1
    assert counts_of(importing.import_run(run_id)) == (1201, 200, 0, 1000, 1)
    assert session.scalar(select(func.count()).select_from(Item)) == 1200


def test_a_run_somebody_reads_is_not_read_by_another(app: Flask) -> None:
    run_id, _ = upload("id,text\n1,Moi\n")

    def another_comes(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        with pytest.raises(ConflictError):
            importing.run_import(run_id)
        assert importing.run_waiting() == 0
        yield from open_rows(path, told_as, zone)

    with reading_by(app, another_comes):
        assert counts_of(importing.run_import(run_id)) == (1, 1, 0, 0, 0)


def test_a_worker_that_was_so_slow_that_another_took_over_lets_go(app: Flask, clock: MovableClock) -> None:
    run_id, _ = upload("id,text\n1,Moi\n")

    def falls_asleep(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        clock.advance(hours=1)
        with reading_by(app, open_rows):
            assert importing.run_waiting() == 1
        yield Row(2, 5, Incoming("1", text="Moi"))

    with reading_by(app, falls_asleep), pytest.raises(ConflictError):
        importing.run_import(run_id)
    assert counts_of(importing.import_run(run_id)) == (1, 1, 0, 0, 0)


def test_a_defect_ends_the_run_instead_of_repeating_it_for_ever(app: Flask) -> None:
    run_id, _ = upload("id,text\n1,Moi\n")

    def has_a_defect(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        raise ZeroDivisionError

    with reading_by(app, has_a_defect), pytest.raises(ZeroDivisionError):
        importing.run_import(run_id)
    assert importing.failure_of(importing.import_run(run_id)) == ("defect", {})
    assert importing.run_waiting() == 0


def test_stopping_the_command_ends_the_run_and_keeps_what_came_in(app: Flask, file: Path, session: Session) -> None:
    def is_stopped(path: Path, told_as: str, zone: tzinfo) -> Iterator[Row]:
        yield from (Row(number, number, Incoming(f"n{number}", text="Moi")) for number in range(1, 501))
        raise KeyboardInterrupt

    file.write_text("x")
    with reading_by(app, is_stopped), pytest.raises(KeyboardInterrupt):
        importing.import_now(CONSOLE, "kasin", file, "auto")
    run = session.scalars(select(ImportRun)).one()
    assert importing.failure_of(run) == ("interrupted", {})
    assert counts_of(run) == (500, 500, 0, 0, 0)


def test_progress_is_told_after_every_batch(app: Flask, file: Path) -> None:
    told: list[tuple[int, int]] = []
    file.write_text("id,text\n" + "".join(f"n{number},Moi\n" for number in range(1100)))
    importing.import_now(CONSOLE, "kasin", file, "auto", lambda run: told.append((run.read_count, run.done_bytes)))
    assert [read for read, _ in told] == [500, 1000, 1100]
    assert told[-1][1] == file.stat().st_size


def test_the_zone_of_the_install_is_that_of_times_without_an_offset(app: Flask, file: Path, session: Session) -> None:
    import_text(file, "id,text,created_at\n1,Moi,2026-07-15T12:00:00\n")
    created_at = session.scalars(select(Item.created_at)).one()
    assert created_at is not None
    assert created_at.hour == 9


def test_a_run_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        importing.import_run(999)


def test_every_fault_has_its_sentence() -> None:
    assert set(ROW_SENTENCES) == set(RowFault)
    assert set(FILE_SENTENCES) == set(FileFault) | {"interrupted", "defect"}
