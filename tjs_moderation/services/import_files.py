"""The folder of the imports: uploads that wait for their run, and what was rejected."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from tjs_moderation.services.wiring import ports

STRAY_AFTER = timedelta(days=1)
"""How old an upload is before it counts as forgotten: one being sent has no run yet."""


def imports_folder() -> Path:
    """Where the files of rejected rows are."""
    return ports().settings.instance_path / "imports"


def uploads_folder() -> Path:
    """Where uploaded files wait for their run."""
    return imports_folder() / "uploads"


def rejects_path(run_id: int) -> Path:
    """Where the rejected rows of a run go."""
    return imports_folder() / f"rejects-{run_id}.csv"


def keep_upload(stream: IO[bytes]) -> Path:
    """Copy an upload, piece by piece, to a file only we may read; its path. The name is ours, not the sender's."""
    uploads_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = uploads_folder() / secrets.token_hex(16)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            shutil.copyfileobj(stream, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def drop_upload(path: Path) -> None:
    """Remove an upload that has had its run, or gets none; any other file stays."""
    if path.parent == uploads_folder():
        path.unlink(missing_ok=True)


def drop_strays(waiting: Collection[Path]) -> None:
    """Remove uploads that no run in `waiting` will read: what a process left that died before it could remove them."""
    if not uploads_folder().is_dir():
        return
    oldest = (ports().clock() - STRAY_AFTER).timestamp()
    for path in set(uploads_folder().iterdir()) - set(waiting):
        # Another worker may be tidying up at the same time.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
