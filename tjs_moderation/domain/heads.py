"""Signed heads: one line that says where the audit log stood and when, which nobody can make without the key.

A head is kept outside the console. With it, rewriting and cutting off are found: every later export has to hold the
entry it names. The line's format is described in `docs/proof.md`; `audit_verifier` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "tjs-head-1"
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Head:
    """The number and hash of the newest entry at `at` (ISO 8601, UTC, whole seconds), and who says so.

    `key` is the Ed25519 public key (RFC 8032), `signature` the signature over the line without it; both hexadecimal.
    As a string it is the line.
    """

    seq: int
    hash: str
    at: str
    key: str
    signature: str

    def __str__(self) -> str:
        return f"{_said(self.seq, self.hash, self.at, self.key)} {self.signature}"


def public_key(seed: bytes) -> str:
    """The public key of a private one, which is `SEED_BYTES` long."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def sign(seed: bytes, seq: int, digest: str, at: str) -> Head:
    """Sign a head with the private key."""
    key = public_key(seed)
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_said(seq, digest, at, key).encode("ascii"))
    return Head(seq, digest, at, key, signature.hex())


def _said(seq: int, digest: str, at: str, key: str) -> str:
    return f"{FORMAT} {seq} {digest} {at} {key}"
