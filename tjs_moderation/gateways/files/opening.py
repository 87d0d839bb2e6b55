"""Looks at a file before it is read: is it text at all, in which encoding, and in which format."""

from __future__ import annotations

import codecs
import io
import json
import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tjs_moderation.gateways.files.rows import FileFault, UnusableFileError

_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 1024 * 1024

_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!": "rar",
}
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_WORKBOOK_MARKS = (b"xl/", b"[Content_Types].xml", b"opendocument.spreadsheet")
_OTHER_BINARIES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ", b"SQLite format 3\x00")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b") | {0x7F})
_FEW_CONTROLS = 8
_UNDECODED = re.compile("[\udc80-\udcff]")

_DOCUMENT_KEYS = re.compile(
    r'\{\s*"(participants|messages|title|thread_path|threadName|paging|data|[a-z_]*(?:comments|posts)(?:_v\d)?)"\s*:'
)


class FileFormat(StrEnum):
    """The formats a file may have. `AUTO` lets the content tell."""

    AUTO = "auto"
    CSV = "csv"
    JSONL = "jsonl"
    FACEBOOK = "facebook"


class OpenText(io.TextIOWrapper):
    """A text being read, line ends as they are."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._bytes = path.open("rb", buffering=_HEAD_BYTES)
        super().__init__(self._bytes, encoding, _errors(encoding), newline="")

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return self._bytes.tell()


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that is text. `head` is its beginning, decoded; `size` is bytes."""

    path: Path
    size: int
    encoding: str
    head: str

    def open(self) -> OpenText:
        """The text from its beginning.

        A byte that cannot be decoded becomes a lone surrogate (in UTF-16 and UTF-32, where it is none by itself,
        U+FFFD).
        """
        return OpenText(self.path, self.encoding)


def refuse_unusable(path: Path) -> None:
    """A quick look at how the file at `path` begins. Raises `UnusableFileError` where it is nothing that could be
    read.
    """
    _head(path)


def examine(path: Path) -> TextFile:
    """Look at the file at `path`; takes one pass through it. Raises `UnusableFileError`."""
    head = _head(path)
    try:
        size, encoding = path.stat().st_size, _encoding(path, head)
    except OSError as error:
        raise UnusableFileError(FileFault.UNREADABLE, why=error.strerror or str(error)) from error
    decoder = codecs.getincrementaldecoder(encoding)(_errors(encoding))
    return TextFile(path, size, encoding, decoder.decode(head).removeprefix("\ufeff"))


def _head(path: Path) -> bytes:
    """The first bytes of a file that is, as far as they tell, text."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnusableFileError(FileFault.DIRECTORY)
        if not stat.S_ISREG(mode):
            raise UnusableFileError(FileFault.NOT_A_FILE)
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise UnusableFileError(FileFault.NOT_FOUND) from None
    except (OSError, ValueError) as error:
        # ValueError: a name with a NUL in it.
        raise UnusableFileError(FileFault.UNREADABLE, why=getattr(error, "strerror", None) or str(error)) from error
    _refuse_binary(head)
    return head


def told_format(file: TextFile) -> FileFormat:
    """What the content says the format is. What does not begin as JSON is CSV."""
    start = file.head.lstrip()
    if start.startswith("["):
        return FileFormat.FACEBOOK
    if not start.startswith("{"):
        return FileFormat.CSV
    first_line = start.split("\n", 1)[0]
    try:
        first = json.loads(first_line)
    except (ValueError, RecursionError):
        is_spread_over_lines = first_line.strip() == "{"
        return FileFormat.FACEBOOK if is_spread_over_lines or _DOCUMENT_KEYS.match(start) else FileFormat.JSONL
    is_document = any(isinstance(part, list) and _DOCUMENT_KEYS.match(f'{{"{key}":') for key, part in first.items())
    return FileFormat.FACEBOOK if is_document and "text" not in first else FileFormat.JSONL


def _refuse_binary(head: bytes) -> None:
    if head.startswith(_OLD_WORKBOOK) or (head.startswith(b"PK") and any(mark in head for mark in _WORKBOOK_MARKS)):
        raise UnusableFileError(FileFault.SPREADSHEET)
    for magic, kind in _COMPRESSED.items():
        if head.startswith(magic):
            raise UnusableFileError(FileFault.COMPRESSED, kind=kind)
    if head.startswith(_OTHER_BINARIES):
        raise UnusableFileError(FileFault.NOT_TEXT)
    if not _bom_encoding(head) and _is_full_of_controls(head):
        raise UnusableFileError(FileFault.NOT_TEXT)


def _is_full_of_controls(head: bytes) -> bool:
    """Text may hold a stray control character; a first line with one, or one byte in twenty, is something else."""
    first_line = head.split(b"\n", 1)[0]
    if len(first_line) != len(first_line.translate(None, _CONTROLS)) and not first_line.lstrip().startswith(
        (b"{", b"[")
    ):
        return True
    return len(head) - len(head.translate(None, _CONTROLS)) > max(_FEW_CONTROLS, len(head) // 20)


def _bom_encoding(head: bytes) -> str | None:
    return next((encoding for bom, encoding in _BOMS if head.startswith(bom)), None)


def _errors(encoding: str) -> str:
    return "replace" if encoding in {"utf-16", "utf-32"} else "surrogateescape"


def _encoding(path: Path, head: bytes) -> str:
    """By its mark, or UTF-8 where most of what is not ASCII is that, or Windows' Latin-1."""
    marked = _bom_encoding(head)
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    well = badly = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            # What is left undecided at the very end is a character cut in two: it says nothing of the encoding.
            text = decoder.decode(chunk)
            if not text.isascii():
                bad = len(_UNDECODED.findall(text))
                badly += bad
                well += len(text) - len(text.encode("ascii", "ignore")) - bad
    return "utf-8-sig" if well >= badly else "cp1252"
