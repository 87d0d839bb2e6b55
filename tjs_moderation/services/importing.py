"""Files on their way in: a run is begun, read in batches, and finished.

Beginning and finishing are verbs with an entry each; every batch is the verb `take_in`. `run_import` is no verb but
the order in which they follow: between them it holds no transaction, only a lease on the run, so that the run of a
worker that died is taken up by another from the beginning. The ledger makes that harmless; the counters tell of the
last reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from tjs_moderation.domain.characters import storable
from tjs_moderation.errors import ConflictError, InvalidInputError, NotFoundError
from tjs_moderation.extensions import db
from tjs_moderation.models import Channel, ImportRun, User
from tjs_moderation.services.file_intake import Tally, take_in_rows
from tjs_moderation.services.import_files import drop_strays, drop_upload, rejects_path
from tjs_moderation.services.rejects import RejectsFile
from tjs_moderation.services.transaction import CONSOLE, Actor, reading, transact
from tjs_moderation.services.wiring import ports

LEASE = timedelta(minutes=5)
"""How long a run belongs to whoever reads it, from each batch anew."""

Progress = Callable[[ImportRun], None]
"""Told after every batch how far a run is."""


def start_import(actor: Actor, channel_name: str, path: Path, file_name: str, told_as: str) -> int:
    """Begin a run for the file at `path`, which a worker reads; the id of the run.

    An upload is removed when its run ends. Raises `InvalidInputError` where there is no such channel.
    """
    return _start(actor, channel_name, path, file_name, told_as, None)


def import_now(
    actor: Actor, channel_name: str, path: Path, told_as: str, progress: Progress | None = None
) -> ImportRun:
    """Begin a run for the file at `path` and read it here and now; the run as it ended, `failure` and all.

    Stopped by Ctrl-C, it ends there and what has come in stays.
    """
    lease = ports().clock() + LEASE
    run = import_run(_start(actor, channel_name, path.resolve(), path.name, told_as, lease))
    try:
        return _read(run, path, lease, progress)
    except KeyboardInterrupt:
        _finish(run.id, {"code": "interrupted"})
        raise


def run_import(run_id: int, progress: Progress | None = None) -> ImportRun:
    """Read the file of a run from its beginning; the run as it ended, `failure` and all.

    Raises `ConflictError` where somebody else is at it or it has ended, and where a batch is overtaken time and again:
    the run then waits for its next turn.
    """
    run = import_run(run_id)
    return _read(run, Path(run.stored_path), _claim(run_id), progress)


def run_waiting() -> int:
    """Run every import that waits, or whose worker died; says how many there were."""
    with reading() as session:
        unfinished = session.scalars(select(ImportRun.stored_path).where(ImportRun.finished_at.is_(None))).all()
        waiting = session.scalars(select(ImportRun.id).where(*_is_free(ports().clock())).order_by(ImportRun.id)).all()
    drop_strays({Path(stored) for stored in unfinished})
    for run_id in waiting:
        with suppress(ConflictError):
            run_import(run_id)
    return len(waiting)


def import_run(run_id: int) -> ImportRun:
    """One run as it stands. Raises `NotFoundError`."""
    with reading() as session:
        run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFoundError
    return run


@dataclass(frozen=True, slots=True)
class RunTold:
    """A run with the names that belong to it. `started_by` is empty where a command started it."""

    run: ImportRun
    channel: str
    started_by: str


def newest_runs(limit: int = 30) -> list[RunTold]:
    """The newest runs, newest first."""
    statement = (
        select(ImportRun, Channel.name, User.name)
        .join(Channel, Channel.id == ImportRun.channel_id)
        .outerjoin(User, User.id == ImportRun.started_by_id)
        .order_by(ImportRun.id.desc())
        .limit(limit)
    )
    return [RunTold(run, channel, person or "") for run, channel, person in db.session.execute(statement)]


def channel_names() -> Sequence[str]:
    """The channels a file can belong to."""
    return db.session.scalars(select(Channel.name).order_by(Channel.id)).all()


def failure_of(run: ImportRun) -> tuple[str, Mapping[str, object]] | None:
    """Why a run ended badly: the code of a sentence and its facts; None where it did not."""
    if not run.failure:
        return None
    facts = json.loads(run.failure)
    return facts.pop("code"), facts


def _start(
    actor: Actor, channel_name: str, path: Path, file_name: str, told_as: str, leased_until: datetime | None
) -> int:
    size = path.stat().st_size if path.exists() else 0
    with transact(actor) as work:
        channels = {name: id_ for id_, name in work.session.execute(select(Channel.id, Channel.name))}
        if channel_name not in channels:
            raise InvalidInputError("unknown_channel", name=channel_name, known=", ".join(channels))
        run = ImportRun(
            channel_id=channels[channel_name],
            file_name=storable(file_name)[:255],
            format=told_as,
            stored_path=storable(str(path)),
            started_by_id=actor.id if actor.kind == "user" else None,
            size_bytes=size,
            started_at=work.now,
            leased_until=leased_until,
        )
        work.session.add(run)
        work.session.flush()
        work.record("start_import", run=run.id, channel=run.channel_id, format=told_as, bytes=size)
        if leased_until is None:
            work.nudge("import")
    return run.id


def _is_free(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ImportRun.finished_at.is_(None), or_(ImportRun.leased_until.is_(None), ImportRun.leased_until < now)


def _claim(run_id: int) -> datetime:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        lease = work.now + LEASE
        claim = update(ImportRun).where(ImportRun.id == run_id, *_is_free(work.now)).values(leased_until=lease)
        if work.session.scalar(claim.returning(ImportRun.id)) is None:
            raise ConflictError("import_taken")
    return lease


def _read(run: ImportRun, path: Path, lease: datetime, progress: Progress | None) -> ImportRun:
    """Read a run's file under `lease` and finish the run: with a failure, where the file or we ourselves are to
    blame.
    """
    try:
        lease = _note(run.id, lease, Tally(), None)
        with RejectsFile(rejects_path(run.id)) as rejects:
            rows = ports().open_rows(path, run.format, ports().settings.zone)
            for tally in take_in_rows(run.channel_id, rows, rejects):
                lease = _note(run.id, lease, tally, rejects.path if tally.rejected else None)
                if progress is not None:
                    progress(import_run(run.id))
    except InvalidInputError as error:
        return _finish(run.id, {"code": error.code, **error.facts})
    except ConflictError:
        _give_up(run.id, lease)
        raise
    except SQLAlchemyError:
        # The database is not there to be told. The lease runs out, and the run is taken up again.
        raise
    except Exception:
        _finish(run.id, {"code": "defect"})
        raise
    return _finish(run.id)


def _note(run_id: int, lease: datetime, tally: Tally, rejects_path: Path | None) -> datetime:
    """Write down how far a run is and renew its lease. Raises `ConflictError` where the lease had run out and been
    taken.
    """
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        renewed = work.now + LEASE
        note = update(ImportRun).where(ImportRun.id == run_id, ImportRun.leased_until == lease)
        values = {
            "done_bytes": tally.done_bytes,
            "read_count": tally.read,
            "new_count": tally.counts.new,
            "changed_count": tally.counts.changed,
            "duplicate_count": tally.counts.duplicate,
            "rejected_count": tally.rejected,
            "rejects_path": str(rejects_path) if rejects_path else None,
            "leased_until": renewed,
        }
        if work.session.scalar(note.values(values).returning(ImportRun.id)) is None:
            raise ConflictError("import_taken")
    return renewed


def _give_up(run_id: int, lease: datetime) -> None:
    """Let go of a run that is still ours, so that its next turn need not wait for the lease to run out."""
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        ours = update(ImportRun).where(ImportRun.id == run_id, ImportRun.leased_until == lease)
        work.session.execute(ours.values(leased_until=None))


def _finish(run_id: int, failure: Mapping[str, object] | None = None) -> ImportRun:
    """End a run, and remove its file if it was an upload."""
    with transact(CONSOLE) as work:
        run = work.session.get_one(ImportRun, run_id)
        run.finished_at, run.leased_until = work.now, None
        run.failure = json.dumps(failure, ensure_ascii=False, default=str) if failure else ""
        run.done_bytes = run.done_bytes if failure else run.size_bytes
        work.record(
            "finish_import",
            run=run_id,
            read=run.read_count,
            new=run.new_count,
            changed=run.changed_count,
            duplicate=run.duplicate_count,
            rejected=run.rejected_count,
            failure=failure["code"] if failure else "",
        )
    drop_upload(Path(run.stored_path))
    return run
