from __future__ import annotations

import pytest

from tjs_moderation.domain.judgement import RuleJudge
from tjs_moderation.domain.language import read
from tjs_moderation.domain.ports import Context, Reading
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.topics import TopicFinder

RULES = parse_rule_set("""
sääntö a
  kun sana: idiootti
  niin punnitse: loukkaus
  koska "Sana {kohta}."
aihe kurssit
  varmat sanat: kurssi
aihe keikat
  varmat sanat: keikka
aihe tarinat
  varmat sanat: tarina
""")


@pytest.mark.parametrize(
    ("guesses", "given"),
    [
        ({"kurssit": 0.15}, []),
        ({"kurssit": 0.16}, ["kurssit"]),
        ({"kurssit": 0.5, "keikat": 0.09}, ["kurssit"]),
        ({"kurssit": 0.5, "keikat": 0.1}, ["kurssit", "keikat"]),
        ({"kurssit": 0.3, "keikat": 0.4, "tarinat": 0.24}, ["keikat", "kurssit"]),
        ({"kurssit": 0.3, "keikat": 0.4, "tarinat": 0.25}, ["keikat", "kurssit", "tarinat"]),
    ],
)
def test_a_second_topic_is_given_sooner_than_others(guesses: dict[str, float], given: list[str]) -> None:
    found = TopicFinder(RULES.topics).topics_of(read("Miten se korvataan?", lambda _: False), None, guesses)
    assert [each.topic for each in found] == given


@pytest.mark.parametrize(
    ("text", "comment", "post", "topic"),
    [
        ("Miten se korvataan?", None, None, ""),
        ("Miten se korvataan?", None, "Kurssi alkaa maanantaina.", "kurssit"),
        ("Miten se korvataan?", "Tein keikkaa koko kesän", "Kurssi alkaa maanantaina.", "keikat"),
        ("Mihin tarinan voi lähettää?", None, "Kurssi alkaa maanantaina.", "tarinat"),
        ("Mihin tarinan voi lähettää?", "Tein keikkaa koko kesän", "", "tarinat"),
    ],
)
def test_what_does_not_name_its_topic_has_that_of_what_it_answers_to(
    text: str, comment: str | None, post: str | None, topic: str
) -> None:
    reading = Reading("1", text, parent_text=comment, context=Context(post_text=post))
    assert next((each.topic for each in RuleJudge(RULES).judge(reading).topics), "") == topic
