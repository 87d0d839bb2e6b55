"""Forgetting a person: nothing of them is left in any table, file or index, and the chain is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.privacy.traces import AUTHOR, MARKS, NAME, WORDS, files_that_hold_it, leave_words_everywhere, where_it_stands
from tests.proof.test_backup import install_at
from tests.support.house import House
from tests.support.recount import check_books
from tjs_moderation import jobs
from tjs_moderation.domain import chain
from tjs_moderation.domain.vocabulary import CaseState, DecisionKind
from tjs_moderation.errors import ConfigurationError, InvalidInputError, NotAllowedError, NotFoundError, TransitionError
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Author, Base, Erasure, ItemText
from tjs_moderation.services import answers, audit, casework, erasing, notes, person_keys, privacy, quotes, scrubbing
from tjs_moderation.services.backup import backup_lines
from tjs_moderation.services.restoring import restore
from tjs_moderation.services.transaction import CONSOLE, user


@pytest.fixture
def other_url(tmp_path: Path) -> str:
    """An empty database to restore to, beside the house's own."""
    return f"sqlite:///{tmp_path / 'restored.db'}"


def test_nothing_of_a_forgotten_person_is_left_anywhere(house: House) -> None:
    author_id = leave_words_everywhere(house)
    jobs.index()
    stood = {place.partition(":")[0] for place in where_it_stands()}
    assert {
        "item_text.text",
        "note.text",
        "decision.words",
        "answer_revision.text",
        "opinion.words",
        "raw_event.body",
    } < stood
    assert {"author.name", "search_index", "rule_trial.text", "saved_search.address", "routing.why"} < stood
    privacy.erase(user(house.tiedottaja), author_id, f"{NAME} pyysi tietojensa poistoa.")
    assert scrubbing.scrub_due()
    assert list(where_it_stands()) == []
    assert files_that_hold_it(house) == []
    check_books()
    assert audit.verify().is_whole


def test_what_comes_in_again_of_a_forgotten_person_stays_forgotten(house: House) -> None:
    author_id = leave_words_everywhere(house)
    privacy.erase(CONSOLE, author_id, "Pyyntö.")
    again = house.receive(
        "c-merilainen-1", f"Olet idiootti. {WORDS}, sanoi hän.", **AUTHOR, permalink="https://x.example/mer-77"
    )
    assert (again.state, again.permalink, again.text_version) == (CaseState.DONE, None, 2)
    assert list(where_it_stands()) == []
    newer = house.receive("c-new", "Kirjoitan taas.", **AUTHOR)
    with Session(db.engine) as session:
        assert session.get_one(Author, newer.author_id).name == NAME


def test_nobody_works_on_what_was_erased(house: House) -> None:
    item = house.receive("c1", "hmm, mitä ewc on?", **AUTHOR)
    privacy.erase(CONSOLE, item.author_id or 0, "Pyyntö.")
    version = house.item("c1").version
    tries: tuple[Callable[[], object], ...] = (
        lambda: casework.decide(house.tiedottaja, item.id, version, DecisionKind.KEEP),
        lambda: notes.write_note(house.tiedottaja, item.id, "Kuka hän oli?"),
        lambda: answers.save_draft(house.tiedottaja, item.id, "Näin."),
    )
    for work in tries:
        with pytest.raises(TransitionError, match="item_erased"):
            work()


def test_a_destroyed_key_leaves_commitments_nobody_can_open(house: House) -> None:
    item = house.receive("c1", WORDS, **AUTHOR)
    with Session(db.engine) as session:
        kept = session.get_one(ItemText, (item.id, 1))
        nonce, author = kept.nonce, session.get_one(Author, item.author_id)
        key = person_keys.ring(session).open(author)
        entry = session.scalars(select(AuditEntry.body).where(AuditEntry.verb == "take_in")).all()[-1]
        assert chain.commitment(person_keys.key_of_text(kept, key), WORDS) in entry
        assert chain.commitment(nonce, WORDS) not in entry
    privacy.erase(CONSOLE, author.id, "Pyyntö.")
    with Session(db.engine) as session:
        author, kept = session.get_one(Author, author.id), session.get_one(ItemText, (item.id, 1))
        assert person_keys.ring(session).open(author) is None
        assert (kept.nonce, author.sealed_key) == ("", None)
    assert audit.verify().is_whole


def test_the_erasure_is_told_without_what_was_erased(house: House) -> None:
    author_id = leave_words_everywhere(house)
    erasure = privacy.erase(user(house.tiedottaja), author_id, f"{NAME} soitti.")
    assert (erasure.words, erasure.item_count) == ("(poistettu) soitti.", 3)
    with Session(db.engine) as session:
        body = session.scalars(select(AuditEntry.body).where(AuditEntry.verb == "erase_person")).one()
        assert session.scalars(select(Erasure.erased_by_id)).one() == house.tiedottaja
    assert not any(mark in body.lower() for mark in MARKS)


def test_only_whoever_serves_the_public_may_erase_and_once_with_a_reason(house: House) -> None:
    author_id = house.receive("c1", WORDS, **AUTHOR).author_id or 0
    with pytest.raises(NotAllowedError):
        privacy.erase(user(house.expert), author_id, "Pyyntö.")
    with pytest.raises(InvalidInputError, match="erasing_needs_why"):
        privacy.erase(user(house.tiedottaja), author_id, " ")
    with pytest.raises(NotFoundError):
        privacy.erase(user(house.tiedottaja), 987_654, "Pyyntö.")
    privacy.erase(user(house.tiedottaja), author_id, "Pyyntö.")
    with pytest.raises(TransitionError, match="erased_already"):
        privacy.erase(user(house.tiedottaja), author_id, "Pyyntö.")


def test_what_would_go_is_told_before(house: House) -> None:
    author_id = leave_words_everywhere(house)
    house.receive("c-friend", f"Kiitos {NAME}!", author_external_id="p8", author_name="Ystävä Hyvä")
    told = privacy.outlook(author_id)
    assert (told.comment_count, told.message_count, told.version_count, told.trace_count) == (1, 2, 4, 1)
    assert (told.note_count, told.named_count, told.has_whole_name) == (1, 1, True)
    assert [found.author.id for found in privacy.find_people("meriläi")] == [author_id]
    assert [found.author.id for found in privacy.find_people("mer-77")] == [author_id]


def test_an_older_backup_forgets_again_whoever_was_forgotten_since(house: House, other_url: str) -> None:
    author_id = leave_words_everywhere(house)
    other = house.item("c-other")
    lines = list(backup_lines(db.engine))
    privacy.erase(CONSOLE, author_id, "Pyyntö.")
    with install_at(other_url, house):
        restore(lines)
        assert list(where_it_stands()) == []
        with Session(db.engine) as session:
            kept = session.get_one(ItemText, (other.id, 1))
            assert (kept.text, session.get_one(Author, other.author_id).name) == (
                "Aivan tavallinen viesti.",
                "Toinen Ihminen",
            )
            last = session.scalars(select(AuditEntry.body).where(AuditEntry.verb == "erase_person")).one()
        assert '"again":true' in last
        check_books()


def test_whoever_wrote_again_after_being_forgotten_is_not_forgotten_by_a_newer_backup(
    house: House, other_url: str
) -> None:
    privacy.erase(CONSOLE, house.receive("c1", WORDS, **AUTHOR).author_id or 0, "Pyyntö.")
    newer = house.receive("c2", "Kirjoitan taas ihan muusta.", **AUTHOR)
    lines = list(backup_lines(db.engine))
    with install_at(other_url, house):
        restore(lines)
        with Session(db.engine) as session:
            assert session.get_one(ItemText, (newer.id, 1)).text == "Kirjoitan taas ihan muusta."


def test_a_damaged_register_keeps_a_copy_from_being_restored(house: House, other_url: str) -> None:
    lines = list(backup_lines(db.engine))
    (house.instance / "erasures.jsonl").write_text("[]\n")
    with install_at(other_url, house), pytest.raises(ConfigurationError, match="no register"):
        restore(lines)


def test_every_reason_to_leave_something_alone_is_about_something_there_is() -> None:
    tables = Base.metadata.tables
    assert set(quotes.LEFT) <= set(tables)
    assert set(erasing.KEPT) <= {f"{table.name}.{column.name}" for table in tables.values() for column in table.columns}
    looked_through = {f"{table.name}.{column.name}" for table, column in quotes.swept()}
    assert {"note.text", "draft.text", "ready_answer.text", "setting_change.after"} <= looked_through
