"""Checks an exported audit log, on any machine: `python audit_verifier.py EXPORT [--head HEAD] [--key KEY]`.

It stands alone on purpose. It imports nothing of the console, needs Python 3.11 and the package `cryptography`, and
reads the formats as `docs/proof.md` describes them, so that whoever doubts the console need not believe its code.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EXPORT_FORMAT = "tjs-audit-1"
GENESIS = "0" * 64
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HEAD = re.compile(r"(tjs-head-1 (\d{1,18}) ([0-9a-f]{64}) \S{20} ([0-9a-f]{64})) ([0-9a-f]{128})")

REASONS = {
    "not_an_export": "this is not an export of an audit log",
    "damaged": "a line cannot be read",
    "missing": "an entry is missing",
    "out_of_order": "an entry stands in the wrong place",
    "does_not_follow": "an entry does not follow from the one before it",
    "changed": "an entry was changed",
    "unfinished": "the export does not end with a head: it was cut off",
    "own_head_differs": "the export does not end where its own head says",
    "not_a_head": "this is not a signed head",
    "forged": "the signature of the head does not fit",
    "other_key": "the head was signed with another key",
    "truncated": "the log ends before the head: entries were cut off at its end",
    "not_evidence": "this is no evidence of a removal",
    "text_differs": "the text is not the one that its commitment was made for",
    "unbound": "the log holds no such commitment: this is not the text that came in",
    "rewritten": "the log holds another entry than the head names: it was rewritten",
}


@dataclass(frozen=True)
class Verdict:
    """Whether an export is whole; if not, the first bad entry, where there is one, and why (a key of REASONS)."""

    is_whole: bool
    entries: int = 0
    first_bad: int | None = None
    reason: str = ""
    key: str = ""


class _BadExport(Exception):  # noqa: N818  # it is no error of the program's
    def __init__(self, reason: str, first_bad: int | None = None) -> None:
        self.reason, self.first_bad = reason, first_bad


def verify_export(lines: Iterable[str], head: str = "", key: str = "") -> Verdict:
    """Check an export, line by line, in memory of a constant size.

    `head` is a signed head that was kept elsewhere, `key` the public key that is trusted, each empty where unknown:
    without a head from elsewhere an export can only show that it agrees with itself.
    """
    seen = 0
    try:
        outside = _read_head(head, key) if head else None
        named = ""
        for seq, digest in _walk(iter(lines), key):
            seen = seq
            if outside and seq == outside[0]:
                named = digest
    except _BadExport as no:
        return Verdict(False, seen, no.first_bad, no.reason)
    if outside and seen < outside[0]:
        return Verdict(False, seen, seen + 1, "truncated", outside[2])
    if outside and named != outside[1]:
        return Verdict(False, seen, outside[0], "rewritten", outside[2])
    return Verdict(True, seen, key=outside[2] if outside else "")


def verify_evidence(lines: Iterable[str], document: str) -> Verdict:
    """Whether every text of the evidence of a removal (its JSON) is the one that the log says came in.

    The export at `lines` is to be checked by `verify_export` as well. `entries` counts the texts that were found bound.
    """
    try:
        told = json.loads(document)
        number = told["item"]["number"]
        wanted = {(text["entry"], number, text["version"]): text for text in told["texts"] if text["text"]}
        made = {place: _commitment(text["key"], text["text"]) for place, text in wanted.items()}
    except (ValueError, LookupError, TypeError):
        return Verdict(False, reason="not_evidence")
    if any(made[place] != text["commitment"] for place, text in wanted.items()):
        return Verdict(False, reason="text_differs")
    kept = _commitments_in(lines, {place[0] for place in wanted})
    bound = sum(kept.get(place) == seal for place, seal in made.items())
    return Verdict(bound == len(wanted), bound, reason="" if bound == len(wanted) else "unbound")


def _commitment(key: str, text: str) -> str:
    return hmac.new(bytes.fromhex(key), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _commitments_in(lines: Iterable[str], numbers: Collection[int]) -> dict[tuple[int, int, int], str]:
    """The commitments in these entries, by the entry's number, the item's and the version's."""
    kept: dict[tuple[int, int, int], str] = {}
    for line in lines:
        entry = _read(line)
        if isinstance(entry, list) and entry[0] in numbers:
            texts = json.loads(entry[4]).get("texts", ())
            kept.update({(entry[0], item, version): seal for item, version, seal in texts})
    return kept


def _walk(lines: Iterator[str], key: str) -> Iterator[tuple[int, str]]:
    """The number and hash of each entry, once it is known to follow from the one before."""
    opening = _read(next(lines, ""))
    if not isinstance(opening, dict) or opening.get("format") != EXPORT_FORMAT:
        raise _BadExport("not_an_export")
    seq, previous = 0, GENESIS
    for line in lines:
        entry = _read(line)
        if isinstance(entry, dict):
            if _read_head(str(entry.get("head", "")), key)[:2] != (seq, previous):
                raise _BadExport("own_head_differs")
            if next(lines, ""):
                raise _BadExport("damaged")
            return
        seq, previous = _follow(entry, seq, previous)
        yield seq, previous
    raise _BadExport("unfinished")


def _follow(entry: object, seq: int, previous: str) -> tuple[int, str]:
    if not isinstance(entry, list) or len(entry) != 7 or not isinstance(entry[0], int):
        raise _BadExport("damaged", seq + 1)
    number, at, actor, verb, body, before, digest = entry
    if number != seq + 1:
        raise _BadExport("missing" if number > seq + 1 else "out_of_order", seq + 1)
    if before != previous:
        raise _BadExport("does_not_follow", number)
    fields = _write([before, number, at, actor, verb, body])
    if hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest() != digest:
        raise _BadExport("changed", number)
    return number, str(digest)


def _read(line: str) -> object:
    try:
        return json.loads(line) if line else None
    except ValueError as error:
        raise _BadExport("damaged") from error


def _read_head(line: str, trusted_key: str) -> tuple[int, str, str]:
    """The number, hash and key of a genuine head."""
    found = _HEAD.fullmatch(line.strip())
    if found is None:
        raise _BadExport("not_a_head")
    said, seq, digest, key, signature = found.groups()
    if trusted_key and key != trusted_key.strip().lower():
        raise _BadExport("other_key")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), said.encode("ascii"))
    except (InvalidSignature, ValueError) as error:
        raise _BadExport("forged") from error
    return int(seq), digest, key


def main() -> int:
    """The command. 0: whole; 1: not; 2: the file cannot be read."""
    parser = argparse.ArgumentParser(description="Checks an exported audit log.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--head", default="", help="a signed head that was kept elsewhere (the line itself)")
    parser.add_argument("--key", default="", help="the public key that is trusted (64 hexadecimal digits)")
    parser.add_argument("--evidence", type=Path, help="the JSON of a removal's evidence, to be held against the export")
    given = parser.parse_args()
    try:
        with given.export.open(encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
            verdict = verify_export(lines, given.head, given.key)
        if verdict.is_whole and given.evidence:
            with given.export.open(encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
                texts = verify_evidence(lines, given.evidence.read_text(encoding="utf-8", errors="surrogatepass"))
            sys.stdout.write(f"texts bound to the log: {texts.entries}\n")
            verdict = verdict if texts.is_whole else texts
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{getattr(error, 'filename', None) or given.export}: {error}\n")
        return 2
    place = "" if verdict.first_bad is None else f" (entry {verdict.first_bad})"
    found = f"whole: {verdict.entries} entries" if verdict.is_whole else f"NOT whole: {REASONS[verdict.reason]}{place}"
    sys.stdout.write(found + "\n")
    return 0 if verdict.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
