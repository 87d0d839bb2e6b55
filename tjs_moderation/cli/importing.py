"""`import`: takes comments and messages in from a file, here and now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tjs_moderation.cli.refusal import Refusal
from tjs_moderation.gateways.files import FileFault, FileFormat

if TYPE_CHECKING:
    from tjs_moderation.models import ImportRun

_SENTENCES = {
    FileFault.NOT_FOUND: "there is no such file",
    FileFault.DIRECTORY: "it is a directory; name a file",
    FileFault.NOT_A_FILE: "it is not a regular file",
    FileFault.UNREADABLE: "it cannot be read: {why}",
    FileFault.COMPRESSED: "it is compressed ({kind}); unpack it first",
    FileFault.SPREADSHEET: "it is a spreadsheet; save it as “CSV UTF-8” and import that",
    FileFault.NOT_TEXT: "it is not text; CSV, JSONL and Facebook's JSON can be imported",
    FileFault.NO_COLUMNS: "its header has no column {columns}; the file begins with “{found}”",
    FileFault.SAME_COLUMN_TWICE: "its header has the same column twice: {columns}",
    FileFault.UNKNOWN_FORMAT: "there is no such format; the formats are {known}",
    FileFault.UNKNOWN_JSON: "it is neither one of Facebook's own JSON files nor an answer of the Graph API",
    FileFault.CUT_CONVERSATION: "it ends before the conversation's name, which ids are made of; fetch it again",
}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--channel", default="kasin", show_default=True, help="The channel the file belongs to, by name.")
@click.option(
    "--format", "told_as", type=click.Choice([one.value for one in FileFormat]), default="auto", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_command(file: Path, channel: str, told_as: str, as_json: bool) -> None:
    """Take comments and messages in from FILE: CSV, JSONL, or Facebook's own JSON.

    A bad row goes with its line and reason to a rejects file, and the rest comes in. The same file again changes
    nothing.
    """
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.gateways.files import UnusableFileError, refuse_unusable
    from tjs_moderation.services.importing import failure_of, import_now
    from tjs_moderation.services.transaction import CONSOLE

    try:
        refuse_unusable(file)
    except UnusableFileError as error:
        raise _refusal(file, error.code, error.facts) from error
    with installed_app():
        run = import_now(CONSOLE, channel, file, told_as, _teller())
        failure = failure_of(run)
    if failure is not None:
        raise _refusal(file, *failure)
    click.echo(json.dumps(_document(run), ensure_ascii=False) if as_json else _told(run))


def _refusal(file: Path, code: str, facts: Mapping[str, object]) -> Refusal:
    sentence = _SENTENCES.get(FileFault(code), code) if code in set(FileFault) else code.replace("_", " ")
    return Refusal(f"{_printable(str(file))}: {_printable(sentence.format(**facts))}")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)


def _teller() -> Callable[[ImportRun], None]:
    """Tells on standard error how far it is, a line for every tenth of the file."""
    told = -1

    def tell(run: ImportRun) -> None:
        nonlocal told
        tenth = 10 * run.done_bytes // max(run.size_bytes, 1)
        if tenth > told:
            told = tenth
            click.echo(f"{run.read_count} rows read, {10 * tenth} %", err=True)

    return tell


def _document(run: ImportRun) -> dict[str, object]:
    return {
        "read": run.read_count,
        "new": run.new_count,
        "changed": run.changed_count,
        "duplicate": run.duplicate_count,
        "rejected": run.rejected_count,
        "rejects_file": run.rejects_path,
    }


def _told(run: ImportRun) -> str:
    counts = "{read} read: {new} new, {changed} changed, {duplicate} known, {rejected} rejected".format(
        **_document(run)
    )
    return f"{counts}; the rejected rows are in {run.rejects_path}" if run.rejects_path else counts
