"""What the Graph API lets us in with, and the proof that we know the app's secret."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from tjs_moderation.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class FacebookCredentials:
    """The page, its token and the app's secret. Raises ConfigurationError where they cannot be sent in a header."""

    page_id: str
    page_token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        given = {"page id": self.page_id, "page token": self.page_token}
        # Said here, because an HTTP library would repeat the token in its own complaint.
        faults = [
            f"the Facebook {name} is empty or has odd characters" for name, value in given.items() if _is_odd(value)
        ]
        if faults:
            raise ConfigurationError(faults)

    @property
    def proof(self) -> str:
        """The proof sent with every call; empty without a secret."""
        return appsecret_proof(self.app_secret, self.page_token) if self.app_secret else ""


def appsecret_proof(app_secret: str, token: str) -> str:
    """Lower-case hexadecimal HMAC-SHA256 of the token under the app's secret (Meta, "Securing Graph API calls")."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _is_odd(value: str) -> bool:
    return not value or not value.isascii() or not value.isprintable() or " " in value
