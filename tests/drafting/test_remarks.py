"""What is remarked on a draft: a table for each check, with what must not be remarked on beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.drafting import Agreement, Check, Draft, Remark, Weight, blanks_in, fill, remarks_on
from tjs_moderation.domain.drafting.remarks import ALWAYS_BLOCKING, CHOOSABLE, HINTS
from tjs_moderation.domain.judgement import default_judge
from tjs_moderation.domain.ports import Reading
from tjs_moderation.domain.vocabulary import LinkState
from tjs_moderation.domain.window import message_window

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
STAFF = ("Päivi Salo", "Leo Aalto", "Tiina Tiedottaja")
HOUSE = Agreement(subjects=("irtisanominen", "yt-neuvottelut", "sisäinen riita"))


def remarks(text: str, house: Agreement = HOUSE, **told: object) -> tuple[Remark, ...]:
    draft: dict[str, object] = {"limit": 8000, "now": NOW, "staff": STAFF, "asker": ""}
    return remarks_on(Draft(text, **{**draft, **told}), house)  # type: ignore[arg-type]  # the table's own values


def words(check: Check, text: str, house: Agreement = HOUSE, **told: object) -> list[str]:
    """The words that a check points at."""
    return [remark.text for remark in remarks(text, house, **told) if remark.check is check]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Olen sitä mieltä, että kannattaa kysyä.", ["Olen"]),
        ("Mielestäni se on selvää.", ["Mielestäni"]),
        ("Kysy minulta lisää.", ["minulta"]),
        ("Mä luulen niin.", ["Mä", "luulen"]),
        ("En tiedä, mutta kysyn.", ["En", "kysyn"]),
        ("Voin kertoa lisää.", ["Voin"]),
        ("Toivon, että tämä auttaa.", ["Toivon"]),
        ("Palaan asiaan huomenna.", ["Palaan"]),
        ("Jag vet inte, men vi frågar gärna av kursen.", ["Jag"]),
        ("I think this is what the course is about.", ["I"]),
    ],
)
def test_one_persons_voice_is_heard(text: str, found: list[str]) -> None:
    assert words(Check.FIRST_PERSON, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Kerromme mielellämme lisää.",
        "TJS järjestää kurssin keväällä.",
        "Esimies sanoi: ”Minä päätän tästä.” Se ei riitä perusteeksi.",
        "Minä vuonna kurssi alkoi?",
        "Toivon mukaan kurssi alkaa ajoissa.",
        "Kurssi on esimiestä vastaan nostettujen kanteiden vuoksi siirretty.",
        "Teidän kannattaa kysyä luottamusmieheltä.",
        "Osallistuja saa todistuksen.",
        "Määräaikainen työsuhde päättyy ilman irtisanomista.",
        "Soittakaa meille tai lähettäkää viesti.",
        "Kurssin hinta sisältää lounaan ja kahvin.",
    ],
)
def test_the_organisations_own_voice_is_not_remarked_on(text: str) -> None:
    assert words(Check.FIRST_PERSON, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kysy lisää. Terveisin Päivi", ["Päivi"]),
        ("Kysy lisää.\n\nYstävällisin terveisin\nPäivi Salo\nTJS Opintokeskus", ["Päivi Salo"]),
        ("Kysy lisää.\nT. Leo", ["Leo"]),
        ("Kysy lisää.\nLeo Aalto", ["Leo Aalto"]),
        ("Kysy lisää.\n– Tiina", ["Tiina"]),
        ("Kursen börjar i mars och är gratis.\nMed vänliga hälsningar\nMatti Virtanen", ["Matti Virtanen"]),
    ],
)
def test_a_persons_name_as_signature_is_seen(text: str, found: list[str]) -> None:
    assert words(Check.SIGNATURE, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Kysy lisää. Terveisin TJS Opintokeskus",
        "Kysy lisää.\nTerveisin\nTJS",
        "Hei Päivi, kurssi alkaa maanantaina.",
        "Kurssit järjestetään Helsingissä, Tampereella ja Turussa.",
        "Kiitos kysymyksestä, Leo!",
        "Ota yhteyttä luottamusmieheen.",
    ],
)
def test_the_organisation_may_sign(text: str) -> None:
    assert words(Check.SIGNATURE, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Irtisanomisista ei ole vielä päätetty.", ["Irtisanomisista"]),
        ("Joukkoirtisanomiset koskevat kaikkia.", ["Joukkoirtisanomiset"]),
        ("Yt-neuvotteluissa on edetty.", ["Yt-neuvotteluissa"]),
        ("Kyse on sisäisestä riidasta.", ["sisäisestä riidasta"]),
        ("Riita on sisäinen asia.", []),
        ("Neuvottelemme kurssin ajasta.", []),
    ],
)
def test_listed_subjects_are_met_in_every_form(text: str, found: list[str]) -> None:
    assert words(Check.SUBJECT, text) == found


@pytest.mark.parametrize(
    ("text", "check", "found"),
    [
        ("Tunnus on 131052-308T.", Check.IDENTITY_CODE, ["131052-308T"]),
        ("Tunnus on 131052-308U.", Check.IDENTITY_CODE, []),
        ("Soita 040 123 4567.", Check.PHONE, ["040 123 4567"]),
        ("Soita 09 2355 1234.", Check.PHONE, []),
        ("Soita +358 9 2355 1234.", Check.PHONE, []),
        ("Kirjoita osoitteeseen maija@posti.example.", Check.EMAIL, ["maija@posti.example"]),
        ("Kirjoita osoitteeseen koulutus@liitto.example.", Check.EMAIL, []),
        ("Hän asuu osoitteessa Koivukatu 3 A 5.", Check.ADDRESS, ["Koivukatu 3 A 5"]),
        ("Maksu tilille FI21 1234 5600 0007 85.", Check.ACCOUNT, ["FI21 1234 5600 0007 85"]),
        ("Lain 13 luvun 2 §:n mukaan näin on.", Check.PHONE, []),
    ],
)
def test_personal_data_is_found_and_own_contacts_are_none(text: str, check: Check, found: list[str]) -> None:
    house = Agreement(own_contacts=("09 2355 1234", "@liitto.example"))
    assert words(check, text, house) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hei Liisa! Kurssi alkaa maanantaina.", []),
        ("Liisa Korhosen kannattaa kysyä liitosta.", ["Liisa Korhosen"]),
        ("Korhoselle on vastattu.", ["Korhoselle"]),
        ("Kurssi alkaa maanantaina.", []),
    ],
)
def test_the_asker_is_greeted_but_not_named_in_full_for_all_to_read(text: str, found: list[str]) -> None:
    assert words(Check.ASKER, text, asker="Liisa Korhonen") == found
    assert words(Check.ASKER, text) == []


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("Olet täysi idiootti.", Check.INSULTING),
        ("Etkö sinä osaa lukea?", Check.PATRONISING),
        ("Jos olisit lukenut ohjeen, tietäisit tämän.", Check.PATRONISING),
        ("Kuten jo sanoimme, kurssi on täynnä.", Check.PATRONISING),
        ("Sen pitäisi olla itsestään selvää.", Check.PATRONISING),
    ],
)
def test_wording_that_hurts_is_heard_as_in_comments(text: str, check: Check) -> None:
    [assessment] = default_judge().assess([Reading("draft", text)])
    assert words(check, text, assessment=assessment)


@pytest.mark.parametrize(
    "text",
    [
        "Kurssi alkaa maanantaina kello yhdeksän. Ilmoittaudu verkkosivulla.",
        "Epäasiallinen kohtelu on kielletty. Ota yhteyttä työsuojeluvaltuutettuun.",
        "Pätkätyöstäkin kertyy eläkettä. Lue lisää liiton sivuilta.",
        "Palaute on perusteltua, ja kehitämme ilmoittautumista.",
    ],
)
def test_a_plain_answer_has_nothing_to_be_remarked_on(text: str) -> None:
    [assessment] = default_judge().assess([Reading("draft", text)])
    assert remarks(text, assessment=assessment) == ()


@pytest.mark.parametrize(
    ("length", "limit", "is_too_long"), [(2000, 2000, False), (2001, 2000, True), (8000, 8000, False)]
)
def test_the_channels_limit_blocks(length: int, limit: int, *, is_too_long: bool) -> None:
    found = [remark for remark in remarks("a" * length, limit=limit) if remark.check is Check.TOO_LONG]
    assert bool(found) is is_too_long
    assert all(remark.is_blocking and remark.facts == {"length": length, "limit": limit} for remark in found)


@pytest.mark.parametrize(("days_ago", "check"), [(0, None), (6.5, Check.WINDOW_CLOSING), (7.1, Check.WINDOW_CLOSED)])
def test_the_window_closes_with_a_word_beforehand(days_ago: float, check: Check | None) -> None:
    window = message_window(NOW - timedelta(days=days_ago))
    assert [remark.check for remark in remarks("Näin se menee.", window=window)] == ([check] if check else [])


@pytest.mark.parametrize(
    ("state", "check", "weight"),
    [
        (None, Check.UNSEEN_LINK, Weight.HINT),
        (LinkState.DUE, Check.UNSEEN_LINK, Weight.HINT),
        (LinkState.UNSURE, Check.UNSEEN_LINK, Weight.HINT),
        (LinkState.BROKEN, Check.BROKEN_LINK, Weight.ADVISING),
        (LinkState.FORBIDDEN, Check.BROKEN_LINK, Weight.ADVISING),
    ],
)
def test_a_link_that_does_not_open_is_told_from_one_not_looked_at(
    state: LinkState | None, check: Check, weight: Weight
) -> None:
    known = {} if state is None else {"https://liitto.example/ohje": state}
    [remark] = remarks("Lue https://liitto.example/ohje.", links=known)
    assert (remark.check, remark.weight, remark.text) == (check, weight, "https://liitto.example/ohje")


def test_a_link_that_opens_needs_no_word() -> None:
    assert remarks("Katso www.tjs.fi.", links={"https://www.tjs.fi": LinkState.OPENS}) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kurssille ilmoittaudutan verkossa.", ["ilmoittaudutan"]),
        ("Kysy Pihlvistolta tai Xylofonia-yhtiöstä.", []),
        ("EWC:ssä käsitellään asioita.", []),
        ("Kursen börjar i mars och är gratis för alla.", []),
        ("Työehtosopimuksen 2020-luvulla.", []),
    ],
)
def test_unknown_words_are_a_hint_and_names_never(text: str, found: list[str]) -> None:
    assert words(Check.UNKNOWN_WORD, text) == found
    assert not words(Check.UNKNOWN_WORD, text, Agreement(spells=False))


def test_a_blank_that_nobody_filled_in_blocks() -> None:
    [remark] = remarks("Hei {nimi}, kurssi alkaa maanantaina.")
    assert (remark.check, remark.is_blocking, remark.text) == (Check.UNFILLED_FIELD, True, "{nimi}")


def test_blanks_are_filled_in_by_their_names_and_the_unknown_stay() -> None:
    text = "Hei { Nimi }! {kurssi} alkaa {päivä}. {ei, mitään}"
    assert blanks_in(text) == ["nimi", "kurssi", "päivä"]
    assert (
        fill(text, {"nimi": "Liisa", "päivä": "", "kurssi": "{nimi}"})
        == "Hei Liisa! {nimi} alkaa {päivä}. {ei, mitään}"
    )


def test_what_blocks_comes_first_and_the_house_says_what_else_blocks() -> None:
    text = "Kysy minulta. Tunnus on 131052-308T."
    usual = [(remark.check, remark.weight) for remark in remarks(text)]
    assert usual == [(Check.IDENTITY_CODE, Weight.BLOCKING), (Check.FIRST_PERSON, Weight.ADVISING)]
    strict = remarks(text, Agreement(blocking=frozenset({Check.FIRST_PERSON})))
    assert [remark.check for remark in strict if remark.is_blocking] == [Check.FIRST_PERSON, Check.IDENTITY_CODE]


def test_no_house_can_let_pass_what_always_blocks_or_make_a_hint_block() -> None:
    loose, strict = Agreement(blocking=frozenset()), Agreement(blocking=frozenset(Check))
    assert {loose.weight_of(check) for check in ALWAYS_BLOCKING} == {Weight.BLOCKING}
    assert {strict.weight_of(check) for check in HINTS} == {Weight.HINT}
    assert not (ALWAYS_BLOCKING | HINTS) & set(CHOOSABLE)


@given(st.text(max_size=200))
def test_whatever_is_typed_every_remark_points_into_it(text: str) -> None:
    for remark in remarks(text, asker="Liisa Korhonen"):
        assert 0 <= remark.start <= remark.end <= len(text)
        assert remark.text == text[remark.start : remark.end]
