from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.judgement import RuleJudge
from tjs_moderation.domain.language import read
from tjs_moderation.domain.language.lexeme import Mark
from tjs_moderation.domain.ports import Reading
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.rulebook.staff import StaffNames, staff_names
from tjs_moderation.domain.vocabulary import Outcome

STAFF = StaffNames(("Ilmo Inkala", "Satu Qvist", "Väinö Virta-Mäki"))
RULES = """\
henkilökunta: Ilmo Inkala,
  Satu Qvist

sääntö väki
  kun sana: idiootti
  ja kohde: väki
  niin poista: loukkaus
  koska "Kommentti nimittää sivun väkeä: ”{kohta}”."
"""


def named(text: str) -> list[str]:
    utterance = read(text, lambda _: False, STAFF)
    return [lexeme.form for lexeme in utterance.lexemes if lexeme.has(Mark.STAFF)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kiitos Ilmo!", ["ilmo"]),
        ("Sanoin Ilmolle, että pitää", ["ilmolle"]),
        ("Ilmo Inkalan luento", ["ilmo", "inkalan"]),
        ("kiitos ilmo inkalalle", ["ilmo", "inkalalle"]),
        ("terveisiä Qvistille", ["qvistille"]),
        ("terveisiä Sadulle", ["sadulle"]),
        ("Virta-Mäen Väinön kanssa", ["virta-mäen", "väinön"]),
        ("Tack Satu Qvist för kursen, jag är nöjd", ["satu", "qvist"]),
    ],
)
def test_the_staff_is_found_by_name_in_any_form(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "milloin ilmo aukeaa",
        "Ilmot auki!",
        "Satu on kaunis laji",
        "kerroin sadun lapselle",
        "Virran suunta",
        "Väinämöinen ja Ilmari",
        "",
    ],
)
def test_a_word_that_may_be_something_else_names_nobody(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "staff", "outcome"),
    [
        ("Se Ilmo on idiootti", (), Outcome.REMOVE),
        ("Se Sirkku on idiootti", (), Outcome.KEEP),
        ("Se Sirkku on idiootti", ("Sirkku Salava",), Outcome.REMOVE),
    ],
)
def test_names_come_from_the_rule_set_and_with_the_reading(text: str, staff: tuple[str, ...], outcome: Outcome) -> None:
    judge = RuleJudge(parse_rule_set(RULES))
    assert judge.judge(Reading("1", text, staff=staff)).outcome is outcome


@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=60))
def test_no_names_and_no_text_break_the_reading(names: list[str], text: str) -> None:
    plain = read(text, lambda _: False)
    marked = read(text, lambda _: False, staff_names(tuple(names)))
    assert [lexeme.form for lexeme in marked.lexemes] == [lexeme.form for lexeme in plain.lexemes]
