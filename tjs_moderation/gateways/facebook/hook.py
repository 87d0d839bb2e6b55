"""The webhook of a page: who may ask us to listen, and whether a body is really from Meta."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from tjs_moderation.domain.hints import Hint
from tjs_moderation.gateways.facebook.hints import read_hints

SIGNATURE_HEADER = "X-Hub-Signature-256"
_SCHEME = "sha256="


@dataclass(frozen=True, slots=True)
class FacebookHook:
    """Implements `domain.hints.Hook`. Without a secret nothing is signed, without a verify token nobody is invited."""

    page_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)

    def is_invited(self, verify_token: str) -> bool:
        """Whether Meta's `hub.verify_token` is the one agreed upon."""
        return _is_same(self.verify_token, verify_token) and bool(self.verify_token)

    def is_signed(self, body: bytes, signature: str) -> bool:
        """Whether the header's signature fits the raw bytes of the body."""
        return _is_same(signature_of(self.app_secret, body), signature) and bool(self.app_secret)

    def read(self, body: bytes) -> Sequence[Hint]:
        """The hints in a body."""
        return read_hints(body, page_id=self.page_id)


def signature_of(app_secret: str, body: bytes) -> str:
    """What `X-Hub-Signature-256` holds: `sha256=` and the lower-case hexadecimal HMAC-SHA256 over the raw bytes."""
    return _SCHEME + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def _is_same(one: str, other: str) -> bool:
    # As bytes: as text, anything beyond ASCII would raise.
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
