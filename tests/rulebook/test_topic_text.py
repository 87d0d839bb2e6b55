"""A topic is taken out of the text of a rule set and put back as it was; the rest of the text stays to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tjs_moderation.domain.rulebook import default_rule_text, parse_rule_set
from tjs_moderation.domain.rulebook.topic_text import (
    TopicWords,
    faulty_examples,
    faulty_words,
    topic_codes,
    topic_words,
    with_topic,
    without_topic,
)

RULES = """\
sääntö huuto
  kun sana: idiootti
  niin punnitse: loukkaus
  koska "Kommentissa haukutaan."

# Aiheet
aihe palkat   # vuosittain
  # palkkaosaston sanat
  nimi: Palkat
  sanat: palkka, lisä,
    bonus
  varmat sanat: tes-palkka  # vain tämä
  esimerkki "Mistä näen ”palkkani”?"

# Toinen
aihe lomat
  sanat: loma
"""
WORDS = st.lists(st.from_regex(r"[a-zåäö]{1,9}( =?[a-zåäö]{1,9})?", fullmatch=True), unique=True, max_size=4)
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=30)
EXAMPLES = st.lists(LINES.map(lambda line: " ".join(line.split())).filter(bool), unique=True, max_size=3)


def test_the_words_are_read_as_they_are_written() -> None:
    assert topic_codes(RULES) == ["palkat", "lomat"]
    expected = TopicWords(("palkka", "lisä", "bonus"), ("tes-palkka",), ("Mistä näen ”palkkani”?",))
    assert topic_words(RULES, "palkat") == expected
    assert topic_words(RULES, "muu") is None


def test_remarks_and_everything_around_stay() -> None:
    changed = with_topic(RULES, "palkat", "Palkka", TopicWords(("palkka",)))
    before, _, after = RULES.partition("aihe palkat")
    assert changed.startswith(before)
    assert changed.endswith(after[after.index("\n# Toinen") :])
    assert "  # palkkaosaston sanat\n  nimi: Palkka\n  sanat: palkka\n" in changed
    assert without_topic(changed, "palkat") == before + after[after.index("# Toinen") :]


@settings(max_examples=60)
@given(WORDS, WORDS, EXAMPLES)
def test_what_is_written_is_what_is_read_and_what_the_judge_gets(
    hints: list[str], sure: list[str], examples: list[str]
) -> None:
    words = TopicWords(tuple(hints), tuple(sure), tuple(examples))
    if words.is_empty:
        return
    for code in ("palkat", "uusi"):
        text = with_topic(RULES, code, "Nimi", words)
        assert topic_words(text, code) == words
        [topic] = [topic for topic in parse_rule_set(text).topics if topic.code == code]
        assert (len(topic.hints), len(topic.sure), topic.examples) == (len(hints), len(sure), words.examples)
        assert topic_words(text, "lomat") == topic_words(RULES, "lomat")


def test_the_shipped_topics_come_through_whole() -> None:
    text = default_rule_text()
    before = {topic.code: topic for topic in parse_rule_set(text).topics}
    for code, topic in before.items():
        words = topic_words(text, code)
        assert words is not None
        text = with_topic(text, code, topic.name, words)
    assert {code: (len(t.hints), len(t.sure)) for code, t in before.items()} == {
        topic.code: (len(topic.hints), len(topic.sure)) for topic in parse_rule_set(text).topics
    }


@pytest.mark.parametrize("word", ["??", "#koulu", "a b c d e f g h i", "...", '"koulu"'])
def test_what_is_no_entry_is_told(word: str) -> None:
    [fault] = faulty_words(["koulu", word, "eu:n", "kiusata =töissä"])
    assert fault


def test_an_example_longer_than_a_comment_that_asks_is_none() -> None:
    assert faulty_examples(["Mistä?", "a" * 501]) == ["a" * 40 + "…"]
