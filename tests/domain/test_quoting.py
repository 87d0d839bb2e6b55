"""What counts as somebody's words or name in what others wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.initials import initials
from tjs_moderation.domain.quoting import MARK, Quotations, is_whole_name

TEXT = "Kaarnaveneen purjeet lepattivat saunarannan laiturilla koko pitkän illan."
QUOTATIONS = Quotations(["Tuulikki Meriläinen"], [TEXT, "Olipa tosi kurjaa touhua.", "Kiitos!"])


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("Tuulikki Meriläinen soitti.", f"{MARK} soitti."),
        ("Vastasin Tuulikki Meriläiselle eilen.", f"Vastasin {MARK} eilen."),
        ("TUULIKKI  MERILÄISEN viesti", f"{MARK} viesti"),
        (f"Hän kirjoitti: ”{TEXT}” Punnitaan.", f"Hän kirjoitti: ”{MARK}.” Punnitaan."),
        ("… lepattivat saunarannan laiturilla, koko pitkän …", f"… {MARK} …"),
        ("Olipa tosi kurjaa touhua, sanoi.", f"{MARK}, sanoi."),
        ("Tuulikki kävi.", "Tuulikki kävi."),
        ("Meriläinen kävi.", "Meriläinen kävi."),
        ("Kiitos!", "Kiitos!"),
        ("purjeet lepattivat", "purjeet lepattivat"),
        ("", ""),
    ],
)
def test_a_whole_name_and_a_run_of_words_are_taken_out_and_nothing_else(written: str, cleaned: str) -> None:
    assert QUOTATIONS.without(written) == cleaned


def test_what_json_holds_is_looked_through_to_its_leaves() -> None:
    told = {"examples": ["Aivan muuta", TEXT], "count": 2, "who": {"name": "Tuulikki Meriläinen"}, "none": None}
    cleaned = {"examples": ["Aivan muuta", f"{MARK}."], "count": 2, "who": {"name": MARK}, "none": None}
    assert QUOTATIONS.within(told) == cleaned


@given(st.text(max_size=60), st.text(max_size=30))
def test_taking_out_twice_takes_no_more(written: str, around: str) -> None:
    once = QUOTATIONS.without(f"{around}{TEXT} {written}")
    assert QUOTATIONS.without(once) == once
    assert "lepattivat" not in once


@pytest.mark.parametrize(
    ("name", "is_whole"), [("Matti Meikäläinen", True), ("Matti", False), ("", False), ("M M", False)]
)
def test_a_first_name_alone_is_anybodys(name: str, is_whole: bool) -> None:
    assert is_whole_name(name) is is_whole


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna-Liisa Mäki", "A. M."),
        ("matti", "M."),
        ("", ""),
        ("  ", ""),
        ("A B C D", "A. B. C."),
        ("李 小龙", "李. 小."),
    ],
)
def test_a_name_as_initials(name: str, shown: str) -> None:
    assert initials(name) == shown
