"""`tjs-moderation assess`: JSONL in, JSONL out, in order, one line for every line. No database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tjs_moderation.domain.judgement import BlindJudge, RuleJudge
    from tjs_moderation.domain.ports import Assessment, Context, Reading

_BATCH_LINES = 64


@click.command()
@click.option(
    "--rules",
    "rules_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A rule set to judge by, instead of the shipped one.",
)
def assess(rules_file: Path | None) -> None:
    """Judge texts: one JSON object a line from standard input (id, text) to one a line on standard output."""
    from tjs_moderation.cli.assess_crew import answered, cores

    judge = _judge(rules_file)
    stdout = sys.stdout.buffer

    def answer(batch: list[tuple[int, bytes]]) -> list[bytes]:
        return list(assessed_lines(judge, batch))

    for lines in answered(answer, _batches(sys.stdin.buffer), 1 if sys.stdin.isatty() else cores()):
        stdout.writelines(lines)
        stdout.flush()


def _judge(rules_file: Path | None) -> RuleJudge | BlindJudge:
    """The judge to use. Ends the program with 2 and every fault on standard error where the rule set is faulty."""
    from tjs_moderation.cli.rule_files import read_rule_text, tell_faults
    from tjs_moderation.domain.judgement import default_judge, judge_for
    from tjs_moderation.errors import FaultsError

    if rules_file is None:
        return default_judge()
    try:
        return judge_for(read_rule_text(rules_file))
    except FaultsError as error:
        tell_faults(rules_file, error.faults)
        sys.exit(2)


def _batches(stream: IO[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Lines with their numbers (from 1), as many at a time as have come, at most `_BATCH_LINES`."""
    numbered: Iterator[tuple[int, bytes]] = enumerate(stream, start=1)
    if stream.isatty():
        yield from ([line] for line in numbered)
        return
    while batch := list(islice(numbered, _BATCH_LINES)):
        yield batch


def assessed_lines(judge: RuleJudge | BlindJudge, lines: Iterable[tuple[int, bytes]]) -> Iterator[bytes]:
    """One line of JSON (UTF-8, with its line break) for each numbered line, whatever the line holds."""
    for number, line in lines:
        given_id, reading, fault = _read_line(number, line)
        assessment = judge.judge(reading) if reading is not None else judge.failed(fault)
        yield _written(given_id, assessment)


def _read_line(number: int, line: bytes) -> tuple[object, Reading | None, str]:
    """The id to answer with, and the reading, or what is wrong with the line."""
    from tjs_moderation.domain.ports import Reading

    try:
        given = json.loads(line.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return number, None, "rivi ei ole kelvollista JSONia"
    if not isinstance(given, dict):
        return number, None, "rivi ei ole JSON-olio"
    given_id = given.get("id")
    given_id = given_id if isinstance(given_id, str | int) else number if given_id is None else str(given_id)
    text = given.get("text")
    if not isinstance(text, str):
        return given_id, None, "rivillä ei ole tekstiä (text)"
    told = Reading(str(given_id), text, _text(given, "author"), _text(given, "parent_text"), _context(given))
    return given_id, told, ""


def _context(given: Mapping[str, object]) -> Context:
    """What a line tells around its text; what it does not tell, or tells wrongly, stays unknown."""
    from tjs_moderation.domain.ports import Context
    from tjs_moderation.domain.vocabulary import ItemKind

    kind = _text(given, "kind")
    return Context(
        author_items=_count(given, "author_items"),
        author_removed=_count(given, "author_removed"),
        author_in_hour=_count(given, "author_in_hour"),
        post_text=_text(given, "post_text"),
        post_written_at=_moment(given, "post_created_at"),
        written_at=_moment(given, "created_at"),
        kind=ItemKind(kind) if kind in list(ItemKind) else None,
    )


def _text(given: Mapping[str, object], key: str) -> str | None:
    value = given.get(key)
    return value if isinstance(value, str) else None


def _count(given: Mapping[str, object], key: str) -> int | None:
    value = given.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _moment(given: Mapping[str, object], key: str) -> datetime | None:
    """A time as it is written (ISO 8601): its own offset is what counts as local time; without one, it is local."""
    try:
        told = datetime.fromisoformat(_text(given, key) or "")
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _written(given_id: object, assessment: Assessment) -> bytes:
    document = {
        "id": given_id,
        "outcome": assessment.outcome.value,
        "category": assessment.category.value,
        "scores": dict(assessment.scores),
        "reasons": [
            {
                "code": reason.code,
                "start": reason.start,
                "end": reason.end,
                "text": reason.text,
                "sentence": reason.sentence,
                "rule": reason.rule,
                "sentence_sv": reason.sentence_sv,
                "sentence_en": reason.sentence_en,
            }
            for reason in assessment.reasons
        ],
        "is_question": assessment.is_question,
        "question_score": assessment.question_score,
        "topics": [{"topic": topic.topic, "score": topic.score} for topic in assessment.topics],
        "language": assessment.language,
    }
    written = json.dumps(document, ensure_ascii=False, allow_nan=False, default=str)
    try:
        return written.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        # A lone surrogate cannot be written in UTF-8; JSON's own escapes carry it through unharmed.
        return json.dumps(document, ensure_ascii=True, allow_nan=False, default=str).encode("ascii") + b"\n"
