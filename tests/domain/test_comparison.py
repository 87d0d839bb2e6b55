from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.comparison import Change, compare


def told(old: str, new: str) -> str:
    signs = {Change.SAME: "{}", Change.ADDED: "[+{}]", Change.REMOVED: "[-{}]"}
    return "".join(signs[piece.change].format(piece.text) for piece in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("Sama teksti.", "Sama teksti.", "Sama teksti."),
        ("Perustetaan pyynnöstä.", "Perustetaan sadan pyynnöstä.", "Perustetaan[+ sadan] pyynnöstä."),
        ("Kysy minulta.", "Kysy meiltä. Terveisin Inka", "Kysy[- minulta.][+ meiltä. Terveisin Inka]"),
        ("Pois tämä, jää.", "Pois jää.", "Pois[- tämä,] jää."),
        ("", "Alku", "[+Alku]"),
        ("Loppu", "", "[-Loppu]"),
        ("Ensin.\nSitten.", "Ensin.\n\nSitten.", "Ensin.[-\nSitten.][+\n\nSitten.]"),
    ],
)
def test_a_comparison_tells_what_went_and_what_came(old: str, new: str, difference: str) -> None:
    assert told(old, new) == difference


words = st.lists(st.sampled_from(["ja", "ei", "kyllä", " ", "\n", "yhdistys"]), max_size=30).map(" ".join)


@given(words | st.text(), words | st.text())
def test_both_texts_can_be_read_out_of_a_comparison(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.change is not Change.REMOVED) == new


def test_the_longest_texts_are_compared_while_one_waits() -> None:
    started = time.perf_counter()
    pieces = compare("a b " * 2000, "b a " * 2000)
    assert time.perf_counter() - started < 1
    assert len(pieces) <= 4
