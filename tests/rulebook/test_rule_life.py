from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.judgement import RuleJudge
from tjs_moderation.domain.language import Asking, Utterance
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.rulebook import Finding, parse_rule_set
from tjs_moderation.domain.rulebook.ruleset import Automatic
from tjs_moderation.domain.scores import Estimate
from tjs_moderation.domain.vocabulary import Outcome, RuleState, Score


class Sure:
    """A model of one opinion, which remembers the rules it was shown."""

    version = "sure"

    def __init__(self, removable: float = 0.0) -> None:
        self.removable = removable
        self.shown: list[str] = []

    def estimate(self, _: Utterance, findings: Sequence[Finding], __: Asking) -> Estimate:
        self.shown += [finding.rule.name for finding in findings]
        scores = dict.fromkeys((label.value for label in Score), 0.1)
        return Estimate(scores, 0.0, self.removable, 0.0, thresholds={"removable": 0.9, "removable:none": 0.9})


def rule(name: str, *lines: str) -> str:
    return "\n".join((f"sääntö {name}", *(f"  {line}" for line in lines), f'  koska "{name}: {{kohta}}"', ""))


def judged(rules: str, text: str, model: Sure | None = None) -> Assessment:
    return RuleJudge(parse_rule_set(rules), model or Sure()).judge(Reading("1", text))


WEIGHS = rule("kirous", "kun sana: hemmetti", "niin punnitse: säädyttömyys")


def banana(state: str, *lines: str) -> str:
    return rule("banaani", f"tila: {state}", "kun sana: banaani", "niin poista: loukkaus", *lines)


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("luonnos", RuleState.DRAFT),
        ("varjo", RuleState.SHADOW),
        ("voimassa", RuleState.LIVE),
        ("arkistoitu", RuleState.ARCHIVED),
    ],
)
def test_a_rule_says_its_state(written: str, state: RuleState) -> None:
    assert parse_rule_set(banana(written)).rules[0].state is state


def test_a_rule_that_does_not_say_is_live() -> None:
    assert parse_rule_set(WEIGHS).rules[0].state is RuleState.LIVE


@pytest.mark.parametrize("state", ["luonnos", "arkistoitu"])
def test_drafts_and_archived_rules_are_silent(state: str) -> None:
    assessment = judged(banana(state) + WEIGHS, "Banaani!")
    assert (assessment.outcome, assessment.reasons, assessment.shadows) == (Outcome.KEEP, (), ())
    assert assessment.shadow_outcome is None


def test_a_shadow_rule_is_heard_and_changes_nothing() -> None:
    model = Sure()
    assessment = judged(banana("varjo") + WEIGHS, "Hemmetin banaani!", model)
    assert assessment.outcome is Outcome.WEIGH
    assert [reason.rule for reason in assessment.reasons] == ["kirous"]
    assert [(reason.rule, reason.text) for reason in assessment.shadows] == [("banaani", "banaani")]
    assert assessment.shadow_outcome is Outcome.REMOVE
    assert model.shown == ["kirous"]


def test_a_shadow_rule_that_allows_silences_only_in_its_shadow() -> None:
    allows = rule("leikki", "tila: varjo", "kun sana: leikki", "niin pidä: tavallinen", "ohittaa: kaikki")
    assessment = judged(allows + WEIGHS, "Hemmetin leikki!")
    assert (assessment.outcome, assessment.shadow_outcome) == (Outcome.WEIGH, Outcome.KEEP)


def test_where_no_shadow_rule_speaks_there_is_no_shadow_outcome() -> None:
    assert judged(banana("varjo") + WEIGHS, "Hemmetti!").shadow_outcome is None


WORDS = st.lists(
    st.sampled_from(["banaani", "b4naani", "b a n a a n i", "hemmetti", "h3mmetti", "olet", "!", "sä", "."])
)


@given(WORDS)
def test_a_shadow_rule_never_moves_the_assessment(words: list[str]) -> None:
    text = " ".join(words)
    with_shadow, without = judged(banana("varjo") + WEIGHS, text), judged(banana("luonnos") + WEIGHS, text)
    for part in ("outcome", "category", "scores", "reasons", "is_question", "question_score", "topics", "automatic"):
        assert getattr(with_shadow, part) == getattr(without, part)


# -- automatic acts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "automatic"),
    [
        ("automaattisesti: piilota", Automatic(None)),
        ("automaattisesti: piilota, enintään 20 päivässä", Automatic(20)),
        ("automaattisesti piilota , enintään  1  päivässä  # varovasti", Automatic(1)),
    ],
)
def test_a_removing_rule_may_be_given_leave_to_hide_with_a_cap(line: str, automatic: Automatic) -> None:
    assert parse_rule_set(banana("voimassa", line)).rules[0].automatic == automatic


HIDES = banana("voimassa", "automaattisesti: piilota")


def test_a_sure_model_and_a_rule_with_leave_hide_together() -> None:
    assert judged(HIDES, "Senkin banaani", Sure(0.95)).automatic == "banaani"


@pytest.mark.parametrize(
    ("rules", "text", "removable"),
    [
        (HIDES, "Senkin banaani", 0.89),
        (HIDES, "Senkin omena", 0.99),
        (banana("voimassa"), "Senkin banaani", 0.99),
        (banana("varjo", "automaattisesti: piilota"), "Senkin banaani", 0.99),
        (HIDES, "Senkin banaani" + " ja omena" * 2_000, 0.99),
        (
            HIDES + rule("torilla", "kun sana: tori", "niin pidä: tavallinen", "ohittaa: banaani"),
            "Banaani maksaa. Tori auki.",
            0.99,
        ),
    ],
    ids=["unsure model", "no rule", "no leave", "shadow", "not whole", "allow rule"],
)
def test_nothing_is_hidden_without_a_person_when_anything_is_in_doubt(rules: str, text: str, removable: float) -> None:
    assert judged(rules, text, Sure(removable)).automatic == ""


def test_the_rule_of_the_gravest_finding_that_has_leave_is_named() -> None:
    threat = rule("uhka", "kun sana: tuho", "niin poista: uhkaus", "automaattisesti: piilota, enintään 2 päivässä")
    assert judged(HIDES + threat, "Banaani ja tuho", Sure(0.95)).automatic == "uhka"


# -- reasons -----------------------------------------------------------------------------------------------------------


def test_a_reason_is_told_in_every_language_it_was_written_in() -> None:
    text = rule(
        "sana", "kun sana: omena", "niin punnitse: spam", 'koska sv "Ordet ”{kohta}”."', 'koska en: "Word {kohta}"'
    )
    [reason] = judged(text, "Omenat!").reasons
    assert (reason.sentence, reason.sentence_sv, reason.sentence_en) == (
        "sana: Omenat",
        "Ordet ”Omenat”.",
        "Word Omenat",
    )
    assert [reason.said_in(locale) for locale in ("fi", "sv", "en", "de")] == [
        *("sana: Omenat", "Ordet ”Omenat”.", "Word Omenat", "sana: Omenat"),
    ]


def test_where_nobody_wrote_a_language_the_finnish_sentence_stands() -> None:
    [reason] = judged(WEIGHS, "Hemmetti!").reasons
    assert reason.said_in("sv") == reason.said_in("en") == reason.sentence


@pytest.mark.parametrize(
    "text", ["", "Ich weiß nicht, was das ist und warum es so teuer ist", "Ångra " * 4_000, "Привет, как дела сегодня"]
)
def test_the_consoles_own_reasons_are_told_in_three_languages(text: str) -> None:
    for reason in judged(WEIGHS, text).reasons:
        assert reason.sentence_sv
        assert reason.sentence_en
        assert len({reason.sentence, reason.sentence_sv, reason.sentence_en}) == 3
