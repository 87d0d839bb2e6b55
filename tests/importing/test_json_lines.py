from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.importing.reading import json_lines, read
from tjs_moderation.gateways.files import RowFault


def test_every_key_of_the_contract_lands_in_its_place(file: Path) -> None:
    row = {
        "id": 17,
        "post_id": "p1",
        "author_id": 5,
        "author_name": "Ülle Õun",
        "created_at": "2026-05-01T09:30:00Z",
        "text": "Moi 👋",
        "permalink": "https://example.org/17",
        "reactions": {"LIKE": 3},
    }
    (incoming,) = read(file, json_lines([row])).taken
    assert incoming.external_id == "17"
    assert incoming.author_external_id == "5"
    assert incoming.author_name == "Ülle Õun"
    assert incoming.created_at == datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    assert incoming.text == "Moi 👋"
    assert incoming.raw == {"reactions": {"LIKE": 3}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encoding_is_found_out(file: Path, encoding: str) -> None:
    assert read(file, json_lines([{"id": "1", "text": "Yötä päivää"}]).encode(encoding)).texts == ["Yötä päivää"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"text": "Moi"}', RowFault.MISSING_ID),
        ('{"id": "", "text": "Moi"}', RowFault.MISSING_ID),
        ('{"id": null, "text": "Moi"}', RowFault.MISSING_ID),
        ('{"id": "1"}', RowFault.MISSING_TEXT),
        ('{"id": "1", "text": null}', RowFault.MISSING_TEXT),
        ('{"id": true, "text": "Moi"}', RowFault.BAD_VALUE),
        ('{"id": 1.5, "text": "Moi"}', RowFault.BAD_VALUE),
        ('{"id": "1", "text": ["Moi"]}', RowFault.BAD_VALUE),
        ('{"id": "1", "text": "Moi", "created_at": 1767225600}', RowFault.BAD_DATE),
        ('{"id": "1", "text": "Moi", "kind": "like"}', RowFault.UNKNOWN_KIND),
        ('{"id": "1", "text": "Mo\\u0000i"}', RowFault.BAD_CHARACTER),
        ('{"id": "1\\ud83d", "text": "Moi"}', RowFault.BAD_CHARACTER),
        ('{"id": "1", "text": "Moi"', RowFault.BAD_JSON),
        ('{"id": "1", "text": NaN}', RowFault.BAD_JSON),
        ('{"id": ' + "1" * 5000 + ', "text": "Moi"}', RowFault.BAD_JSON),
        ("[" * 100_000, RowFault.BAD_JSON),
        ('{"id": "1", "text": "Moi", "x": ' + "[" * 50 + "]" * 50 + "}", RowFault.BAD_VALUE),
        ('["1", "Moi"]', RowFault.NOT_AN_OBJECT),
        ('"Moi"', RowFault.NOT_AN_OBJECT),
        ("Moi", RowFault.BAD_JSON),
        ('{"id": "1", "text": "' + "x" * 2_100_000 + '"}', RowFault.ROW_TOO_LONG),
    ],
)
def test_a_bad_line_is_left_out_with_its_number_and_reason_and_the_rest_comes_in(
    file: Path, line: str, fault: RowFault
) -> None:
    good = '{"id": "%s", "text": "Hyvä"}'
    result = read(file, f"{good % 'a'}\n{line}\n{good % 'b'}\n", told_as="jsonl")
    assert result.ids == ["a", "b"]
    assert result.rejected == [(2, fault)]


def test_half_an_emoji_in_a_text_does_not_lose_the_text(file: Path) -> None:
    assert read(file, '{"id": "1", "text": "Moi \\ud83d"}\n').texts == ["Moi \ufffd"]


def test_an_empty_text_is_a_photo_and_comes_in(file: Path) -> None:
    assert read(file, '{"id": "1", "text": ""}\n').texts == [""]


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_file_cut_anywhere_in_its_last_line_loses_that_line_only(file: Path, cut: int) -> None:
    whole = json_lines([{"id": "1", "text": "Moi"}, {"id": "2", "text": "Hei, hyvää työtä"}]).encode()
    result = read(file, whole[: -1 - cut], told_as="jsonl")
    assert result.ids == ["1"]
    assert result.rejected == [(2, RowFault.TRUNCATED)]


def test_blank_lines_are_nothing(file: Path) -> None:
    assert read(file, '\n{"id": "1", "text": "Moi"}\n\n  \n', told_as="jsonl").ids == ["1"]
