from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.language import Manner, Target, aim, read
from tjs_moderation.domain.language.folding import fold
from tjs_moderation.domain.language.lexeme import Mark, lexeme
from tjs_moderation.domain.language.morphology import LONGEST_WORD, analyse, lemmas

SOUGHT = {"idiootti", "ääliö", "vittu", "paska", "kusipää", "haistaa"}


def seeks(form: str) -> bool:
    return bool(lemmas(form) & SOUGHT)


def forms(text: str) -> list[str]:
    return [word.form for word in read(text, seeks).words]


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("näin väärä", "näin väärä"),
        ("na\u0308in", "näin"),
        ("ﬁksu ｋｕｒｓｓｉ", "fiksu kurssi"),
        ("раskа", "paska"),
        ("idi\u200boot\u00adti", "idiootti"),
        ("&auml;&auml;li&ouml; &#228;", "ääliö ä"),
        ("p̶a̶s̶k̶a̶", "paska"),
        ("𝓲𝓭𝓲𝓸𝓸𝓽𝓽𝓲", "idiootti"),
        ("Ångström", "Ångström"),
        ("привет, как дела", "привет, как дела"),
        ("\ud83d", " "),
    ],
)
def test_folding_undoes_disguise_and_keeps_finnish_letters(given_text: str, folded: str) -> None:
    assert fold(given_text).text == folded


@given(st.text(st.characters()))
def test_every_folded_letter_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    last = 0
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert last <= start < end <= len(text)
        last = start


@given(st.text(alphabet="abcåäöÅÄÖ ,.!?1"))
def test_plain_text_folds_to_itself(text: str) -> None:
    assert fold(text).text == text


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("idiooteille", "idiootti"),
        ("idioottien", "idiootti"),
        ("kusipäälle", "kusipää"),
        ("määräaikaisuudestani", "määräaikaisuus"),
        ("oot", "olla"),
        ("ootteko", "olla"),
        ("sä", "sinä"),
        ("saaks", "saada"),
        ("voiks", "voida"),
        ("tyhmii", "tyhmä"),
        ("kurssil", "kurssi"),
        ("miks", "mikä"),
        ("idiotti", "idiootti"),
    ],
)
def test_a_form_finds_its_base_form(word: str, base: str) -> None:
    assert base in lemmas(word)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("paskapää", ("paska", "pää")),
        ("yritysneuvostossa", ("yritys", "neuvosto")),
        ("runkosopimus", ("runko", "sopimus")),
    ],
)
def test_a_compound_knows_its_parts(word: str, parts: tuple[str, ...]) -> None:
    assert any(reading.parts == parts for reading in analyse(word))


@pytest.mark.parametrize(
    ("word", "mark"),
    [
        ("olet", Mark.YOU),
        ("ootte", Mark.YOU),
        ("teille", Mark.YOU_PRONOUN),
        ("painukaa", Mark.COMMAND_MANY),
        ("onko", Mark.ASKS),
        ("onks", Mark.ASKS),
        ("etkö", Mark.NOT),
        ("haukuttiin", Mark.REPORT),
        ("nimitelty", Mark.REPORT),
        ("päivi", Mark.NAME),
        ("lomake", Mark.THING),
        ("kouluttajanne", Mark.STAFF),
        ("idiootiksi", Mark.BECOMING),
    ],
)
def test_a_form_bears_its_marks(word: str, mark: int) -> None:
    assert lexeme(word).has(mark)


def test_a_word_too_long_for_finnish_is_not_looked_up() -> None:
    assert analyse("a" * (LONGEST_WORD + 1)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "i d i o o t t i",
        "i-d-i-o-o-t-t-i",
        "i.d.i.o.o.t.t.i",
        "idi00tti",
        "1d1ootti",
        "id*ootti",
        "idi**tti",
        "idioooottiii",
        "IDIOOTTI",
        "i_d_i_o_o_t_t_i",
    ],
)
def test_a_disguised_word_is_undone_and_marked_whole(text: str) -> None:
    utterance = read(f"Sinä {text} siellä", seeks)
    [word] = [word for word in utterance.words if seeks(word.form)]
    assert utterance.text[word.start : word.end] == text


@pytest.mark.parametrize(
    "text", ["A4-paperi", "klo 12.30", "50-luku", "3 kpl", "covid-19", "H2O", "24/7", "e-kirja", "S.O.S."]
)
def test_what_only_looks_like_disguise_is_left_alone(text: str) -> None:
    assert not any(seeks(form) for form in forms(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Milloin kurssi alkaa?", "fi"),
        ("mites tää toimii", "fi"),
        ("Ok", "fi"),
        ("Tack för en bra föreläsning, det var intressant", "sv"),
        ("När börjar kursen?", "sv"),
        ("When does the course start?", "en"),
        ("Thank you for the lecture", "en"),
        ("Спасибо за помощь", "ru"),
        ("Ich möchte mich für den Kurs anmelden", "de"),
        ("Palun öelge mulle, kas ma saan kursusele tulla", "et"),
        ("Jäsenmaksu nousee, työehtosopimus huononee", "fi"),
        ("Avgiften är för hög, tycker många", "sv"),
        ("dra härifrån din usling", "sv"),
        ("Håll truten, gubbe!", "sv"),
        ("Nobody asked you", "en"),
        ("shut it, dumbhead", "en"),
        ("Our steward negotiates nothing", "en"),
        ("fuck mikä päivä taas", "fi"),
        ("Teams on ok, Zoom ei", "fi"),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert read(text, seeks).language == language


AIMED = [
    ("Olet idiootti", Target.ADDRESSED, Manner.DIRECT),
    ("te ootte idiootteja", Target.ADDRESSED, Manner.DIRECT),
    ("Lue ohjeet, idiootti!", Target.ADDRESSED, Manner.DIRECT),
    ("Idiootit!", Target.ADDRESSED, Manner.DIRECT),
    ("Kouluttaja on idiootti", Target.STAFF, Manner.DIRECT),
    ("Matti on idiootti", Target.NAMED, Manner.DIRECT),
    ("Pomoni on idiootti", Target.PERSON, Manner.DIRECT),
    ("Hän on idiootti", Target.PERSON, Manner.DIRECT),
    ("Muslimit ovat idiootteja", Target.GROUP, Manner.DIRECT),
    ("Lomake on paska", Target.THING, Manner.DIRECT),
    ("paska lomake", Target.THING, Manner.DIRECT),
    ("Olen idiootti", Target.ONESELF, Manner.DIRECT),
    ("Mä oon ihan idiootti", Target.ONESELF, Manner.DIRECT),
    ("Esimies haukkui minua idiootiksi", Target.PERSON, Manner.REPORTED),
    ("Saako pomo sanoa työntekijää idiootiksi", Target.PERSON, Manner.REPORTED),
    ("Pomo huusi: ”olet idiootti”", Target.PERSON, Manner.QUOTED),
    ("Et ole idiootti", Target.ADDRESSED, Manner.NEGATED),
    ("Jos olisin idiootti", Target.ONESELF, Manner.SUPPOSED),
    ("Me ollaan ihan idiootteja", Target.ONESELF, Manner.DIRECT),
    ("Idiootti täällä hei, unohdin tunnukseni", Target.ONESELF, Manner.DIRECT),
    ("Vaikka pomo olisi idiootti", Target.PERSON, Manner.SUPPOSED),
    ("Hän ei ole laiska eikä idiootti", Target.PERSON, Manner.NEGATED),
    ("Haukun sinut idiootiksi", Target.ADDRESSED, Manner.DIRECT),
]


@pytest.mark.parametrize(("text", "target", "manner"), AIMED)
def test_it_is_seen_at_whom_words_are_aimed_and_whose_words_they_are(text: str, target: Target, manner: Manner) -> None:
    utterance = read(text, seeks)
    [place] = [index for index, word in enumerate(utterance.lexemes) if word.lemmas & SOUGHT]
    seen = aim(utterance, place, place)
    assert (seen.target, seen.manner) == (target, manner)


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("Kiitos kurssista kaikille. Sali oli kylmä.", ["Kiitos kurssista kaikille.", "Sali oli kylmä."]),
        ("Hei! Missä kurssi on? Kiitos.", ["Hei! Missä kurssi on?", "Kiitos."]),
        (
            "”Olet turha. Häivy!” sanoi pomo. Mitä teen nyt?",
            ["”Olet turha. Häivy!” sanoi pomo.", "Mitä teen nyt?"],
        ),
        ("yksi rivi tässä\ntoinen rivi siinä", ["yksi rivi tässä", "toinen rivi siinä"]),
        ("Vain yksi lause on tässä.", []),
        ("", []),
    ],
)
def test_a_text_falls_into_passages_that_can_be_understood_alone(text: str, passages: list[str]) -> None:
    assert [passage.text for passage in read(text, seeks).passages()] == passages
