"""Signs where the audit log stands, at least once a day, and tells it to places outside the console."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tjs_moderation.domain import heads
from tjs_moderation.domain.heads import Head
from tjs_moderation.domain.retrying import backoff_seconds
from tjs_moderation.errors import GatewayError, SecretsError
from tjs_moderation.models import AuditHead, HeadTelling, SignedHead
from tjs_moderation.services import audit as log
from tjs_moderation.services.transaction import CONSOLE, reading, transact
from tjs_moderation.services.wiring import ports
from tjs_moderation.settings import keep_whole

SIGN_AGAIN = timedelta(days=1)
EXPORT_FORMAT = "tjs-audit-1"


def sign_now() -> Head:
    """Sign where the log stands, and keep it. SecretsError where the key can be neither read nor made."""
    seed = _seed()
    with transact(CONSOLE) as work:
        newest = work.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
        head = heads.sign(seed, newest.seq, newest.hash, f"{work.now:%Y-%m-%dT%H:%M:%SZ}")
        work.session.add(SignedHead(seq=head.seq, key=head.key, line=str(head), signed_at=work.now))
        work.record("sign_head", seq=head.seq, key=head.key)
    return head


def public_key() -> str:
    """The public key that heads are signed with (hexadecimal): written down elsewhere, it tells ours from others'."""
    return heads.public_key(_seed())


def export(write: Callable[[str], object]) -> int:
    """Write the whole log, line by line, as `docs/proof.md` describes it; gives how many entries it holds."""
    seed, now = _seed(), f"{ports().clock():%Y-%m-%dT%H:%M:%SZ}"
    with reading() as session:
        newest = session.execute(select(AuditHead.seq, AuditHead.hash)).one()
        write(_as_line({"format": EXPORT_FORMAT, "exported_at": now, "entries": newest.seq}))
        for entry in log.entries(session, newest.seq):
            write(_as_line(entry))
    write(_as_line({"head": str(heads.sign(seed, newest.seq, newest.hash, now))}))
    return int(newest.seq)


def keep_up() -> None:
    """Sign what has not been signed for a day, and tell the newest head where it is not known yet."""
    now = ports().clock()
    with reading() as session:
        newest = _newest(session)
    if newest is None or newest.signed_at + SIGN_AGAIN <= now:
        sign_now()
    for name in ports().head_outlets:
        _tell(name)


@dataclass(frozen=True, slots=True)
class OutletState:
    """How a place outside stands: when it was last told, and why not since; empty and None where all is well."""

    name: str
    told_at: datetime | None = None
    failure: str = ""


def outlets(session: Session) -> list[OutletState]:
    """The places that are told of the heads, each as it stands."""
    known = {row.name: row for row in session.scalars(select(HeadTelling))}
    return [
        OutletState(name, known[name].told_at, known[name].failure) if name in known else OutletState(name)
        for name in ports().head_outlets
    ]


def signed_last(session: Session) -> datetime | None:
    """When a head was signed last."""
    newest = _newest(session)
    return newest.signed_at if newest else None


def _as_line(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _tell(name: str) -> None:
    """Tell one place of the newest head, where that is due. To tell it twice does no harm, so nothing is claimed."""
    with reading() as session:
        head, outlet = _newest(session), session.get(HeadTelling, name)
    is_told = head is None or (outlet is not None and outlet.head_id == head.id)
    is_resting = outlet is not None and outlet.retry_at is not None and outlet.retry_at > ports().clock()
    if head is None or is_told or is_resting:
        return
    try:
        ports().head_outlets[name].tell(head.line)
    except GatewayError as error:
        _note(name, None, error.detail)
    else:
        _note(name, head.id, "")


def _note(name: str, head_id: int | None, failure: str) -> None:
    with transact(CONSOLE) as work:
        work.leave_no_entry()
        outlet = work.session.get(HeadTelling, name)
        if outlet is None:
            outlet = HeadTelling(name=name, attempts=0)
            work.session.add(outlet)
        outlet.failure = failure[:200]
        if head_id is None:
            outlet.attempts += 1
            # Jitter only spreads load; nothing secret depends on it.
            outlet.retry_at = work.now + timedelta(seconds=backoff_seconds(outlet.attempts, random()))  # noqa: S311
        else:
            outlet.head_id, outlet.told_at, outlet.attempts, outlet.retry_at = head_id, work.now, 0, None


def _newest(session: Session) -> SignedHead | None:
    return session.scalars(select(SignedHead).order_by(SignedHead.id.desc()).limit(1)).first()


def _seed() -> bytes:
    """The private key: kept in a file of the instance, made with the first head."""
    path = ports().settings.audit_key_path
    try:
        if not path.exists():
            keep_whole(path, secrets.token_hex(heads.SEED_BYTES) + "\n")
        seed = bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise SecretsError("audit_key_unusable", path=str(path)) from error
    except ValueError as error:
        raise SecretsError("audit_key_damaged", path=str(path)) from error
    if len(seed) != heads.SEED_BYTES:
        raise SecretsError("audit_key_damaged", path=str(path))
    return seed
