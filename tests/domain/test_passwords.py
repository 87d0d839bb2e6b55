from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.passwords import MAXIMUM, MINIMUM, Weakness, weakness

TIINA = ("Tiina Tiedottaja-Mäkelä", "tiina.makela@esimerkki.fi")

COMMON = (
    "salasana1234 Salasana2026! S4l4s4n4123! P@ssw0rd2026!! Passw0rd12345 perkele123456 perkeleperkele kissakoira123 "
    "Tervetuloa2026 kesäkuu2026!! Kesälomatalvi1 1234salasana! qwertyuiopå12 asdfghjkl123 1q2w3e4r5t6y 123456789012 "
    "111111111111 abcdefghijkl zyxwvutsrqpo aaaaaaaaaaaa abcabcabcabc äöäöäöäöäöäö iloveyou1234 Asdfghjklöä12"
).split()
FINE = [
    "pitkä lause on hyvä",
    "sininen talo metsässä 7",
    "correct horse battery staple",
    "ksnfkq93mfnw",
    "kesä-talvi-syksy",
    "длинная фраза хороша",
    "日本語の長い合言葉です、はい",
    "🙂😀🙃😉😊😇🥰😍🤩😘😗☺",
    "suomi100vuotta-ja-yksi-päivä",
]


@pytest.mark.parametrize("password", COMMON)
def test_a_password_that_is_tried_first_is_common(password: str) -> None:
    assert weakness(password) is Weakness.COMMON


@pytest.mark.parametrize("password", ["Tiedottaja-Tiina1", "makelatiina1990", "Fac3b00k2026!", "tjsmoderointi"])
def test_a_password_of_what_everybody_knows_is_personal(password: str) -> None:
    assert weakness(password, TIINA) in {Weakness.PERSONAL, Weakness.COMMON}


def test_somebody_elses_name_is_theirs_to_avoid() -> None:
    assert weakness("Tiedottaja-Mäkelä9", TIINA) is Weakness.PERSONAL
    assert weakness("Björklund-Sjögren9", TIINA) is None


@pytest.mark.parametrize("password", FINE)
def test_a_sentence_in_any_script_will_do(password: str) -> None:
    assert weakness(password, TIINA) is None


@pytest.mark.parametrize("length", [0, MINIMUM - 1, MAXIMUM + 1])
def test_a_password_is_long_enough_and_not_endless(length: int) -> None:
    assert weakness("kq7" * 100 if length > MAXIMUM else ("kq7mz" * 3)[:length]) is Weakness.LENGTH


@given(st.text(max_size=MAXIMUM), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_is_judged_quickly_and_always_alike(password: str, personal: list[str]) -> None:
    begun = time.process_time()
    assert weakness(password, personal) is weakness(password, personal)
    assert time.process_time() - begun < 1
