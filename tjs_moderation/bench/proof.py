"""An audit log of any length: walked in the database, and its export checked by the program that stands alone."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tjs_moderation import audit_verifier
from tjs_moderation.bench.bulk import Heap, writing
from tjs_moderation.bench.frame import Goal, Held, Measurement, Sample, Sitting
from tjs_moderation.bench.ledger import Ledger
from tjs_moderation.bench.yard import Yard, timed
from tjs_moderation.domain.chain import commitment
from tjs_moderation.extensions import db
from tjs_moderation.models import AuditHead
from tjs_moderation.services import audit, heads
from tjs_moderation.services.wiring import ports

CHUNK = 20_000

_COLUMNS = "seq, at, actor, verb, body, previous, hash"
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BARE_CHECK = """
import hashlib, json, sys
write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
for line in open(sys.argv[1], encoding="utf-8"):
    entry = json.loads(line)
    if type(entry) is list:
        seq, at, actor, verb, body, previous, digest = entry
        hashlib.sha256(write([previous, seq, at, actor, verb, body]).encode()).hexdigest()
"""
"""The barest program that reads an export and works out its hashes. It compares nothing."""


class Log:
    """The audit log of an install, lengthened to so many entries, and its export; both made when first asked for."""

    def __init__(self, yard: Yard, entries: int) -> None:
        self._yard, self.entries = yard, entries

    @cached_property
    def app(self) -> Flask:
        app = self._yard.app
        with app.app_context():
            lengthen(db.engine, self.entries)
        return app

    @cached_property
    def exported(self) -> tuple[Path, str, int]:
        """The export's file, a signed head to hold against it, and how many entries it has."""
        with self.app.app_context():
            file, head = ports().settings.instance_path / "log.jsonl", heads.sign_now()
            with file.open("w", encoding="utf-8", newline="\n") as lines:
                count = heads.export(lines.write)
        return file, str(head), count

    def walk(self, _: bool) -> list[Sample]:
        """Entries a second of `audit verify`, beside the barest loop that reads the rows and works out their hashes."""
        with self.app.app_context():
            length, _newest = audit.head()
            db.session.remove()
            ours = timed(self._walk)
        return [Sample(1_000 * length / ours, floor=1_000 * length / timed(self._bare_walk))]

    def _walk(self) -> None:
        if not audit.verify().is_whole:
            raise AssertionError("the log that was made is not whole")

    def _bare_walk(self) -> None:
        cursor = self._yard.bare.raw_connection().cursor()
        for seq, at, actor, verb, body, previous, _hash in cursor.execute(
            f"SELECT {_COLUMNS} FROM audit_entry ORDER BY seq"  # noqa: S608  # names of our own
        ):
            hashlib.sha256(_write([previous, seq, at, actor, verb, body]).encode()).hexdigest()

    def check(self, _: bool) -> list[Sample]:
        """Entries a second of the verifier that stands alone, from its start to its verdict, beside the barest one."""
        file, head, count = self.exported
        ours = timed(lambda: _run(audit_verifier.__file__, str(file), "--head", head))
        return [Sample(1_000 * count / ours, floor=1_000 * count / timed(lambda: _run("-c", _BARE_CHECK, str(file))))]


def lengthen(engine: Engine, entries: int) -> None:
    """Put entries behind the log of the install behind `engine` until it has so many, as verbs would have left them."""
    with Session(engine) as session:
        head = session.scalars(select(AuditHead)).one()
        ledger = Ledger(head.seq, head.hash)
    at = datetime.now(UTC)
    with writing(engine) as writer:
        while ledger.seq < entries:
            heap = Heap()
            for number in range(ledger.seq + 1, min(ledger.seq + CHUNK, entries) + 1):
                sealed = commitment("00" * 16, f"Perustelu {number}")
                ledger.enter(heap, at, "user:1", "keep", (), item=number, version=1, words=sealed)
            writer.write(heap)
    with Session(engine) as session:
        session.execute(update(AuditHead).values(seq=ledger.seq, hash=ledger.hash))
        session.commit()


def _run(*words: str) -> None:
    subprocess.run([sys.executable, "-I", *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own words


def sittings(log: Log) -> tuple[Sitting, ...]:
    """How fast the log is walked and its export checked."""
    goal = Goal(0.6, True, Held.RATIO)
    return (
        Sitting((Measurement("audit_walk", "jäljen tarkistus tietokannasta", "riviä/s", goal),), log.walk),
        Sitting((Measurement("audit_export", "viedyn jäljen tarkistus erillisellä", "riviä/s", goal),), log.check),
    )
