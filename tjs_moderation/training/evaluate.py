"""How well the judge does on the written sentences: counts, shares and Wilson intervals, per source.

`python -m tjs_moderation.training.evaluate` measures the 70 % that may be looked at; `--held-back` the rest, by weights
that have not seen it; `--unseen` the writers that the weights that ship have not seen. The last two show no text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import sqrt

import click

from tjs_moderation.domain.judgement import RuleJudge
from tjs_moderation.domain.model import load_model, read_model
from tjs_moderation.domain.ports import Assessment, Reading
from tjs_moderation.domain.rulebook import default_rule_text, parse_rule_set
from tjs_moderation.domain.vocabulary import Category, Outcome
from tjs_moderation.training import MEASURING_FILE
from tjs_moderation.training.sentences import SOURCES, UNSEEN, Sentence, sentences

_MEASURING = files(__package__).joinpath(MEASURING_FILE)
_Z = 1.96
_WORST = 20
_NOT_HURTFUL = (Category.SPAM, Category.PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, what the judge said of it, and what it said without its question marks."""

    sentence: Sentence
    assessment: Assessment
    unmarked: Assessment


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: of those that `counts`, how many `holds`; the others are mistakes where that is bad."""

    name: str
    counts: Callable[[Judged], bool]
    holds: Callable[[Judged], bool]
    is_bad: bool = False


def _is(outcome: Outcome) -> Callable[[Judged], bool]:
    return lambda judged: judged.sentence.outcome is outcome


def _hurts(judged: Judged) -> bool:
    """Insults, threats, slurs, harassment: what the goals speak of."""
    return judged.sentence.outcome is Outcome.REMOVE and judged.sentence.category not in _NOT_HURTFUL


def _lures_or_tells(judged: Judged) -> bool:
    return judged.sentence.outcome is Outcome.REMOVE and judged.sentence.category in _NOT_HURTFUL


def _is_caught(judged: Judged) -> bool:
    return judged.assessment.outcome is not Outcome.KEEP


def _asks(judged: Judged) -> bool:
    return judged.sentence.is_question


def _routes(judged: Judged) -> bool:
    return judged.sentence.is_question and bool(judged.sentence.topics)


def _first_topics(judged: Judged, most: int) -> list[str]:
    return [each.topic for each in judged.assessment.topics[:most]]


MEASURES = (
    Measure("hurtful: caught", _hurts, _is_caught),
    Measure("hurtful: proposed for removal", _hurts, lambda judged: judged.assessment.outcome is Outcome.REMOVE),
    Measure("spam and others' data: caught", _lures_or_tells, _is_caught),
    Measure("to weigh: weighed", _is(Outcome.WEIGH), lambda judged: judged.assessment.outcome is Outcome.WEIGH),
    Measure(
        "to weigh: proposed for removal",
        _is(Outcome.WEIGH),
        lambda judged: judged.assessment.outcome is Outcome.REMOVE,
        is_bad=True,
    ),
    Measure(
        "to keep: proposed for removal",
        _is(Outcome.KEEP),
        lambda judged: judged.assessment.outcome is Outcome.REMOVE,
        is_bad=True,
    ),
    Measure(
        "to keep: weighed",
        _is(Outcome.KEEP),
        lambda judged: judged.assessment.outcome is Outcome.WEIGH,
        is_bad=True,
    ),
    Measure("questions: found", _asks, lambda judged: judged.assessment.is_question),
    Measure("questions: found without the mark", _asks, lambda judged: judged.unmarked.is_question),
    Measure(
        "no questions: taken for one",
        lambda judged: not _asks(judged),
        lambda judged: judged.assessment.is_question,
        is_bad=True,
    ),
    Measure(
        "topic of a question: first",
        _routes,
        lambda judged: any(topic in judged.sentence.topics for topic in _first_topics(judged, 1)),
    ),
    Measure(
        "topic of a question: first two",
        _routes,
        lambda judged: judged.sentence.topics[0] in _first_topics(judged, 2),
    ),
    Measure(
        "question on no topic: none given",
        lambda judged: _asks(judged) and not _routes(judged),
        lambda judged: not judged.assessment.topics,
    ),
)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, _Z * _Z
    middle = share + z2 / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    return max(0.0, (middle - spread) / (1 + z2 / total)), min(1.0, (middle + spread) / (1 + z2 / total))


def f1(judged: Iterable[Judged]) -> float:
    """F1 of the questions, marks as written."""
    hits = misses = 0
    for each in judged:
        hits += each.sentence.is_question and each.assessment.is_question
        misses += each.sentence.is_question is not each.assessment.is_question
    return 2 * hits / (2 * hits + misses) if hits else 0.0


def judge_all(judge: RuleJudge, given: Iterable[Sentence]) -> list[Judged]:
    """Every sentence judged, as written and without question marks."""
    return [
        Judged(each, judge.judge(Reading("", each.text)), judge.judge(Reading("", each.text.replace("?", ""))))
        for each in given
    ]


def table(judged: Sequence[Judged]) -> list[str]:
    """The lines of the table, per source and in all."""
    lines = []
    for source in (*SOURCES, "all"):
        rows = [each for each in judged if source in ("all", each.sentence.source)]
        if not rows:
            continue
        lines.append(f"{source} ({len(rows)} sentences, questions F1 {f1(rows):.3f})")
        for measure in MEASURES:
            counted = [row for row in rows if measure.counts(row)]
            hits = sum(map(measure.holds, counted))
            low, high = wilson(hits, len(counted))
            share = 100 * hits / len(counted) if counted else 0.0
            lines.append(
                f"  {measure.name:36}{hits:5} /{len(counted):5}  {share:5.1f} %  ({100 * low:.1f}–{100 * high:.1f})"
            )
    return lines


def mistakes(judged: Sequence[Judged], measure: Measure) -> list[Judged]:
    """What went wrong by a measure, the surest mistakes first."""
    wrong = [row for row in judged if measure.counts(row) and measure.holds(row) is measure.is_bad]
    return sorted(wrong, key=lambda row: max(row.assessment.scores.values()), reverse=measure.is_bad)


def chosen(held_back: bool, unseen: bool) -> Iterator[Sentence]:
    """The sentences of one of the three tables."""
    for each in sentences():
        if each.source in UNSEEN if unseen else each.source not in UNSEEN and each.is_held_back is held_back:
            yield each


@click.command()
@click.option("--held-back", is_flag=True, help="Measure what nothing was tuned on; shows no texts.")
@click.option("--unseen", is_flag=True, help="Measure the weights that ship on writers they have not seen; no texts.")
@click.option("--worst", default=_WORST, help="So many mistakes of each kind.")
def main(held_back: bool, unseen: bool, worst: int) -> None:
    """Print the table, and the worst mistakes of each kind where they may be looked at."""
    model = load_model() if unseen else read_model(_MEASURING.read_bytes())
    judge = RuleJudge(parse_rule_set(default_rule_text()), model)
    judged = judge_all(judge, chosen(held_back, unseen))
    name = "writers not seen" if unseen else "held back" if held_back else "dev"
    click.echo("\n".join((f"Judge {judge.model_version}, {name}", *table(judged))))
    if held_back or unseen:
        return
    for measure in MEASURES:
        click.echo(f"\n{measure.name}: mistakes")
        for row in mistakes(judged, measure)[:worst]:
            reason = next(iter(row.assessment.reasons), None)
            why = f" [{reason.rule}: {reason.text}]" if reason else ""
            topics = ",".join(_first_topics(row, 2))
            held = ",".join(row.sentence.topics)
            known = f"{row.sentence.category}/{row.sentence.target}/{row.sentence.speech} {held}"
            click.echo(f"  {known} <{topics}> {row.assessment.language} {row.sentence.text}{why}")


if __name__ == "__main__":
    main()
