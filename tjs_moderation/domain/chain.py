"""The hash chain of the audit log, and the commitments that bind it to text kept outside it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

GENESIS = "0" * 64
"""What stands in place of the hash before the first entry."""

# One writer for all entries: `json.dumps` would make one for each.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_write_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Entry(NamedTuple):
    """One entry as stored. `at` is ISO 8601 in UTC, `body` canonical JSON, hashes lower-case hexadecimal SHA-256.

    A tuple and no dataclass, for a walk makes a million of them, and they are five times as quick to make.
    """

    seq: int
    at: str
    actor: str
    verb: str
    body: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain is whole; if not, the first bad entry and what is wrong with it."""

    is_whole: bool
    entries: int
    first_bad: int | None = None
    reason: str = ""


def canonical(body: Mapping[str, object]) -> str:
    """JSON with sorted keys, no spaces and characters as they are: equal bodies give equal text."""
    return _write_sorted(body)


def link(previous: str, seq: int, at: str, actor: str, verb: str, body: str) -> str:
    """The hash of an entry: SHA-256 over its fields as a JSON array, the hash before it first."""
    return hashlib.sha256(_write([previous, seq, at, actor, verb, body]).encode()).hexdigest()


def verify(
    entries: Iterable[Entry], head: tuple[int, str] | None = None, after: tuple[int, str] = (0, GENESIS)
) -> Verdict:
    """Walk a chain from its first entry. `head` is the number and hash of the newest entry, where known.

    `after` is the number and hash of the entry before the first one given, where only the end of a chain is walked.

    Finds an entry that was changed (its own hash is wrong), inserted or reordered (it does not follow the one before),
    taken out (a number is missing), and a tail that was cut off (the head is not reached).
    """
    seq, previous = after
    for entry in entries:
        if entry.seq != seq + 1:
            return Verdict(False, seq, seq + 1, "missing" if entry.seq > seq + 1 else "out_of_order")
        if entry.previous != previous:
            return Verdict(False, seq, entry.seq, "does_not_follow")
        if link(entry.previous, entry.seq, entry.at, entry.actor, entry.verb, entry.body) != entry.hash:
            return Verdict(False, seq, entry.seq, "changed")
        previous, seq = entry.hash, entry.seq
    if head is None or head == (seq, previous):
        return Verdict(True, seq)
    if head[0] > seq:
        return Verdict(False, seq, seq + 1, "missing")
    # Either the head was moved back, or somebody has added entries behind our back.
    return Verdict(False, seq, min(head[0] + 1, seq), "head_differs")


def text_key(person_key: bytes, nonce: str) -> str:
    """The key of a text whose writer has a key of their own: HMAC-SHA256 of the text's nonce under it (hexadecimal).

    Once the person's key is destroyed nobody can work it out, whatever is left of text and nonce.
    """
    return hmac.digest(person_key, bytes.fromhex(nonce), "sha256").hex()


def commitment(key: str, text: str) -> str:
    """What the log holds instead of a text: HMAC-SHA256 under the text's own key (hexadecimal).

    The key is the text's nonce, or `text_key` where its writer has a key. With key and text anybody can check it; with
    both erased it says nothing.
    """
    return hmac.digest(bytes.fromhex(key), text.encode("utf-8", "surrogatepass"), "sha256").hex()
