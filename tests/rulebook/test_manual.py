"""Every example of docs/rules.md is a rule set that can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tjs_moderation.domain.rulebook import grammar, parse_rule_set
from tjs_moderation.domain.rulebook.circumstance_lines import AUTHOR, READERS, SCORES, TIMES

MANUAL = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
HEADS = ("sääntö ", "sanat ", "aihe ", "henkilökunta:")
EXAMPLES = [block for block in re.findall(r"```\n(.*?)```", MANUAL, re.DOTALL) if block.startswith(HEADS)]
RULE = 'sääntö varma\n  kun sana: omena\n  niin pidä: tavallinen\n  koska "Omena."\n'


def with_what_it_names(example: str) -> str:
    """The example, with a list and a rule for each that it names and does not hold."""
    own = set(re.findall(r"^(?:sääntö|sanat|aihe) ([^\s,:]+)", example, re.MULTILINE))
    lists, rules = (
        {name.strip() for line in re.findall(rf"{key}: (.*)", example) for name in line.split(",")} - own
        for key in ("lista", "ohittaa")
    )
    stubs = [f"sanat {name}: omena\n" for name in lists] + [RULE.replace("varma", name) for name in rules]
    return "\n".join((*stubs, RULE, example))


def test_the_manual_has_examples_of_every_kind() -> None:
    assert {head for head in HEADS if any(head in example for example in EXAMPLES)} == set(HEADS)
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0])
def test_every_example_of_the_manual_can_be_read(example: str) -> None:
    parse_rule_set(with_what_it_names(example))


@pytest.mark.parametrize(
    "word",
    [
        *(*grammar.STATES, *grammar.OUTCOMES, *grammar.CATEGORIES, *grammar.TARGETS, *grammar.MANNERS),
        *(*grammar.DETECTIONS, *grammar.LANGUAGES, *AUTHOR, *READERS, *SCORES, "yöllä", "arkena", "viikonloppuna"),
    ],
)
def test_the_manual_tells_every_word_of_the_language(word: str) -> None:
    assert word in MANUAL


def test_the_manual_says_which_days_there_are() -> None:
    assert [day for day in ("maanantaina", "sunnuntaina") if day in TIMES and day in MANUAL] == [
        *("maanantaina", "sunnuntaina"),
    ]
