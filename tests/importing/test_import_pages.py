from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.queries import BUDGET, queries_of
from tests.support.standing import StandingApps
from tests.web.client import Page, PageClient
from tests.web.conftest import Clock, make_app
from tjs_moderation.domain.vocabulary import Role
from tjs_moderation.extensions import db
from tjs_moderation.models import ImportRun, Item
from tjs_moderation.services import import_files, importing, people
from tjs_moderation.services.transaction import CONSOLE

PASSWORD = "pitkä lause on hyvä"
GOOD = "id,text\n1,Hyvää työtä\n2,Kiitos\n".encode()
WITH_REJECTS = b"id,text\n1,Moi\n,Tunnus puuttuu\n"

SignIn = Callable[[Role], PageClient]


@pytest.fixture(scope="session")
def peopled_install(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one person of each role, to be copied by each test."""
    folder = tmp_path_factory.mktemp("peopled")
    shutil.copy(prepared_sqlite, folder / "tjs.db")
    app = make_app(folder, Clock())
    with app.app_context():
        for role in Role:
            people.add_user(CONSOLE, role.value, f"{role.value}@esimerkki.fi", role, (), PASSWORD)
        db.engine.dispose()
    return folder / "tjs.db"


@pytest.fixture
def console(peopled_install: Path, tmp_path: Path, standing_apps: StandingApps) -> Iterator[Flask]:
    """An install with its pages; nothing of it is in context between requests."""
    shutil.copy(peopled_install, tmp_path / "tjs.db")
    app = make_app(tmp_path, Clock(), standing_apps.as_new)
    yield app
    with app.app_context():
        db.session.remove()


@pytest.fixture
def sign_in(console: Flask) -> SignIn:
    def signed_in(role: Role) -> PageClient:
        person = PageClient(console.test_client())
        person.come_in(f"{role.value}@esimerkki.fi", PASSWORD)
        return person

    return signed_in


@pytest.fixture
def tiedottaja(sign_in: SignIn) -> PageClient:
    return sign_in(Role.TIEDOTTAJA)


def send(person: PageClient, content: bytes, name: str = "kommentit.csv", **fields: str) -> TestResponse:
    """Fill in the form of the page and send it with a file."""
    form = person.get("/import").form("/import")
    data = {**form.values, **fields, "file": (io.BytesIO(content), name)}
    return person.client.post(form.action, data=data, headers={"Referer": "http://localhost/"}, follow_redirects=True)


def work(console: Flask) -> None:
    with console.app_context():
        importing.run_waiting()


def the_run(console: Flask) -> ImportRun:
    with console.app_context(), Session(db.engine) as session:
        return session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(1)).one()


def test_a_file_is_sent_taken_in_by_a_worker_and_its_counts_are_shown(console: Flask, tiedottaja: PageClient) -> None:
    sent = Page(send(tiedottaja, GOOD))
    assert "Tiedosto on vastaanotettu." in sent.text
    assert "odottaa vuoroaan" in sent.text
    assert len(sent.elements("progress")) == 1
    work(console)
    page = tiedottaja.get("/import")
    assert "kommentit.csv" in page.text
    assert "valmis" in page.text
    assert "Luettu 2 Uusia 2" in page.text
    assert not page.elements("progress")
    with console.app_context(), Session(db.engine) as session:
        assert session.scalars(select(Item.external_id)).all() == ["1", "2"]
        assert not list(import_files.uploads_folder().iterdir())


def test_the_way_to_the_page_is_shown_to_those_who_may_import(sign_in: SignIn) -> None:
    assert sign_in(Role.TIEDOTTAJA).get("/").links()["Tuonti"] == "/import"
    assert sign_in(Role.ATK_SUUNNITTELIJA).get("/").links()["Tuonti"] == "/import"
    expert = sign_in(Role.ASIANTUNTIJA)
    assert "Tuonti" not in expert.get("/").links()
    expert.get("/import", status=403)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x1f\x8bxxxx", "Tiedosto on pakattu (gzip)."),
        (b"PK\x03\x04xl/workbook.xml", "taulukkolaskennan työkirja"),
        (bytes(range(256)) * 20, "Tiedosto ei ole tekstiä."),
    ],
)
def test_what_nobody_could_read_is_refused_at_once_and_not_kept(
    console: Flask, tiedottaja: PageClient, content: bytes, words: str
) -> None:
    answer = send(tiedottaja, content)
    assert answer.status_code == 422
    assert words in Page(answer).text
    with console.app_context():
        assert not list(import_files.uploads_folder().iterdir())
        assert not importing.newest_runs()


def test_sending_no_file_says_to_choose_one(tiedottaja: PageClient) -> None:
    form = tiedottaja.get("/import").form("/import")
    assert "Valitse tiedosto." in tiedottaja.submit(form, status=422).text


def test_a_channel_that_is_not_on_the_list_is_refused(tiedottaja: PageClient) -> None:
    assert send(tiedottaja, GOOD, channel="twitter").status_code == 422


def test_a_file_without_the_right_columns_says_so_in_the_list(console: Flask, tiedottaja: PageClient) -> None:
    send(tiedottaja, b"tunnus,viesti\n1,<b>Moi</b>\n")
    work(console)
    page = tiedottaja.get("/import")
    assert "Otsikkoriviltä puuttuu: id, text. Tiedosto alkaa näin: ”tunnus,viesti”." in page.text
    assert "keskeytyi" in page.text


def test_a_file_with_nothing_in_it_says_so_in_the_list(console: Flask, tiedottaja: PageClient) -> None:
    send(tiedottaja, b"")
    work(console)
    assert "Tiedostossa ei ollut yhtään riviä." in tiedottaja.get("/import").text


def test_the_senders_file_name_is_shown_as_text_and_names_no_file_of_ours(
    console: Flask, tiedottaja: PageClient
) -> None:
    send(tiedottaja, GOOD, name="../../<script>alert(1)</script>.csv")
    run = the_run(console)
    assert "script" not in run.stored_path
    with console.app_context():
        assert Path(run.stored_path).parent == import_files.uploads_folder()
    assert "<script>alert(1)</script>.csv" in tiedottaja.get("/import").text


def test_rejected_rows_are_fetched_as_a_file(console: Flask, tiedottaja: PageClient) -> None:
    send(tiedottaja, WITH_REJECTS)
    work(console)
    link = tiedottaja.get("/import").links()["Hae hylätyt rivit ja niiden syyt"]
    with tiedottaja.client.get(link) as answer:
        assert answer.mimetype == "text/csv"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "3;missing_id;Rivillä ei ole tunnusta (id).;,Tunnus puuttuu" in answer.data.decode("utf-8-sig")


def test_rejected_rows_are_only_for_the_sender_and_those_who_may_read_everything(
    console: Flask, sign_in: SignIn, tiedottaja: PageClient
) -> None:
    operator = sign_in(Role.ATK_SUUNNITTELIJA)
    send(tiedottaja, WITH_REJECTS)
    send(operator, WITH_REJECTS.replace(b"1,", b"9,"))
    work(console)
    operator.get("/import/1/rejects", status=403)
    for person in (operator, tiedottaja):
        with person.client.get("/import/2/rejects") as answer:
            assert answer.status_code == 200
    sign_in(Role.ASIANTUNTIJA).get("/import/1/rejects", status=403)


@pytest.mark.parametrize(
    "path", ["/import/77/rejects", "/import/99999999999999999999/rejects", "/import/..%2f1/rejects"]
)
def test_rejected_rows_of_no_run_are_not_found(tiedottaja: PageClient, path: str) -> None:
    tiedottaja.get(path, status=404)


def test_a_run_without_rejected_rows_has_no_file_of_them(console: Flask, tiedottaja: PageClient) -> None:
    send(tiedottaja, GOOD)
    work(console)
    tiedottaja.get("/import/1/rejects", status=404)


def test_the_example_file_can_itself_be_imported(console: Flask, tiedottaja: PageClient) -> None:
    link = tiedottaja.get("/import").links()["Hae esimerkkitiedosto"]
    send(tiedottaja, tiedottaja.client.get(link).data)
    work(console)
    run = the_run(console)
    assert run.read_count == run.new_count > 0
    assert (run.rejected_count, run.failure) == (0, "")


def test_the_page_costs_the_same_however_many_files_have_come(console: Flask, tiedottaja: PageClient) -> None:
    for number in range(5):
        send(tiedottaja, GOOD, name=f"{number}.csv")
    with queries_of(console) as asked:
        tiedottaja.get("/import")
    assert len(asked) <= BUDGET
