"""How alike questions are."""

from __future__ import annotations

import pytest

from tjs_moderation.domain.likeness import most_alike, weights, words_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Miten määräaikaisuus vaikuttaa eläkkeeseeni?", {"määräaikaisuus", "vaikuttaa", "eläke"}),
        ("Onko kurssimaksua mahdollista maksaa osissa?", {"kurssimaksu", "kurssi", "maksu", "mahdollinen", "maksaa"}),
        ("Moi, mitä te siitä sanotte?", set()),
        ("EWC:n perustaminen", {"ewc", "perustaa"}),
        ("", set()),
    ],
)
def test_a_question_is_compared_by_the_base_forms_of_what_it_is_about(text: str, found: set[str]) -> None:
    assert found <= set(words_of(text))
    assert bool(found) == bool(words_of(text))


def test_the_fewer_say_a_word_the_more_it_weighs() -> None:
    weight = weights({"eläke": 3, "kurssi": 40, "tjs": 100}, 100)
    assert weight["eläke"] > weight["kurssi"] > weight["tjs"] >= 0


def test_the_likest_comes_first_and_what_shares_little_not_at_all() -> None:
    found = most_alike([(1, 6.0, 8), (2, 9.0, 8), (3, 2.0, 8), (4, 9.0, 40), (5, 9.0, 8)], 10.0, 8.0)
    assert [each.answer_id for each in found] == [5, 2, 1, 4]
    assert found[0].share == pytest.approx(0.9)
