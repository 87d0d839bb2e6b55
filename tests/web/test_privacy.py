"""A person's copy and their erasure, through the pages."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.web.client import PageClient
from tests.web.office import Office
from tjs_moderation import jobs
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditEntry, Author

NAME = "Vanamo Pihlajisto"
WORDS = "Variksenmarjat kypsyivät tänä vuonna aikaisin."


@pytest.fixture
def author_id(office: Office) -> int:
    with office.inside() as house:
        return house.receive("p1", WORDS, author_external_id="van-1", author_name=NAME).author_id or 0


def test_a_person_is_found_copied_and_forgotten_in_two_steps(
    office: Office, author_id: int, tiedottaja: PageClient
) -> None:
    found = tiedottaja.get("/privacy?who=pihlajisto")
    page = tiedottaja.get(found.links()[NAME])
    assert "Kommentteja: 1" in page.text
    step = tiedottaja.get(page.links()["Katso, mitä poistuisi"])
    assert "Tämä jää" in step.text
    done = tiedottaja.submit(step.form("/erase"), words="Pyyntö sähköpostilla.", is_sure="yes")
    assert "Henkilön tiedot on poistettu. Viestejä oli 1." in done.text
    assert "Pyyntö sähköpostilla." in done.text
    assert NAME not in tiedottaja.get("/privacy?who=pihlajisto").text
    with office.inside() as house:
        item = house.item("p1")
    page = tiedottaja.get(f"/items/{item.id}")
    assert WORDS not in page.text
    assert "Viestin teksti ja kirjoittajan tiedot on poistettu." in page.text
    assert not page.elements("form", id="keep")
    tiedottaja.get(f"/items/{item.id}/story")
    tiedottaja.get(f"/privacy/people/{author_id}", status=404)


def test_nothing_is_erased_without_the_tick_and_a_reason(
    office: Office, author_id: int, tiedottaja: PageClient
) -> None:
    form = tiedottaja.get(f"/privacy/people/{author_id}/erase").form("/erase")
    refused = tiedottaja.submit(form, status=422, words="Pyyntö.", is_sure="")
    assert "Vahvista poistaminen rastilla" in refused.text
    tiedottaja.submit(form, status=422, words=" ", is_sure="yes")
    with office.inside(), Session(db.engine) as session:
        assert session.get_one(Author, author_id).name == NAME


def test_the_copy_holds_what_the_person_wrote_and_taking_it_is_recorded(
    office: Office, author_id: int, tiedottaja: PageClient
) -> None:
    form = tiedottaja.get(f"/privacy/people/{author_id}").form("/copy")
    packed = tiedottaja.client.post(form.action, data=form.values)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        told = json.loads(archive.read("henkilotiedot.json"))
        page = archive.read("henkilotiedot.html").decode()
    assert (told["person"]["name"], told["items"][0]["texts"][0]["text"]) == (NAME, WORDS)
    assert WORDS in page
    assert NAME in page
    with office.inside(), Session(db.engine) as session:
        assert session.scalars(select(AuditEntry.verb).order_by(AuditEntry.seq.desc())).first() == "export_person"


def test_a_name_that_is_html_is_text_in_the_copy(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        author_id = house.receive(
            "x1", "<script>x</script>", author_external_id="x", author_name="<b>Xx</b> Yy"
        ).author_id
    form = tiedottaja.get(f"/privacy/people/{author_id}").form("/copy")
    packed = tiedottaja.client.post(form.action, data=form.values)
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        page = archive.read("henkilotiedot.html").decode()
    assert "<script>" not in page
    assert "<b>" not in page


def test_names_are_shown_as_initials_where_the_house_wants_it(
    office: Office, author_id: int, tiedottaja: PageClient, atk_suunnittelija: PageClient
) -> None:
    with office.inside() as house:
        item = house.item("p1")
        jobs.index()
    assert NAME in tiedottaja.get(f"/items/{item.id}").text
    form = atk_suunnittelija.get("/settings/names").form("/settings/names")
    atk_suunnittelija.submit(form, is_on="y")
    for address in (f"/items/{item.id}", "/queues/read", "/search?q=variksenmarjat"):
        page = tiedottaja.get(address).text
        assert ("V. P." in page, NAME in page) == (True, False), address
    assert NAME in tiedottaja.get(f"/privacy/people/{author_id}").text


def test_how_long_things_are_kept_is_set_in_days_within_bounds(atk_suunnittelija: PageClient) -> None:
    form = atk_suunnittelija.get("/settings/retention").form("/settings/retention")
    assert form.values["messages"] == "365"
    refused = atk_suunnittelija.submit(form, status=422, removed="20")
    assert "vähintään 180" in refused.text
    told = atk_suunnittelija.submit(form, messages="200")
    assert "Yksityisviestit, päivää" in told.text
    assert "yksityisviestit 200 päivää" in atk_suunnittelija.get("/settings").text
