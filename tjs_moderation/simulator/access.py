"""Who may call: versions, tokens, the proof of the app secret, and permissions, refused in Meta's own words."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from tjs_moderation.simulator.problems import GraphProblemError, missing_permission, unknown_path

VERSIONS: dict[str, date | None] = {
    "v26.0": None,
    "v25.0": date(2028, 7, 1),
    "v24.0": date(2028, 2, 1),
    "v23.0": date(2027, 10, 1),
    "v22.0": date(2027, 5, 1),
    "v21.0": date(2027, 1, 21),
    "v20.0": date(2026, 9, 24),
}
"""The versions of the API and from when on each is gone."""

ALL_SCOPES = frozenset(
    {
        "pages_read_engagement",
        "pages_read_user_content",
        "pages_manage_engagement",
        "pages_manage_metadata",
        "pages_manage_posts",
        "pages_messaging",
        "read_insights",
    }
)
_CODE_OF_SCOPE = {"pages_read_user_content": 283, "pages_messaging": 230}


class TokenKind(StrEnum):
    """What kind of token a call came with, as `debug_token` names it."""

    PAGE = "PAGE"
    USER = "USER"
    APP = "APP"


@dataclass(slots=True)
class Access:
    """The secrets the simulator knows, and what the token may do."""

    app_secret: str
    page_token: str
    app_id: str = "4000"
    user_token: str = ""
    user_id: str = "3000"
    scopes: frozenset[str] = ALL_SCOPES
    issued_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def check_version(self, version: str, today: date) -> None:
        """Raises GraphProblemError for a version that never was or is no more.

        Meta quietly serves an expired version with the oldest living one; here it is said aloud, so that a forgotten
        setting is found before Meta changes its mind.
        """
        if version not in VERSIONS:
            raise unknown_path(version)
        ends_on = VERSIONS[version]
        if ends_on is not None and today >= ends_on:
            raise GraphProblemError(
                f"(#2635) You are calling a deprecated version of the API: {version}. Please update it.",
                2635,
            )

    def check_token(self, token: str, proof: str) -> TokenKind:
        """The kind of the token. Raises GraphProblemError for none, an unknown one, and a missing or wrong proof."""
        if not token:
            raise GraphProblemError("An access token is required to request this resource.", 104)
        kind = self.kind_of(token)
        if kind is None:
            raise GraphProblemError("Invalid OAuth access token - Cannot parse access token", 190)
        if kind is TokenKind.APP:
            return kind
        if not proof:
            raise GraphProblemError(
                "API calls from the server require an appsecret_proof argument", 100, kind="GraphMethodException"
            )
        expected = hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), proof.encode()):
            raise GraphProblemError(
                "Invalid appsecret_proof provided in the API argument", 100, kind="GraphMethodException"
            )
        return kind

    def kind_of(self, token: str) -> TokenKind | None:
        """What kind of token this is, or None for one nobody gave out."""
        known = {
            self.page_token: TokenKind.PAGE,
            self.user_token: TokenKind.USER,
            f"{self.app_id}|{self.app_secret}": TokenKind.APP,
        }
        return known.get(token) if token else None

    def require(self, kind: TokenKind, scope: str) -> None:
        """Raises GraphProblemError unless the call comes with a page token that has this permission."""
        if kind is not TokenKind.PAGE:
            raise GraphProblemError("A Page access token is required to request this resource.", 190, subcode=2069032)
        if scope not in self.scopes:
            raise missing_permission(_CODE_OF_SCOPE.get(scope, 200), scope)

    def description_of(self, token: str, page_id: str) -> dict[str, object]:
        """What `debug_token` answers about a token."""
        kind = self.kind_of(token)
        if kind is None:
            fault = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
            return {"data": {"error": fault, "is_valid": False, "scopes": []}}
        issued = int(self.issued_at.timestamp())
        about: dict[str, object] = {
            "app_id": self.app_id,
            "type": kind.value,
            "application": "Harjoitussovellus",
            "expires_at": 0,
            "data_access_expires_at": issued + 90 * 24 * 3600,
            "is_valid": True,
            "issued_at": issued,
            "scopes": sorted(self.scopes),
        }
        if kind is not TokenKind.APP:
            about["user_id"] = self.user_id
        if kind is TokenKind.PAGE:
            about["profile_id"] = page_id
        return {"data": about}
