"""Exports of audit logs made up for the tests, and what somebody could do to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from tjs_moderation.domain import chain, heads

SEED, OTHER_SEED = b"s" * 32, b"o" * 32
KEY = heads.public_key(SEED)
AT = "2026-11-16T06:00:00Z"

Row = list[object]


def chained(*verbs: str) -> list[Row]:
    """A whole chain with an entry for each of `verbs`."""
    rows: list[Row] = []
    previous = chain.GENESIS
    for seq, verb in enumerate(verbs, 1):
        at, actor, body = f"2026-11-16T06:00:{seq:02}.000000+00:00", "user:1", chain.canonical({"sana": f"ä{seq}"})
        digest = chain.link(previous, seq, at, actor, verb, body)
        rows.append([seq, at, actor, verb, body, previous, digest])
        previous = digest
    return rows


def head_of(rows: Sequence[Row], seed: bytes = SEED) -> str:
    """The head of a chain, signed."""
    return str(heads.sign(seed, len(rows), str(rows[-1][6]), AT))


def lines_of(rows: Sequence[Row], head: str) -> list[str]:
    """An export that holds these rows and closes with this head."""
    documents: list[object] = [
        {"format": "tjs-audit-1", "exported_at": AT, "entries": len(rows)},
        *rows,
        {"head": head},
    ]
    return [json.dumps(document, ensure_ascii=False) + "\n" for document in documents]


def rebuilt(rows: Sequence[Row], change: Callable[[list[str]], list[str]], seed: bytes) -> list[str]:
    """A whole new export by somebody who owns the machine: other verbs, all hashes right, signed with `seed`."""
    forged = chained(*change([str(row[3]) for row in rows]))
    return lines_of(forged, head_of(forged, seed))
