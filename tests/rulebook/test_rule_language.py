from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tjs_moderation.cli.rules import rules
from tjs_moderation.domain.language import Manner, Target, read
from tjs_moderation.domain.rulebook import Finding, Matcher, Rule, default_rule_text, parse_rule_set
from tjs_moderation.domain.vocabulary import Category, Outcome
from tjs_moderation.errors import Fault, FaultsError

WHOLE = """\
säännöt "Kokeilu"

# kommentti
sanat haukut, myös yhdyssanan loppuna:
  idiootti, ääliö   # perään kirjoitettu kommentti
  paska-, -pää
sanat pehmennykset: leikki, vitsi

sääntö loukkaus
  kun lista: haukut
  ja kohde: puhuteltu, nimetty
  ja ei puhetapa: lainattu, kerrottu
  ja ei lista: pehmennykset
  ja ei kieli: sv
  niin poista: loukkaus
  koska "Sana ”{kohta}” loukkaa."

sääntö leikki
  kun sana: leikki
  ja lista: haukut
  niin pidä: tavallinen
  ohittaa: loukkaus
  koska "Leikkiä vain."

aihe kurssit
  nimi: Kurssit
  sanat: ilmoittautua,
    paikka
  varmat sanat: kurssi
"""


def with_rule(*lines: str) -> str:
    return "\n".join(("sääntö koe", *(f"  {line}" for line in lines), ""))


def found(text: str, sentence: str) -> list[Finding]:
    matcher = Matcher(parse_rule_set(text))
    return list(matcher.findings(read(sentence, matcher.seeks)))


def test_a_rule_set_is_read_as_written() -> None:
    rule_set = parse_rule_set(WHOLE)
    rule = rule_set.rules[0]
    assert rule_set.title == "Kokeilu"
    assert (rule.name, rule.outcome, rule.category, rule.line) == ("loukkaus", Outcome.REMOVE, Category.INSULT, 9)
    assert rule.conditions.targets == {Target.ADDRESSED, Target.NAMED}
    assert rule.conditions.not_manners == {Manner.QUOTED, Manner.REPORTED}
    assert rule.conditions.without_lists == {"pehmennykset"}
    assert rule.conditions.not_languages == {"sv"}
    assert rule_set.rules[1].overrides == {"loukkaus"}
    assert len(rule_set.lists["haukut"].entries) == 4
    assert [topic.name for topic in rule_set.topics] == ["Kurssit"]
    assert len(rule_set.topics[0].hints) == 2
    assert rule_set.text == WHOLE


def test_the_shipped_rule_set_has_no_faults_and_the_six_topics() -> None:
    rule_set = parse_rule_set(default_rule_text())
    assert [topic.code for topic in rule_set.topics] == [
        *("epaasiallinen-kohtelu", "patkatyot", "ewc", "historiahanke", "yhdistystoiminta", "koulutus"),
    ]


def test_every_list_of_the_shipped_rule_set_is_used() -> None:
    rule_set = parse_rule_set(default_rule_text())
    used = {name for rule in rule_set.rules for name in rule.lists | rule.conditions.without_lists}
    used |= {name for rule in rule_set.rules for lists in rule.conditions.with_lists for name in lists}
    assert set(rule_set.lists) <= used


def test_a_swedish_word_is_found_whatever_was_read_as_finnish_before() -> None:
    matcher = Matcher(parse_rule_set(with_rule("kun sana: trakasseri", "niin punnitse: loukkaus", 'koska "x"')))
    assert not matcher.seeks("trakasserier")
    assert matcher.findings(read("Det var trakasserier på kursen och ingen sade något", matcher.seeks))


FAULTS = [
    ("sääntö\n", 1, "Sääntö tarvitsee yksisanaisen nimen.", "loukkaus-puhuteltu"),
    ("saanto a\n", 1, "Rivi ei ala tutulla sanalla: ”saanto”.", "sääntö"),
    ("  kun sana: a\n", 1, "Sisennetty rivi ei kuulu mihinkään.", "aihe"),
    (with_rule("kun sana: a", "niin poista: loukkaus"), 1, "Säännöstä ”koe” puuttuu koska-rivi: miksi.", "koska"),
    (with_rule("kun sana: a", 'koska "x"'), 1, "Säännöstä ”koe” puuttuu niin-rivi: mitä silloin ehdotetaan.", "niin"),
    (
        with_rule("niin poista: loukkaus", 'koska "x"'),
        1,
        "Säännöstä ”koe” puuttuu kun-rivi: mikä sen laukaisee.",
        "kun",
    ),
    (with_rule("kun sanoo: a"), 2, "Tuntematon ehto ”kun sanoo”.", "Tarkoititko: sana?"),
    (with_rule("kun sana:"), 2, "Ehdosta puuttuu sisältö.", "kun sana"),
    (with_rule("kun lista: haukut"), 2, "Sanalistaa ”haukut” ei ole.", ""),
    (with_rule("kun löytö: puhelin"), 2, "Tuntematon löytö ”puhelin”.", "Tarkoititko: puhelinnumero?"),
    (with_rule("kun sana: a", "ja kohde: puhutelu"), 3, "Tuntematon kohde ”puhutelu”.", "Tarkoititko: puhuteltu?"),
    (with_rule("kun sana: a", "ja puhetapa: suoraa"), 3, "Tuntematon puhetapa ”suoraa”.", "Tarkoititko: suora?"),
    (with_rule("kun sana: a", "ja kieli: suomi"), 3, "Tuntematon kieli ”suomi”.", "Vaihtoehdot: en, fi, sv"),
    (with_rule("kun sana: a", "ja sää: kaunis"), 3, "Tuntematon ehto ”ja sää”.", "Vaihtoehdot"),
    (with_rule("kun sana: a", "niin poistaa: loukkaus"), 3, "Tuntematon teko ”poistaa”.", "Tarkoititko: poista?"),
    (with_rule("kun sana: a", "niin poista: loukaus"), 3, "Tuntematon laji ”loukaus”.", "Tarkoititko: loukkaus?"),
    (with_rule("kun sana: a", "niin poista"), 3, "Laji puuttuu.", "loukkaus"),
    (with_rule("kun sana: a", "koska syystä"), 3, "Perustelu puuttuu lainausmerkeistä.", "koska"),
    (with_rule("kun sana: a", 'koska "{sana}"'), 3, "Tuntematon merkintä {sana}.", "{kohta}"),
    (with_rule("kun sana: a!b"), 2, "”a!b” ei ole sana.", "pilkuin"),
    (with_rule("kun sana: ... a"), 2, "Kolme pistettä käy vain kahden sanan väliin.", "pilkuin"),
    (with_rule("kun sana: a b c d e f g h i"), 2, "Ilmauksessa on yli 8 sanaa.", "pilkuin"),
    (with_rule("mutta sana: a"), 2, "Säännössä ei ole kohtaa ”mutta”.", "Vaihtoehdot"),
    (
        with_rule("kun sana: a", "niin poista: loukkaus", "ohittaa: kaikki", 'koska "x"'),
        4,
        "Vain pitävä sääntö",
        "pidä",
    ),
    (with_rule("kun sana: a", "niin pidä: kehu", "ohittaa: muu", 'koska "x"'), 4, "Sääntöä ”muu” ei ole.", "koe"),
    (with_rule("kun sana: a", "tila: varjossa"), 3, "Tuntematon tila ”varjossa”.", "Tarkoititko: varjo?"),
    (with_rule("tila: varjo", "tila: luonnos"), 3, "Säännössä on kaksi tila-riviä.", "Jätä yksi."),
    (with_rule("kun kommentti: jokin"), 2, "Tuntematon kommentti ”jokin”.", "mikä tahansa"),
    (
        with_rule("kun kommentti: mikä tahansa", "niin pidä: kehu", 'koska "{kohta}"'),
        4,
        "Perustelulla ei ole kohtaa",
        "koko kommenttia",
    ),
    (with_rule("automaattisesti: poista"), 2, "Automaattisesti voi vain piilottaa.", "piilota"),
    (with_rule("automaattisesti: piilota, paljon"), 2, "Raja ”paljon” ei ole ymmärrettävä.", "enintään 20"),
    (with_rule("automaattisesti: piilota, enintään 0 päivässä"), 2, "Raja ”enintään 0 päivässä”", "enintään 20"),
    (
        with_rule("kun sana: a", "niin punnitse: loukkaus", "automaattisesti: piilota", 'koska "x"'),
        4,
        "Vain poistava sääntö voi piilottaa automaattisesti.",
        "niin poista",
    ),
    (with_rule("kun sana: a", "niin poista: kehu", 'koska sv "x"'), 1, "Säännöstä ”koe” puuttuu suomenk", 'koska "…"'),
    (with_rule('koska "x"', 'koska "y"'), 3, "Säännössä on kaksi perustelua kielellä fi.", "Jätä yksi."),
    (with_rule('koska de "x"'), 2, "Perustelu puuttuu lainausmerkeistä.", "koska"),
    (with_rule("ja kirjoittaja: vanha"), 2, "Kirjoittajasta ei voi kysyä ”vanha”.", "kommentteja vähintään 10"),
    (with_rule("ja kirjoittaja: poistettuja vähintään 1,5"), 2, "”1,5” ei ole kokonaisluku.", "kokonaisina"),
    (with_rule("ja pisteet: uhka vähintään 1"), 2, "Pisteistä ei voi kysyä ”uhka vähintään 1”.", "uhkaus"),
    (with_rule("ja pisteet: uhkaus vähintään 80"), 2, "Pisteet ovat välillä 0–1, eivät 80.", "0,8"),
    (with_rule("ja aika: aamulla"), 2, "Tuntematon aika ”aamulla”.", "klo 22–6"),
    (with_rule("ja aika: klo 25–6"), 2, "Kellonaika ”klo 25–6” ei ole mahdollinen.", "klo 8.30–16"),
    (with_rule("ja aika: klo 0–24"), 2, "Kellonaika ”klo 0–24” ei ole mahdollinen.", "klo 22–6"),
    (with_rule("ja laji: kuva"), 2, "Tuntematon laji ”kuva”.", "kommentti, viesti"),
    (with_rule("ja julkaisu: vanhempi kuin 3 vuotta"), 2, "Julkaisun ikä ”vanhempi kuin 3 vuotta”", "30 päivää"),
    (with_rule("ja julkaisu: k!"), 2, "”k!” ei ole sana.", "pilkuin"),
    (with_rule(":"), 2, "Säännössä ei ole kohtaa ””.", "Vaihtoehdot"),
    ("henkilökunta: Inka!\n", 1, "”Inka!” ei ole nimi.", "pilkuin"),
    ("aihe x\n  esimerkki mistä?\n", 2, "Esimerkki puuttuu lainausmerkeistä.", "esimerkki"),
    ("sanat a:\n", 1, "Sanalista ”a” on tyhjä.", "sisennettyinä"),
    ("sanat a\n  b\n", 1, "Sanalistan nimen perästä puuttuu kaksoispiste.", "sanat a:"),
    ("sanat a, myös keskellä:\n  b\n", 1, "Tuntematon lisäys ”myös keskellä”.", "yhdyssanan"),
    ("sanat a: b\nsanat a: c\n", 2, "Sanalista ”a” on jo rivillä 1.", "toinen nimi"),
    ("aihe x\n", 1, "Aiheella ”x” ei ole sanoja.", "sanat"),
    ("aihe x\n  sana: y\n", 2, "Aiheessa ei ole kohtaa ”sana”.", "Tarkoititko: sanat?"),
    ("# vain kommentti\n", 1, "Sääntöjoukossa ei ole yhtään sääntöä.", "sääntö NIMI"),
    ("x" * 1_000_001, 1, "Sääntöjoukko on liian pitkä.", "merkkiä"),
]


@pytest.mark.parametrize(("text", "line", "message", "hint"), FAULTS, ids=lambda value: str(value)[:30])
def test_a_fault_is_told_with_its_line_and_a_hint(text: str, line: int, message: str, hint: str) -> None:
    with pytest.raises(FaultsError) as caught:
        parse_rule_set(text)
    assert any(
        fault.line == line and fault.message.startswith(message) and hint in fault.hint for fault in caught.value.faults
    ), caught.value.faults


def test_all_faults_are_told_at_once_in_the_order_of_their_lines() -> None:
    with pytest.raises(FaultsError) as caught:
        parse_rule_set("sannat a:\n\nsääntö b\n  kun lista: ei-ole\n  niin poista: mitä\nroskaa\n")
    lines = [fault.line for fault in caught.value.faults]
    assert lines == sorted(lines)
    assert set(lines) == {1, 3, 4, 5, 6}


def read_either_way(text: str) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    try:
        return parse_rule_set(text).rules, ()
    except FaultsError as error:
        return (), error.faults


@given(st.text(max_size=300))
def test_any_text_is_either_a_rule_set_or_a_list_of_faults(text: str) -> None:
    rules_read, faults = read_either_way(text)
    assert bool(rules_read) is not bool(faults)
    assert all(fault.line >= 1 and fault.message for fault in faults)


STARTS = st.sampled_from(
    [
        *("säännöt ", "sääntö a", "sääntö b", "sanat a:", "sanat b, myös yhdyssanan osana:", "aihe x", "henkilökunta:"),
        *("  kun sana: ", "  kun lista: ", "  kun kommentti: ", "  ja ", "  ja ei ", "  ja lista: ", "  ja julkaisu: "),
        *("  ja kirjoittaja: ", "  ja aika: klo ", "  ja pisteet: ", "  niin poista: ", "  niin pidä: ", "  ohittaa: "),
        *("  tila: ", "  automaattisesti: ", '  koska "', "  koska sv ", "  esimerkki ", "  varmat sanat: ", "  ", "#"),
    ],
)
ENDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["a", "b", "kaikki", 'x"', "loukkaus", "piilota, enintään 3 päivässä", "22–6", "uhkaus vähintään 0,8"]
    ),
)


@settings(max_examples=300)
@given(st.lists(st.tuples(STARTS, ENDS).map("".join), max_size=14).map("\n".join))
def test_any_lines_of_the_language_are_a_rule_set_or_a_list_of_faults(text: str) -> None:
    rules_read, faults = read_either_way(text)
    assert bool(rules_read) is not bool(faults)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "a",
            "  a",
            "sääntö x",
            "  kun lista: y",
            "  ja lista: a",
            "  ja ei lista: {}",
            "sanat {}: b",
            "  ja aika: a",
        ),
        *("sääntö {}\n  kun lista: z{}\n  ohittaa: u{}", '  koska """', "aihe {}", '  esimerkki "a', "  -", '"#'),
        *(
            "  kun lista: " + "b," * 300,
            "  ja pisteet: " + "0,8 " * 100,
            "  kun sana: " + "a/" * 200,
            "henkilökunta: !",
        ),
    ],
    ids=lambda line: line[:24],
)
def test_reading_takes_time_in_proportion_to_the_text(line: str) -> None:
    # Counted instead of timed: calls of Python functions, in a text and in one eight times as long.
    def calls(lines: int) -> int:
        text = "sääntö a\n" + "\n".join(line.replace("{}", str(number)) for number in range(lines))
        count = 0

        def counting(_: object, event: str, __: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(counting)
        try:
            read_either_way(text)
        finally:
            sys.setprofile(None)
        return count

    few = calls(250)
    assert calls(2_000) <= 8 * few + 20_000


def test_a_text_of_nothing_but_faults_is_told_the_first_of_them_and_that_there_are_more() -> None:
    _, faults = read_either_way("roskaa\n" * 5_000)
    assert len(faults) == 201
    assert faults[-1].message.startswith("Virheitä on niin monta")


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.text(max_size=8))
def test_a_damaged_shipped_rule_set_never_breaks_the_parser(place: int, letters: str) -> None:
    text = default_rule_text()
    rules_read, faults = read_either_way(text[:place] + letters + text[place + 3 :])
    assert bool(rules_read) is not bool(faults)


@pytest.mark.parametrize(
    ("entry", "sentence", "is_hit"),
    [
        ("idiootti", "Kerron idiooteille tästä", True),
        ("idiootti", "Idioottimainen lomake", False),
        ("idiootti", "jättiläisidiootti", False),
        ("-idiootti", "jättiläisidiootit", True),
        ("paska-", "paskalomake", True),
        ("paska-", "paska lomake", False),
        ("-pää", "kusipäille", True),
        ("=tapan", "Tapan ajan", True),
        ("=tapan", "Tapamme pelata", False),
        ("painua ... =helvettiin", "Painukaa te siitä helvettiin", True),
        ("painu ... =helvettiin", "Painukaa te siitä helvettiin", False),
        ("painua ... =helvettiin", "Painu nyt ihan ensin vaikka sinne helvettiin", False),
        ("painua ... =helvettiin", "Painu helvetistä", False),
        ("haistaa/nuolla vittu", "nuolkaa vittua", True),
        ("persu", "persujen puheet", True),
        ("runkku", "runkosopimus", False),
        ("sika", "sikala", False),
        ("homo", "homma hoidettu", False),
        ("homo", "home katossa", False),
    ],
)
def test_words_match_by_base_form_part_and_phrase(entry: str, sentence: str, is_hit: bool) -> None:
    text = with_rule(f"kun sana: {entry}", "niin punnitse: loukkaus", 'koska "{kohta}"')
    assert bool(found(text, sentence)) is is_hit


def test_an_allow_rule_wins_only_where_it_says_and_only_in_its_sentence() -> None:
    sentence = "Leikki leikkinä, olet idiootti."
    assert [finding.rule.name for finding in found(WHOLE, sentence)] == ["leikki", "leikki"]
    assert [finding.rule.name for finding in found(WHOLE, "Leikki sikseen. Olet idiootti.")] == ["loukkaus"]


def test_a_part_of_the_words_found_is_not_another_word_beside_them() -> None:
    lines = ("kun sana: ajan ... =yli", "ja ei lista: harmittomat", "niin punnitse: uhkaus", 'koska "{kohta}"')
    text = "sanat harmittomat: aika, peli\n" + with_rule(*lines)
    assert [finding.text for finding in found(text, "Ajan sen yli.")] == ["Ajan sen yli"]
    assert not found(text, "Ajan sen yli pelissä.")


def test_a_detection_sets_a_rule_off() -> None:
    text = with_rule("kun löytö: henkilötunnus", "niin poista: henkilötiedot", 'koska "x"')
    [finding] = found(text, "se on 131052-308T")
    assert finding.text == "131052-308T"
    assert not found(text, "se on 131052-308U")
    assert not found(text, "se on 321352-308T")


@pytest.mark.parametrize(
    ("detection", "sentence", "text"),
    [
        ("puhelinnumero", "Soita 040 123 4567 illalla", "040 123 4567"),
        ("puhelinnumero", "numero +358 40 1234567", "+358 40 1234567"),
        ("sähköposti", "laita matti@esimerkki.fi tänään", "matti@esimerkki.fi"),
        ("osoite", "Asun Mannerheimintie 12 A 4", "Mannerheimintie 12 A 4"),
        ("tilinumero", "Tili FI21 1234 5600 0007 85", "FI21 1234 5600 0007 85"),
        ("linkki", "katso https://esimerkki.net/a", "https://esimerkki.net/a"),
        ("huutaminen", "MIKSI TÄMÄ KURSSI TAAS PERUTTIIN", "MIKSI TÄMÄ KURSSI TAAS PERUTTIIN"),
    ],
)
def test_each_detection_finds_its_own(detection: str, sentence: str, text: str) -> None:
    rule = with_rule(f"kun löytö: {detection}", "niin punnitse: roskaposti", 'koska "x"')
    assert [finding.text for finding in found(rule, sentence)] == [text]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ry-numero 123456",
        "klo 10.15-12.00 ja 13.00-15.00",
        "2011-2012 ja 2013",
        "www.tjs-opintokeskus.fi",
        "info@tjs-opintokeskus.fi",
    ],
)
def test_numbers_and_our_own_addresses_are_no_personal_data(sentence: str) -> None:
    kinds = "henkilötunnus, puhelinnumero, sähköposti, osoite, tilinumero, linkki"
    assert not found(with_rule(f"kun löytö: {kinds}", "niin punnitse: roskaposti", 'koska "x"'), sentence)


def test_check_says_what_a_rule_set_holds_or_every_fault_of_it(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "hyvä.rules").write_text(WHOLE, encoding="utf-8-sig")
    (folder / "huono.rules").write_text("sääntö a\n  kun sanna: x\n", encoding="utf-8")
    (folder / "latin.rules").write_bytes("sääntö".encode("latin-1"))
    good = CliRunner().invoke(rules, ["check", str(folder / "hyvä.rules")])
    assert (good.exit_code, good.stdout) == (0, "Kunnossa: 2 sääntöä, 3 sanalistaa, 1 aihetta.\n")
    bad = CliRunner().invoke(rules, ["check", str(folder / "huono.rules")])
    assert bad.exit_code == 1
    assert "huono.rules:2: Tuntematon ehto ”kun sanna”. Tarkoititko: sana?" in bad.stderr
    for name in ("latin.rules", "puuttuu.rules"):
        unreadable = CliRunner().invoke(rules, ["check", str(folder / name)])
        assert unreadable.exit_code == 2
        assert len(unreadable.stderr.splitlines()) == 1
