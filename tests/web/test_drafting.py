"""Help while an answer is written: remarks that hold it back or are recorded, earlier answers and ready ones."""

from __future__ import annotations

import json
from typing import Any

from tests.support.queries import queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.office import DRAFT, Office
from tjs_moderation import jobs
from tjs_moderation.domain.drafting import Agreement, Check
from tjs_moderation.domain.ports import LinkSeen
from tjs_moderation.domain.vocabulary import AnswerState, LinkState
from tjs_moderation.extensions import db
from tjs_moderation.models import CheckedLink, Item
from tjs_moderation.services import answers, audit, draft_agreement, draft_links
from tjs_moderation.services.transaction import CONSOLE

CODE = "Tunnuksesi 131052-308T on kirjattu."


def remarks_of(page: Page) -> list[str]:
    return [text_of(remark) for remark in page.elements("li", class_="remark")]


def box(page: Page) -> str:
    [area] = page.elements("textarea", id="answer-text")
    return "".join(area.itertext()).removeprefix("\n")


def typed(client: PageClient, item: Item, **sent: str) -> dict[str, Any]:
    """What a script is answered as somebody types."""
    token = client.get(f"/items/{item.id}").form("/answer").values["csrf_token"]
    told = client.client.post(
        f"/items/{item.id}/answer/write", data={"csrf_token": token, **sent}, headers={"Accept": "application/json"}
    )
    assert told.status_code == 200
    answer: dict[str, Any] = told.get_json()
    return answer


def bodies(office: Office, verb: str) -> list[dict[str, Any]]:
    with office.inside():
        return [json.loads(entry.body) for entry in audit.page_of_entries(None, 50) if entry.verb == verb]


def test_what_blocks_an_answer_keeps_it_from_being_sent_and_the_text_is_kept(
    office: Office, asiantuntija: PageClient
) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    page = asiantuntija.submit(form, button="action=submit", text=CODE)
    assert "Luonnos on tallennettu, mutta sitä ei lähetetty" in page.text
    assert "korjaa ensin se, minkä tarkistukset näyttävät" in page.text
    assert box(page) == CODE
    assert "Estää lähettämisen ”131052-308T” on henkilötunnus. Sitä ei saa lähettää." in remarks_of(page)
    with office.inside() as house:
        assert house.answer(item.id).state is AnswerState.DRAFT


def test_an_insult_of_ours_is_held_back_as_one_of_the_public_would_be(office: Office, asiantuntija: PageClient) -> None:
    item = office.drafted("Kysyjä on tollo.")
    page = asiantuntija.get(f"/items/{item.id}")
    assert "Estää lähettämisen Tällaisena vastaus loukkaisi lukijaa. ”tollo” loukkaa henkilöä." in remarks_of(page)
    page = asiantuntija.submit(page.form("/answer"), button="action=submit", text="Kysyjä on tollo.")
    assert "mutta sitä ei lähetetty" in page.text


def test_advice_that_was_passed_over_stands_in_the_log(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    [submitted] = bodies(office, "submit")
    assert submitted["advices"] == ["signature"]
    page = tiedottaja.get(f"/items/{item.id}")
    assert any("näyttää allekirjoitukselta" in remark for remark in remarks_of(page))
    tiedottaja.submit(page.form("/approve"))
    [approved] = bodies(office, "approve")
    assert approved["advices"] == ["signature"]
    assert "Päivi" not in json.dumps([submitted, approved])
    assert "ohitetut huomautukset: oma nimi allekirjoituksena" in tiedottaja.get("/proof").text


def test_an_answer_without_a_fault_leaves_no_advice(office: Office) -> None:
    office.submitted("Pätkätyöstäkin kertyy eläkettä.")
    assert "advices" not in bodies(office, "submit")[0]


def test_what_has_come_to_block_since_blocks_the_approval(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    with office.inside():
        draft_agreement.set_draft_checks(CONSOLE, Agreement(blocking=frozenset({Check.SIGNATURE})))
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/approve"), status=422)
    assert "korjaa ensin se, minkä tarkistukset näyttävät" in page.text
    with office.inside() as house:
        assert house.answer(item.id).state is AnswerState.SUBMITTED


def test_remarks_come_as_one_types_and_nothing_is_kept_of_it(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    told = typed(asiantuntija, item, text="Kysy minulta.")
    assert told["told"] == "1 huomautus"
    assert "”minulta” on minä-muotoa" in told["remarks"]
    nothing = typed(asiantuntija, item, text=" ")
    assert (nothing["told"], nothing["is_waiting"], "<li" in nothing["remarks"]) == ("", False, False)


def test_without_a_script_a_page_of_its_own_tells_the_same_and_gives_the_text_back(
    office: Office, asiantuntija: PageClient
) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    form.action = f"/items/{item.id}/answer/write"
    page = asiantuntija.submit(form, text="Kysy minulta.")
    assert page.heading == "Vastauksen kirjoittaminen"
    assert box(page) == "Kysy minulta."
    assert any("minä-muotoa" in remark for remark in remarks_of(page))


def test_what_is_not_on_ones_desk_is_not_looked_at(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    leo = office.colleague()
    leo.get(f"/items/{item.id}/answer/write", 404)


def test_a_link_is_asked_for_once_it_is_typed_to_its_end_and_opened_by_a_worker(
    office: Office, asiantuntija: PageClient
) -> None:
    opened: list[str] = []

    class Looker:
        def look(self, url: str) -> LinkSeen:
            opened.append(url)
            return LinkSeen(LinkState.BROKEN, "404")

    office.outside(links=Looker())
    item = office.question()
    typed(asiantuntija, item, text="Katso https://liitto.example/o")
    with office.inside():
        assert db.session.query(CheckedLink).count() == 0
    told = typed(asiantuntija, item, text="Katso https://liitto.example/ohje ja kysy.")
    assert told["is_waiting"]
    assert "tarkistetaan" in told["remarks"]
    with office.inside():
        jobs.open_links()
    told = typed(asiantuntija, item, text="Katso https://liitto.example/ohje ja kysy.")
    assert not told["is_waiting"]
    assert "Linkki https://liitto.example/ohje ei aukea." in told["remarks"]
    assert opened == ["https://liitto.example/ohje"]


def test_a_link_looked_at_long_ago_is_opened_again_and_forgotten_where_nobody_asks(office: Office) -> None:
    class Looker:
        def look(self, url: str) -> LinkSeen:
            return LinkSeen(LinkState.OPENS, "200")

    office.outside(links=Looker())
    with office.inside() as house:
        for days, due in ((0, 1), (0, 0), (1, 1), (0, 0)):
            house.clock.advance(days=days)
            draft_links.ask_for(db.session(), ["https://liitto.example/"])
            db.session.rollback()
            assert draft_links.open_due() == due
        house.clock.advance(days=31)
        draft_links.let_go()
        assert draft_links.known(db.session(), ["https://liitto.example/"]) == {}


def test_an_earlier_answer_is_offered_and_put_after_what_was_typed(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    office.connect()
    first = office.approved()
    with office.inside() as house:
        house.wait_and_send()
        jobs.index()
        number = house.answer(first.id).id
    item = office.question("c2", "Näkyykö pätkätyö eläkkeessä jotenkin?")
    page = asiantuntija.get(f"/items/{item.id}/answer/write")
    assert DRAFT in page.text
    told = typed(asiantuntija, item, text="Hei!", base=f"e{number}")
    assert told["text"] == f"Hei!\n\n{DRAFT}"
    assert "näyttää allekirjoitukselta" in told["remarks"]
    assert typed(asiantuntija, item, text="Hei!", base="e999999")["text"] == "Hei!"


def test_sources_are_kept_for_colleagues_and_never_leave(office: Office, asiantuntija: PageClient) -> None:
    facebook = office.connect()
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    asiantuntija.submit(form, button="action=submit", text=DRAFT, sources="Eläketurvakeskuksen opas, s. 4")
    with office.inside() as house:
        answer = house.answer(item.id)
        assert answer.sources == "Eläketurvakeskuksen opas, s. 4"
        answers.approve(house.tiedottaja, answer.id, answer.version, item.id)
        house.wait_and_send()
    assert "Eläketurvakeskuksen opas" in asiantuntija.get(f"/items/{item.id}").text
    assert [act.text for act in facebook.asked] == [DRAFT]
    assert bodies(office, "keep_sources") == [{"answer": answer.id, "items": [item.id]}]


def test_the_tiedottaja_lists_subjects_that_are_not_published(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    form = tiedottaja.get("/settings/draft-checks").form("/settings/draft-checks")
    page = tiedottaja.submit(form, subjects="yt-neuvottelut\nsisäinen riita", own_contacts="09 123 456")
    assert "Tallennettu." in page.text
    item = office.drafted("Sisäisestä riidasta ei kerrota. Soita 09 123 456.")
    found = remarks_of(asiantuntija.get(f"/items/{item.id}"))
    assert found == ["Huomautus ”Sisäisestä riidasta” koskee aihetta, jota ei viedä julkisuuteen: sisäinen riita."]
    page = tiedottaja.get("/settings/draft-checks")
    assert "yt-neuvottelut" in page.form("/settings/draft-checks").values["subjects"]
    page = tiedottaja.submit(page.form("/settings/draft-checks"), 422, subjects="!!!")
    assert "Näitä aiheita ei voi hakea tekstistä" in page.text


def test_looking_a_draft_through_costs_a_page_one_question_more(office: Office, tiedottaja: PageClient) -> None:
    bare = office.question("c2")
    with_draft = office.drafted("Katso https://liitto.example/ohje ja kysy minulta.")
    costs = []
    for item in (bare, bare, with_draft, with_draft):
        with queries_of(office.app) as asked:
            tiedottaja.get(f"/items/{item.id}")
        costs.append(len(asked))
    assert costs[3] <= costs[1] + 1
