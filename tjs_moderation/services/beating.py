"""Leaves word that a worker works, so that silence is noticed."""

from __future__ import annotations

import socket
from datetime import timedelta

from sqlalchemy import delete

from tjs_moderation.models import WorkerBeat
from tjs_moderation.services.transaction import CONSOLE, transact

FORGOTTEN_AFTER = timedelta(days=2)
"""A machine that has been silent for so long is not ours any more."""


def beat() -> None:
    """Say that a worker on this machine has just worked."""
    name = socket.gethostname()[:255] or "localhost"
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        row = work.session.get(WorkerBeat, name, with_for_update=True)
        if row is None:
            work.session.add(WorkerBeat(name=name, seen_at=work.now))
        else:
            row.seen_at = work.now
        work.session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < work.now - FORGOTTEN_AFTER))
