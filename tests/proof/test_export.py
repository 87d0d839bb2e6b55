"""An exported log, checked by the program that stands alone: whatever was done to the log is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proof.exports import AT, KEY, OTHER_SEED, SEED, chained, head_of, lines_of, rebuilt
from tjs_moderation import audit_verifier
from tjs_moderation.audit_verifier import verify_export
from tjs_moderation.domain import heads

ROWS = chained(*"abcdef")
HEAD = head_of(ROWS)
EXPORT = lines_of(ROWS, HEAD)


def test_a_whole_export_is_whole_and_agrees_with_a_head_from_any_day() -> None:
    assert verify_export(EXPORT).is_whole
    for count in range(1, len(ROWS) + 1):
        verdict = verify_export(EXPORT, head_of(ROWS[:count]), KEY)
        assert (verdict.is_whole, verdict.entries, verdict.key) == (True, len(ROWS), KEY)


@given(st.integers(1, len(EXPORT) - 2), st.integers(0, 6), st.text(max_size=5) | st.integers())
def test_a_changed_field_is_found_at_its_entry(line: int, field: int, value: object) -> None:
    rows = [list(row) for row in ROWS]
    if rows[line - 1][field] == value:
        return
    rows[line - 1][field] = value
    verdict = verify_export(lines_of(rows, HEAD))
    assert not verdict.is_whole
    assert verdict.first_bad == line or verdict.reason in {"missing", "out_of_order", "damaged"}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "not_an_export"),
        (["hei\n"], "damaged"),
        (["[]\n"], "not_an_export"),
        (EXPORT[1:], "not_an_export"),
        (EXPORT[:3] + EXPORT[4:], "missing"),
        (EXPORT[:3] + EXPORT[2:], "out_of_order"),
        ([EXPORT[0], EXPORT[2], EXPORT[1], *EXPORT[3:]], "missing"),
        (EXPORT[:-1], "unfinished"),
        (EXPORT[:-2] + EXPORT[-1:], "own_head_differs"),
        ([*EXPORT, EXPORT[1]], "damaged"),
        ([*EXPORT[:4], EXPORT[4][:20], *EXPORT[5:]], "damaged"),
        (lines_of(ROWS, "tjs-head-1"), "not_a_head"),
        (lines_of(ROWS, HEAD[:-1] + ("0" if HEAD[-1] != "0" else "1")), "forged"),
    ],
)
def test_what_was_cut_out_put_in_or_swapped_is_found(lines: list[str], reason: str) -> None:
    assert (verify_export(lines).is_whole, verify_export(lines).reason) == (False, reason)


FORGERIES = {
    "rewritten": lambda verbs: [*verbs[:2], "x", *verbs[3:]],
    "truncated": lambda verbs: verbs[:-2],
}


@pytest.mark.parametrize(("reason", "change"), FORGERIES.items())
def test_a_chain_built_anew_agrees_with_itself_and_not_with_a_head_kept_elsewhere(reason: str, change: object) -> None:
    assert callable(change)
    forged = rebuilt(ROWS, change, SEED)
    assert verify_export(forged).is_whole
    verdict = verify_export(forged, HEAD)
    assert (verdict.is_whole, verdict.reason) == (False, reason)


def test_whoever_has_no_key_cannot_sign_in_its_place() -> None:
    forged = rebuilt(ROWS, FORGERIES["rewritten"], OTHER_SEED)
    assert verify_export(forged, key=KEY).reason == "other_key"
    assert verify_export(EXPORT, str(heads.sign(OTHER_SEED, 6, "0" * 64, AT)), KEY).reason == "other_key"


@given(st.integers(0, len(HEAD) - 1), st.characters(codec="ascii"))
def test_a_head_with_one_other_character_is_no_head(index: int, character: str) -> None:
    mangled = HEAD[:index] + character + HEAD[index + 1 :]
    assert mangled.strip() == HEAD or not verify_export(EXPORT, mangled).is_whole


@pytest.mark.parametrize(("lines", "status"), [(EXPORT, 0), (EXPORT[:-1], 1)])
def test_the_verifier_runs_alone_without_the_console(tmp_path: Path, lines: list[str], status: int) -> None:
    (tmp_path / "verifier.py").write_bytes(Path(audit_verifier.__file__).read_bytes())
    (tmp_path / "export.jsonl").write_text("".join(lines), encoding="utf-8")
    words = [sys.executable, "-I", "verifier.py", "export.jsonl", "--head", HEAD]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.startswith("whole: 6 entries" if status == 0 else "NOT whole")
