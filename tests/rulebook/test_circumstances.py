from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.test_rule_life import Sure
from tjs_moderation.domain.judgement import RuleJudge
from tjs_moderation.domain.ports import Context, Reading
from tjs_moderation.domain.rulebook import parse_rule_set
from tjs_moderation.domain.vocabulary import ItemKind, Outcome

HELSINKI = ZoneInfo("Europe/Helsinki")
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=HELSINKI)
UNKNOWN = Context()


def rule_with(*conditions: str) -> str:
    lines = ("kun sana: omena", *conditions, "niin punnitse: roskaposti", 'koska "Omena."')
    return "\n".join(("sääntö omena", *(f"  {line}" for line in lines), ""))


@cache
def judge_with(condition: str) -> RuleJudge:
    return RuleJudge(parse_rule_set(rule_with(f"ja {condition}")), Sure())


def holds(condition: str, context: Context) -> bool:
    return judge_with(condition).judge(Reading("1", "Omena.", context=context)).outcome is Outcome.WEIGH


AUTHORS = [
    ("kirjoittaja: uusi", Context(author_items=0), True),
    ("kirjoittaja: uusi", Context(author_items=1), False),
    ("ei kirjoittaja: uusi", Context(author_items=1), True),
    ("ei kirjoittaja: uusi", UNKNOWN, False),
    ("kirjoittaja: uusi", UNKNOWN, False),
    ("kirjoittaja: poistettuja vähintään 2", Context(author_removed=2), True),
    ("kirjoittaja: poistettuja vähintään 2", Context(author_removed=1), False),
    ("kirjoittaja: kommentteja enintään 3", Context(author_items=3), True),
    ("kirjoittaja: kommentteja enintään 3", Context(author_items=4), False),
    ("kirjoittaja: tunnissa vähintään 5", Context(author_in_hour=5), True),
    ("kirjoittaja: tunnissa vähintään 5", Context(author_in_hour=4), False),
    ("kirjoittaja: uusi, poistettuja vähintään 1", Context(author_items=9, author_removed=1), True),
    ("kirjoittaja: uusi, poistettuja vähintään 1", Context(author_items=9, author_removed=0), False),
    ("ei kirjoittaja: uusi, poistettuja vähintään 1", Context(author_items=9, author_removed=0), True),
]
KINDS = [
    ("laji: viesti", Context(kind=ItemKind.MESSAGE), True),
    ("laji: viesti", Context(kind=ItemKind.COMMENT), False),
    ("laji: kommentti, viesti", Context(kind=ItemKind.COMMENT), True),
    ("ei laji: viesti", UNKNOWN, False),
]
POSTS = [
    ("julkaisu: kurssi", Context(post_text="Ilmoittaudu kursseillemme!"), True),
    ("julkaisu: kurssi", Context(post_text="Vuosikokous kutsuu"), False),
    ("julkaisu: kurssi, vuosikokous", Context(post_text="Vuosikokous kutsuu"), True),
    ("julkaisu: avoin luento", Context(post_text="Tervetuloa avoimelle luennolle"), True),
    ("ei julkaisu: kurssi", Context(post_text="Vuosikokous kutsuu"), True),
    ("ei julkaisu: kurssi", UNKNOWN, False),
    ("julkaisu: kurssi", Context(post_text=""), False),
    (
        "julkaisu: vanhempi kuin 30 päivää",
        Context(written_at=MONDAY, post_written_at=MONDAY - timedelta(days=31)),
        True,
    ),
    (
        "julkaisu: vanhempi kuin 30 päivää",
        Context(written_at=MONDAY, post_written_at=MONDAY - timedelta(days=30)),
        False,
    ),
    ("julkaisu: nuorempi kuin 2 tuntia", Context(written_at=MONDAY, post_written_at=MONDAY), True),
    ("julkaisu: vanhempi kuin 1 viikkoa", Context(written_at=MONDAY), False),
    ("ei julkaisu: vanhempi kuin 1 viikkoa", Context(post_written_at=MONDAY), False),
]


def at(hour: int, minute: int = 0, day: int = 23) -> Context:
    return Context(written_at=datetime(2026, 11, day, hour, minute, tzinfo=HELSINKI))


TIMES = [
    ("aika: yöllä", at(22), True),
    ("aika: yöllä", at(3), True),
    ("aika: yöllä", at(6), False),
    ("aika: yöllä", at(21, 59), False),
    ("aika: klo 22–6", at(5, 59), True),
    ("aika: klo 8.30-16", at(8, 30), True),
    ("aika: klo 8.30-16", at(8, 29), False),
    ("aika: klo 8:30–16:00", at(16), False),
    ("aika: klo 20–24", at(23, 59), True),
    ("aika: klo 20–24", at(0), False),
    ("aika: viikonloppuna", at(12, day=22), True),
    ("aika: viikonloppuna", at(12, day=23), False),
    ("aika: arkena", at(12, day=23), True),
    ("aika: maanantaina, keskiviikkona", at(12, day=25), True),
    ("aika: maanantaina, keskiviikkona", at(12, day=24), False),
    ("ei aika: yöllä", at(12), True),
    ("aika: yöllä", UNKNOWN, False),
    ("ei aika: yöllä", UNKNOWN, False),
]


@pytest.mark.parametrize(("condition", "context", "is_met"), [*AUTHORS, *KINDS, *POSTS, *TIMES])
def test_a_condition_holds_as_the_circumstances_are_and_never_where_they_are_unknown(
    condition: str, context: Context, is_met: bool
) -> None:
    assert holds(condition, context) is is_met


def test_all_lines_must_hold() -> None:
    judge = RuleJudge(parse_rule_set(rule_with("ja aika: yöllä", "ja kirjoittaja: uusi")), Sure())
    for context, outcome in (
        (Context(author_items=0, written_at=MONDAY), Outcome.KEEP),
        (Context(author_items=0, written_at=MONDAY.replace(hour=23)), Outcome.WEIGH),
    ):
        assert judge.judge(Reading("1", "Omena", context=context)).outcome is outcome


# -- scores ------------------------------------------------------------------------------------------------------------

SCORES = [
    ("pisteet: uhkaus vähintään 0,1", True),
    ("pisteet: uhkaus vähintään 0,11", False),
    ("pisteet: uhkaus vähintään 0.1", True),
    ("pisteet: uhkaus enintään 0,1", True),
    ("pisteet: vakava myrkyllisyys enintään 0,05", False),
    ("pisteet: poistettava vähintään 0,5", True),
    ("pisteet: poistettava vähintään 0,9, uhkaus vähintään 0,1", True),
    ("ei pisteet: poistettava vähintään 0,5", False),
    ("ei pisteet: poistettava vähintään 0,7", True),
]


@pytest.mark.parametrize(("condition", "is_met"), SCORES)
def test_a_rule_may_wait_for_what_the_model_says(condition: str, is_met: bool) -> None:
    model = Sure(0.6)
    assessment = RuleJudge(parse_rule_set(rule_with(f"ja {condition}")), model).judge(Reading("1", "Omena."))
    assert (assessment.outcome is Outcome.WEIGH) is is_met
    assert model.shown == []


def test_without_a_model_nothing_is_known_of_what_should_be_removed() -> None:
    judge = RuleJudge(parse_rule_set(rule_with("ja ei pisteet: poistettava vähintään 0,5")))
    assert judge.judge(Reading("1", "Omena.")).outcome is Outcome.KEEP


# -- the whole text ----------------------------------------------------------------------------------------------------

ANY = """\
sääntö kirous
  kun sana: hemmetti
  niin punnitse: säädyttömyys
  koska "{kohta}"

sääntö kova
  kun kommentti: mikä tahansa
  ja kirjoittaja: poistettuja vähintään 2
  niin punnitse: kritiikki
  koska "Kirjoittajalta on poistettu kommentteja."

sääntö tuttu
  kun kommentti: mikä tahansa
  ja kirjoittaja: kommentteja vähintään 100
  niin pidä: tavallinen
  ohittaa: kirous
  koska "Kirjoittaja on vanha tuttu."
"""


@pytest.mark.parametrize(
    ("text", "context", "outcome"),
    [
        ("Hyvää päivää", Context(author_removed=2), Outcome.WEIGH),
        ("Hyvää päivää", Context(author_removed=1), Outcome.KEEP),
        ("Hei. Hemmetti. Voi.", Context(author_items=100), Outcome.KEEP),
        ("Hei. Hemmetti. Voi.", Context(author_items=99), Outcome.WEIGH),
        ("", Context(author_removed=2), Outcome.WEIGH),
    ],
)
def test_a_rule_may_be_about_any_comment(text: str, context: Context, outcome: Outcome) -> None:
    assessment = RuleJudge(parse_rule_set(ANY), Sure()).judge(Reading("1", text, context=context))
    assert not assessment.failure
    assert assessment.outcome is outcome


@given(
    st.builds(
        Context,
        author_items=st.none() | st.integers(0, 10**9),
        author_removed=st.none() | st.integers(0, 10**9),
        author_in_hour=st.none() | st.integers(0, 10**9),
        post_text=st.none() | st.text(max_size=40),
        post_written_at=st.none() | st.datetimes(timezones=st.just(HELSINKI)),
        written_at=st.none() | st.datetimes(timezones=st.just(HELSINKI)),
        kind=st.none() | st.sampled_from(ItemKind),
    )
)
def test_no_circumstances_break_the_judge(context: Context) -> None:
    for condition, *_ in (*AUTHORS, *KINDS, *POSTS, *TIMES):
        assert not judge_with(condition).judge(Reading("1", "Omena", context=context)).failure
