"""`backup`, `restore` and `move`: a copy of everything, and an install made from it."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tjs_moderation.settings import Settings


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a copy of everything in the database to FILE, while the console runs. Keys are not in it."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.extensions import db
    from tjs_moderation.services.backup import write_backup

    with installed_app():
        try:
            counts = write_backup(db.engine, file)
        except OSError as error:
            raise Refusal(f"{file}: {error.strerror}") from error
    click.echo(f"{file}: {counts['item']} items, {counts['audit_entry']} entries in the log.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "is_trial", is_flag=True, help="Only try it: into a database that is thrown away.")
def restore(file: Path, is_trial: bool) -> None:
    """Fill this install's empty database from FILE, and check that it is whole."""
    from tjs_moderation.services.restoring import read_backup
    from tjs_moderation.settings import read_settings

    settings = read_settings()
    if not is_trial:
        _fill(settings, read_backup(file))
        return
    with tempfile.TemporaryDirectory(prefix="tjs-restore-") as folder:
        _fill(settings.with_changes(database_url=f"sqlite:///{folder}/tjs.db"), read_backup(file))


@click.command("move")
@click.option("--to", "target", required=True, help="The URL of the new, empty database, as for TJS_DATABASE_URL.")
def move(target: str) -> None:
    """Copy everything into another database, SQLite or PostgreSQL, and check it. Stop the console before."""
    from tjs_moderation.cli.context import installed_app
    from tjs_moderation.extensions import db
    from tjs_moderation.services.backup import backup_lines
    from tjs_moderation.settings import read_settings

    given = read_settings({"TJS_DATABASE_URL": target, "TJS_SECRET_KEY": "only to read the address"})
    with installed_app():
        engine = db.engine
        _fill(read_settings().with_changes(database_url=given.database_url), backup_lines(engine))
    click.echo("Set TJS_DATABASE_URL to the new database now, and start the console.")


def _fill(settings: Settings, lines: Generator[str, None, None]) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    from tjs_moderation.app import create_app
    from tjs_moderation.cli.refusal import Refusal
    from tjs_moderation.extensions import db
    from tjs_moderation.services.restoring import restore as put_back

    # A copy that is refused midway is let go of at once, with the file or the connection it is read from.
    with closing(lines), create_app(settings).app_context():
        settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            counts = put_back(lines)
        except SQLAlchemyError as error:
            raise Refusal(f"the database did not take the copy in: {type(error).__name__}") from error
        finally:
            db.engine.dispose()
    click.echo(f"Restored and whole: {counts['item']} items, {counts['audit_entry']} entries in the log.")
