"""The index keeps up by itself, and can be made anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from tests.conftest import settings_for
from tests.support.fakes import FakeChannel, MovableClock
from tests.support.house import House
from tjs_moderation import jobs
from tjs_moderation.app import create_app
from tjs_moderation.cli import main
from tjs_moderation.domain.language import morphology
from tjs_moderation.domain.search import LARGEST_DOCUMENT_BYTES, Part, document, spans, terms, words_of
from tjs_moderation.extensions import db
from tjs_moderation.models import SearchDue, SearchText
from tjs_moderation.services import notes, search_index
from tjs_moderation.services.search_index import is_behind
from tjs_moderation.services.transaction import CONSOLE, transact

MIGRATION = Path(__file__).parents[2] / "migrations" / "versions" / "0006_search.py"


def counted(session: Session) -> tuple[int, int]:
    """How many items can be found, and how many marks wait."""
    rows = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (SearchText, SearchDue)]
    return rows[0], rows[1]


def test_a_change_marks_its_item_and_the_worker_takes_the_mark_away(house: House, session: Session) -> None:
    house.bring("c1", "Olin koulutuksessa.")
    assert is_behind(session)
    session.rollback()
    jobs.run_all()
    assert counted(session) == (1, 0)
    session.rollback()
    notes.write_note(house.tiedottaja, house.item("c1").id, "Muistiinpano.")
    assert is_behind(session)


def test_what_a_verb_takes_back_leaves_no_mark(house: House, session: Session) -> None:
    house.receive("c1", "Olin koulutuksessa.")
    jobs.index()
    with pytest.raises(RuntimeError), transact(CONSOLE) as work:
        work.session.execute(text("UPDATE item_text SET text = 'toinen'"))
    assert counted(session) == (1, 0)
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        work.session.execute(text("UPDATE item_text SET text = 'toinen'"))
    session.rollback()
    assert counted(session) == (1, 1)


def test_what_another_worker_has_indexed_meanwhile_is_left_as_it_is(
    house: House, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.bring("c1", "Vanha.")

    def slow(parts: dict[Part, list[str]]) -> str:
        words = document(parts)
        monkeypatch.setattr(search_index, "document", document)
        house.bring("c1", "Uusi.")
        jobs.index()
        return words

    monkeypatch.setattr(search_index, "document", slow)
    jobs.index()
    assert "t_uusi" in session.scalars(select(SearchText.words)).one().split()


def test_every_trigger_of_the_search_is_there_after_all_migrations(app: Flask) -> None:
    told = importlib.util.spec_from_file_location("search_migration", MIGRATION)
    assert told
    assert told.loader
    migration = importlib.util.module_from_spec(told)
    told.loader.exec_module(migration)
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if db.engine.dialect.name == "postgresql":
        names = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with db.engine.connect() as connection:
        found = set(connection.scalars(text(names)))
    assert {f"search_{name}" for name, *_ in migration.MARKS} <= found


def test_reindexing_makes_everything_anew_in_batches(house: House, session: Session) -> None:
    for number in range(5):
        house.bring(f"c{number}", "Kokous.")
    jobs.index()
    with Session(db.engine) as breaking:
        breaking.execute(delete(SearchText))
        breaking.commit()
    assert list(search_index.reindex(2)) == [2, 4, 5]
    assert counted(session) == (5, 0)


def test_the_command_says_how_many_items_it_has_indexed(prepared_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        house = House.with_people(app, MovableClock(), FakeChannel())
        for number in range(3):
            house.bring(f"c{number}", "Kokous.")
        db.engine.dispose()
    told = {"TJS_INSTANCE_PATH": str(tmp_path)}
    result = CliRunner().invoke(main, ["search", "reindex", "--batch", "2"], env=told)
    assert result.exit_code == 0, result.output
    assert "3 items are indexed." in result.output
    with app.app_context(), Session(db.engine) as session:
        assert counted(session) == (3, 0)
        db.engine.dispose()


def test_a_document_holds_each_word_once_by_form_and_base_form() -> None:
    words = document({Part.TEXT: ["Koulutuksessa, koulutuksessa!"], Part.NOTE: ["koulutus"]})
    assert words.split() == ["t_koulutuksessa", "t_koulutus", "n_koulutus"]


def test_a_document_stays_small_enough_for_any_database() -> None:
    words = document({Part.TEXT: [" ".join(f"{'ä' * 60}{number}" for number in range(9_000))]})
    assert 0 < len(words.encode()) <= LARGEST_DOCUMENT_BYTES


def test_without_a_dictionary_a_word_is_found_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise morphology.DictionaryError

    monkeypatch.setattr(morphology, "load_dictionary", broken)
    assert words_of("Tuntemattomassako") == {"tuntemattomassako"}


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Olin koulutuksessa.", "koulutus", ["koulutuksessa"]),
        ("EWC-asia, ewc!", "ewc", ["EWC", "ewc"]),
        ("Kouluun ja koulutukseen", "koulu*", ["Kouluun", "koulutukseen"]),
        ("Ｋｏｕｌｕ &amp; koti", "koulu", ["Ｋｏｕｌｕ"]),
        ("Ei mitään", "koulu", []),
    ],
)
def test_what_was_asked_for_is_marked_where_it_stands(text: str, asked: str, marked: list[str]) -> None:
    found = spans(text, terms(asked), Part.TEXT)
    assert [text[start:end] for start, end in found] == marked
    assert spans(text, terms(asked, [Part.NOTE]), Part.TEXT) == []
