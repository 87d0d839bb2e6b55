from __future__ import annotations

import pytest

from tests.judgement.tables import in_columns, under_headings
from tjs_moderation.domain.judgement import default_judge
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.vocabulary import Category, Outcome, Score

SENTENCES = under_headings("sentences.txt")
QUESTIONS = under_headings("questions.txt")
TOPICS = in_columns("topics.txt")


def judged(text: str, parent: str | None = None) -> Assessment:
    return default_judge().judge(Reading(id="1", text=text, parent_text=parent))


def those(heading: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [sentence for found, sentence in pairs if found == heading]


@pytest.mark.parametrize("sentence", those("remove", SENTENCES))
def test_clear_insults_and_threats_are_proposed_for_removal_with_a_reason(sentence: str) -> None:
    assessment = judged(sentence)
    assert assessment.outcome is Outcome.REMOVE
    assert assessment.reasons[0].sentence
    assert assessment.reasons[0].rule


@pytest.mark.parametrize("sentence", those("caught", SENTENCES))
def test_insults_of_others_reach_a_person(sentence: str) -> None:
    assert judged(sentence).outcome is not Outcome.KEEP


@pytest.mark.parametrize("sentence", those("weigh", SENTENCES))
def test_swearing_at_things_and_what_cannot_be_read_is_weighed(sentence: str) -> None:
    assert judged(sentence).outcome is Outcome.WEIGH


@pytest.mark.parametrize("sentence", those("kept", SENTENCES))
def test_criticism_quotation_and_self_irony_stay(sentence: str) -> None:
    assert judged(sentence).outcome is Outcome.KEEP


@pytest.mark.parametrize("sentence", those("stays", SENTENCES))
def test_borderline_sentences_are_never_proposed_for_removal(sentence: str) -> None:
    assert judged(sentence).outcome is not Outcome.REMOVE


@pytest.mark.parametrize("sentence", those("asks", QUESTIONS))
def test_what_asks_for_an_answer_is_a_question(sentence: str) -> None:
    assert judged(sentence).is_question


@pytest.mark.parametrize("sentence", those("states", QUESTIONS))
def test_what_states_or_asks_only_in_passing_is_no_question(sentence: str) -> None:
    assert not judged(sentence).is_question


@pytest.mark.parametrize(("topic", "sentence"), TOPICS)
def test_a_question_finds_its_topic(topic: str, sentence: str) -> None:
    topics = judged(sentence).topics
    assert (topics[0].topic if topics else "-") == topic


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("Olet idiootti.", Category.INSULT),
        ("Ei teistä ole mihinkään", Category.DEGRADING),
        ("Tapan sinut", Category.THREAT),
        ("Vitun neekerit", Category.IDENTITY_ATTACK),
        ("Näytä tissit", Category.SEXUAL_HARASSMENT),
        ("Hetuni on 131052-308T", Category.PERSONAL_DATA),
        ("Tienaa 500 euroa päivässä kotoa https://bit.ly/xyz", Category.SPAM),
        ("Paska lomake", Category.OBSCENE),
        ("Kurssi oli pettymys.", Category.CRITICISM),
        ("Törkeän ylimielistä ja häpeällistä toimintaa.", Category.HARSH_CRITICISM),
        ("Kiitos, hieno luento!", Category.PRAISE),
        ("Milloin kurssi alkaa?", Category.QUESTION),
        ("Nähdään torstaina.", Category.NEUTRAL),
    ],
)
def test_each_kind_of_text_has_its_category(sentence: str, category: Category) -> None:
    assert judged(sentence).category is category


def test_the_reason_says_in_finnish_who_is_called_what() -> None:
    reason = judged("Kiitti vaan, olette kaikki idiootteja!").reasons[0]
    assert reason.text == "idiootteja"
    assert reason.sentence == ("Kommentti puhuttelee suoraan henkilöä ja nimittää häntä loukkaavasti: ”idiootteja”.")


def test_a_foreign_language_is_weighed_with_its_name() -> None:
    assessment = judged("Спасибо большое за помощь с документами")
    assert (assessment.language, assessment.outcome) == ("ru", Outcome.WEIGH)
    assert "venäjä" in assessment.reasons[0].sentence


def test_what_a_comment_answers_to_hints_at_its_topic() -> None:
    text, parent = "Lasketaanko se erikseen?", "Määräaikaisten ja vuokratyöntekijöiden lomakorvaus puhuttaa"
    assert not judged(text).topics
    assert judged(text, parent).topics[0].topic == "patkatyot"


def test_every_label_has_a_score_between_zero_and_one_and_an_insult_scores_higher() -> None:
    insult, praise = judged("Olet idiootti").scores, judged("Kiitos!").scores
    assert set(insult) == set(praise) == {label.value for label in Score}
    assert all(0.0 <= score <= 1.0 for scores in (insult, praise) for score in scores.values())
    assert insult["insult"] > 0.5 > praise["insult"]


def test_a_comment_without_text_is_for_a_person_to_look_at() -> None:
    assert judged("  \n").outcome is Outcome.WEIGH
