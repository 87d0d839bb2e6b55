from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text, update

from tests.support.queries import BUDGET, queries_of
from tests.web.client import PageClient, text_of
from tests.web.office import QUESTION, Office
from tjs_moderation.domain.chain import Verdict
from tjs_moderation.domain.verbs import VERBS
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry
from tjs_moderation.services import options
from tjs_moderation.services.transaction import CONSOLE
from tjs_moderation.web import proof
from tjs_moderation.web.sentences import VERBS as SENTENCES
from tjs_moderation.web.sentences import verb_words


def test_the_log_says_who_did_what_newest_first(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    page = tiedottaja.get("/proof")
    lines = [text_of(entry) for entry in page.elements("li") if entry.get("id", "").startswith("entry-")]
    assert "Päivi Salo lähetti vastauksen hyväksyttäväksi (versio 1; ohitetut huomautukset:" in lines[0]
    assert f"#{item.id}" in lines[0]
    assert "Päivi Salo kirjoitti vastausta" in lines[1]
    assert "Tiina Tiedottaja ohjasi asian asiantuntijalle (Päivi Salo)" in lines[2]
    assert "Konsoli arvioi viestin" in lines[3]
    assert "Facebook toi viestin konsoliin" in lines[4]
    assert page.links()[f"#{item.id}"] == f"/items/{item.id}/story"


def test_nothing_the_public_wrote_is_in_the_log(office: Office, tiedottaja: PageClient) -> None:
    office.submitted()
    assert QUESTION not in tiedottaja.get("/proof").text


def test_those_who_may_not_see_items_get_no_way_to_them(office: Office, atk_suunnittelija: PageClient) -> None:
    item = office.question()
    page = atk_suunnittelija.get("/proof")
    assert f"#{item.id}" in page.text
    assert f"#{item.id}" not in page.links()


def test_a_whole_chain_is_said_to_be_whole(tiedottaja: PageClient) -> None:
    page = tiedottaja.submit(tiedottaja.get("/proof").form("/verify"))
    assert "Ketju on ehjä: 5 merkintää." in page.text


def tamper(app: Flask, column: str, value: str) -> None:
    """Change entry 3 as somebody could who owns the database."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(update(AuditEntry).where(AuditEntry.seq == 3).values({column: value}))


def test_a_changed_entry_is_found_and_named(app: Flask, tiedottaja: PageClient) -> None:
    tamper(app, "actor", "user:1")
    page = tiedottaja.submit(tiedottaja.get("/proof").form("/verify"))
    assert "Ketju on rikki merkinnän 3 kohdalta." in page.text
    assert "Merkintää on muutettu jälkikäteen." in page.text
    assert "Merkinnät 1–2 ovat kunnossa." in page.text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "user:x"),
        ("actor", "user:99999999999999999999"),
        ("body", "{"),
        ("body", "[]"),
        ("body", '{"items":["x"],"role":"x","user":"x"}'),
        ("at", "eilen"),
        ("verb", "keksitty"),
    ],
)
def test_a_log_that_was_tampered_with_can_still_be_read(
    app: Flask, tiedottaja: PageClient, column: str, value: str
) -> None:
    tamper(app, column, value)
    page = tiedottaja.submit(tiedottaja.get("/proof").form("/verify"))
    assert "Ketju on rikki merkinnän 3 kohdalta." in page.text


@pytest.mark.parametrize("reason", ["missing", "out_of_order", "does_not_follow", "changed", "head_differs"])
def test_every_way_a_chain_can_be_broken_has_its_words(app: Flask, reason: str) -> None:
    verdict = Verdict(False, 0, 1, reason)
    with app.test_request_context():
        assert str(proof.WHAT_IS_WRONG[verdict.reason])


def test_a_long_log_is_read_page_by_page_within_the_budget(app: Flask, office: Office, tiedottaja: PageClient) -> None:
    with office.inside():
        for number in range(60):
            options.set_hold_back(CONSOLE, {ActKind.HIDE: number})
    with queries_of(app) as asked:
        first = tiedottaja.get("/proof")
    assert len(asked) <= BUDGET, asked
    second = tiedottaja.get(first.links()["Vanhemmat"])
    numbers = [
        [int(entry.get("id", "").removeprefix("entry-")) for entry in page.elements("li") if entry.get("id")]
        for page in (first, second)
    ]
    assert [*numbers[0], *numbers[1]] == list(range(65, 0, -1))
    assert "Vanhemmat" not in second.links()


@pytest.mark.parametrize("before", ["0", "-1", "99999999999999999999", "abc"])
def test_a_strange_place_in_the_log_is_no_defect(tiedottaja: PageClient, before: str) -> None:
    assert "Todisteet" in tiedottaja.get(f"/proof?before={before}").heading


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_told_in_finnish(app: Flask, verb: str) -> None:
    with app.test_request_context():
        assert verb_words(verb) not in {verb, verb.replace("_", " ")}


def test_no_sentence_is_kept_for_a_verb_that_is_not() -> None:
    assert set(SENTENCES) <= VERBS
