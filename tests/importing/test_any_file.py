"""Whatever the bytes, reading them ends in rows and rejections, or in one clear error."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.importing.reading import HELSINKI, Read, read
from tjs_moderation.gateways.files import FileFormat, UnusableFileError, open_rows

PIECES = st.sampled_from(
    [
        b"id,text\n",
        b"id;text\r\n",
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r",
        b"1,",
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xe4",
        b"\xef\xbb\xbf",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b'{"id": "1", "text": "a"}',
        b'{"data": [',
        b'{"messages": [',
        b'"thread_path": "t"',
        b'{"id": "9", "message": "b"}',
        b'{"sender_name": "c", "timestamp_ms": 1767261600123}',
        b"\\",
        b"\\ud83d",
        b"-1e999",
        b'{"comments_v2": [',
        b'{"timestamp": 5, "data": [{"post": "d"}]}',
        b"null",
        b" ",
        b"sep=;\n",
        b"\xff\xfe",
        b"NaN",
    ]
)
CONTENTS = st.one_of(
    st.binary(max_size=300),
    st.lists(PIECES, max_size=20).map(b"".join),
    st.text(max_size=100).map(lambda text: b"id,text\n" + text.encode(errors="replace")),
)


def read_anything(content: bytes, told_as: str) -> Read | None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(Path(folder) / "tiedosto", content, told_as)
        except UnusableFileError:
            return None


@given(content=CONTENTS, told_as=st.sampled_from(list(FileFormat)))
@example(b"id,text\n1,\x85\n", FileFormat.CSV)
@example(b"\xff\xfe\x00\xd8", FileFormat.AUTO)
@example(b"\xff\xfe\x00\x00\x00\x00\x11\x00", FileFormat.AUTO)
@example(b'id,text\n"', FileFormat.CSV)
def test_any_bytes_end_in_rows_or_in_one_clear_error(content: bytes, told_as: FileFormat) -> None:
    result = read_anything(content, told_as)
    if result is None:
        return
    for row in result.rows:
        assert (row.incoming is None) != (row.reason is None)
        assert row.line >= 1
        assert 0 < row.position <= len(content)
        json.dumps(row.raw, ensure_ascii=False).encode()
        if row.incoming is not None:
            assert row.incoming.external_id.strip()
            kept = [row.incoming.text, row.incoming.external_id, json.dumps(row.incoming.raw, ensure_ascii=False)]
            assert all("\x00" not in part and part.encode() for part in kept[:2] if part)
            kept[2].encode()


@given(lines=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=40), max_size=15))
def test_every_line_of_a_jsonl_file_that_is_not_blank_is_a_row_or_a_rejection(lines: list[str]) -> None:
    result = read_anything("\n".join(['{"id": "1", "text": "a"}', *lines]).encode(), "jsonl")
    if result is not None:
        assert len(result.rows) == 1 + sum(bool(line.strip()) for line in lines)


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@given(texts=st.lists(CELLS, max_size=10), separator=st.sampled_from(",;\t|"), end=st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_comes_back_as_it_was(texts: list[str], separator: str, end: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator=end)
    # Before Python 3.13 the writer leaves a carriage return bare where its own lines end without one.
    assume(end == "\r\n" or not any("\r" in text for text in texts))
    writer.writerow(["id", "text"])
    writer.writerows([f"n{number}", text] for number, text in enumerate(texts))
    result = read_anything(written.getvalue().encode(), "csv")
    if result is not None:
        assert result.texts == texts
        assert result.rejected == []


@given(
    garbage=st.text(st.characters(codec="utf-8", exclude_characters='\r\n\x00,"'), max_size=30), place=st.integers(0, 5)
)
def test_a_garbage_line_costs_nothing_but_itself(garbage: str, place: int) -> None:
    lines = [f"n{number},Moi" for number in range(5)]
    result = read_anything("\n".join(["id,text", *lines[:place], garbage, *lines[place:]]).encode(), "csv")
    if result is not None:
        assert result.ids == [f"n{number}" for number in range(5)]
        assert len(result.rejected) == bool(garbage.strip())


MEGABYTE = 1_000_000


def csv_of_many_rows() -> bytes:
    return b"id,text\n" + b"".join(b"%d,%s\n" % (number, b"sana " * 2_000) for number in range(3_000))


def json_lines_of_many_rows() -> bytes:
    return b"".join(b'{"id": %d, "text": "%s"}\n' % (number, b"sana " * 2_000) for number in range(3_000))


def dump_on_one_line() -> bytes:
    return b'{"data": [' + json_lines_of_many_rows().replace(b"}\n{", b"},{").strip() + b"]}"


@pytest.mark.parametrize(
    ("make", "told_as", "row_count"),
    [
        (csv_of_many_rows, "auto", 3_000),
        (json_lines_of_many_rows, "auto", 3_000),
        (dump_on_one_line, "facebook", 3_000),
        (lambda: b"id,text\n1," + b"x" * 30 * MEGABYTE, "csv", 1),
        (lambda: b'id,text\n1,"' + b"x\n" * 30_000, "csv", 20_000),
        (lambda: b'{"id": "1", "text": "' + b"x" * 30 * MEGABYTE + b'"}', "auto", 1),
        (lambda: b'{"data": [{"id": "1", "message": "' + b"x" * 30 * MEGABYTE + b'"}, {"id": "2"}]}', "auto", 2),
        (lambda: b'{"data": [' + b"[" * 30 * MEGABYTE, "facebook", 1),
    ],
)
def test_a_big_file_costs_no_more_memory_than_a_small_one(
    file: Path, make: Callable[[], bytes], told_as: str, row_count: int
) -> None:
    file.write_bytes(make())
    tracemalloc.start()
    try:
        count = sum(1 for _ in open_rows(file, told_as, HELSINKI))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == row_count
    assert peak < 24 * MEGABYTE


def test_thirty_megabytes_without_a_header_are_one_clear_error(file: Path) -> None:
    file.write_bytes(b"x" * 30 * MEGABYTE)
    with pytest.raises(UnusableFileError):
        list(open_rows(file, "auto", HELSINKI))
