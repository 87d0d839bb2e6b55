from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from tests.importing.reading import HELSINKI, read
from tjs_moderation.gateways.files import FileFault, UnusableFileError, open_rows

NOISE = bytes(range(256)) * 40


def fault_of(path: Path, told_as: str = "auto") -> str:
    with pytest.raises(UnusableFileError) as caught:
        list(open_rows(path, told_as, HELSINKI))
    return caught.value.code


def zipped(name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "id,text\n1,Moi\n")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (gzip.compress(b"id,text\n1,Moi\n", mtime=0), FileFault.COMPRESSED),
        (zipped("kommentit.csv"), FileFault.COMPRESSED),
        (zipped("xl/workbook.xml"), FileFault.SPREADSHEET),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), FileFault.SPREADSHEET),
        (b"%PDF-1.7\nid,text\n", FileFault.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), FileFault.NOT_TEXT),
        (b"\x7fELF" + bytes(100), FileFault.NOT_TEXT),
        (NOISE, FileFault.NOT_TEXT),
        (b"id,text\n" + NOISE, FileFault.NOT_TEXT),
        (b"{" + NOISE, FileFault.NOT_TEXT),
    ],
)
@pytest.mark.parametrize("told_as", ["auto", "csv", "jsonl", "facebook"])
def test_what_is_no_text_is_one_clear_error_and_not_a_thousand_bad_rows(
    file: Path, content: bytes, fault: FileFault, told_as: str
) -> None:
    file.write_bytes(content)
    assert fault_of(file, told_as) == fault


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "ei.csv") == FileFault.NOT_FOUND


def test_a_directory_says_so(tmp_path: Path) -> None:
    assert fault_of(tmp_path) == FileFault.DIRECTORY


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "putki")
    assert fault_of(tmp_path / "putki") == FileFault.NOT_A_FILE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_says_so(file: Path) -> None:
    file.write_text("id,text\n")
    file.chmod(0)
    assert fault_of(file) == FileFault.UNREADABLE


def test_a_path_through_a_file_says_that_it_cannot_be_read(file: Path) -> None:
    file.write_text("id,text\n")
    assert fault_of(file / "sisalla.csv") == FileFault.UNREADABLE


def test_a_name_with_a_nul_in_it_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "a\x00b") == FileFault.UNREADABLE


def test_a_format_nobody_knows_says_so(file: Path) -> None:
    file.write_text("id,text\n")
    assert fault_of(file, "excel") == FileFault.UNKNOWN_FORMAT


@pytest.mark.parametrize(
    "content",
    [
        "id,text\n1,Moi\n",
        '{"id": "1", "text": "Moi"}\n',
        '{"id": "1", "text": "Moi", "comments": []}',
        '\n  {"text": "Moi", "id": "1"}\n',
        '{"data": [{"id": "1", "message": "Moi"}]}',
        '{\n  "data": [\n    {"id": "1", "message": "Moi"}\n  ]\n}',
        '[{"id": "1", "message": "Moi"}]',
        '[\n{"id": "1", "text": "Moi"}\n]',
        '{"paging": {}, "data": [{"id": "1", "message": "Moi", "x": "' + "y" * 100_000 + '"}]}',
    ],
)
def test_the_content_tells_the_format(file: Path, content: str) -> None:
    result = read(file, content)
    assert (result.ids, result.texts) == (["1"], ["Moi"])


def test_positions_grow_to_the_size_of_the_file(file: Path) -> None:
    result = read(file, "id,text\n" + "".join(f"{number},Moi\n" for number in range(100_000)))
    positions = [row.position for row in result.rows]
    assert positions == sorted(positions)
    assert positions[0] < positions[-1] == file.stat().st_size
