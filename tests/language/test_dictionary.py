from __future__ import annotations

import lzma
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyvoikko import VOIKKO_FST

from tjs_moderation.domain.language import DictionaryError, load_dictionary, transducer
from tjs_moderation.domain.language.transducer import Transducer, finnish
from tjs_moderation.training.dictionary import packed, read_att, shortened
from tjs_moderation.training.sentences import sentences

LETTERS = "aeiouyäöntslkrmvpjhdgbf-"


def outputs(word: str) -> list[str]:
    """What Voikko's own transducer says."""
    return [output for output, _ in VOIKKO_FST.lookup(word)]


def test_every_fifth_word_we_have_written_is_read_as_voikko_reads_it_in_the_same_order() -> None:
    words = sorted({word for each in sentences() for word in re.findall(r"[^\W\d_]+", each.text.lower())})[::5]
    assert len(words) > 2_000
    assert {word: finnish().lookup(word) for word in words} == {word: outputs(word) for word in words}


@given(st.text(LETTERS, max_size=14))
def test_letters_in_any_row_are_read_as_voikko_reads_them(word: str) -> None:
    assert finnish().lookup(word) == outputs(word)


@given(st.text(max_size=20))
def test_whatever_is_looked_up_nothing_is_raised(word: str) -> None:
    finnish().lookup(word)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=4))
def test_where_a_word_was_given_up_no_other_that_begins_like_it_is_one(word: str, ending: str) -> None:
    outputs_of_word, decided = finnish().read(word)
    if not outputs_of_word and decided <= len(word):
        assert outputs(word[:decided] + ending) == []


def test_words_of_other_alphabets_and_none_at_all_have_no_reading() -> None:
    assert [finnish().lookup(word) for word in ("", "привет", "\ud800", "kala$", "💩")] == [[]] * 5


TINY = """0\t1\ta\tA
1\t2\t@_EPSILON_SYMBOL_@\t[x]
2\t3\t@P.CASE.ON@\tb
3\t4\tb\t@_EPSILON_SYMBOL_@
2\t4\t@D.CASE@\t@_EPSILON_SYMBOL_@
4\t5\t@R.CASE.ON@\t@_EPSILON_SYMBOL_@
4\t5\tc\tC
5
"""


def test_packing_joins_chains_and_keeps_flags() -> None:
    packed_text = packed(shortened(read_att(TINY)))
    tiny = Transducer(packed_text)
    assert {word: tiny.lookup(word) for word in ("a", "ab", "abc", "ac")} == {
        "a": [],
        "ab": ["A[x]b"],
        "abc": ["A[x]bC"],
        "ac": ["A[x]C"],
    }
    assert len(packed_text.splitlines()) < TINY.count("\n")


@pytest.mark.parametrize("written", [b"", b"nonsense", lzma.compress(b"")])
def test_a_damaged_dictionary_is_named_in_one_sentence(written: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    class Damaged:
        def joinpath(self, _: str) -> Damaged:
            return self

        def read_bytes(self) -> bytes:
            return written

    monkeypatch.setattr(transducer, "files", lambda _: Damaged())
    finnish.cache_clear()
    try:
        with pytest.raises(DictionaryError, match="sanastoa ei saatu auki"):
            load_dictionary()
    finally:
        finnish.cache_clear()
