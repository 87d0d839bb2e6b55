"""`privacy`: a person's copy of their data, and its erasure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tjs_moderation.services.privacy import Person

person_argument = click.argument("person")


@click.group("privacy")
def privacy() -> None:
    """The data of members of the public. PERSON is a name, or an id on the channel or here."""


@privacy.command("export")
@person_argument
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where to.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON document instead.")
def export(person: str, folder: Path, as_json: bool) -> None:
    """Write a person's copy of their data: an archive with a page to read and JSON for machines."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.services.privacy_copy import copy_of
    from tjs_moderation.services.transaction import CONSOLE
    from tjs_moderation.web import papers

    with installed_app():
        author_id = _one(person)
        path = folder / f"henkilotiedot-{author_id}.zip"
        copy = copy_of(CONSOLE, author_id)
        packed = papers.person_archive(copy)
    if as_json:
        click.echo(papers.as_json(copy), nl=False)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Only its owner may read it: it holds what the person wrote.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(packed)
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}") from error
    click.echo(str(path))


@privacy.command("erase")
@person_argument
@click.option("--reason", required=True, help="Why; it is kept. Do not write the name into it.")
@click.option("--look", "is_look", is_flag=True, help="Only tell what would go.")
def erase(person: str, reason: str, is_look: bool) -> None:
    """Erase a person's data for good. The log stays whole, and nothing of it is taken in again."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.services import privacy as service
    from tjs_moderation.services import scrubbing
    from tjs_moderation.services.transaction import CONSOLE

    with installed_app():
        author_id = _one(person)
        if is_look:
            told = service.outlook(author_id)
            click.echo(f"comments {told.comment_count}, messages {told.message_count}, versions {told.version_count},")
            click.echo(f"notes {told.note_count}, quotations {told.quote_count}, events {told.trace_count}.")
            return
        erasure = service.erase(CONSOLE, author_id, reason)
        is_scrubbed = scrubbing.scrub_due()
    click.echo(f"Erased: {erasure.item_count} comments and messages, {erasure.quote_count} quotations.")
    if not is_scrubbed:
        click.echo("The database's file is in use; the worker writes it anew tonight.", err=True)


def _one(asked: str) -> int:
    """The id of the one person who is meant; a refusal that lists them where there are several or none."""
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.services.privacy import find_people

    found = find_people(asked)
    exact = [one for one in found if asked in {one.author.name, one.author.external_id, str(one.author.id)}]
    chosen = exact if len(exact) == 1 else found
    if len(chosen) != 1:
        raise Refusal(_told(asked, found))
    return chosen[0].author.id


def _told(asked: str, found: Sequence[Person]) -> str:
    if not found:
        return f"{asked}: nobody is known by this"
    listed = ", ".join(f"{one.author.id} ({one.channel.name}, {one.item_count} items)" for one in found)
    return f"{asked}: several people are meant; give one of these ids: {listed}"
