from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest

from tjs_moderation.domain import judgement
from tjs_moderation.domain.features import WIDTH, features
from tjs_moderation.domain.judgement import RuleJudge, default_judge, judge_for
from tjs_moderation.domain.language import Asking, Utterance, asking, read
from tjs_moderation.domain.model import QUESTION, REMOVABLE, TROUBLE, ModelError, load_model, read_model
from tjs_moderation.domain.ports import Reading
from tjs_moderation.domain.rulebook import Finding, parse_rule_set
from tjs_moderation.domain.scores import Estimate
from tjs_moderation.domain.vocabulary import Outcome, Score

RULES = 'sääntö a\n  kun sana: idiootti\n  niin punnitse: loukkaus\n  koska "Sana {kohta}."\n'
REMOVING = RULES.replace("punnitse", "poista")
ALLOWING = RULES + ('sääntö b\n  kun sana: leikki\n  niin pidä: tavallinen\n  ohittaa: a\n  koska "Leikkiä vain."\n')
HEADS = [*(label.value for label in Score), TROUBLE, REMOVABLE, QUESTION]


class Sure:
    """A model that says the same of every text."""

    version = "sure"

    def __init__(self, trouble: float, removable: float) -> None:
        self.trouble, self.removable = trouble, removable

    def estimate(self, _: Utterance, __: tuple[Finding, ...], ___: Asking) -> Estimate:
        return Estimate(
            {label.value: 0.5 for label in Score},
            trouble=self.trouble,
            removable=self.removable,
            thresholds={
                "trouble": 0.6,
                "trouble:criticism": 0.9,
                "removable:none": 0.95,
                "removable:hurtful": 0.9,
                "removable:aimed": 0.8,
                "removable:removing": 0.2,
            },
        )


def outcome(text: str, trouble: float, removable: float, rules: str = RULES) -> Outcome:
    return RuleJudge(parse_rule_set(rules), Sure(trouble, removable)).judge(Reading(id="1", text=text)).outcome


def file_with(**changes: object) -> bytes:
    about = {"version": "t", "heads": HEADS, "thresholds": {}}
    parts: dict[str, object] = {
        "weights": np.zeros((WIDTH, len(HEADS)), np.float16),
        "offsets": np.zeros(len(HEADS), np.float32),
        "about": np.array(json.dumps(about)),
    } | changes
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.save(file, np.asarray(part))
    return written.getvalue()


@pytest.mark.parametrize(
    ("text", "trouble", "removable", "expected"),
    [
        ("Hyvää päivää", 0.59, 0.0, Outcome.KEEP),
        ("Hyvää päivää", 0.6, 0.9, Outcome.WEIGH),
        ("Hyvää päivää", 0.99, 0.95, Outcome.REMOVE),
        ("Olet idiootti", 0.0, 0.79, Outcome.WEIGH),
        ("Olet idiootti", 0.0, 0.8, Outcome.REMOVE),
        ("Siellä oli idiootti", 0.0, 0.89, Outcome.WEIGH),
        ("Siellä oli idiootti", 0.0, 0.9, Outcome.REMOVE),
    ],
)
def test_a_model_removes_sooner_what_a_rule_doubts_and_somebody_is_called(
    text: str, trouble: float, removable: float, expected: Outcome
) -> None:
    assert outcome(text, trouble, removable) is expected


def test_what_a_rule_removes_and_the_model_doubts_is_weighed_with_both_said() -> None:
    judge = RuleJudge(parse_rule_set(REMOVING), Sure(trouble=0.0, removable=0.19))
    doubted = judge.judge(Reading(id="1", text="Olet idiootti"))
    assert (doubted.outcome, [reason.code for reason in doubted.reasons]) == (Outcome.WEIGH, ["insult", "doubted"])
    assert outcome("Olet idiootti", 0.0, 0.2, REMOVING) is Outcome.REMOVE


def test_no_model_overrules_an_allow_rule() -> None:
    assert outcome("Idiootti on tässä vain leikki", 1.0, 1.0, ALLOWING) is Outcome.KEEP


def test_a_model_removes_nothing_in_a_language_there_are_no_rules_for() -> None:
    assert outcome("Спасибо большое за помощь с документами", 1.0, 1.0) is Outcome.WEIGH


def test_every_verdict_of_the_model_has_a_reason_in_words() -> None:
    judge = RuleJudge(parse_rule_set(RULES), Sure(1.0, 1.0))
    [reason] = judge.judge(Reading(id="1", text="Hyvää päivää")).reasons
    assert reason.code.startswith("score_")
    assert reason.sentence.endswith(".")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"", "vioittunut"),
        (b"PK\x03\x04 not a zip at all", "vioittunut"),
        (file_with()[:-40], "vioittunut"),
        (file_with(about=np.array("not json")), "vioittunut"),
        (file_with(weights=np.zeros((3, len(HEADS)), np.float16)), "ei sovi"),
        (file_with(weights=np.full((WIDTH, len(HEADS)), np.inf, np.float16)), "ei sovi"),
        (file_with(extra=np.zeros(1)), "vääränlainen"),
    ],
    ids=["empty", "noise", "cut", "no json", "too short", "not finite", "strange part"],
)
def test_a_damaged_weights_file_is_refused_in_one_sentence(written: bytes, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        read_model(written)


def test_without_its_weights_the_judge_says_so_and_hands_every_text_to_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise ModelError("Painotiedosto puuttuu.")

    monkeypatch.setattr(judgement, "load_model", missing)
    judge = judge_for(RULES)
    [assessment] = judge.assess([Reading(id="1", text="Hyvä kurssi")])
    assert judge.trouble == "Painotiedosto puuttuu."
    assert (assessment.outcome, assessment.failure) == (Outcome.WEIGH, "Painotiedosto puuttuu.")


def test_the_shipped_weights_score_an_insult_above_criticism_of_the_same_thing() -> None:
    def insult(text: str) -> float:
        utterance = read(text, lambda _: False)
        return load_model().estimate(utterance, (), asking(utterance)).scores["insult"]

    assert insult("Olet täysi idiootti etkä osaa mitään") > insult("Kurssin aikataulu oli epäonnistunut")


def test_a_text_of_no_words_has_features_and_an_estimate() -> None:
    utterance = read("…", lambda _: False)
    places, amounts = features(utterance, (), Asking(0.0))
    assert len(places) == len(amounts)
    assert 0.0 <= (load_model().estimate(utterance, (), Asking(0.0)).trouble or 0.0) <= 1.0


@pytest.mark.parametrize(
    ("before", "troubling", "after"),
    [
        ("Tulimme eilen junalla. ", "Sinun äitisi itkisi, jos näkisi tuon.", " Sää oli lämmin."),
        ("Kurssi alkoi ajallaan. ", "Järkeä on sinulla yhtä paljon kuin saappaalla.", " Kotona oltiin kuudelta."),
    ],
)
def test_a_doubt_of_the_model_alone_points_at_the_passage_that_troubles(
    before: str, troubling: str, after: str
) -> None:
    [reason] = default_judge().judge(Reading(id="1", text=before + troubling + after)).reasons
    assert (reason.code, reason.text, reason.start) == ("score_insult", troubling, len(before))


def test_of_an_identity_code_no_model_knows_better() -> None:
    rules = 'sääntö a\n  kun löytö: henkilötunnus\n  niin poista: henkilötiedot\n  koska "”{kohta}” on tunnus."\n'
    assert outcome("Tunnukseni on 131052-308T", trouble=0.0, removable=0.0, rules=rules) is Outcome.REMOVE
