from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.support.queries import BUDGET, queries_of
from tests.web.client import Page, PageClient, text_of
from tests.web.conftest import Clock
from tests.web.office import DRAFT, QUESTION, Office
from tjs_moderation.domain.vocabulary import ActKind, ActState, AnswerState, ItemKind
from tjs_moderation.errors import GatewayError, GatewayFailure
from tjs_moderation.models import Answer, Item
from tjs_moderation.services import answers
from tjs_moderation.services.notes import write_note


def answer_of(office: Office, item: Item) -> Answer:
    with office.inside() as house:
        return house.answer(item.id)


def box(page: Page) -> str:
    [area] = page.elements("textarea", id="answer-text")
    return "".join(area.itertext()).removeprefix("\n")


def actions(page: Page) -> set[str]:
    """The last part of the addresses that the page's forms lead to."""
    return {form.get("action", "").split("?")[0].rpartition("/")[2] for form in page.root.iter("form")}


def test_an_expert_saves_a_draft_and_finds_it_again(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    page = asiantuntija.get(f"/items/{item.id}")
    page = asiantuntija.submit(page.form("/answer"), button="action=save", text="Alku\r\nja jatko  ")
    assert "Vastaus on tallennettu." in page.text
    assert box(page) == "Alku\nja jatko"
    assert answer_of(office, item).state is AnswerState.DRAFT


def test_an_expert_saves_and_sends_in_one_go(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    page = asiantuntija.submit(form, button="action=submit", text=DRAFT)
    assert "lähetetty hyväksyttäväksi" in page.text
    assert "odottaa tiedottajan hyväksyntää" in page.text
    assert answer_of(office, item).state is AnswerState.SUBMITTED


def test_what_cannot_be_saved_is_given_back_with_what_is_wrong(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    text = "a" * 8001
    page = asiantuntija.submit(form, status=422, button="action=submit", text=text)
    assert "8001 merkkiä" in page.text
    assert box(page) == text
    page = asiantuntija.submit(page.form("/answer"), button="action=save", text="Lyhyempi.")
    assert box(page) == "Lyhyempi."


def test_an_empty_answer_is_refused(office: Office, asiantuntija: PageClient) -> None:
    item = office.question()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    assert "Vastaus on tyhjä." in asiantuntija.submit(form, status=422, button="action=save", text="  ").text


def test_the_slower_of_two_writers_sees_both_texts_and_can_join_them(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.drafted("Ensimmäinen.")
    mine = asiantuntija.get(f"/items/{item.id}").form("/answer")
    tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/answer"), button="action=save", text="Tiinan.")
    page = asiantuntija.submit(mine, status=409, button="action=save", text="Päivin.")
    assert box(page) == "Päivin."
    assert "Tiinan." in page.text
    assert "Tiina Tiedottaja, versio 2" in page.text
    page = asiantuntija.submit(page.form("/answer"), button="action=save", text="Tiinan ja Päivin.")
    assert box(page) == "Tiinan ja Päivin."


def test_somebody_elses_desk_has_no_draft_box(office: Office) -> None:
    item, leo = office.drafted(), office.colleague()
    with office.inside() as house:
        write_note(house.tiedottaja, item.id, "@leo katsotko?")
    page = leo.get(f"/items/{item.id}")
    assert DRAFT in page.text
    assert not actions(page) & {"answer", "submit", "approve", "withdraw"}


def test_a_returned_draft_comes_back_with_the_sentence_why(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.submitted()
    form = tiedottaja.get(f"/items/{item.id}").form("/send-back")
    assert "palautettu asiantuntijalle" in tiedottaja.submit(form, why="Kerro vielä lähde.").text
    page = asiantuntija.get(f"/items/{item.id}")
    assert "Kerro vielä lähde." in page.text
    assert box(page) == DRAFT
    page = asiantuntija.submit(page.form("/answer"), button="action=submit", text=DRAFT)
    assert answer_of(office, item).state is AnswerState.SUBMITTED


def test_a_draft_is_not_returned_without_a_sentence(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    form = tiedottaja.get(f"/items/{item.id}").form("/send-back")
    assert "miksi palautat" in tiedottaja.submit(form, status=422, why=" ").text


def test_the_approver_sees_word_by_word_what_changed(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted("Kysy meiltä <b>lisää</b>.", "Kysy minulta <b>lisää</b>.")
    page = tiedottaja.get(f"/items/{item.id}")
    assert [text_of(ins) for ins in page.root.iter("ins")] == ["minulta"]
    assert [text_of(gone) for gone in page.root.iter("del")] == ["meiltä"]


def test_an_approved_answer_says_when_it_leaves_and_can_be_stopped(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = office.submitted()
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/approve"))
    assert "Lähtee tänään klo 10" in page.text
    assert "stop" not in actions(asiantuntija.get(f"/items/{item.id}"))
    page = tiedottaja.submit(page.form("/stop"))
    assert "Vastaus on pysäytetty." in page.text
    assert answer_of(office, item).state is AnswerState.SUBMITTED


def test_an_answer_is_not_approved_over_a_newer_message(office: Office, tiedottaja: PageClient, clock: Clock) -> None:
    item = office.submitted()
    form = tiedottaja.get(f"/items/{item.id}").form("/approve")
    clock.advance(minutes=1)
    with office.inside() as house:
        house.receive("c2", "Ja entä työttömyysturva?", parent_external_id="c1")
    assert "on kirjoittanut lisää" in tiedottaja.submit(form, status=409).text
    assert answer_of(office, item).state is AnswerState.SUBMITTED


def test_an_answer_approved_on_an_old_page_is_not_the_one_that_goes_out(
    office: Office, tiedottaja: PageClient, asiantuntija: PageClient
) -> None:
    item = office.submitted()
    form = tiedottaja.get(f"/items/{item.id}").form("/approve")
    asiantuntija.submit(
        asiantuntija.get(f"/items/{item.id}").form("/answer"), button="action=save", text="Aivan muuta."
    )
    assert "Päivi Salo ehti ensin: kirjoitti vastausta" in tiedottaja.submit(form, status=409).text


def test_an_answer_that_was_given_up_stays_to_be_read(office: Office, tiedottaja: PageClient) -> None:
    item = office.drafted()
    page = tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/withdraw"))
    assert "Vastauksesta on luovuttu." in page.text
    assert DRAFT in page.text


def test_a_published_answer_is_shown_with_who_approved_it(office: Office, asiantuntija: PageClient) -> None:
    office.connect()
    item = office.approved()
    with office.inside() as house:
        house.wait_and_send()
    page = asiantuntija.get(f"/items/{item.id}")
    assert "Julkaistu vastaus" in page.text
    assert "Hyväksyi Tiina Tiedottaja" in page.text
    assert not actions(page) & {"answer", "stop"}


def in_trouble(office: Office) -> Item:
    """An answer that the channel refused."""
    office.connect().failures.append(GatewayError(GatewayFailure.REFUSED, "551, the person cannot be reached"))
    item = office.approved()
    with office.inside() as house:
        house.wait_and_send()
        assert [act.state for act in house.acts(item.id)] == [ActState.REFUSED]
    return item


def test_a_refused_act_is_told_in_plain_words_and_tried_again(office: Office, tiedottaja: PageClient) -> None:
    item = in_trouble(office)
    page = tiedottaja.get(f"/items/{item.id}")
    assert "Henkilölle ei voi lähettää viestiä" in page.text
    tiedottaja.submit(page.form("/try-again"))
    with office.inside() as house:
        house.wait_and_send()
        assert [act.state for act in house.acts(item.id)] == [ActState.DONE]


def test_an_act_in_trouble_is_seen_to_by_hand(office: Office, tiedottaja: PageClient) -> None:
    item = in_trouble(office)
    form = tiedottaja.get(f"/items/{item.id}").form("/see-to")
    assert "toimi tehtiin" in tiedottaja.submit(form, button="has_happened=yes").text
    assert answer_of(office, item).state is AnswerState.PUBLISHED


def test_an_act_that_need_not_happen_reopens_its_answer(office: Office, tiedottaja: PageClient) -> None:
    item = in_trouble(office)
    tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/see-to"), button="has_happened=no")
    assert answer_of(office, item).state is AnswerState.SUBMITTED


def test_an_expert_sees_the_trouble_but_not_its_buttons(office: Office, asiantuntija: PageClient) -> None:
    item = in_trouble(office)
    page = asiantuntija.get(f"/items/{item.id}")
    assert "Henkilölle ei voi lähettää viestiä" in page.text
    assert not actions(page) & {"try-again", "see-to"}


def test_a_draft_saved_but_not_sent_is_kept_and_told_so(
    office: Office, asiantuntija: PageClient, tiedottaja: PageClient
) -> None:
    item = office.drafted()
    form = asiantuntija.get(f"/items/{item.id}").form("/answer")
    with office.inside() as house:
        draft = house.answer(item.id)
        answers.submit(house.expert, draft.id, draft.version)
        form.values["answer_version"] = str(house.answer(item.id).version)
    page = asiantuntija.submit(form, button="action=submit", text="Uusi teksti.")
    assert "Luonnos on tallennettu, mutta sitä ei lähetetty" in page.text
    assert box(page) == "Uusi teksti."


def test_the_page_keeps_to_its_budget_with_everything_on_it(office: Office, tiedottaja: PageClient) -> None:
    item = in_trouble(office)
    tiedottaja.get(f"/items/{item.id}")
    with queries_of(office.app) as asked:
        assert QUESTION in tiedottaja.get(f"/items/{item.id}").text
    assert len(asked) <= BUDGET, asked


def test_the_page_says_until_when_a_private_message_can_be_answered(office: Office, tiedottaja: PageClient) -> None:
    with office.inside() as house:
        told: dict[str, Any] = {"kind": ItemKind.MESSAGE, "conversation_external_id": "t1"}
        fresh = house.receive("m1", QUESTION, **told, author_external_id="p8")
        old = house.receive(
            "m2",
            QUESTION,
            kind=ItemKind.MESSAGE,
            conversation_external_id="t2",
            author_external_id="p9",
            created_at=house.clock.now - timedelta(days=8),
        )
    assert "Vastauksen pitää lähteä viimeistään" in tiedottaja.get(f"/items/{fresh.id}").text
    assert "Facebook ei enää ota vastausta vastaan" in tiedottaja.get(f"/items/{old.id}").text
    assert "viimeistään" not in tiedottaja.get(f"/items/{office.question().id}").text


def test_an_answer_to_a_comment_can_be_sent_to_its_writer_alone(office: Office, tiedottaja: PageClient) -> None:
    item = office.submitted()
    tiedottaja.submit(tiedottaja.get(f"/items/{item.id}").form("/approve"), is_private="yes")
    with office.inside() as house:
        [act] = house.acts(item.id)
    assert (act.kind, act.target_external_id) == (ActKind.PRIVATE_MESSAGE, "c1")
