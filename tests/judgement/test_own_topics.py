from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judgement.tables import in_columns
from tjs_moderation.domain.examples import Examples
from tjs_moderation.domain.judgement import BlindJudge, RuleJudge, default_judge, judge_for
from tjs_moderation.domain.language import read
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.rulebook import Topic, default_rule_text

BENEFITS = """
aihe jasenedut
  nimi: Jäsenedut
  sanat: jäsenetu, alennus, mökki
  esimerkki "Mistä saan uuden jäsenkortin?"
  esimerkki "Saako liiton lomaosakkeita vuokrata kesällä?"
  esimerkki "Kuuluuko jäsenyyteen matkavakuutus?"
  esimerkki "Miten haen tuettua lomaa?"
  esimerkki "Mistä hotelleista jäsen saa alennusta?"
"""
TOPICS = in_columns("topics.txt")


@cache
def judge() -> RuleJudge | BlindJudge:
    return judge_for(default_rule_text() + BENEFITS)


def topics(assessment: Assessment) -> list[str]:
    return [found.topic for found in assessment.topics]


@pytest.mark.parametrize(
    "question",
    [
        "Onko hotelliin jäsenalennusta?",
        "Voiko mökin varata viikonlopuksi",
        "Korvaako liiton vakuutus matkan peruuntumisen?",
        "Missä voin vuokrata lomaosakkeen",
        "jäsenkortti hävis, mistä uus",
        "Milloin tuettujen lomien haku päättyy?",
        "Onks liitolla lomaosaketta Lapissa?",
    ],
)
def test_a_topic_of_three_words_and_five_examples_gets_its_questions(question: str) -> None:
    assert topics(judge().judge(Reading("1", question)))[0] == "jasenedut"


@pytest.mark.parametrize(("topic", "question"), TOPICS)
def test_a_new_topic_takes_no_question_from_the_others(topic: str, question: str) -> None:
    before, after = default_judge().judge(Reading("1", question)), judge().judge(Reading("1", question))
    assert topics(after)[:1] == topics(before)[:1]
    assert "jasenedut" not in topics(after), topic


@pytest.mark.parametrize("text", ["Mistä saan tietoa?", "Kiitos!", "Voiko joku auttaa?", "", "Kuka maksaa?"])
def test_everyday_words_are_like_no_example(text: str) -> None:
    assert not Examples((Topic("a", "A", examples=("Mistä saan uuden jäsenkortin?",)),)).likeness(
        read(text, lambda _: False)
    )


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=4))
def test_likeness_is_a_share_whatever_the_texts(text: str, examples: list[str]) -> None:
    found = Examples((Topic("a", "A", examples=tuple(examples)),)).likeness(read(text, lambda _: False))
    assert all(0.0 <= share <= 1.0 for share in found.values())


def test_an_example_is_like_itself() -> None:
    example = "Saako liiton lomaosakkeita vuokrata kesällä?"
    found = Examples((Topic("a", "A", examples=(example,)), Topic("b", "B"))).likeness(read(example, lambda _: False))
    assert list(found) == [0]
    assert found[0] > 0.8
