from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.importing.reading import json_lines
from tjs_moderation.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared_sqlite: Path) -> Run:
    """Runs the command on an install of its own."""
    (tmp_path / "tjs.db").write_bytes(prepared_sqlite.read_bytes())
    monkeypatch.setenv("TJS_INSTANCE_PATH", str(tmp_path))
    monkeypatch.delenv("TJS_DATABASE_URL", raising=False)

    def run_command(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    return run_command


def test_a_file_comes_in_and_again_changes_nothing(run: Run, file: Path) -> None:
    file.write_text(json_lines([{"id": "1", "text": "Moi"}, {"id": "2", "text": "Hei"}, {"text": "Tunnus puuttuu"}]))
    first = run(file, "--json")
    told = json.loads(first.stdout)
    assert list(told) == ["read", "new", "changed", "duplicate", "rejected", "rejects_file"]
    assert list(told.values())[:5] == [3, 2, 0, 0, 1]
    assert "Tunnus puuttuu" in Path(told["rejects_file"]).read_text(encoding="utf-8-sig")
    assert first.exit_code == 0
    again = json.loads(run(file, "--json").stdout)
    assert (again["new"], again["duplicate"], again["rejected"]) == (0, 2, 1)


def test_a_file_without_bad_rows_has_no_rejects_file(run: Run, file: Path) -> None:
    file.write_text("id,text\n1,Moi\n")
    assert json.loads(run(file, "--json").stdout)["rejects_file"] is None


def test_progress_goes_to_standard_error(run: Run, file: Path) -> None:
    file.write_text("id,text\n" + "".join(f"n{number},Moi\n" for number in range(600)))
    result = run(file)
    assert "100 %" in result.stderr
    assert result.stdout.startswith("600 read: 600 new")


def test_a_file_with_nothing_in_it_is_no_error(run: Run, file: Path) -> None:
    file.write_text("")
    result = run(file, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["read"] == 0


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (b"tunnus,viesti\n1,Moi\n", [], "its header has no column id, text"),
        (bytes(range(256)) * 10, [], "it is not text"),
        (b"PK\x03\x04xl/workbook.xml", [], "it is a spreadsheet"),
        (b"\x1f\x8bxxxx", [], "it is compressed (gzip)"),
        (b'{"foo": 1}', ["--format", "facebook"], "neither one of Facebook's own JSON files"),
        (b"id,text\n1,Moi\n", ["--channel", "twitter"], "twitter"),
    ],
)
def test_bad_input_is_one_clear_line_and_ends_with_two(
    run: Run, file: Path, content: bytes, arguments: list[str], words: str
) -> None:
    file.write_bytes(content)
    result = run(file, *arguments, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert words in line


def test_a_file_that_is_not_there_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    result = run(tmp_path / "ei.csv")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "there is no such file" in result.stderr


def test_a_directory_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    result = run(tmp_path)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "directory" in result.stderr
