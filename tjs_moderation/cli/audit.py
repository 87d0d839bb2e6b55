"""`audit`: is the log whole, what is its head, and its export for others to check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

_REASONS = {
    "missing": "an entry is missing",
    "out_of_order": "an entry stands in the wrong place",
    "does_not_follow": "an entry does not follow from the one before it",
    "changed": "an entry was changed",
    "head_differs": "the newest entry is not the one the head names",
}
_KEY_WORDS = {
    "audit_key_unusable": "{path}: the key that signs the heads can be neither read nor made. Check owner and rights.",
    "audit_key_damaged": "{path} is not a key. Restore it from a backup; without one, remove it and write down the "
    "new key (tjs-moderation audit key).",
}


@click.group("audit")
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(as_json: bool) -> None:
    """Check the whole chain. Ends with 1 where it is broken."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import audit as log

    with installed_app():
        verdict = log.verify()
    if as_json:
        click.echo(_told(verdict.is_whole, verdict.entries, verdict.first_bad, verdict.reason))
    elif verdict.is_whole:
        click.echo(f"The chain is whole: {verdict.entries} entries.")
    else:
        click.echo(f"The chain is broken at entry {verdict.first_bad}: {_REASONS[verdict.reason]}.")
    if not verdict.is_whole:
        raise SystemExit(1)


@audit.command("head")
def head() -> None:
    """Sign where the log stands now, and print the signed head: a line to keep elsewhere."""
    from tjs_moderation.services import heads

    with _with_key():
        click.echo(str(heads.sign_now()))


@audit.command("key")
def key() -> None:
    """Print the public key that the heads are signed with. Write it down elsewhere."""
    from tjs_moderation.services import heads

    with _with_key():
        click.echo(heads.public_key())


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole log into FILE, which `audit verify-export` checks on any machine."""
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.services import heads

    draft = file.with_name(f".{file.name}.part")
    try:
        with _with_key(), draft.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
            count = heads.export(lines.write)
        draft.replace(file)
    except OSError as error:
        raise Refusal(f"{file}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{file}: {count} entries.")


@audit.command("verify-export")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--head", "kept_head", default="", help="A signed head that was kept elsewhere: the line, or its file.")
@click.option("--key", "trusted_key", default="", help="The public key that is trusted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify_export(file: Path, kept_head: str, trusted_key: str, as_json: bool) -> None:
    """Check an exported log, against a head from elsewhere where there is one. Ends with 1 where it is not whole."""
    from tjs_moderation import audit_verifier as verifier
    from tjs_moderation.cli.refusal import Refusal

    try:
        with file.open(encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
            verdict = verifier.verify_export(lines, _head_of(kept_head), trusted_key)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{file}: {getattr(error, 'strerror', None) or 'not a text file'}") from error
    if as_json:
        click.echo(_told(verdict.is_whole, verdict.entries, verdict.first_bad, verdict.reason))
    elif verdict.is_whole:
        compared = "agrees with the head" if kept_head else "agrees with itself; give --head to find rewriting as well"
        click.echo(f"The export is whole: {verdict.entries} entries. It {compared}.")
    else:
        place = "" if verdict.first_bad is None else f" (entry {verdict.first_bad})"
        click.echo(f"The export is NOT whole: {verifier.REASONS[verdict.reason]}{place}.")
    if not verdict.is_whole:
        raise SystemExit(1)


def _head_of(given: str) -> str:
    """The head as it was given: the line itself, or the last line of a file that holds heads."""
    from tjs_moderation.cli.refusal import Refusal

    if not given or given.startswith("tjs-head-"):
        return given
    try:
        kept = Path(given).read_text(encoding="ascii").split("\n")
    except (OSError, ValueError) as error:
        raise Refusal(f"--head: {given} is neither a head nor a file of heads") from error
    return next((line for line in reversed(kept) if line.strip()), "")


def _told(is_whole: bool, entries: int, first_bad: int | None, reason: str) -> str:
    return json.dumps({"ok": is_whole, "entries": entries, "first_bad": first_bad, "reason": reason or None})


@contextmanager
def _with_key() -> Iterator[None]:
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.errors import SecretsError

    with installed_app():
        try:
            yield
        except SecretsError as error:
            raise Refusal(_KEY_WORDS[str(error)].format(path=error.facts["path"])) from error
