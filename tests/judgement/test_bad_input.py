from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tjs_moderation.cli.assess import assess, assessed_lines
from tjs_moderation.domain import judgement
from tjs_moderation.domain.judgement import LONGEST_READ, RuleJudge, default_judge, judge_for
from tjs_moderation.domain.language import morphology
from tjs_moderation.domain.ports import Reading
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.scores import Estimate
from tjs_moderation.domain.vocabulary import Outcome

RULES = 'sääntö a\n  kun sana: idiootti\n  niin poista: loukkaus\n  koska "Sana {kohta}."\n'

pieces = st.sampled_from(
    [
        *(
            "idiootti",
            "olet",
            "sä",
            "v1ttu",
            "p*ska",
            "i d i o o t t i",
            "haista",
            " ",
            "\n",
            "\u200b",
            "\u202e",
            "\u0301",
        ),
        *(
            "&amp;",
            "ä",
            "a\u0308",
            "🖕",
            "\ud83d",
            "”",
            '"',
            "?",
            "131052-308T",
            "www.x.fi",
            "а",
            "@@",
            "***",
            "=====",
            "ÄÄÄÄ",
        ),
    ]
)
texts = st.lists(st.one_of(pieces, st.text(st.characters(), max_size=12)), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_every_span_points_at_its_words_in_the_text_as_given(text: str) -> None:
    assessment = default_judge().judge(Reading(id="1", text=text))
    assert not assessment.failure
    for reason in assessment.reasons:
        assert 0 <= reason.start <= reason.end <= len(text)
        assert text[reason.start : reason.end] == reason.text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), texts.map(lambda text: json.dumps({"text": text}).encode()))))
def test_a_line_in_gives_a_line_out_whatever_the_line(lines: list[bytes]) -> None:
    numbered = [(number, line.replace(b"\n", b" ")) for number, line in enumerate(lines, start=1)]
    written = list(assessed_lines(judge_for(RULES), numbered))
    assert len(written) == len(lines)
    for line in written:
        assert line.count(b"\n") == 1
        assert json.loads(line)["outcome"] in ("keep", "weigh", "remove")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "idiootti " * 11_111,
        "äy" * 5_000,
        "i d i o " * 3_000,
        "*" * 20_000,
        "v*" * 10_000,
        "a\u0301" * 20_000,
        "a" + "\u0301" * 50_000,
        "\u202e" * 30_000,
        '"' * 30_000,
        "&" * 30_000,
        "@" * 30_000,
        "0" * 30_000,
        "1234567890-" * 3_000,
        "https://" * 4_000,
        "a." * 20_000,
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_huge_and_strange_texts_come_back_weighed_or_better(text: str) -> None:
    assessment = default_judge().judge(Reading(id="1", text=text))
    assert not assessment.failure
    if len(text) > LONGEST_READ:
        assert assessment.outcome is not Outcome.KEEP


def test_the_dictionary_is_asked_at_most_once_a_word_form() -> None:
    # Counted instead of timed: the work grows with the different words of a text, not with its length.
    morphology.analyse.cache_clear()
    judge = judge_for(RULES)
    before = morphology.analyse.cache_info().misses
    judge.judge(Reading(id="1", text="tämä on pitkä kommentti samasta asiasta " * 200))
    assert morphology.analyse.cache_info().misses - before <= 60


def test_a_judge_that_breaks_inside_hands_the_text_to_a_person() -> None:
    class Broken:
        version = "broken"

        def estimate(self, *_: object) -> Estimate:
            raise RuntimeError("weights are gone")

    assessment = RuleJudge(parse_rule_set(RULES), model=Broken()).judge(Reading(id="1", text="Hei"))
    assert assessment.outcome is Outcome.WEIGH
    assert "weights are gone" in assessment.failure
    assert assessment.reasons[0].code == "failure"


def test_without_a_dictionary_every_text_goes_to_a_person_and_the_judge_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise morphology.DictionaryError("Sanasto puuttuu.")

    monkeypatch.setattr(judgement, "load_dictionary", missing)
    judge = judge_for(RULES)
    [assessment] = judge.assess([Reading(id="1", text="Hyvä kurssi")])
    assert judge.trouble == "Sanasto puuttuu."
    assert (assessment.outcome, assessment.failure) == (Outcome.WEIGH, "Sanasto puuttuu.")


def run(given_bytes: bytes, *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    result = CliRunner().invoke(assess, list(arguments), input=given_bytes)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_the_command_answers_every_line_in_order_and_gives_missing_ids_the_line_number() -> None:
    lines = [
        '{"id":"c1","text":"Olet idiootti!"}',
        "tämä ei ole JSONia",
        "",
        '{"text":"Hyvä kurssi"}',
        "[1, 2]",
        '{"id":7,"text":null}',
        '{"id":"s","text":"yksin\\ud83djäänyt"}',
        "[" * 5_000,
        '{"id":1e999,"text":"x"}',
    ]
    code, answers, _ = run("\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert code == 0
    assert [answer["id"] for answer in answers[:7]] == ["c1", 2, 3, 4, 5, 7, "s"]
    assert len(answers) == len(lines) + 1
    assert answers[0]["outcome"] == "remove"
    assert {answer["outcome"] for answer in answers[1:3]} == {"weigh"}


def test_an_answer_has_exactly_the_keys_of_the_contract() -> None:
    _, [answer], _ = run(b'{"id":"c1","text":"Olet idiootti, milloin kurssi alkaa?"}\n')
    assert list(answer) == [
        *("id", "outcome", "category", "scores", "reasons", "is_question", "question_score", "topics", "language"),
    ]
    assert {"code", "start", "end", "text"} <= set(answer["reasons"][0])  # type: ignore[index]  # parsed JSON
    assert set(answer["topics"][0]) == {"topic", "score"}  # type: ignore[index]  # parsed JSON


AROUND = """\
sääntö yö
  kun kommentti: mikä tahansa
  ja aika: yöllä
  ja laji: viesti
  ja kirjoittaja: poistettuja vähintään 2
  ja julkaisu: kurssi
  ja julkaisu: vanhempi kuin 2 päivää
  niin punnitse: roskaposti
  koska "Yöllä."
"""
LINE = {
    "text": "Hei",
    "kind": "message",
    "created_at": "2026-11-23T23:15:00+02:00",
    "author_removed": 2,
    "post_text": "Kurssit alkavat",
    "post_created_at": "2026-11-01T12:00:00",
}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "weigh"),
        ({"created_at": "2026-11-23T21:15:00"}, "keep"),
        ({"created_at": "eilen"}, "keep"),
        ({"created_at": 5}, "keep"),
        ({"kind": "comment"}, "keep"),
        ({"kind": "kirje"}, "keep"),
        ({"author_removed": True}, "keep"),
        ({"author_removed": -1}, "keep"),
        ({"author_removed": "2"}, "keep"),
        ({"post_text": None}, "keep"),
        ({"post_created_at": "2026-11-23T12:00:00Z"}, "keep"),
    ],
)
def test_what_a_line_tells_around_its_text_is_asked_by_the_rules(
    tmp_path: Path, changed: dict[str, object], outcome: str
) -> None:
    file = tmp_path / "omat.rules"
    file.write_text(AROUND, encoding="utf-8")
    _, [answer], _ = run(json.dumps({**LINE, **changed}).encode() + b"\n", "--rules", str(file))
    assert answer["outcome"] == outcome


def test_a_reason_is_written_out_with_its_rule_and_its_sentences() -> None:
    _, [answer], _ = run(b'{"text":"Hei. Olet idiootti!"}\n')
    reason = answer["reasons"][0]  # type: ignore[index]  # parsed JSON
    assert list(reason) == ["code", "start", "end", "text", "sentence", "rule", "sentence_sv", "sentence_en"]
    assert all(reason.values())


def test_no_lines_give_no_lines() -> None:
    assert run(b"") == (0, [], "")


def test_a_faulty_rule_file_ends_the_command_with_two_and_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "omat.rules"
    file.write_text("sääntö a\n  kun lista: puuttuva\nsääntö b\n", encoding="utf-8")
    code, answers, told = run(b"{}\n", "--rules", str(file))
    assert (code, answers) == (2, [])
    assert "omat.rules:2: Sanalistaa ”puuttuva” ei ole." in told
    assert "omat.rules:3:" in told
    assert "Traceback" not in told


def test_own_rules_replace_the_shipped_ones(tmp_path: Path) -> None:
    file = tmp_path / "omat.rules"
    file.write_text(RULES.replace("idiootti", "banaani"), encoding="utf-8")
    _, answers, _ = run(b'{"text":"Olette saatanan banaaneja!"}\n{"text":"Omenat!"}\n', "--rules", str(file))
    assert [answer["outcome"] for answer in answers] == ["remove", "keep"]


def test_the_web_process_can_parse_rules_without_the_dictionary() -> None:
    code = (
        "from tjs_moderation.domain.language.transducer import finnish; "
        "from tjs_moderation.domain.rulebook import default_rule_text, parse_rule_set; "
        "parse_rule_set(default_rule_text()); assert finnish.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own interpreter, our own words
