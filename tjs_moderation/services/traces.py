"""What is left of a person outside the rows about them: bodies that channels sent, files of rows that were rejected.

A body is deleted as a whole: whatever else it held was a hint, and the walk brings what is still to come. So is a file
of rejected rows, which is there to be mended and imported anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tjs_moderation.domain.quoting import Quotations
from tjs_moderation.models import ImportRun, RawEvent, UnworkedHint
from tjs_moderation.services.import_files import imports_folder
from tjs_moderation.services.transaction import Work

_AT_A_TIME = 500


def count(session: Session, external_ids: Collection[str]) -> int:
    """How many bodies speak of the person or of what they wrote."""
    return len(_bodies(session, external_ids))


def take_away(work: Work, external_ids: Collection[str], quotations: Quotations) -> None:
    """Delete the bodies and files that speak of the person."""
    bodies = _bodies(work.session, external_ids)
    for start in range(0, len(bodies), _AT_A_TIME):
        some = bodies[start : start + _AT_A_TIME]
        work.session.execute(delete(UnworkedHint).where(UnworkedHint.raw_event_id.in_(some)))
        work.session.execute(delete(RawEvent).where(RawEvent.id.in_(some)))
    if bodies:
        work.nudge("walk")
    for path in _files():
        written = path.read_text(encoding="utf-8-sig", errors="replace")
        if quotations.without(written) != written or any(name in written for name in external_ids):
            path.unlink(missing_ok=True)
            work.session.execute(update(ImportRun).where(ImportRun.rejects_path == str(path)).values(rejects_path=None))


def _bodies(session: Session, external_ids: Collection[str]) -> list[int]:
    """The bodies in which one of these ids stands as a string of its own."""
    wanted = {external_id.encode() for external_id in external_ids}
    rows = session.execute(select(RawEvent.id, RawEvent.body).execution_options(yield_per=200))
    return [id_ for id_, body in rows if not wanted.isdisjoint(body.split(b'"'))]


def _files() -> Iterator[Path]:
    if imports_folder().is_dir():
        yield from sorted(path for path in imports_folder().rglob("*") if path.is_file())
